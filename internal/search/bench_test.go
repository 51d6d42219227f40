package search_test

import (
	"testing"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// explore runs a whole search per iteration and reports rates.
func explore(b *testing.B, s search.Strategy, program func(*sim.G)) {
	b.ReportAllocs()
	executions, steps := 0, 0
	for b.Loop() {
		r, err := search.Run(program, search.Options{Strategy: s, ExecutionsMax: 200_000}, func(*sim.Execution) bool { return true })
		if err != nil {
			b.Fatal(err)
		}
		executions += r.Executions
		steps += r.Steps
	}
	b.ReportMetric(float64(executions)/b.Elapsed().Seconds(), "executions/s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/step")
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

// The rate of Optimal-DPOR on the programs whose rates with other tools are
// known.
func BenchmarkOptimal(b *testing.B) {
	for _, c := range []struct {
		program string
		n       int
	}{{"inc", 6}, {"ainc", 8}, {"lockinc", 8}, {"phil-naive", 14}, {"lastzero", 15}, {"readers", 16}, {"indexer", 15}} {
		b.Run(c.program, func(b *testing.B) { explore(b, search.Optimal, fresh(programs[c.program], c.n)) })
	}
}
