package linear_test

import (
	"slices"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/linear"
	"github.com/interleave-go/interleave/sim"
)

// ticketLock is a lock that serves in the order of tickets. Unless it is torn, a
// ticket is taken in one step.
func ticketLock(torn bool) func(*sim.G) linear.Object[op, result] {
	return func(*sim.G) linear.Object[op, result] {
		next, serving := &sim.AtomicInt[int]{Name: "next"}, &sim.AtomicInt[int]{Name: "serving"}
		return func(g *sim.G, o op) result {
			if o.Do == linear.Unlock {
				serving.Add(g, 1)
				return result{}
			}
			ticket := 0
			if torn {
				ticket = next.Load(g)
				next.Store(g, ticket+1)
			} else {
				ticket = next.Add(g, 1) - 1
			}
			sim.Await(g, serving, func(now int) bool { return now == ticket })
			return result{}
		}
	}
}

// Three goroutines that lock and unlock a ticket lock once each, or two that do
// so twice, never hold it together; with a ticket taken in two steps two of them
// do.
func TestTicketLock(t *testing.T) {
	lock, unlock := op{Do: linear.Lock}, op{Do: linear.Unlock}
	once, twice := []op{lock, unlock}, []op{lock, unlock, lock, unlock}
	for _, goroutines := range [][][]op{{once, once, once}, {twice, twice}} {
		j := linear.NewJudge(linear.Mutex(), linear.Options{})
		r := explore(t, linear.Program(linear.Plan[op]{Goroutines: goroutines}, "lock", ticketLock(false)), j)
		if len(r.Findings) > 0 || j.Tally().Undecided > 0 {
			t.Errorf("found %v", r.Findings)
		}
	}
	r := explore(t, linear.Program(linear.Plan[op]{Goroutines: [][]op{once, once}}, "lock", ticketLock(true)),
		linear.NewJudge(linear.Mutex(), linear.Options{}))
	if !slices.Contains(kinds(r), checks.Linearizability) {
		t.Errorf("torn: %v", r.Findings)
	}
}
