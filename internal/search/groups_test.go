package search_test

import (
	"testing"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// Workers that are waited for by a WaitGroup have as many orders as what they do:
// what they add to its counter, and take from it, has none, however that is written.
func TestWaitGroups(t *testing.T) {
	none := func(*sim.G) {}
	for name, c := range map[string]struct {
		program func(*sim.G)
		traces  int
	}{
		"an Add for each": {func(g *sim.G) {
			var wg sim.WaitGroup
			for range 8 {
				wg.Add(g, 1)
				g.Go("", func(g *sim.G) { wg.Done(g) })
			}
			wg.Wait(g)
		}, 1},
		"one Add": {func(g *sim.G) {
			var wg sim.WaitGroup
			wg.Add(g, 8)
			for range 8 {
				g.Go("", func(g *sim.G) { wg.Done(g) })
			}
			wg.Wait(g)
		}, 1},
		"Go": {func(g *sim.G) {
			var wg sim.WaitGroup
			for range 8 {
				wg.Go(g, "", none)
			}
			wg.Wait(g)
		}, 1},
		"rounds": {func(g *sim.G) {
			var wg sim.WaitGroup
			for range 3 {
				for range 3 {
					wg.Go(g, "", none)
				}
				wg.Wait(g)
			}
		}, 1},
		"a tree": {func(g *sim.G) {
			var wg sim.WaitGroup
			var walk func(g *sim.G, depth int)
			walk = func(g *sim.G, depth int) {
				for range 2 {
					if depth > 0 {
						wg.Go(g, "", func(g *sim.G) { walk(g, depth-1) })
					}
				}
			}
			walk(g, 2)
			wg.Wait(g)
		}, 1},
		"two who wait": {func(g *sim.G) {
			var wg sim.WaitGroup
			for range 3 {
				wg.Go(g, "", none)
			}
			g.Go("", func(g *sim.G) { wg.Wait(g) })
			wg.Wait(g)
		}, 1},
		"a closer": {func(g *sim.G) {
			var wg sim.WaitGroup
			results := sim.Chan[int]{}
			for range 2 {
				wg.Go(g, "", func(g *sim.G) { results.Send(g, 1) })
			}
			g.Go("", func(g *sim.G) { wg.Wait(g); results.Close(g) })
			for range results.All(g) {
			}
		}, 4}, // either send first, the last receive before the close or behind it
		"workers that add": {func(g *sim.G) {
			var wg sim.WaitGroup
			var x sim.AtomicInt[int]
			for range 4 {
				wg.Go(g, "", func(g *sim.G) { x.Add(g, 1) })
			}
			wg.Wait(g)
		}, 24},
		"an Add that comes late": {func(g *sim.G) {
			var wg sim.WaitGroup
			g.Go("", func(g *sim.G) { wg.Add(g, 1); wg.Done(g) })
			wg.Wait(g)
		}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := search.Run(c.program, search.Options{Strategy: search.Optimal}, func(*sim.Execution) bool { return true })
			if err != nil {
				t.Fatal(err)
			}
			if r.Executions != c.traces || !r.Complete || r.Blocked > 0 {
				t.Errorf("%d traces, %d blocked, complete %v; want %d", r.Executions, r.Blocked, r.Complete, c.traces)
			}
		})
	}
}
