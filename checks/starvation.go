package checks

import (
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// starvationJudge reports a goroutine that can be passed over for ever: it goes
// on making an attempt that fails (a TryLock, a TryAcquire, a CompareAndSwap, a
// Select that takes its default), in a fair schedule, while others get on.
// Whoever waits by blocking is never passed over in a fair schedule, in which
// everybody runs who could have run in a round.
//
// Such schedules have to be made. When a goroutine has failed in an execution,
// Explore lets an adversary schedule the program, once for each of them: the
// goroutine gets its turns only when its attempts fail. That shows something
// only in programs that do not end by themselves. Algorithms without locks are
// often meant to allow it, so this judge has to be asked for: see AllJudges.
type starvationJudge struct {
	victims []string // goroutines that failed, by path
	probed  int      // of them
}

// victimsMax bounds the goroutines for which an adversary is tried.
const victimsMax = 16

// Name implements Judge.
func (*starvationJudge) Name() string { return string(Starvation) }

// Judge implements Judge: it only notes who failed.
func (j *starvationJudge) Judge(x *sim.Execution) []Finding {
	events := x.Events()
	for i := range events {
		e := &events[i]
		if len(j.victims) == victimsMax || !mayFail(e.Op()) || !attemptFailed(x, e) {
			continue
		}
		if path := x.Path(e.G()); !slices.Contains(j.victims, path) {
			j.victims = append(j.victims, path)
		}
	}
	return nil
}

// probe implements suspecter.
func (j *starvationJudge) probe(program func(*sim.G), opt Options) []Finding {
	var found []Finding
	for ; j.probed < len(j.victims); j.probed++ {
		if f, ok := starve(program, opt, j.victims[j.probed]); ok {
			found = append(found, f)
		}
	}
	return found
}

// starve lets an adversary schedule the program against a goroutine.
func starve(program func(*sim.G), opt Options, path string) (Finding, bool) {
	r := sim.NewRunner()
	defer r.Close()
	a := &adversary{path: path}
	x := r.Run(program, sim.Options{Scheduler: a, StepsMax: opt.StepsMax, Time: opt.Time, Details: true})
	if x.Outcome != sim.OverSteps {
		return Finding{}, false
	}
	s := stretchFinder{x: x, victim: a.victim, idle: make([]int, x.Goroutines()), active: make([]int, x.Goroutines())}
	stretch := s.toTheEnd()
	if stretch == nil || !othersGetOn(x, stretch, a.victim) {
		return Finding{}, false
	}
	f := stretch.finding(x)
	f.Kind = Starvation
	f.Summary = fmt.Sprintf("%s fails to %s, again and again, while others get on; %d fair rounds%s", x.GoroutineName(a.victim),
		stretch.attempt(x), stretch.rounds, stretch.proof())
	f.steps = search.Steps(x, stretch.to)
	return f, true
}

// othersGetOn reports whether somebody else wrote something in the second half
// of a stretch that was no failed attempt.
func othersGetOn(x *sim.Execution, s *stretch, victim int32) bool {
	for i := (s.from + s.to) / 2; i < s.to; i++ {
		e := &x.Events()[i]
		wrote := slices.ContainsFunc(x.Parts(e), func(p object.Part) bool { return p.Effect != object.Nothing })
		if e.G() != victim && wrote {
			return true
		}
	}
	return false
}

// toTheEnd returns the stretch in which the victim has got nowhere until the end
// of the execution, if it is long and fair enough.
func (s *stretchFinder) toTheEnd() *stretch {
	s.restart(0)
	marks := s.x.Marks()
	events := s.x.Events()
	for i := range events {
		for ; len(marks) > 0 && marks[0].Step <= i; marks = marks[1:] {
			if marks[0].Progress && marks[0].G == s.victim {
				s.restart(i)
			}
		}
		if events[i].G() != s.victim {
			continue
		}
		if s.gets(&events[i]) {
			s.restart(i + 1)
		}
		s.event(&events[i], i)
	}
	if !slices.ContainsFunc(s.tries, func(t tryCount) bool { return t.fails >= livelockRounds }) {
		return nil
	}
	return s.fair(len(events) - 1)
}

// gets reports whether an event changes an object that the victim has tried to
// have: it has got it in another way.
func (s *stretchFinder) gets(e *sim.Event) bool {
	return slices.ContainsFunc(s.x.Parts(e), func(p object.Part) bool {
		return p.Effect != object.Nothing && slices.ContainsFunc(s.tries, func(t tryCount) bool { return t.obj == p.Obj })
	})
}

// adversary schedules a program against one goroutine: that gets a turn when its
// attempt fails, or when it is not at an attempt; the others take theirs, one
// after the other. It is fair: as long as the goroutine can run, it does, once
// for each turn of all others.
type adversary struct {
	path   string
	victim int32
	last   int32 // of the others
	turns  int   // of the others, since the victim's last one
	others []int32
}

// Pick implements sim.Scheduler.
func (a *adversary) Pick(x *sim.Execution) sim.Choice {
	if x.Steps() == 0 {
		a.victim, a.last, a.turns = -1, -1, 0
	}
	a.others = a.others[:0]
	canRun := false
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		if x.Path(g) == a.path {
			a.victim, canRun = g, true
			continue
		}
		a.others = append(a.others, g)
	}
	if canRun && (len(a.others) == 0 || a.turns >= len(a.others) && a.harmless(x)) {
		a.turns = 0
		return sim.Choice{G: a.victim, Alt: x.FirstAlternative(a.victim)}
	}
	a.turns++
	a.last = a.following(x)
	return sim.Choice{G: a.last, Alt: x.FirstAlternative(a.last)}
}

// harmless reports whether the victim's next step gets it nowhere.
func (a *adversary) harmless(x *sim.Execution) bool {
	call := x.Pending(a.victim)
	if !mayFail(call.Op) {
		return true
	}
	alt := x.FirstAlternative(a.victim)
	if call.Op == object.Select {
		return alt == object.CaseDefault
	}
	parts := x.Preview(a.victim, alt, nil)
	return parts[0].Effect == object.Nothing
}

// following is the one of the others whose turn it is.
func (a *adversary) following(x *sim.Execution) int32 {
	k := slices.Index(a.others, a.last)
	return a.others[(k+1)%len(a.others)]
}
