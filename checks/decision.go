package checks

import (
	"maps"
	"slices"

	"github.com/interleave-go/interleave/internal/search"
)

// A Decision is one decision of an exploration: see Options.Decided. Kind is one
// of
//
//	descend    a step is taken that the execution before had not
//	race       two steps could come in the other order: Step and Then
//	reversal   that order would begin so, from Step on: Sequence
//	redundant  it has been explored, or is planned already
//	insert     a branch is planned at Step: Sequence
//	sleep      all that begins with the step at Step has been explored
//	prune      the execution is cut: all that can come is asleep
//	end        the execution is done with
//	restart    what was decided does not count: two objects turned out to be one
//
// The terms are those of Optimal-DPOR (Abdulla, Aronis, Jonsson, Sagonas, JACM
// 2017). Strategies that do not go by races tell less: dfs and random descend and
// end, bounded also prunes, where it has come to a prefix that it knows. A search
// that tells its decisions is not divided, so it may explore in another order
// than one that does not, and has no redundant executions that are due to that.
type Decision struct {
	Kind      string
	Execution int // the number of the present execution, from 0
	Step      int // the number of events before
	// Then is the second step of a race; the length of the execution if that is an
	// operation that never took place. Otherwise -1.
	Then int
	// Goroutine and Operation are the step that was decided on; of a race the second
	// one. An insert has only a Sequence.
	Goroutine, Operation string
	// Sequence is the steps of a reversal or an insert, each as goroutine: operation.
	Sequence []string
	// Outcome says at the end how the execution went, and Findings what the judges
	// found in it.
	Outcome  string
	Findings []Kind
}

// decided returns what tells the decisions of a search.
func (e *exploration) decided() func(search.Decision) {
	if e.opt.Decided == nil {
		return nil
	}
	return func(d search.Decision) {
		out := Decision{Kind: string(d.Kind), Execution: d.Execution, Step: d.Step, Then: d.Then, Goroutine: d.Goroutine,
			Operation: d.Operation, Sequence: d.Sequence, Outcome: d.Outcome}
		if d.Kind == search.End && e.tally.job != nil {
			out.Findings = slices.Sorted(maps.Keys(e.tally.job.counted))
		}
		e.opt.Decided(out)
	}
}
