package search

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A budget of preemptions lets through exactly the traces that have an
// interleaving with at most that many, by brute force over all of them.
func TestRandomProgramsBudget(t *testing.T) {
	for seed := range asked(1000) {
		seed += *firstProgram
		if !holds(t, seed, generate(rand.New(rand.NewPCG(seed, 2))), property{"wrongBudget", wrongBudget}) {
			return
		}
	}
}

// wrongBudget says how a budget of preemptions lets through the wrong traces.
func wrongBudget(p generated) string {
	least, uses := leastPreemptions(p)
	for k := 0; k < 3 && least != nil; k++ {
		seen := map[string]int{}
		l := newTrace(&locator{uses: uses})
		var log []string
		_, err := Run(p.program(&log), Options{Strategy: Bounded, StepsMax: 300, RunOn: true, Time: p.time(),
			Budget: Budget{Cost: Preemptions, Max: k}, Restarted: func() { clear(seen) }},
			func(x *sim.Execution) bool { seen[traceOf(l, x)]++; return true })
		if err != nil {
			return err.Error()
		}
		for tr, n := range least {
			if want := n-1 <= k; want != (seen[tr] == 1) {
				return fmt.Sprintf("a trace of %d preemptions is seen %d times within %d", n-1, seen[tr], k)
			}
		}
	}
	return ""
}

// leastPreemptions returns the least preemptions of each trace of a program,
// and one, or nil when it has too many interleavings, and what is known of its
// WaitGroups.
func leastPreemptions(p generated) (least map[string]int, uses groupUse) {
	least = map[string]int{}
	if interleavings(p) > tooMany {
		return nil, groupUse{}
	}
	l := newTrace(&locator{uses: usesOf(p)})
	var log []string
	program := p.program(&log)
	r := sim.NewRunner()
	defer r.Close()
	c := &preemptionCounter{dfs: newDFS(root{})}
	for runs := 0; ; runs++ {
		o, ok := c.dfs.prepare()
		if !ok {
			return least, l.loc.uses
		}
		if runs == tooMany {
			return nil, groupUse{}
		}
		c.prefix, c.last, c.n = len(o.Prefix), -1, 0
		x := r.Run(program, sim.Options{Scheduler: c, StepsMax: 300, RunOn: true, Time: p.time()})
		if tr := traceOf(l, x); least[tr] == 0 || c.n < least[tr]-1 {
			least[tr] = c.n + 1
		}
	}
}

// A preemptionCounter counts the preemptions of a depth-first search's
// executions.
type preemptionCounter struct {
	dfs    *dfs
	prefix int
	last   int32
	n      int
}

// Pick implements sim.Scheduler.
func (c *preemptionCounter) Pick(x *sim.Execution) sim.Choice {
	var next sim.Choice
	if step := x.Steps(); step < c.prefix {
		next = c.dfs.prefix[step]
	} else {
		next = c.dfs.Pick(x)
	}
	if x.Pending(next.G).Op == object.Fire {
		return next
	}
	if c.last >= 0 && next.G != c.last && x.Enabled().Has(c.last) && x.Pending(c.last).Op != object.Yield {
		c.n++
	}
	c.last = next.G
	return next
}
