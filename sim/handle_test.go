package sim_test

import (
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// A Runner gives handles out again, but no two goroutines of an execution have the same
// one, however many there are and wherever the Runner is in its handles.
func TestHandlesAreApart(t *testing.T) {
	r := sim.NewRunner()
	defer r.Close()
	for _, n := range []int{1, 3000, 200, 3000, 9000, 1, 4096, 9000} {
		handles := map[*sim.Goroutine]bool{}
		x := r.Run(func(g *sim.G) {
			clear(handles)
			for range n {
				handles[g.Go("", func(*sim.G) {})] = true
			}
			for h := range handles {
				h.Join(g)
			}
		}, sim.Options{StepsMax: 100_000})
		if x.Outcome != sim.Finished || len(handles) != n {
			t.Errorf("%d handles of %d goroutines, %v", len(handles), n, x.Outcome)
		}
	}
}
