package checks_test

import (
	"slices"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// A report names the judges that were in force and what the program says of
// itself for them, whichever execution says so, and the same for any number of
// workers.
func TestReportNamesJudgesAndObservers(t *testing.T) {
	t.Parallel()
	program := func(g *sim.G) {
		n := sim.AtomicInt[int]{Name: "n"}
		g.Invariant("n is small", func(g *sim.G) bool { return n.Load(g) < 3 }, &n)
		team(g, 2, "adder", func(g *sim.G, _ int) {
			if n.Add(g, 1) == 2 {
				queue := sim.History{Name: "queue"}
				sim.Record(g, &queue, "put", func() string { return "" })
				sim.Record(g, &sim.History{}, "get", func() string { return "" })
				g.Progress()
			}
			g.Fingerprint(1)
		})
	}
	want := []string{"fingerprints", "history", "history queue", "invariant n is small", "progress"}
	for _, workers := range []int{1, 3} {
		r, err := checks.Explore(program, checks.Options{Strategy: "optimal", Workers: workers, SplitEvery: 1})
		if err != nil || len(r.Findings) > 0 || !slices.Equal(r.Observers, want) {
			t.Errorf("found %v, error %v, observers %q, want %q", r.Findings, err, r.Observers, want)
		}
		if !slices.Equal(r.Judges, []string{"ending", "lost-update", "data-race", "waitgroup", "ownership", "livelock"}) {
			t.Errorf("judges %q", r.Judges)
		}
	}
	r, err := checks.Explore(func(*sim.G) {}, checks.Options{})
	if err != nil || len(r.Observers) > 0 {
		t.Errorf("observers of nothing: %q, error %v", r.Observers, err)
	}
}
