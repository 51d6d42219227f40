package search

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// endingsOf are the ways in which a program's executions end, and what fails.
func endingsOf(t *testing.T, program func(*sim.G), o Options) []string {
	t.Helper()
	seen := map[string]bool{}
	o.RunOn, o.Restarted = true, func() { clear(seen) }
	_, err := Run(program, o, func(x *sim.Execution) bool {
		text := x.Outcome.String()
		for _, f := range Failures(x) {
			text += " " + f.Message
		}
		seen[text] = true
		return true
	})
	if err != nil {
		t.Fatal(o.Strategy, err)
	}
	return slices.Sorted(maps.Keys(seen))
}

// start spawns goroutines.
func start(g *sim.G, bodies ...func(*sim.G)) {
	for _, b := range bodies {
		g.Go("", b)
	}
}

const declaredLate = `invariant "i" is declared when goroutines have been started`

// Reduced search starts goroutines late. What they do before their first operation
// is found all the same.
func TestBeforeTheFirstOperation(t *testing.T) {
	for name, c := range map[string]struct {
		program func(*sim.G)
		steps   int
		want    []string
	}{
		"an invariant, before the first operation": {func(g *sim.G) {
			x := &sim.AtomicInt[int]{Name: "x"}
			start(g, func(g *sim.G) { x.Store(g, 3); x.Store(g, 0) }, func(g *sim.G) {
				g.Invariant("i", func(g *sim.G) bool { return x.Load(g) < 3 }, x)
				x.Store(g, 0)
			}, func(g *sim.G) { x.Store(g, 0) })
		}, 0, []string{"misused " + declaredLate}},
		"an invariant, behind an operation": {func(g *sim.G) {
			x, y := &sim.AtomicInt[int]{Name: "x"}, &sim.AtomicInt[int]{Name: "y"}
			start(g, func(g *sim.G) { x.Store(g, 3); x.Store(g, 0) }, func(g *sim.G) {
				y.Store(g, 1)
				g.Invariant("i", func(g *sim.G) bool { return x.Load(g) < 3 }, x)
			})
		}, 0, []string{"misused " + declaredLate}},
		"an invariant of main, while others run": {func(g *sim.G) {
			x := &sim.Var[int]{Name: "x"}
			g.Go("A", func(g *sim.G) { x.Store(g, 1); x.Store(g, 0) })
			g.Invariant("i", func(g *sim.G) bool { return x.Load(g) == 0 }, x)
		}, 0, []string{"misused " + declaredLate}},
		"an invariant of main, once a timer may start somebody": {func(g *sim.G) {
			x := &sim.Var[int]{Name: "x"}
			g.AfterFunc(1, func(g *sim.G) { x.Store(g, 1); x.Store(g, 0) })
			g.Invariant("i", func(g *sim.G) bool { return x.Load(g) == 0 }, x)
		}, 0, []string{"misused " + declaredLate}},
		"an invariant, before others start": {func(g *sim.G) {
			x := &sim.AtomicInt[int]{Name: "x"}
			x.Store(g, 1)
			g.Invariant("i", func(g *sim.G) bool { return x.Load(g) < 3 }, x)
			start(g, func(g *sim.G) { x.Store(g, 3); x.Store(g, 0) }, func(g *sim.G) { x.Load(g) })
		}, 0, []string{`failed invariant "i" does not hold`}},
		"a failure, when the bound on steps is hit": {func(g *sim.G) {
			g.Go("D", func(g *sim.G) { g.Assert(false, "D") })
		}, 2, []string{"failed D"}},
		"a block, when the bound on steps is hit": {func(g *sim.G) {
			c := sim.NewChan[int](1)
			g.Go("D", func(g *sim.G) { c.Receive(g) })
		}, 2, []string{"leaked"}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, s := range []Strategy{DFS, Optimal, Source, Sleep} {
				if got := endingsOf(t, c.program, Options{Strategy: s, StepsMax: c.steps}); fmt.Sprint(got) != fmt.Sprint(c.want) {
					t.Errorf("%s: %q, want %q", s, got, c.want)
				}
			}
		})
	}
}
