package search_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// A search of the oracle's programs that is divided every 16 executions, far
// more often than by default, finds as many complete and as many deadlocked
// executions as one that is not, with 1, 2, 3 and 8 workers; each trace once,
// in the same order. What other jobs had explored is cut, and counted apart:
// that overhead has a bound here.
func TestJobs(t *testing.T) {
	for _, c := range []struct {
		program string
		n       int
		blocked int // executions, at most
	}{
		{"ainc", 5, 0}, {"binc", 4, 0}, {"inc", 4, 0}, {"wainc", 4, 0}, {"cas", 6, 0}, {"wcas", 7, 0},
		{"readers", 8, 16}, {"readers-local", 7, 16}, {"N-writers", 5, 0}, {"lockinc", 5, 0},
		{"lastzero", 6, 0}, {"phil-naive", 7, 0}, {"indexer", 13, 0},
	} {
		t.Run(fmt.Sprintf("%s/%d", c.program, c.n), func(t *testing.T) {
			program := fresh(programs[c.program], c.n)
			o := search.Options{Strategy: search.Optimal}
			whole := ledger{}
			undivided, err := search.Run(program, o, whole.Visit)
			if err != nil {
				t.Fatal(err)
			}
			o.SplitEvery = 16
			first := ""
			for _, workers := range []int{1, 2, 3, 8} {
				o.Workers = workers
				got := ledger{}
				r, err := search.Explore(program, o, &got)
				if err != nil {
					t.Fatal(err)
				}
				if r.Executions != undivided.Executions || !r.Complete || r.Blocked > c.blocked {
					t.Errorf("%d workers: %+v; undivided %+v; at most %d blocked", workers, r, undivided, c.blocked)
				}
				if text := outcome(r, got); first == "" {
					first = text
				} else if text != first {
					t.Errorf("%d workers see %.200s; one sees %.200s", workers, text, first)
				}
			}
		})
	}
}

// The time that one worker takes for a space, divided by that of two, and that of
// a search that is not divided by that of two. They take turns, so that all have
// the same neighbours.
func BenchmarkWorkers(b *testing.B) {
	for _, c := range []struct {
		program   string
		n, traces int
	}{{"inc", 6, 518_400}, {"sem2", 6, 174_960}, {"lastzero", 15, 147_456}, {"readers", 17, 131_072}} {
		b.Run(c.program, func(b *testing.B) {
			run := func(o search.Options) float64 {
				o.Strategy = search.Optimal
				start := b.Elapsed()
				r, err := search.Explore(fresh(programs[c.program], c.n), o, idle{})
				if err != nil || r.Executions != c.traces {
					b.Fatal(r, err)
				}
				return (b.Elapsed() - start).Seconds()
			}
			var ratios, whole []float64
			for b.Loop() {
				two := run(search.Options{Workers: 2})
				ratios = append(ratios, run(search.Options{Workers: 1})/two)
				whole = append(whole, run(search.Options{Workers: 1, SplitEvery: math.MaxInt})/two)
			}
			slices.Sort(ratios)
			slices.Sort(whole)
			b.ReportMetric(ratios[len(ratios)/2], "speed-up")
			b.ReportMetric(whole[len(whole)/2], "over-undivided")
		})
	}
}

// idle looks at nothing.
type idle struct{}

func (i idle) Begin() search.Visitor       { return i }
func (i idle) Merge(search.Visitor)        {}
func (i idle) Restart()                    {}
func (i idle) Visit(x *sim.Execution) bool { return true }
