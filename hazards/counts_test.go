package hazards_test

import (
	"testing"

	"github.com/interleave-go/interleave/hazards"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// program returns the program of a variant.
func program(t testing.TB, scenario, variant string, p hazards.Params) func(*sim.G) {
	t.Helper()
	s, ok := hazards.Find(scenario)
	if !ok {
		t.Fatalf("no scenario %q", scenario)
	}
	v, ok := s.Variant(variant)
	if !ok {
		t.Fatalf("%s: no variant %q", scenario, variant)
	}
	full, err := s.Fill(p)
	if err != nil {
		t.Fatal(err)
	}
	return v.Program(full)
}

// The number of interleavings, with spawn, end and join as events, is the one
// that was counted independently.
func TestInterleavingsAreThoseCountedElsewhere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		scenario, variant string
		n, want           int
		long              bool
	}{
		{"counter", "load-store", 2, 69, false},
		{"counter", "load-store", 3, 25_424, false},
		{"philosophers", "left-first", 2, 121, false},
		{"philosophers", "left-first", 3, 553_460, true},
	} {
		if c.long && testing.Short() {
			continue
		}
		p := program(t, c.scenario, c.variant, hazards.Params{"n": c.n})
		r, err := search.Run(p, search.Options{Strategy: search.DFS}, func(*sim.Execution) bool { return true })
		if err != nil || !r.Complete || r.Executions != c.want {
			t.Errorf("%s %s n=%d: %d interleavings, complete %v, error %v, want %d",
				c.scenario, c.variant, c.n, r.Executions, r.Complete, err, c.want)
		}
	}
}
