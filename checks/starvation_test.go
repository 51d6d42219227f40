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

// readersAndWriter has two readers who come again and again, and a writer who
// waits until nobody reads. A writer who is to get in some day takes a turn that
// new readers respect.
func readersAndWriter(turns bool, mark func(*sim.G)) func(*sim.G) {
	return func(g *sim.G) {
		mu := sim.Mutex{Name: "mu"}
		left := sim.Cond{Name: "left", L: &mu}
		readers, writers := sim.Var[int]{Name: "readers"}, sim.Var[int]{Name: "writers"}
		g.Go("writer", func(g *sim.G) {
			mu.Lock(g)
			writers.Store(g, 1)
			for {
				mark(g)
				if readers.Load(g) == 0 {
					break
				}
				left.Wait(g)
			}
			writers.Store(g, 0)
			left.Broadcast(g)
			mu.Unlock(g)
		})
		team(g, 2, "reader", func(g *sim.G, _ int) {
			for {
				mark(g)
				mu.Lock(g)
				for turns && writers.Load(g) > 0 {
					left.Wait(g)
				}
				readers.Store(g, readers.Load(g)+1)
				mu.Unlock(g)
				mu.Lock(g)
				n := readers.Load(g) - 1
				readers.Store(g, n)
				if n == 0 {
					left.Broadcast(g)
				}
				mu.Unlock(g)
			}
		})
	}
}

// polling has somebody who waits by reading until a flag is down, which another
// one raises and lowers for ever.
func polling(mark func(*sim.G)) func(*sim.G) {
	return func(g *sim.G) {
		busy := sim.AtomicInt[int]{Name: "busy"}
		g.Go("poller", func(g *sim.G) {
			for busy.Load(g) == 1 {
				mark(g)
			}
			busy.Store(g, 2)
		})
		for {
			mark(g)
			busy.CompareAndSwap(g, 0, 1)
			busy.CompareAndSwap(g, 1, 0)
		}
	}
}

// pollingForGood waits by reading for what stays once it is there.
func pollingForGood(g *sim.G) {
	done, n := sim.Atomic[bool]{Name: "done"}, sim.AtomicInt[int]{Name: "n"}
	g.Go("poller", func(g *sim.G) {
		for !done.Load(g) {
		}
		n.Store(g, 5)
	})
	done.Store(g, true)
	for {
		n.Store(g, 1)
	}
}

// observing has somebody who only reads what others change, for ever.
func observing(g *sim.G) {
	n := sim.AtomicInt[int]{Name: "n"}
	g.Go("observer", func(g *sim.G) {
		for {
			n.Load(g)
		}
	})
	for {
		n.Store(g, 1)
		n.Store(g, 2)
	}
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
		{"a writer behind readers", readersAndWriter(false, unmarked), "writer is woken from left in vain, again and again, while others get on"},
		{"a writer behind readers, with fingerprints", readersAndWriter(false, func(g *sim.G) { g.Fingerprint(1) }), "it can go on for ever"},
		{"a writer whose turn it is", readersAndWriter(true, unmarked), ""},
		{"polling", polling(unmarked), "poller reads busy in vain, again and again, while others get on"},
		{"polling, with fingerprints", polling(func(g *sim.G) { g.Fingerprint(1) }), "it can go on for ever"},
		{"polling for good", pollingForGood, ""},
		{"observing", observing, ""},
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
