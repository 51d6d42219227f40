package search_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// counter counts executions and nothing else.
type counter struct{ complete, deadlocked int }

func (c *counter) Begin() search.Visitor { return &counter{} }

func (c *counter) Merge(v search.Visitor) {
	n := v.(*counter)
	c.complete += n.complete
	c.deadlocked += n.deadlocked
}

func (c *counter) Visit(x *sim.Execution) bool {
	if x.Outcome == sim.Deadlocked {
		c.deadlocked++
	} else {
		c.complete++
	}
	return true
}

func TestScratch(t *testing.T) {
	for _, c := range []struct {
		name string
		n    int
	}{{"inc", 5}, {"wcas", 10}, {"lastzero", 10}, {"readers", 11}, {"phil-naive", 11}, {"lockinc", 7}, {"indexer", 14}} {
		p := fresh(programs[c.name], c.n)
		for _, every := range []int{4096, 1 << 30} {
			for _, w := range []int{1, 2} {
				var k counter
				start := time.Now()
				r, err := search.Explore(p, search.Options{Strategy: search.Optimal, Workers: w, SplitEvery: every, Interrupt: func() string {
					if time.Since(start) > 40*time.Second {
						return "time"
					}
					return ""
				}}, &k)
				fmt.Println(c.name, c.n, every, w, k, r, err, time.Since(start))
			}
		}
	}
}
