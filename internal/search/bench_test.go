package search_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// explore runs a whole search per iteration and reports rates.
func explore(b *testing.B, s search.Strategy, program func(*sim.G)) (rate float64) {
	b.ReportAllocs()
	executions, steps := 0, 0
	for b.Loop() {
		r, err := search.Run(program, search.Options{Strategy: s}, func(*sim.Execution) bool { return true })
		if err != nil {
			b.Fatal(err)
		}
		executions += r.Executions
		steps += r.Steps
	}
	rate = float64(executions) / b.Elapsed().Seconds()
	b.ReportMetric(rate, "executions/s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/step")
	return rate
}

// The rate of depth-first search on three goroutines of one load and one store
// each, with spawn and end, and with join as well.
func BenchmarkDFS(b *testing.B) {
	b.Run("loadstore3", func(b *testing.B) {
		explore(b, search.DFS, func(g *sim.G) {
			x := new(cell)
			for range 3 {
				g.Go("", func(g *sim.G) { x.Store(g, x.Load(g)+1) })
			}
		})
	})
	b.Run("loadstore3-join", func(b *testing.B) { explore(b, search.DFS, fresh(programs["inc"], 3)) })
}

// The rate of Optimal-DPOR on the programs of which the rate of GenMC in its mode
// sc is known, on one core of a machine like the project's: as a multiple of
// it, beside the memory that the process has taken from the system.
func BenchmarkOptimal(b *testing.B) {
	for _, c := range []struct {
		program string
		n       int
		genMC   float64 // executions/s
	}{
		{"inc", 6, 518_400 / 4.2}, {"ainc", 8, 40_320 / 1.7}, {"lockinc", 8, 40_320 / 2.5}, {"phil-naive", 14, 16_383 / 2.3},
		{"readers", 16, 65_536 / 1.1}, {"indexer", 15, 4_096 / 1.4},
		{"lastzero", 15, 147_456 / 12}, // last: the memory that it has taken is scattered for those behind it
	} {
		b.Run(c.program, func(b *testing.B) {
			rate := explore(b, search.Optimal, fresh(programs[c.program], c.n))
			b.ReportMetric(rate/c.genMC, "×GenMC")
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.Sys)/1e6, "MB")
		})
	}
}

// The rates of Source-DPOR and Optimal-DPOR on fib_bench(5): 218,243 traces.
func BenchmarkFibonacci(b *testing.B) {
	for _, s := range []search.Strategy{search.Optimal, search.Source} {
		b.Run(string(s), func(b *testing.B) { explore(b, s, oracleProgram("fib_bench", 5)) })
	}
}

// The rate of Optimal-DPOR on the file system, at the sizes that are too large for
// a test: 2^(n-13) traces.
func BenchmarkFileSystem(b *testing.B) {
	for n := 22; n <= 26; n++ {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			program := oracleProgram("filesystem", n)
			explore(b, search.Optimal, program)
			r, err := search.Run(program, search.Options{Strategy: search.Optimal}, func(*sim.Execution) bool { return true })
			if want := power(2, n-13); err != nil || r.Executions != want {
				b.Errorf("%d executions, want %d; %v", r.Executions, want, err)
			}
		})
	}
}
