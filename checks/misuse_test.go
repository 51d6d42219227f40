package checks_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// misuses are programs that misuse an object, and part of what is said of it.
func misuses() []badEnd {
	return []badEnd{
		{"unlock twice", func(g *sim.G) {
			mu := sim.Mutex{Name: "mu"}
			mu.Lock(g)
			mu.Unlock(g)
			mu.Unlock(g)
		}, checks.Misuse, "unlock of unlocked mutex: mu (misuse_test.go:"},
		{"unlock both, of which one is locked", func(g *sim.G) {
			mu, other := sim.Mutex{Name: "mu"}, sim.Mutex{Name: "other"}
			mu.Lock(g)
			sim.UnlockBoth(g, &mu, &other)
		}, checks.Misuse, "unlock of unlocked mutex: other (misuse_test.go:"},
		{"unlock both, which are one", func(g *sim.G) {
			mu := sim.Mutex{Name: "mu"}
			mu.Lock(g)
			sim.UnlockBoth(g, &mu, &mu)
		}, checks.Misuse, "unlock of unlocked mutex: mu (misuse_test.go:"},
		{"unlock what is read", func(g *sim.G) {
			rw := sim.RWMutex{Name: "rw"}
			rw.RLock(g)
			rw.Unlock(g)
		}, checks.Misuse, "undo Lock with Unlock and RLock with RUnlock"},
		{"read-unlock what is written", func(g *sim.G) {
			rw := sim.RWMutex{Name: "rw"}
			rw.Lock(g)
			rw.RUnlock(g)
		}, checks.Misuse, "undo RLock with RUnlock"},
		{"copy of a used lock", func(g *sim.G) {
			mu := sim.Mutex{Name: "mu"}
			mu.Lock(g)
			other := mu
			other.Unlock(g)
		}, checks.Misuse, "mu is a copy of an object that was used before (misuse_test.go:"},
		{"copy of a used RWMutex", func(g *sim.G) {
			rw := sim.RWMutex{Name: "rw"}
			rw.RLock(g)
			other := rw
			other.RUnlock(g)
		}, checks.Misuse, "rw is a copy of an object that was used before (misuse_test.go:"},
		{"copy of a used WaitGroup", func(g *sim.G) {
			wg := sim.WaitGroup{Name: "wg"}
			wg.Add(g, 1)
			other := wg
			other.Done(g)
		}, checks.Misuse, "wg is a copy of an object that was used before (misuse_test.go:"},
		{"copy of a used Cond", func(g *sim.G) {
			mu := sim.Mutex{Name: "mu"}
			c := sim.Cond{Name: "c", L: &mu}
			c.Signal(g)
			other := c
			other.Broadcast(g)
		}, checks.Misuse, "c is a copy of an object that was used before (misuse_test.go:"},
		{"counter below zero after a round", func(g *sim.G) {
			wg := sim.WaitGroup{Name: "wg"}
			wg.Add(g, 1)
			wg.Done(g)
			wg.Wait(g)
			wg.Done(g)
		}, checks.Misuse, "negative WaitGroup counter: wg"},
		{"send on a closed channel", func(g *sim.G) {
			c := sim.Chan[int]{Name: "c", Cap: 1}
			c.Close(g)
			c.Send(g, 1)
		}, checks.Misuse, "let only the sender close, or close after all senders have been waited for"},
		{"close twice", func(g *sim.G) {
			c := sim.Chan[int]{Name: "c", Cap: 1}
			c.Close(g)
			c.Close(g)
		}, checks.Misuse, "let one goroutine own the channel and close it, or close it in a sync.Once"},
		{"close of a nil channel", func(g *sim.G) {
			var c *sim.Chan[int]
			c.Close(g)
		}, checks.Misuse, "make the channel before it is closed"},
		{"Wait that meets the next round", func(g *sim.G) {
			wg := sim.WaitGroup{Name: "wg"}
			wg.Add(g, 1)
			g.Go("waiter", func(g *sim.G) { wg.Wait(g) })
			wg.Done(g)
			wg.Add(g, 1)
			wg.Done(g)
		}, checks.Misuse, "start the next round of Add only after every Wait of this one has returned"},
		{"semaphore released too much", func(g *sim.G) {
			s := sim.Semaphore{Name: "s", N: 2}
			s.Acquire(g, 1)
			s.Release(g, 2)
		}, checks.Misuse, "release what was acquired, no more"},
		{"counter below zero", func(g *sim.G) {
			wg := sim.WaitGroup{Name: "wg"}
			wg.Done(g)
		}, checks.Misuse, "negative WaitGroup counter: wg (misuse_test.go:"},
		{"Add beside Wait", func(g *sim.G) {
			wg := sim.WaitGroup{Name: "wg"}
			g.Go("worker", func(g *sim.G) {
				wg.Add(g, 1)
				wg.Done(g)
			})
			wg.Wait(g)
		}, checks.Misuse, "worker adds to wg, whose counter is 0, at step"},
		{"the next round beside Wait", func(g *sim.G) {
			wg, again := sim.WaitGroup{Name: "wg"}, sim.Chan[int]{Cap: 1}
			wg.Add(g, 1)
			g.Go("worker", func(g *sim.G) {
				wg.Done(g)
				again.Send(g, 1)
			})
			g.Go("next", func(g *sim.G) {
				again.Receive(g)
				wg.Add(g, 1)
				wg.Done(g)
			})
			wg.Wait(g)
		}, checks.Misuse, "nothing orders the two"},
		{"wait for a condition unlocked", func(g *sim.G) {
			mu := sim.Mutex{Name: "mu"}
			c := sim.Cond{Name: "c", L: &mu}
			c.Wait(g)
		}, checks.Misuse, "Cond.Wait with its mutex unlocked: c (misuse_test.go:"},
		{"semaphore without a size", func(g *sim.G) {
			s := sim.Semaphore{Name: "s"}
			s.Acquire(g, 1)
		}, checks.Misuse, "a Semaphore of size 0 (misuse_test.go:"},
		{"the parent's handle", func(g *sim.G) {
			mu := sim.Mutex{Name: "mu"}
			g.Go("child", func(*sim.G) { mu.Lock(g) })
		}, checks.Misuse, "the handle of main is used inside child (misuse_test.go:"},
	}
}

// thefts are programs in which a goroutine unlocks what another one has locked.
func thefts() []badEnd {
	beside := func(owner, stranger func(*sim.G, *sim.RWMutex)) func(*sim.G) {
		return func(g *sim.G) {
			rw := sim.RWMutex{Name: "rw"}
			g.Go("stranger", func(g *sim.G) { stranger(g, &rw) })
			owner(g, &rw)
		}
	}
	lock := func(g *sim.G, rw *sim.RWMutex) { rw.Lock(g) }
	lockBoth := func(g *sim.G, rw *sim.RWMutex) {
		rw.Lock(g)
		rw.Unlock(g)
	}
	readBoth := func(g *sim.G, rw *sim.RWMutex) {
		rw.RLock(g)
		rw.RUnlock(g)
	}
	return []badEnd{
		{"a writer's lock unlocked by a stranger", beside(lock, func(g *sim.G, rw *sim.RWMutex) { rw.Unlock(g) }),
			checks.Misuse, "which main has locked at step 1 (misuse_test.go:"},
		{"and by its owner, too", beside(lockBoth, func(g *sim.G, rw *sim.RWMutex) { rw.Unlock(g) }),
			checks.Misuse, "then main: unlock of unlocked mutex: rw (misuse_test.go:"},
		{"a reader's lock unlocked by a stranger", beside(func(g *sim.G, rw *sim.RWMutex) { rw.RLock(g) },
			func(g *sim.G, rw *sim.RWMutex) { rw.RUnlock(g) }),
			checks.Misuse, "and nothing hands it over: let the goroutine that locks rw unlock it, once"},
		{"and by the reader, too", beside(readBoth, func(g *sim.G, rw *sim.RWMutex) { rw.RUnlock(g) }),
			checks.Misuse, "then main: read-unlock of a lock that no reader holds: rw (misuse_test.go:"},
		{"a mutex unlocked by a stranger", func(g *sim.G) {
			mu := sim.Mutex{Name: "mu"}
			g.Go("stranger", func(g *sim.G) { mu.Unlock(g) })
			mu.Lock(g)
		}, checks.Misuse, "stranger unlocks mu at step"},
		{"handed over, and unlocked by both", inherited(func(*sim.G, *sim.Mutex) {}), checks.Misuse, "when third holds it: let"},
		{"handed over, and unlocked by all three", inherited(func(g *sim.G, mu *sim.Mutex) { mu.Unlock(g) }),
			checks.Misuse, "when third holds it; then third: unlock of unlocked mutex: mu (misuse_test.go:"},
		{"wait for a condition under somebody else's lock", func(g *sim.G) {
			mu := sim.Mutex{Name: "mu"}
			c := sim.Cond{Name: "c", L: &mu}
			g.Go("waiter", func(g *sim.G) { c.Wait(g) })
			mu.Lock(g)
			c.Signal(g)
			mu.Unlock(g)
		}, checks.Misuse, "waiter waits for a condition and so unlocks mu at step"},
		{"wait for a condition under somebody else's read lock", func(g *sim.G) {
			rw := sim.RWMutex{Name: "rw"}
			c := sim.Cond{Name: "c", L: rw.RLocker()}
			g.Go("waiter", func(g *sim.G) { c.Wait(g) })
			rw.RLock(g)
			rw.RUnlock(g)
		}, checks.Misuse, "waiter waits for a condition and so read-unlocks rw at step"},
	}
}

// inherited lets main hand its mutex over to an heir, and unlock it all the
// same once a third goroutine has locked it.
func inherited(then func(*sim.G, *sim.Mutex)) func(*sim.G) {
	return func(g *sim.G) {
		mu, held, unlocked := sim.Mutex{Name: "mu"}, sim.Chan[int]{Name: "held"}, sim.Chan[int]{Name: "unlocked"}
		mu.Lock(g)
		g.Go("third", func(g *sim.G) {
			mu.Lock(g)
			held.Send(g, 1)
			unlocked.Receive(g)
			then(g, &mu)
		})
		g.Go("heir", func(g *sim.G) { mu.Unlock(g) })
		held.Receive(g)
		mu.Unlock(g)
		unlocked.Send(g, 1)
	}
}

// selfWaits are programs in which a goroutine is in its own way.
func selfWaits() []badEnd {
	return []badEnd{
		{"a Once that re-enters itself", func(g *sim.G) {
			once := sim.Once{Name: "once"}
			once.Do(g, func() { once.Do(g, func() {}) })
		}, checks.Deadlock, "a Do inside the func of the same Once waits for itself"},
		{"lock twice", func(g *sim.G) {
			mu := sim.Mutex{Name: "mu"}
			mu.Lock(g)
			mu.Lock(g)
		}, checks.Deadlock, "who holds a Mutex must not lock it again"},
		{"upgrade", func(g *sim.G) {
			rw := sim.RWMutex{Name: "rw"}
			rw.RLock(g)
			rw.Lock(g)
		}, checks.Deadlock, "a read lock cannot become a write lock"},
		{"downgrade", func(g *sim.G) {
			rw := sim.RWMutex{Name: "rw"}
			rw.Lock(g)
			rw.RLock(g)
		}, checks.Deadlock, "must unlock it before locking it again"},
		{"read lock taken again while a writer waits", func(g *sim.G) {
			rw := sim.RWMutex{Name: "rw"}
			g.Go("writer", func(g *sim.G) {
				rw.Lock(g)
				rw.Unlock(g)
			})
			rw.RLock(g)
			rw.RLock(g)
			rw.RUnlock(g)
			rw.RUnlock(g)
		}, checks.Deadlock, "a writer that waits keeps new readers out, so main must not RLock what it reads already"},
	}
}

// Every misuse is reported with its line and what mends it.
func TestMisusesAreExplained(t *testing.T) {
	t.Parallel()
	for _, c := range slices.Concat(misuses(), thefts(), selfWaits()) {
		t.Run(c.name, func(t *testing.T) {
			r := explore(t, c.program, "dfs")
			if !slices.ContainsFunc(r.Findings, func(f checks.Finding) bool {
				return f.Kind == c.kind && strings.Contains(f.Summary, c.summary)
			}) {
				t.Errorf("no %s says %q: %v", c.kind, c.summary, r.Findings)
			}
		})
	}
}

// The proper uses beside those misuses are silent, in every interleaving.
func TestProperUseIsSilent(t *testing.T) {
	t.Parallel()
	for _, c := range []twin{
		{"pointer to a used lock", func(g *sim.G) {
			mu := sim.Mutex{Name: "mu"}
			mu.Lock(g)
			other := &mu
			other.Unlock(g)
		}},
		{"Add before go", func(g *sim.G) {
			wg := sim.WaitGroup{Name: "wg"}
			for range 2 {
				wg.Go(g, "worker", func(*sim.G) {})
			}
			wg.Wait(g)
		}},
		{"Add by one who is counted", func(g *sim.G) {
			wg := sim.WaitGroup{Name: "wg"}
			wg.Go(g, "worker", func(g *sim.G) {
				wg.Go(g, "child", func(*sim.G) {})
			})
			wg.Wait(g)
		}},
		{"the next round after Wait, by somebody else", func(g *sim.G) {
			wg, again := sim.WaitGroup{Name: "wg"}, sim.Chan[int]{}
			wg.Go(g, "worker", func(*sim.G) {})
			next := g.Go("next", func(g *sim.G) {
				again.Receive(g)
				wg.Go(g, "worker", func(*sim.G) {})
				wg.Wait(g)
			})
			wg.Wait(g)
			again.Send(g, 1)
			next.Join(g)
		}},
		{"two read locks, one after the other", func(g *sim.G) {
			rw := sim.RWMutex{Name: "rw"}
			g.Go("writer", func(g *sim.G) {
				rw.Lock(g)
				rw.Unlock(g)
			})
			for range 2 {
				rw.RLock(g)
				rw.RUnlock(g)
			}
		}},
		{"pointer to a used RWMutex", func(g *sim.G) {
			rw := sim.RWMutex{Name: "rw"}
			rw.RLock(g)
			other := &rw
			other.RUnlock(g)
		}},
		{"pointer to a used WaitGroup", func(g *sim.G) {
			wg := sim.WaitGroup{Name: "wg"}
			wg.Add(g, 1)
			other := &wg
			other.Done(g)
			wg.Wait(g)
		}},
		{"pointer to a used Cond", func(g *sim.G) {
			mu := sim.Mutex{Name: "mu"}
			c := sim.Cond{Name: "c", L: &mu}
			c.Signal(g)
			other := &c
			other.Broadcast(g)
		}},
		{"Done once for each Add, in two rounds", func(g *sim.G) {
			wg := sim.WaitGroup{Name: "wg"}
			for range 2 {
				wg.Add(g, 1)
				wg.Done(g)
				wg.Wait(g)
			}
		}},
		{"a channel closed once, by its sender", func(g *sim.G) {
			c := sim.Chan[int]{Name: "c", Cap: 1}
			g.Go("sender", func(g *sim.G) {
				c.Send(g, 1)
				c.Close(g)
			})
			for range c.All(g) {
			}
		}},
		{"the next round after the waiter has returned", func(g *sim.G) {
			wg := sim.WaitGroup{Name: "wg"}
			wg.Add(g, 1)
			waiter := g.Go("waiter", func(g *sim.G) { wg.Wait(g) })
			wg.Done(g)
			waiter.Join(g)
			wg.Add(g, 1)
			wg.Done(g)
		}},
		{"semaphore released as acquired", func(g *sim.G) {
			s := sim.Semaphore{Name: "s", N: 2}
			s.Acquire(g, 2)
			s.Release(g, 1)
			s.Release(g, 1)
		}},
		{"a mutex as a signal", func(g *sim.G) {
			mu := sim.Mutex{Name: "mu"}
			mu.Lock(g)
			g.Go("signal", func(g *sim.G) { mu.Unlock(g) })
			mu.Lock(g)
			mu.Unlock(g)
		}},
		{"two mutexes that let two goroutines take turns", func(g *sim.G) {
			ping, pong := sim.Mutex{Name: "ping"}, sim.Mutex{Name: "pong"}
			pong.Lock(g)
			g.Go("other", func(g *sim.G) {
				for range 2 {
					pong.Lock(g)
					ping.Unlock(g)
				}
			})
			for range 2 {
				ping.Lock(g)
				pong.Unlock(g)
			}
		}},
		{"a read lock handed over, beside another reader", func(g *sim.G) {
			rw := sim.RWMutex{Name: "rw"}
			g.Go("reader", func(g *sim.G) {
				rw.RLock(g)
				rw.RUnlock(g)
			})
			rw.RLock(g)
			g.Go("heir", func(g *sim.G) { rw.RUnlock(g) })
		}},
		{"a lock handed over by an atomic", func(g *sim.G) {
			rw, locked := sim.RWMutex{Name: "rw"}, sim.Atomic[bool]{Name: "locked"}
			g.Go("heir", func(g *sim.G) {
				if locked.Load(g) {
					rw.Unlock(g)
				}
			})
			rw.Lock(g)
			locked.Store(g, true)
		}},
		{"wait for a condition under one's own lock", func(g *sim.G) {
			mu, ready := sim.Mutex{Name: "mu"}, sim.Var[bool]{Name: "ready"}
			c := sim.Cond{Name: "c", L: &mu}
			g.Go("signal", func(g *sim.G) {
				mu.Lock(g)
				ready.Store(g, true)
				c.Signal(g)
				mu.Unlock(g)
			})
			mu.Lock(g)
			for !ready.Load(g) {
				c.Wait(g)
			}
			mu.Unlock(g)
		}},
		{"Once in a Once", func(g *sim.G) {
			outer, inner := sim.Once{}, sim.Once{}
			outer.Do(g, func() { inner.Do(g, func() {}) })
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, strategy := range []string{"dfs", "optimal"} {
				r, err := checks.Explore(c.program, checks.Options{Strategy: strategy, StepsMax: 200, KeepGoing: true})
				if err != nil || !r.Complete || len(r.Findings) > 0 {
					t.Errorf("%s: complete %v, found %v, error %v", strategy, r.Complete, r.Findings, err)
				}
			}
		})
	}
}
