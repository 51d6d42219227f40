package explain

import (
	"slices"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// A Shrunk says how small the explained schedule is, and how sure that is.
type Shrunk struct {
	// Preemptions are switches away from a goroutine that could have gone on.
	Preemptions int `json:"preemptions"`
	Steps       int `json:"steps"`
	// FromPreemptions and FromSteps are those of the schedule that was given.
	FromPreemptions int `json:"from_preemptions"`
	FromSteps       int `json:"from_steps"`
	// Proved says that no schedule with fewer preemptions shows the finding:
	// all of them were explored.
	Proved bool `json:"proved"`
	// StepsProved says that none with as few preemptions has fewer steps.
	StepsProved bool `json:"steps_proved"`
	// Bound is what kept the search from a proof: "executions", of which there
	// were no more, or "steps", of which one execution had too many; empty when
	// there are both proofs.
	Bound string `json:"bound,omitempty"`
	// Executions were spent on that.
	Executions int `json:"executions"`
}

// shrinking is the search for the smallest schedule.
type shrinking struct {
	lab    *lab
	budget *budget
	best   []sim.Choice
	size   size
	bound  string // what kept an exploration from being complete
}

// shrink returns the smallest schedule with the same finding that it finds,
// and what is known about it.
func (l *lab) shrink(choices []sim.Choice) (Shrunk, []sim.Choice, error) {
	s := &shrinking{lab: l, budget: l.budget(1), best: choices}
	var points []point
	s.size, points = l.measure(choices)
	out := Shrunk{FromPreemptions: s.size.preemptions, FromSteps: s.size.steps}
	s.drop(points)
	err := s.deepen(&out)
	if !out.Proved || !out.StepsProved {
		out.Bound = s.bound
	}
	out.Preemptions, out.Steps, out.Executions = s.size.preemptions, s.size.steps, s.budget.spent
	return out, s.best, err
}

// deepen explores all schedules of no preemption, of one, of two, until one of
// them shows the finding: first those of no more steps than the best one has,
// then, as a proof that there are no fewer preemptions, the longer ones.
func (s *shrinking) deepen(out *Shrunk) error {
	var open []int // levels of which longer schedules were left out
	complete := false
	for bound := 0; bound <= s.size.preemptions; bound++ {
		e := s.level(bound)
		if e.limit == 0 {
			e.limit = s.size.steps + 1
		}
		var err error
		if complete, err = s.explore(e); err != nil {
			return err
		}
		if bound < s.size.preemptions && (e.limited || !complete) {
			open = append(open, bound)
		}
	}
	out.Proved, out.StepsProved = true, complete
	for _, bound := range open {
		if bound >= s.size.preemptions {
			break
		}
		complete, err := s.explore(s.level(bound))
		if err != nil {
			return err
		}
		if bound == s.size.preemptions {
			out.StepsProved = complete
			break
		}
		out.Proved = out.Proved && complete
	}
	return nil
}

// level is the exploration of all schedules with at most so many preemptions,
// and, for as many as the best one has, fewer steps.
func (s *shrinking) level(bound int) *exploration {
	e := &exploration{lab: s.lab, budget: s.budget, bound: bound, capped: true}
	if bound == s.size.preemptions {
		e.limit = s.size.steps
	}
	return e
}

// explore keeps the smallest failing schedule that it comes by; it reports
// whether it explored everything.
func (s *shrinking) explore(e *exploration) (bool, error) {
	unknown := 0
	e.visit = func(x *sim.Execution, path []move) bool {
		_, fails := s.lab.look(x)
		if !fails && !x.Outcome.Complete() {
			unknown++
		}
		now := size{used(path), x.Steps(), switches(path)}
		if fails && now.less(s.size) {
			s.best, s.size = search.Choices(x), now
			e.limit = x.Steps()
		}
		return true
	}
	out, err := e.run()
	switch {
	case !out.complete:
		s.bound = "executions"
	case unknown > 0 && s.bound == "":
		s.bound = "steps"
	}
	return out.complete && unknown == 0, err
}

func used(path []move) int {
	if len(path) == 0 {
		return 0
	}
	return path[len(path)-1].used
}

func switches(path []move) int {
	n := 0
	for i := 1; i < len(path); i++ {
		if path[i].running != path[i-1].running {
			n++
		}
	}
	return n
}

// drop removes points as long as the finding stays, in ever smaller chunks:
// delta debugging, after Zeller and Hildebrandt, "Simplifying and isolating
// failure-inducing input", TSE 2002.
func (s *shrinking) drop(points []point) {
	for chunk := len(points); chunk > 0; chunk /= 2 {
		for at := 0; at < len(points) && s.budget.spent < s.lab.opt.Executions/10; {
			fewer := slices.Delete(slices.Clone(points), at, min(at+chunk, len(points)))
			choices, size, ok := s.lab.play(fewer, s.size.steps, s.budget)
			if !ok {
				at += chunk
				continue
			}
			points = fewer
			if size.less(s.size) {
				s.best, s.size = choices, size
			}
		}
	}
}
