package checks

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/order"
	"github.com/interleave-go/interleave/sim"
)

// raceJudge reports data races: two accesses of a variable by different
// goroutines, one of them a store and one of them plain, that nothing orders by
// Go's memory model. Accesses of a sim.Var or sim.Map are plain, and so are
// LoadPlain and StorePlain of an atomic. It needs no luck with the schedule: that the accesses did not happen
// at the same time in this execution makes no difference. Of every variable the
// first race of an execution is reported.
//
// A program without data races behaves in Go as it was explored. Of one that has
// some, everything else that a report says holds only if loads and stores take
// place one after the other, which Go does not promise then.
type raceJudge struct {
	races  order.Races
	places pairings
	found  []Finding
}

// Name implements Judge.
func (*raceJudge) Name() string { return string(DataRace) }

// Judge implements Judge.
func (j *raceJudge) Judge(x *sim.Execution) []Finding { return described(j, x) }

// sketch implements sketcher. The goroutines of a finding are in the order of
// their paths: which access comes first is a matter of the schedule.
func (j *raceJudge) sketch(x *sim.Execution) []Finding {
	j.found = j.found[:0]
	for _, r := range j.races.In(x) {
		one, other := x.Events()[r.First].G(), x.Events()[r.Second].G()
		if comparePaths(x.Path(other), x.Path(one)) < 0 {
			one, other = other, one
		}
		f := j.places.finding(x, DataRace, one, other, r.Object)
		f.Steps = []int{r.First, r.Second}
		j.found = append(j.found, f)
	}
	return j.found
}

// describe implements sketcher.
func (*raceJudge) describe(x *sim.Execution, f *Finding) {
	first, second := &x.Events()[f.Steps[0]], &x.Events()[f.Steps[1]]
	r := order.Race{Object: first.Call.Obj, First: f.Steps[0], Second: f.Steps[1]}
	name := x.What(r.Object)
	what, advice := "nothing orders the two", orderingAdvice(x, r)
	if x.World().Objects[r.Object].Keyed {
		what = "concurrent access to a map, which Go may answer by ending the program; " + what
	}
	if first.Call.Plain() != second.Call.Plain() {
		what = "one access is atomic, the other is not, and " + what
		advice = fmt.Sprintf("make every access of %s atomic", name)
	}
	f.Summary = fmt.Sprintf("%s %s %s%s, %s %s it%s: %s; %s",
		x.Who(first.G()), accessVerb(first), name, where(x, r.First),
		x.Who(second.G()), accessVerb(second), where(x, r.Second), what, advice)
}

func accessVerb(e *sim.Event) string {
	verb := "reads"
	if e.Wrote >= 0 {
		verb = "writes"
	}
	if !e.Call.Plain() {
		verb = "atomically " + verb
	}
	return verb
}

// where is the step and, when the execution has kept it, the line of an event.
func where(x *sim.Execution, step int) string {
	if place := lineOf(x, step); place != "" {
		return fmt.Sprintf(" at step %d (%s)", step, place)
	}
	return fmt.Sprintf(" at step %d", step)
}

// lineOf is the file and line of an event, or empty when the execution has not
// kept it.
func lineOf(x *sim.Execution, step int) string {
	site := x.Site(step)
	if site.Line == 0 {
		return ""
	}
	return fmt.Sprintf("%s:%d", filepath.Base(site.File), site.Line)
}

// orderingAdvice says what would have ordered two accesses, by what each
// goroutine held.
func orderingAdvice(x *sim.Execution, r order.Race) string {
	first, second := &x.Events()[r.First], &x.Events()[r.Second]
	one, other := x.Who(first.G()), x.Who(second.G())
	mine, theirs := locksAt(x, r.First), locksAt(x, r.Second)
	if why := uselessLock(x, r, mine, theirs); why != "" {
		return why
	}
	switch {
	case len(mine) > 0 && len(theirs) > 0:
		return fmt.Sprintf("%s holds %s and %s holds %s: one lock must guard it for both",
			one, x.What(mine[0].obj), other, x.What(theirs[0].obj))
	case len(mine) > 0:
		return fmt.Sprintf("%s holds %s, and %s must take it too", one, x.What(mine[0].obj), other)
	case len(theirs) > 0:
		return fmt.Sprintf("%s holds %s, and %s must take it too", other, x.What(theirs[0].obj), one)
	case isAncestor(x, second.G(), first.G()):
		return fmt.Sprintf("%s must wait for %s first, by a WaitGroup, a join or a channel", other, one)
	case isAncestor(x, first.G(), second.G()):
		return fmt.Sprintf("%s must wait for %s first, by a WaitGroup, a join or a channel", one, other)
	}
	return "a mutex around both would, or a channel from one to the other"
}

// uselessLock says why a lock that both have taken has not ordered them: both
// read it, or somebody else has unlocked it. Empty when they have none in common.
func uselessLock(x *sim.Execution, r order.Race, mine, theirs []hold) string {
	for _, h := range mine {
		if slices.ContainsFunc(theirs, func(o hold) bool { return o.obj == h.obj && o.reader && h.reader }) {
			return fmt.Sprintf("both hold %s for reading only: whoever writes needs Lock", x.What(h.obj))
		}
	}
	thefts := theftsIn(x)
	for _, step := range []int{r.First, r.Second} {
		g := x.Events()[step].G()
		for _, h := range slices.Concat(mine, theirs) {
			if t, ok := stolenFrom(thefts, x, g, h.obj, r.Second); ok && t.victim == g {
				return fmt.Sprintf("%s has locked %s, but %s has unlocked it%s: only who has locked it should",
					x.Who(g), x.What(h.obj), x.Who(t.thief), where(x, t.step))
			}
		}
	}
	return ""
}

// isAncestor reports whether goroutine a spawned b, or an ancestor of b.
func isAncestor(x *sim.Execution, a, b int32) bool {
	for b >= 0 && b != a {
		b, _ = x.Parent(b)
	}
	return b == a
}

// locksAt returns the mutexes and read-write locks that the goroutine of an
// event holds at it.
func locksAt(x *sim.Execution, step int) []hold {
	l := &ledger{x: x, last: slices.Repeat([]int{-1}, x.Goroutines())}
	events := x.Events()
	for i := range step {
		l.event(&events[i], i)
		l.last[events[i].G()] = i
	}
	return slices.DeleteFunc(l.holds, func(h hold) bool {
		k := x.World().At(h.obj).Kind
		return h.g != events[step].G() || k != object.Mutex && k != object.RWMutex
	})
}
