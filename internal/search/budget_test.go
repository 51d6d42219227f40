package search_test

import (
	"fmt"
	"testing"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// As many traces have an execution with at most k preemptions (delays) as the
// independent counts say, and none is seen twice.
func TestBudget(t *testing.T) {
	for _, c := range []struct {
		program string
		n       int
		cost    search.Cost
		want    []int // complete traces, for k = 0, 1, 2, …
	}{
		{"SB", 2, search.Preemptions, []int{2, 3}},
		{"dekker_f", 0, search.Preemptions, []int{2, 3}},
		{"peterson", 0, search.Preemptions, []int{2, 2, 4}},
		{"binc", 4, search.Preemptions, []int{24, 168, 432, 576}},
		{"inc", 4, search.Preemptions, []int{24, 168, 432, 576}},
		{"SharedPtr", 100, search.Preemptions, []int{2, 206, 408, 410}},
		{"writers", 6, search.Delays, []int{1, 6, 20, 49, 98, 169, 259, 360}},
	} {
		for k, want := range c.want {
			name := fmt.Sprintf("%s/%d/%s=%d", c.program, c.n, c.cost, k)
			t.Run(name, func(t *testing.T) {
				finished := 0
				r, err := search.Run(oracleProgram(c.program, c.n), search.Options{Strategy: search.Bounded,
					Budget: search.Budget{Cost: c.cost, Max: k}, Restarted: func() { finished = 0 }},
					func(x *sim.Execution) bool {
						if x.Outcome == sim.Finished {
							finished++
						}
						return true
					})
				if err != nil {
					t.Fatal(err)
				}
				if finished != want || !r.Complete {
					t.Errorf("%d finished, complete %v; want %d", finished, r.Complete, want)
				}
				if !r.Beyond {
					t.Errorf("nothing was left out with %d %s", k, c.cost)
				}
			})
		}
	}
}
