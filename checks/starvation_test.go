package checks_test

import (
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// working has two goroutines that work for ever, each time behind take and
// give; mark is called once a turn.
func working(take, give func(g *sim.G), mark func(g *sim.G)) func(*sim.G) {
	return func(g *sim.G) {
		shared := sim.Var[int]{Name: "shared"}
		team(g, 2, "worker", func(g *sim.G, _ int) {
			for {
				mark(g)
				take(g)
				shared.Store(g, 1)
				give(g)
			}
		})
	}
}

func unmarked(*sim.G) {}

// barging takes a lock by trying until it is free.
func barging(mark func(*sim.G)) func(*sim.G) {
	return func(g *sim.G) {
		mu := sim.Mutex{Name: "mu"}
		working(func(g *sim.G) {
			for !mu.TryLock(g) {
				mark(g)
			}
		}, mu.Unlock, mark)(g)
	}
}

// compareAndSwap is a loop without a lock: somebody always gets on, but not
// everybody.
func compareAndSwap(g *sim.G) {
	n := sim.AtomicInt[int]{Name: "n"}
	team(g, 2, "adder", func(g *sim.G, _ int) {
		for {
			for old := n.Load(g); !n.CompareAndSwap(g, old, (old+1)%4); old = n.Load(g) {
			}
		}
	})
}

func fairSemaphore(g *sim.G) {
	s := sim.Semaphore{Name: "s", N: 1, Fair: true}
	working(func(g *sim.G) { s.Acquire(g, 1) }, func(g *sim.G) { s.Release(g, 1) }, unmarked)(g)
}

func blockingLock(g *sim.G) {
	mu := sim.Mutex{Name: "mu"}
	working(mu.Lock, mu.Unlock, unmarked)(g)
}

// triesThenQueues tries a few times, and waits in the queue then.
func triesThenQueues(g *sim.G) {
	mu := sim.Mutex{Name: "mu"}
	working(func(g *sim.G) {
		for range 5 {
			if mu.TryLock(g) {
				return
			}
		}
		mu.Lock(g)
	}, mu.Unlock, unmarked)(g)
}

// endsSometime has one goroutine that tries until the other has had its turns.
func endsSometime(g *sim.G) {
	mu := sim.Mutex{Name: "mu"}
	other := g.Go("other", func(g *sim.G) {
		for range 30 {
			mu.Lock(g)
			mu.Unlock(g)
		}
	})
	for !mu.TryLock(g) {
	}
	mu.Unlock(g)
	other.Join(g)
}

// A goroutine that can be passed over for ever is found, with a proof where the
// program says what it remembers; where everybody gets a turn, or others end,
// nobody starves.
func TestStarvation(t *testing.T) {
	for _, c := range []struct {
		name    string
		program func(*sim.G)
		want    string // in the summary; empty for no finding
	}{
		{"barging lock", barging(unmarked), "fails to lock mu, again and again, while others get on"},
		{"barging lock, with fingerprints", barging(func(g *sim.G) { g.Fingerprint(1) }), "it can go on for ever"},
		{"compare and swap", compareAndSwap, "fails to swap n"},
		{"fair semaphore", fairSemaphore, ""},
		{"blocking lock", blockingLock, ""},
		{"tries, then queues", triesThenQueues, ""},
		{"ends some time", endsSometime, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := checks.Explore(c.program, checks.Options{Strategy: "random", ExecutionsMax: 20, StepsMax: 600,
				Judges: checks.AllJudges(), KeepGoing: true})
			if err != nil {
				t.Fatal(err)
			}
			summary, findings := "", 0
			for _, f := range r.Findings {
				if f.Kind == checks.Starvation {
					summary = f.Summary
					findings++
				}
			}
			if c.want == "" && findings != 0 || c.want != "" && (findings == 0 || !strings.Contains(summary, c.want)) {
				t.Errorf("%d findings, %q; want %q", findings, summary, c.want)
			}
		})
	}
}
