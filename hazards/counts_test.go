package hazards_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/hazards"
	"github.com/interleave-go/interleave/internal/object"
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

// The interleavings of n load-store counters, seen as sequences of loads and
// stores, are the 6 and 90 of the textbook, with its final values.
func TestProjectionsOfTheCounter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n      int
		finals map[int]int // how many projections end with a value
	}{
		{2, map[int]int{1: 4, 2: 2}},
		{3, map[int]int{1: 48, 2: 36, 3: 6}},
	} {
		finals := map[int]int{}
		seen := map[string]bool{}
		p := program(t, "counter", "load-store", hazards.Params{"n": c.n})
		_, err := search.Run(p, search.Options{Strategy: search.DFS}, func(x *sim.Execution) bool {
			if key, final := project(x); !seen[key] {
				seen[key] = true
				finals[final]++
			}
			return true
		})
		if err != nil || !maps.Equal(finals, c.finals) {
			t.Errorf("n=%d: %d projections with final values %v, want %v; error %v", c.n, len(seen), finals, c.finals, err)
		}
	}
}

// project returns an execution's loads and stores as text, and the counter's
// final value: everybody stores one more than it has loaded.
func project(x *sim.Execution) (key string, final int) {
	loaded := map[int32]int{}
	var steps []string
	for i := range x.Events() {
		switch e := &x.Events()[i]; e.Op() {
		case object.Load:
			loaded[e.G()] = final
			steps = append(steps, "R"+x.Path(e.G()))
		case object.Store:
			final = loaded[e.G()] + 1
			steps = append(steps, "W"+x.Path(e.G()))
		}
	}
	return strings.Join(steps, " "), final
}

// BenchmarkFourCounters runs all interleavings of four counters, once: their
// number was counted independently.
func BenchmarkFourCounters(b *testing.B) {
	const want = 27_109_656
	p := program(b, "counter", "load-store", hazards.Params{"n": 4})
	for b.Loop() {
		r, err := search.Run(p, search.Options{Strategy: search.DFS}, func(*sim.Execution) bool { return true })
		if err != nil || r.Executions != want {
			b.Fatalf("%d interleavings, error %v, want %d", r.Executions, err, want)
		}
		b.ReportMetric(float64(r.Executions)/b.Elapsed().Seconds(), "executions/s")
	}
}
