package search_test

import (
	"fmt"
	"testing"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// surprising is a program that uses its WaitGroup as it is meant in its first
// execution, in which a Done comes too early, and otherwise later.
func surprising(g *sim.G) {
	var wg sim.WaitGroup
	var x sim.AtomicInt[int]
	g.Go("", func(g *sim.G) { wg.Done(g); wg.Add(g, 1); x.Add(g, 1) })
	g.Go("", func(g *sim.G) { wg.Add(g, 1); wg.Wait(g); x.Add(g, 1) })
	g.Go("", func(g *sim.G) { x.Add(g, 1); x.Add(g, 1) })
}

// again counts how often a search begins again.
type again struct {
	ledger
	times int
}

func (a *again) Restart() { a.ledger.Restart(); a.times++ }

// What a job learns of a WaitGroup after work was given away has the whole search
// begin again, with any number of workers, and it sees what an undivided one sees.
func TestNews(t *testing.T) {
	for _, strategy := range []search.Strategy{search.Optimal, search.Source, search.Sleep} {
		traces := 0
		whole, err := search.Run(surprising, search.Options{Strategy: strategy, Restarted: func() { traces = 0 }},
			func(*sim.Execution) bool { traces++; return true })
		if err != nil || !whole.Complete {
			t.Fatal(whole, err)
		}
		want := ""
		for _, workers := range []int{1, 2, 3, 8} {
			var got again
			r, err := search.Explore(surprising, search.Options{Strategy: strategy, Workers: workers, SplitEvery: 1}, &got)
			if err != nil || !r.Complete || r.Executions != traces {
				t.Errorf("%s, %d workers: %+v, %v; want %d", strategy, workers, r, err, traces)
			}
			if got.times == 0 {
				t.Errorf("%s, %d workers: nothing was learnt after the first execution", strategy, workers)
			}
			seen := fmt.Sprint(r, got.Lines, got.times)
			if want == "" {
				want = seen
			}
			if seen != want {
				t.Errorf("%s, %d workers see %s, one sees %s", strategy, workers, seen, want)
			}
		}
	}
}

// Who listens to its decisions hears of it.
func TestNewsIsTold(t *testing.T) {
	told, ends := 0, 0
	r, err := search.Explore(surprising, search.Options{Strategy: search.Optimal, Decided: func(d search.Decision) {
		switch d.Kind {
		case search.Restart:
			told++
			ends = 0
		case search.End:
			ends++
		}
	}}, &ledger{})
	if err != nil {
		t.Fatal(err)
	}
	if told == 0 || ends != r.Executions {
		t.Errorf("begun again %d times, %d ends since then, %d executions", told, ends, r.Executions)
	}
}
