package search_test

import (
	"fmt"
	"testing"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// adding is a program in which a WaitGroup stands at n while some goroutines add
// to it and others take away from it.
func adding(n, adds, dones int) func(*sim.G) {
	return func(g *sim.G) {
		var wg sim.WaitGroup
		wg.Add(g, n)
		for range adds {
			g.Go("", func(g *sim.G) { wg.Add(g, 1) })
		}
		for range dones {
			g.Go("", func(g *sim.G) { wg.Done(g) })
		}
	}
}

// looking is a program in which goroutines look at a context with a deadline.
func looking(goroutines int, look func(g *sim.G, c *sim.Context, cancel func(*sim.G))) func(*sim.G) {
	return func(g *sim.G) {
		c, cancel := sim.WithTimeout(g, sim.Background(), 5)
		for range goroutines {
			g.Go("", func(g *sim.G) { look(g, c, cancel) })
		}
	}
}

// fewest are programs whose traces were counted by hand, from the results that
// their goroutines can have.
func fewest() map[string]struct {
	program func(*sim.G)
	traces  int
} {
	type row = struct {
		program func(*sim.G)
		traces  int
	}
	err := func(g *sim.G, c *sim.Context, _ func(*sim.G)) { c.Err(g) }
	return map[string]row{
		"an Add and a Done that never meet 0":        {adding(9, 1, 1), 1},
		"Adds and Dones that never meet 0":           {adding(5, 2, 2), 1},
		"an Add and a Done that may meet 0":          {adding(1, 1, 1), 1},
		"an Add after two Dones would panic, or not": {adding(0, 1, 1), 2},
		"one look before or after the deadline":      {looking(1, err), 2},
		"two looks before or after the deadline":     {looking(2, err), 4},
		"the deadline before, between or never": {looking(1, func(g *sim.G, c *sim.Context, cancel func(*sim.G)) {
			c.Err(g)
			cancel(g)
		}), 3},
		"the deadline before, between or never, and a look behind": {looking(1, func(g *sim.G, c *sim.Context, cancel func(*sim.G)) {
			c.Err(g)
			cancel(g)
			c.Err(g)
		}), 3},
		"a timer that is stopped in time or too late": {func(g *sim.G) {
			g.NewTimer(5).Stop(g)
		}, 2},
		"two timers, the earlier one may fire before the other is armed": {func(g *sim.G) {
			a, b := g.NewTimer(4), g.NewTimer(8)
			g.Go("", func(g *sim.G) {
				b.Stop(g)
				a.Stop(g)
			})
		}, 5},
	}
}

// Every strategy that reduces explores as many traces as there are.
func TestFewest(t *testing.T) {
	for name, c := range fewest() {
		for _, s := range []search.Strategy{search.Optimal, search.Source, search.Sleep, search.Bounded} {
			t.Run(fmt.Sprintf("%s/%s", name, s), func(t *testing.T) {
				r, err := search.Run(c.program, search.Options{Strategy: s}, func(*sim.Execution) bool { return true })
				if err != nil {
					t.Fatal(err)
				}
				if r.Executions != c.traces || !r.Complete {
					t.Errorf("%d executions, complete %v; want %d", r.Executions, r.Complete, c.traces)
				}
			})
		}
	}
}
