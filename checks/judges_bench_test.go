package checks_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// What judging costs: the same exploration with that of endings, with that of
// races as well, with all that are used by default, and with all there are, each
// in turn with one without a judge. One program has a plain variable that is
// shared, and nothing wrong; the other loses an update in nearly every execution.
// times-off compares the fastest exploration with the fastest without judges.
func BenchmarkJudges(b *testing.B) {
	some := func(names ...string) func() []checks.Judge {
		return func() []checks.Judge {
			return slices.DeleteFunc(checks.AllJudges(), func(j checks.Judge) bool { return !slices.Contains(names, j.Name()) })
		}
	}
	for _, p := range []twin{{"well", lockedCounter}, {"losing", losingCounter}} {
		for _, c := range []struct {
			name   string
			judges func() []checks.Judge
		}{{"off", some()}, {"ending", some("ending")}, {"race", some("ending", "data-race")},
			{"default", checks.Judges}, {"all", checks.AllJudges}} {
			b.Run(p.name+"/"+c.name, func(b *testing.B) {
				off, on := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
				steps := 0
				for b.Loop() {
					start := time.Now()
					exploreWith(b, p.program, some()())
					between := time.Now()
					steps = exploreWith(b, p.program, c.judges())
					off, on = min(off, between.Sub(start)), min(on, time.Since(between))
				}
				b.ReportMetric(float64(on.Nanoseconds())/float64(steps), "ns/step")
				b.ReportMetric(float64(on)/float64(off), "times-off")
			})
		}
	}
}

// exploreWith explores a program with some judges and returns the steps.
func exploreWith(b *testing.B, program func(*sim.G), judges []checks.Judge) int {
	b.Helper()
	r, err := checks.Explore(program, checks.Options{Strategy: "dfs", KeepGoing: true, Judges: judges})
	if err != nil {
		b.Fatal(err)
	}
	return r.Steps
}

// losingCounter loses an update in nearly every execution.
func losingCounter(g *sim.G) {
	n := sim.AtomicInt[int]{Name: "n"}
	team(g, 2, "adder", func(g *sim.G, _ int) {
		for range 3 {
			n.Store(g, n.Load(g)+1)
		}
	})
}

// lockedCounter has no race, so every access is checked.
func lockedCounter(g *sim.G) {
	mu, n := sim.Mutex{Name: "mu"}, sim.Var[int]{Name: "n"}
	team(g, 2, "adder", func(g *sim.G, _ int) {
		for range 2 {
			mu.Lock(g)
			n.Store(g, n.Load(g)+1)
			mu.Unlock(g)
		}
	})
}
