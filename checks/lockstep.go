package checks

import (
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// probe runs the program in lockstep, once an execution has shown a failed
// attempt: everybody takes one step, or two, three or four, in turn. That is
// fair, and the schedule in which goroutines that give way to each other are
// most likely to do so for ever. A finding is made only when nobody gets on
// until the bound on steps.
func (j *livelockJudge) probe(program func(*sim.G), opt Options) []Finding {
	if j.probed || !j.failed {
		return nil
	}
	j.probed = true
	r := sim.NewRunner()
	defer r.Close()
	for quantum := 1; quantum <= 4; quantum++ {
		x := r.Run(program, sim.Options{Scheduler: &search.Lockstep{Quantum: quantum}, StepsMax: opt.StepsMax, Time: opt.Time})
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
