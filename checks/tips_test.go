package checks_test

import (
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// The tips name the object that most goroutines fight for, and there are none
// when everything was explored.
func TestTips(t *testing.T) {
	t.Parallel()
	program := func(g *sim.G) {
		total := sim.AtomicInt[int]{Name: "total"}
		for range 3 {
			g.Go("", func(g *sim.G) { total.Add(g, 1); total.Add(g, 1) })
		}
	}
	for bound, want := range map[int]string{4: "total is touched by 3 goroutines, 6 times", 0: ""} {
		r, err := checks.Explore(program, checks.Options{Strategy: "optimal", ExecutionsMax: bound})
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(checks.Tips(program, r), "\n")
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("bound %d: got %q, want %q", bound, got, want)
		}
	}
}
