package sim_test

import (
	"iter"
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// benchmarkSteps is how many events an execution of these benchmarks has, about.
const benchmarkSteps = 1000

// alternate picks the goroutine that did not run last, as long as there is one.
type alternate struct{}

func (alternate) Pick(x *sim.Execution) sim.Choice {
	if g := x.Enabled().After(x.Running()); g >= 0 {
		return sim.Choice{G: g}
	}
	return sim.Choice{G: x.Enabled().After(-1)}
}

// loads is a program of n goroutines that load one variable each.
func loads(n int) func(*sim.G) {
	return func(g *sim.G) {
		x := make([]sim.AtomicInt[int], n)
		for i := range n {
			g.Go("", func(g *sim.G) {
				for range benchmarkSteps / n {
					x[i].Load(g)
				}
			})
		}
	}
}

// What a step costs beside a bare round trip of iter.Pull in the same run: with
// a switch at most twice that, without one at most half.
func BenchmarkStep(b *testing.B) {
	b.Run("round-trip", func(b *testing.B) {
		next, stop := iter.Pull(func(yield func(int) bool) {
			for yield(1) {
			}
		})
		defer stop()
		b.ReportAllocs()
		for b.Loop() {
			next()
		}
	})
	for _, c := range []struct {
		name      string
		n         int
		scheduler sim.Scheduler
	}{
		{"switch", 2, alternate{}}, {"no-switch", 1, sim.FirstEnabled{}},
		{"switch-1000-goroutines", 1000, alternate{}}, {"no-switch-1000-goroutines", 1000, sim.FirstEnabled{}},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := sim.NewRunner()
			defer r.Close()
			program := loads(c.n)
			opt := sim.Options{Scheduler: c.scheduler, StepsMax: 1 << 30}
			if c.n > benchmarkSteps/2 {
				program = manyLoads(c.n)
			}
			r.Run(program, opt)
			b.ReportAllocs()
			steps := 0
			for b.Loop() {
				steps += r.Run(program, opt).Steps()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/step")
		})
	}
}

// manyLoads is loads with a thousand loads per goroutine.
func manyLoads(n int) func(*sim.G) {
	return func(g *sim.G) {
		var x sim.AtomicInt[int]
		for range n {
			g.Go("", func(g *sim.G) {
				for range benchmarkSteps / 10 {
					x.Load(g)
				}
			})
		}
	}
}
