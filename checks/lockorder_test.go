package checks_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// rareDeadlock takes two locks in two orders, but a random walk is unlikely to
// make the two meet: the second goroutine has a long way to go.
func rareDeadlock(g *sim.G) {
	a, b, n := sim.Mutex{Name: "A"}, sim.Mutex{Name: "B"}, sim.AtomicInt[int]{}
	one := g.Go("one", func(g *sim.G) {
		a.Lock(g)
		b.Lock(g)
		b.Unlock(g)
		a.Unlock(g)
	})
	two := g.Go("two", func(g *sim.G) {
		for range 60 {
			n.Add(g, 1)
		}
		b.Lock(g)
		a.Lock(g)
		a.Unlock(g)
		b.Unlock(g)
	})
	one.Join(g)
	two.Join(g)
}

// gated takes two locks in two orders, always under a third one.
func gated(g *sim.G) {
	gate, a, b := sim.Mutex{Name: "gate"}, sim.Mutex{Name: "A"}, sim.Mutex{Name: "B"}
	take := func(first, second *sim.Mutex) func(*sim.G) {
		return func(g *sim.G) {
			gate.Lock(g)
			first.Lock(g)
			second.Lock(g)
			second.Unlock(g)
			first.Unlock(g)
			gate.Unlock(g)
		}
	}
	g.Go("one", take(&a, &b))
	g.Go("two", take(&b, &a))
}

// afterEachOther takes two locks in two orders, one goroutine after the other.
func afterEachOther(wait func(g *sim.G) (done func(*sim.G), wait func(*sim.G))) func(*sim.G) {
	return func(g *sim.G) {
		a, b := sim.Mutex{Name: "A"}, sim.Mutex{Name: "B"}
		done, wait := wait(g)
		g.Go("one", func(g *sim.G) {
			a.Lock(g)
			b.Lock(g)
			b.Unlock(g)
			a.Unlock(g)
			done(g)
		})
		g.Go("two", func(g *sim.G) {
			wait(g)
			b.Lock(g)
			a.Lock(g)
			a.Unlock(g)
			b.Unlock(g)
		})
	}
}

// lockOrder explores one execution, which goes well, and follows it up.
func lockOrder(t *testing.T, program func(*sim.G), executions int) checks.Report {
	t.Helper()
	r, err := checks.Explore(program, checks.Options{Seed: 1, ExecutionsMax: executions, StepsMax: 500, KeepGoing: true, Judges: checks.AllJudges()})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A single execution that went well is enough to predict a deadlock, and the
// finding's token leads to it.
func TestLockOrderIsConfirmed(t *testing.T) {
	t.Parallel()
	r := lockOrder(t, rareDeadlock, 1)
	if !slices.Equal(kinds(r), []checks.Kind{checks.LockOrder}) || r.Outcomes["finished"] != 1 {
		t.Fatalf("found %v, outcomes %v", r.Findings, r.Outcomes)
	}
	f := r.Findings[0]
	if !strings.HasPrefix(f.Summary, "one takes B while it holds A, two takes A while it holds B: ") {
		t.Errorf("summary: %s", f.Summary)
	}
	again, err := checks.ReplayToken(rareDeadlock, f.Token, checks.Options{}, nil)
	if err != nil || !slices.ContainsFunc(again, func(a checks.Finding) bool { return a.Kind == checks.Deadlock }) {
		t.Errorf("the token shows %v, error %v", again, err)
	}
	if g := r.LockGraph; g == nil || len(g.Locks) != 2 || len(g.Edges) != 2 || len(g.Cycles) != 1 || g.Cycles[0].Verdict != checks.LockConfirmed {
		t.Errorf("graph %+v", g)
	}
	e, err := checks.Explain(rareDeadlock, f, checks.ExplainOptions{Executions: 500, StepsMax: 500})
	if err != nil || e.Kind != string(checks.LockOrder) {
		t.Errorf("explained as %q, error %v", e.Kind, err)
	}
}

// A cycle that was seen to deadlock is not reported twice.
func TestLockOrderIsSilentBesideItsDeadlock(t *testing.T) {
	t.Parallel()
	r := lockOrder(t, table(3), 500)
	if !slices.Equal(kinds(r), []checks.Kind{checks.Deadlock}) || r.LockGraph.Cycles[0].Verdict != checks.LockConfirmed || len(r.Notes) > 0 {
		t.Errorf("found %v, graph %+v, notes %v", r.Findings, r.LockGraph, r.Notes)
	}
}

// Cycles that cannot be are not predicted: behind a gate, or ordered by a
// channel or a join; nor is there one when a try gives up.
func TestLockOrderLeavesOut(t *testing.T) {
	t.Parallel()
	rw := func(read bool) func(*sim.G) {
		return func(g *sim.G) {
			a, b := sim.RWMutex{Name: "A"}, sim.RWMutex{Name: "B"}
			take := func(first, second *sim.RWMutex) func(*sim.G) {
				return func(g *sim.G) {
					first.RLock(g)
					if read {
						second.RLock(g)
						second.RUnlock(g)
					} else if second.TryLock(g) {
						second.Unlock(g)
					}
					first.RUnlock(g)
				}
			}
			g.Go("one", take(&a, &b))
			g.Go("two", take(&b, &a))
		}
	}
	for _, c := range []twin{
		{"gate", gated},
		{"channel", afterEachOther(func(*sim.G) (done, wait func(*sim.G)) {
			c := sim.Chan[int]{Cap: 1}
			return func(g *sim.G) { c.Send(g, 1) }, func(g *sim.G) { c.Receive(g) }
		})},
		{"WaitGroup", afterEachOther(func(g *sim.G) (done, wait func(*sim.G)) {
			wg := sim.WaitGroup{}
			wg.Add(g, 1)
			return wg.Done, wg.Wait
		})},
		{"readers only", rw(true)},
		{"try", rw(false)},
		{"one goroutine", func(g *sim.G) {
			a, b := sim.Mutex{Name: "A"}, sim.Mutex{Name: "B"}
			for range 2 {
				a.Lock(g)
				b.Lock(g)
				a.Unlock(g)
				a.Lock(g)
				b.Unlock(g)
				a.Unlock(g)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := lockOrder(t, c.program, 3)
			if len(r.Findings)+len(r.Notes) > 0 || r.LockGraph != nil && len(r.LockGraph.Cycles) > 0 {
				t.Errorf("found %v, notes %v, graph %+v", r.Findings, r.Notes, r.LockGraph)
			}
		})
	}
}

// An atomic keeps the two apart, which the prediction does not see: a complete
// search refutes it, and that is a note.
func TestLockOrderIsRefuted(t *testing.T) {
	t.Parallel()
	program := afterEachOther(func(*sim.G) (done, wait func(*sim.G)) {
		n := sim.AtomicInt[int]{Name: "n"}
		return func(g *sim.G) { n.Store(g, 1) },
			func(g *sim.G) { sim.Await(g, &n, func(v int) bool { return v == 1 }) }
	})
	r := lockOrder(t, program, 3)
	if len(r.Findings) > 0 || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "cannot deadlock: all") ||
		r.LockGraph.Cycles[0].Verdict != checks.LockRefuted {
		t.Errorf("found %v, notes %v, graph %+v", r.Findings, r.Notes, r.LockGraph)
	}
}

// An unlock by a stranger is a note, as Go allows it; handing over by the
// holder is none.
func TestUnlockByAStrangerIsNoted(t *testing.T) {
	t.Parallel()
	r := lockOrder(t, func(g *sim.G) {
		mu := sim.Mutex{Name: "mu"}
		mu.Lock(g)
		g.Go("stranger", func(g *sim.G) { mu.Unlock(g) })
	}, 1)
	if len(r.Findings) > 0 || len(r.Notes) != 1 || !strings.HasPrefix(r.Notes[0], "stranger unlocks mu, which main has locked") {
		t.Errorf("found %v, notes %v", r.Findings, r.Notes)
	}
}

// A Once is a lock only for whoever runs it: a prediction needs two that run.
func TestLockOrderOfOnce(t *testing.T) {
	t.Parallel()
	onces := func(g *sim.G) {
		a, b := sim.Once{Name: "A"}, sim.Once{Name: "B"}
		n := sim.AtomicInt[int]{}
		g.Go("one", func(g *sim.G) { a.Do(g, func() { b.Do(g, func() {}) }) })
		g.Go("two", func(g *sim.G) {
			for range 60 {
				n.Add(g, 1)
			}
			b.Do(g, func() { a.Do(g, func() {}) })
		})
	}
	r := lockOrder(t, onces, 1)
	if len(r.Findings) > 0 {
		t.Errorf("the second Do of a Once that is done takes no lock: found %v", r.Findings)
	}
}

// late makes a goroutine come late, so that others do not meet it by chance.
func late(g *sim.G) {
	n := sim.AtomicInt[int]{}
	for range 60 {
		n.Add(g, 1)
	}
}

// crossedReaders read two locks in two orders, beside writers of both.
func crossedReaders(writers int) func(*sim.G) {
	return func(g *sim.G) {
		a, b := sim.RWMutex{Name: "A"}, sim.RWMutex{Name: "B"}
		read := func(g *sim.G, first, second *sim.RWMutex) {
			first.RLock(g)
			second.RLock(g)
			second.RUnlock(g)
			first.RUnlock(g)
		}
		g.Go("one", func(g *sim.G) { read(g, &a, &b) })
		g.Go("two", func(g *sim.G) {
			late(g)
			read(g, &b, &a)
		})
		for _, rw := range []*sim.RWMutex{&a, &b}[:writers] {
			g.Go("writer of "+rw.Name, func(g *sim.G) {
				rw.Lock(g)
				rw.Unlock(g)
			})
		}
	}
}

// rereading reads a lock twice over, beside a writer or before it.
func rereading(joined bool) func(*sim.G) {
	return func(g *sim.G) {
		rw := sim.RWMutex{Name: "rw"}
		reader := g.Go("reader", func(g *sim.G) {
			late(g)
			rw.RLock(g)
			rw.RLock(g)
			rw.RUnlock(g)
			rw.RUnlock(g)
		})
		if joined {
			reader.Join(g)
		}
		rw.Lock(g)
		rw.Unlock(g)
	}
}

// Readers that wait for readers, behind writers, are predicted from an execution
// that went well; without the writers, or with writers that come later, there is
// nothing to predict.
func TestLockOrderOfReaders(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		program func(*sim.G)
		summary string // empty where there is nothing
	}{
		{"crossed", crossedReaders(2), "one takes B while it holds A (both for reading, but a writer of B, writer of B, keeps new readers out)"},
		{"crossed, one writer", crossedReaders(1), ""},
		{"crossed, no writer", crossedReaders(0), ""},
		{"again", rereading(false), "reader takes rw while it holds rw (both for reading, but a writer of rw, main, keeps new readers out)"},
		{"again, the writer after it", rereading(true), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := lockOrder(t, c.program, 1)
			if c.summary == "" {
				if len(r.Findings)+len(r.Notes) > 0 {
					t.Errorf("found %v, notes %v", r.Findings, r.Notes)
				}
				return
			}
			if !slices.Equal(kinds(r), []checks.Kind{checks.LockOrder}) || !strings.HasPrefix(r.Findings[0].Summary, c.summary) {
				t.Errorf("found %v, notes %v", r.Findings, r.Notes)
			}
		})
	}
}

// Orders that no execution shows together are put together, tried, and, if they
// do not deadlock, noted with the reason.
func TestLockOrderAcrossExecutions(t *testing.T) {
	t.Parallel()
	r := lockOrder(t, func(g *sim.G) {
		a, b, n := sim.Mutex{Name: "A"}, sim.Mutex{Name: "B"}, sim.AtomicInt[int]{Name: "n"}
		for i, order := range [][2]*sim.Mutex{{&a, &b}, {&b, &a}} {
			g.Go([]string{"one", "two"}[i], func(g *sim.G) {
				if n.CompareAndSwap(g, 0, 1) {
					order[0].Lock(g)
					order[1].Lock(g)
					order[1].Unlock(g)
					order[0].Unlock(g)
				}
			})
		}
	}, 20)
	const want = "one takes B while it holds A, two takes A while it holds B: no execution shows all of it, " +
		"and it did not deadlock in 100 attempts to bring it about"
	if len(r.Findings) > 0 || !slices.Equal(r.Notes, []string{want}) || r.LockGraph.Cycles[0].Verdict != checks.LockOpen {
		t.Errorf("found %v, notes %q, graph %+v", r.Findings, r.Notes, r.LockGraph)
	}
}

// Locks that have one name are told apart in the graph and in the text.
func TestLocksOfOneNameAreTwo(t *testing.T) {
	t.Parallel()
	r := lockOrder(t, func(g *sim.G) {
		a, b := sim.Mutex{Name: "account"}, sim.Mutex{Name: "account"}
		g.Go("one", func(g *sim.G) {
			a.Lock(g)
			b.Lock(g)
			b.Unlock(g)
			a.Unlock(g)
		})
		g.Go("two", func(g *sim.G) {
			late(g)
			b.Lock(g)
			a.Lock(g)
			a.Unlock(g)
			b.Unlock(g)
		})
	}, 1)
	if r.LockGraph == nil || len(r.LockGraph.Locks) != 2 || len(r.LockGraph.Cycles) != 1 ||
		!slices.Contains(r.LockGraph.Locks, "account #1") || !slices.Contains(r.LockGraph.Locks, "account #2") {
		t.Fatalf("graph %+v", r.LockGraph)
	}
	if len(r.Findings) != 1 || !strings.HasPrefix(r.Findings[0].Summary, "one takes account #2 while it holds account #1, two takes") {
		t.Errorf("found %v, notes %v", r.Findings, r.Notes)
	}
}
