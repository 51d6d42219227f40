package checks_test

import (
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// Tokens hold for goroutines that are spawned by several others, in any order,
// and their explanation does.
func TestTokensOfNestedSpawnsAreExplained(t *testing.T) {
	t.Parallel()
	program := func(g *sim.G) {
		x := sim.AtomicInt[int]{Name: "x"}
		var hs []*sim.Goroutine
		for range 2 {
			hs = append(hs, g.Go("", func(g *sim.G) {
				g.Go("", func(g *sim.G) { x.Store(g, x.Load(g)+1) }).Join(g)
			}))
		}
		for _, h := range hs {
			h.Join(g)
		}
		g.Assert(x.Load(g) == 2, "x is %d", x.Load(g))
	}
	for seed := range uint64(40) {
		r, err := checks.Explore(program, checks.Options{Seed: seed, KeepGoing: true, ExecutionsMax: 300})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Findings {
			if _, err := checks.Explain(program, f, checks.ExplainOptions{}); err != nil {
				t.Fatalf("seed %d: %v: %v", seed, f, err)
			}
		}
	}
}
