package search

import (
	"math/rand/v2"
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// A search by preemptions comes to each trace with as few as brute force finds,
// and to those with fewer first: so the first one that has whatever is looked for
// has the fewest.
func TestBoundedFewestFirst(t *testing.T) {
	ran, preempted := 0, 0
	for seed := range uint64(500) {
		p := generate(rand.New(rand.NewPCG(seed, 4)))
		least, uses := leastPreemptions(p)
		if least == nil {
			continue
		}
		ran++
		before, seen := 0, 0
		l := newTrace(&locator{uses: uses})
		var log []string
		visit := func(x *sim.Execution) bool {
			n := least[traceOf(l, x)] - 1
			if n < before {
				t.Errorf("seed %d: a trace of %d preemptions after one of %d\n%v", seed, n, before, p)
			}
			if n > before {
				preempted++
			}
			before = n
			seen++
			return true
		}
		r, err := Run(p.program(&log), Options{Strategy: Bounded, StepsMax: 300, RunOn: true, Time: p.time(), Restarted: func() { before, seen = 0, 0 }}, visit)
		if err != nil {
			t.Fatal(err)
		}
		if seen != len(least) || r.Spent != before || !r.Complete {
			t.Errorf("seed %d: %d traces, want %d; %d spent, want %d\n%v", seed, seen, len(least), r.Spent, before, p)
		}
	}
	if ran < 200 || preempted < 50 {
		t.Errorf("%d programs, preemptions rose %d times: too few", ran, preempted)
	}
}
