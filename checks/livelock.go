package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// livelockJudge reports goroutines that keep each other from getting on though
// all of them run: a lap of the log that can be gone round for ever, in which
// nobody ends, is spawned, or calls Progress, and which is fair: whoever could
// have run at some time in it has run.
//
// A lap is proved when the program is in the same state again, with the
// fingerprints that it gives of its own variables: see search.StateReader. Such
// laps are looked for in every execution; one without fingerprints costs nothing
// here.
//
// Without fingerprints nobody can know what goroutines remember. Then Explore
// runs the program in lockstep, once for every job, and a lap that goes on until
// the bound on steps, and ten times beyond, is reported as what it is: rounds
// without progress, and no proof. See probe.
type livelockJudge struct {
	suspects bool // a goroutine has done something twice, or was cut
	probed   bool
	known    bool     // the execution is one in which a livelock was found before
	done     []uint64 // scratch: by goroutine and object, the operations
}

// livelockRounds is how often a lap that is not proved has to be gone round.
const livelockRounds = 20

// Name implements Judge.
func (*livelockJudge) Name() string { return string(Livelock) }

// Judge implements Judge.
func (j *livelockJudge) Judge(x *sim.Execution) []Finding {
	j.suspects = j.suspects || j.repeats(x)
	l := provedLap(x)
	if l == nil && j.known {
		if l = repeatedLap(x); l == nil {
			l = longStretch(x)
		}
	}
	if l == nil {
		return nil
	}
	f := l.finding(x)
	if len(x.Failures) == 0 {
		f.steps = search.Steps(x, l.shown())
	}
	return []Finding{f}
}

// A recogniser is a judge that makes findings in executions of its own. It is
// told when what it judges is one of them, or close to one.
type recogniser interface {
	recognise()
}

func (j *livelockJudge) recognise() { j.known = true }

// recognising returns judges, who are told that a finding is known.
func recognising(judges []Judge) []Judge {
	for _, j := range judges {
		if r, ok := j.(recogniser); ok {
			r.recognise()
		}
	}
	return judges
}

// repeats reports whether a goroutine has done the same thing to the same object
// twice, as everybody does who goes round in a loop, or polls, or the execution
// was cut.
func (j *livelockJudge) repeats(x *sim.Execution) bool {
	if x.Outcome == sim.OverSteps {
		return true
	}
	objects := len(x.World().Objects)
	if n := objects * x.Goroutines(); cap(j.done) < n {
		j.done = make([]uint64, n)
	} else {
		j.done = j.done[:n]
		clear(j.done)
	}
	events := x.Events()
	for i := range events {
		e := &events[i]
		if e.Op() == object.Select && e.Alt == object.CaseDefault {
			return true
		}
		if e.Call.Obj < 0 {
			continue
		}
		at := int(e.G())*objects + int(e.Call.Obj)
		if j.done[at]&(1<<e.Op()) != 0 {
			return true
		}
		j.done[at] |= 1 << e.Op()
	}
	return false
}

// finding says who goes round in a lap, and at what.
func (l *lap) finding(x *sim.Execution) Finding {
	f := Finding{Kind: Livelock}
	var clauses []string
	last := (l.times(x) - 1) * l.steps() // evidence is of the last time round
	for _, g := range l.members(x) {
		step := l.obstacle(x, g)
		if step < 0 {
			continue
		}
		clause, obj := inVain(x, step)
		clauses = append(clauses, clause)
		f.Goroutines = append(f.Goroutines, x.GoroutineName(g))
		f.Steps = append(f.Steps, step+last)
		if obj >= 0 && !slices.Contains(f.Objects, x.ObjectName(obj)) {
			f.Objects = append(f.Objects, x.ObjectName(obj))
		}
	}
	f.Summary = strings.Join(atMost(clauses, 5), ", ") + ", again and again: all of them run, and nobody gets on" + l.proof()
	return f
}

// proof says whether a lap can be gone round for ever.
func (l *lap) proof() string {
	if l.proved {
		return fmt.Sprintf(", and the state is the same after every %d steps: it can go on for ever", l.steps())
	}
	same := ""
	if !l.loose {
		same = fmt.Sprintf(", and the objects are the same after every %d steps", l.steps())
	}
	return fmt.Sprintf("; %d fair rounds without progress%s; that is no proof, since the goroutines may remember more "+
		"(g.Fingerprint would tell)", livelockRounds, same)
}

// times is how often a lap is gone round in an execution, one time after the
// other, and at most livelockRounds.
func (l *lap) times(x *sim.Execution) int {
	events := x.Events()
	for at := l.to; at < x.Steps() && at < l.from+livelockRounds*l.steps(); at++ {
		now, before := &events[at], &events[at-l.steps()]
		if now.G() != before.G() || deedOf(x, now) != deedOf(x, before) {
			return (at - l.from) / l.steps()
		}
	}
	return max(1, min(livelockRounds, (x.Steps()-l.from)/l.steps()))
}

// members are the goroutines that run in a lap, by path.
func (l *lap) members(x *sim.Execution) []int32 {
	var out []int32
	for _, e := range x.Events()[l.from:l.to] {
		if !slices.Contains(out, e.G()) {
			out = append(out, e.G())
		}
	}
	slices.SortFunc(out, func(a, b int32) int { return comparePaths(x.Path(a), x.Path(b)) })
	return out
}

// obstacle is the event of a lap that says best why a goroutine does not get on:
// an attempt that fails, else a read of what others write, else any read, or -1.
func (l *lap) obstacle(x *sim.Execution, g int32) int {
	best, rank := -1, 0
	for i := l.to - 1; i >= l.from; i-- {
		e := &x.Events()[i]
		if e.G() != g {
			continue
		}
		if r := l.rank(x, e); r > rank {
			best, rank = i, r
		}
	}
	return best
}

func (l *lap) rank(x *sim.Execution, e *sim.Event) int {
	switch {
	case mayFail(e.Op()) && attemptFailed(x, e) && !l.succeeds(x, e):
		return 4
	case !isRead(x, e):
		return 1
	case l.writtenByOthers(x, e):
		return 3
	}
	return 2
}

// succeeds reports whether an attempt that fails in a lap is also made with
// success there.
func (l *lap) succeeds(x *sim.Execution, failed *sim.Event) bool {
	events := x.Events()[l.from:l.to]
	return slices.ContainsFunc(events, func(e sim.Event) bool {
		return e.G() == failed.G() && e.Op() == failed.Op() && e.Call.Obj == failed.Call.Obj && !attemptFailed(x, &e)
	})
}

func (l *lap) writtenByOthers(x *sim.Execution, read *sim.Event) bool {
	events := x.Events()[l.from:l.to]
	return slices.ContainsFunc(events, func(e sim.Event) bool {
		return e.G() != read.G() && changes(x, &e, read.Call.Obj)
	})
}

// isRead reports whether an event sees an object and changes nothing.
func isRead(x *sim.Execution, e *sim.Event) bool {
	return e.Call.Obj >= 0 && e.Op() != object.Yield && !changesAny(x, e)
}

func changesAny(x *sim.Execution, e *sim.Event) bool {
	return slices.ContainsFunc(x.Parts(e), func(p object.Part) bool { return p.Effect != object.Nothing })
}

func changes(x *sim.Execution, e *sim.Event, obj int32) bool {
	return slices.ContainsFunc(x.Parts(e), func(p object.Part) bool { return p.Effect != object.Nothing && p.Obj == obj })
}
