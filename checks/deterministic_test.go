package checks_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// A program that does not do the same again is told, also where the search had
// no reason to come to the same place twice: by what it does, who does it, or what
// is stored.
func TestNotDeterministic(t *testing.T) {
	for name, c := range map[string]struct {
		program func(g *sim.G, run int)
		want    string // empty where nothing is wrong
	}{
		"operation": {func(g *sim.G, run int) {
			v := sim.Var[int]{Name: "v"}
			if run%2 == 0 {
				v.Store(g, 1)
			} else {
				v.Load(g)
			}
		}, `step 0 was "main: load", and then "main: store`},
		"number of steps": {func(g *sim.G, run int) {
			v := sim.Var[int]{Name: "v"}
			for range run {
				v.Load(g)
			}
		}, `step 1 was "main: end"`},
		"name": {func(g *sim.G, run int) {
			g.Go(fmt.Sprint("run ", run), func(*sim.G) {}).Join(g)
		}, "run 1"},
		"value": {func(g *sim.G, run int) {
			v := sim.Var[int]{Name: "v"}
			v.Store(g, run)
		}, `step 0 was "main: store v 2", and then "main: store v 3"`},
		"addresses": {func(g *sim.G, run int) {
			v := sim.Var[*int]{Name: "v"}
			v.Store(g, new(int))
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, strategy := range checks.Strategies() {
				runs := 0
				program := func(g *sim.G) { runs++; c.program(g, runs) }
				_, err := checks.Explore(program, checks.Options{Strategy: strategy, ExecutionsMax: 1})
				switch {
				case c.want == "" && err != nil:
					t.Errorf("%s: %v", strategy, err)
				case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) ||
					!strings.Contains(err.Error(), "declared outside the program's func")):
					t.Errorf("%s: got %v, want %q", strategy, err, c.want)
				}
			}
		})
	}
}
