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
	for _, c := range slices.Concat(misuses(), selfWaits()) {
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
