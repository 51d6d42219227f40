package checks

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// A suspecter is a judge that may want executions of its own once it suspects
// something.
type suspecter interface {
	// probe is asked after every execution.
	probe(e *exploration) []Finding
}

// probe runs the program in lockstep, once an execution has shown a failed
// attempt: everybody takes one step, or two, three or four, in turn. That is
// fair, and the schedule in which goroutines that give way to each other are
// most likely to do so for ever. A finding is made only when nobody gets on
// until the bound on steps.
func (j *livelockJudge) probe(e *exploration) []Finding {
	if j.probed || !j.failed {
		return nil
	}
	j.probed = true
	r := sim.NewRunner()
	defer r.Close()
	for quantum := 1; quantum <= 4; quantum++ {
		x := r.Run(e.program, sim.Options{Scheduler: &lockstep{quantum: quantum}, StepsMax: e.opt.StepsMax, Time: e.opt.Time})
		if x.Outcome != sim.OverSteps {
			continue
		}
		if s := j.find(x); s != nil && stuckToTheEnd(x, s) {
			f := s.finding(x)
			f.steps = search.Steps(x, s.to)
			return []Finding{f}
		}
	}
	return nil
}

// stuckToTheEnd reports whether nobody ended or said that there was progress
// after a stretch, and what failed in it did not succeed.
func stuckToTheEnd(x *sim.Execution, s *stretch) bool {
	f := stretchFinder{x: x, idle: make([]int, x.Goroutines()), active: make([]int, x.Goroutines())}
	f.restart(s.from)
	for _, m := range x.Marks() {
		if m.Progress && m.Step > s.from {
			return false
		}
	}
	events := x.Events()
	for i := s.from; i < len(events); i++ {
		f.event(&events[i], i)
	}
	return f.from == s.from
}

// lockstep lets everybody who can run take quantum steps, in the order of paths;
// whoever is about to spawn goes first, so that all start together.
type lockstep struct {
	quantum int
	g       int32
	taken   int
}

// Pick implements sim.Scheduler.
func (l *lockstep) Pick(x *sim.Execution) sim.Choice {
	if x.Steps() == 0 {
		l.g, l.taken = x.NextByPath(-1), 0
	}
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		if x.Pending(g).Op == object.Spawn {
			return sim.Choice{G: g}
		}
	}
	if l.taken == l.quantum || !x.Enabled().Has(l.g) {
		g := x.NextByPath(l.g)
		if g < 0 {
			g = x.NextByPath(-1)
		}
		l.g, l.taken = g, 0
	}
	l.taken++
	return sim.Choice{G: l.g, Alt: x.FirstAlternative(l.g)}
}
