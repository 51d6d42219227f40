package checks

import "github.com/interleave-go/interleave/sim"

// A SearchTree is how an exploration went: its executions, in order.
type SearchTree struct {
	Branches []Branch
	// Complete says that no execution was left out.
	Complete bool
}

// A Branch is an execution, without what it has in common with the one before.
type Branch struct {
	// From is the number of steps that are those of the execution before.
	From  int
	Steps []BranchStep // the others
	// Races are those that led to another branch.
	Races []BranchRace
	// Outcome is how it ended: pruned, if all that could have come was asleep.
	Outcome string
	// Findings of the judges.
	Findings []Kind
}

// A BranchStep is a step of a goroutine.
type BranchStep struct{ Goroutine, Operation string }

// A BranchRace is two steps of an execution, by number; Second is the length of
// the execution if it never took place.
type BranchRace struct{ First, Second int }

// Tree explores program and returns its executions as a tree, at most so many.
// Of the options it heeds those of [Explore] that say what to explore; it does
// not end at a finding. The error is that of Explore.
func Tree(program func(*sim.G), opt Options, most int) (SearchTree, error) {
	var t SearchTree
	b := &Branch{}
	var race *BranchRace // the one that is being looked at
	interrupt := opt.Interrupt
	opt.KeepGoing, opt.Workers = true, 1
	opt.Interrupt = func() string {
		if len(t.Branches) == most {
			return "executions"
		}
		if interrupt != nil {
			return interrupt()
		}
		return ""
	}
	opt.Decided = func(d Decision) {
		switch d.Kind {
		case "restart":
			t.Branches, b, race = nil, &Branch{}, nil
		case "descend":
			if len(b.Steps) == 0 {
				b.From = d.Step
			}
			b.Steps = append(b.Steps, BranchStep{d.Goroutine, d.Operation})
		case "race":
			race = &BranchRace{d.Step, d.Then}
		case "insert":
			if race != nil {
				b.Races = append(b.Races, *race)
			}
		case "redundant":
			race = nil
		case "prune", "end":
			b.Outcome, b.Findings = d.Outcome, d.Findings
			t.Branches = append(t.Branches, *b)
			b, race = &Branch{}, nil
		}
	}
	r, err := Explore(program, opt)
	t.Complete = r.Complete
	return t, err
}
