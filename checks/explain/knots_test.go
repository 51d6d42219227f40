package explain_test

import (
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// Who holds a lock, waits for another goroutine, and is in its way.
func saidOfKnots() []said {
	template := []string{"one step", "compare-and-swap", "wait until", "A read lock cannot be turned"}
	return []said{
		{"sends under a lock", func(g *sim.G) {
			mu, c := sim.Mutex{Name: "mu"}, sim.Chan[int]{Name: "c"}
			g.Go("reader", func(g *sim.G) {
				for range 2 {
					c.Receive(g)
					mu.Lock(g)
					mu.Unlock(g)
				}
			})
			for i := range 2 {
				mu.Lock(g)
				c.Send(g, i)
				mu.Unlock(g)
			}
		}, []string{"main holds mu and waits to send on c; reader, which receives from c, waits for mu.",
			"Let main release mu, which it holds since step ", "before it sends on c (step ",
			"; or see to it that reader does not need mu to receive from c."}, append(template, "as often as is sent")},
		{"waits for a WaitGroup under a lock", func(g *sim.G) {
			mu, wg := sim.Mutex{Name: "mu"}, sim.WaitGroup{Name: "wg"}
			wg.Go(g, "worker", func(g *sim.G) {
				mu.Lock(g)
				mu.Unlock(g)
			})
			mu.Lock(g)
			wg.Wait(g)
			mu.Unlock(g)
		}, []string{"main holds mu and waits for wg, whose counter is 1; worker waits for mu.",
			"Let main release mu, which it holds since step ", "before it waits for wg (step ", ": worker, which waits for mu, can then go on."},
			append(template, "Call Add")},
		{"waits for a condition under another lock", func(g *sim.G) {
			mu, other := sim.Mutex{Name: "mu"}, sim.RWMutex{Name: "other"}
			changed := sim.Cond{Name: "changed", L: &mu}
			g.Go("setter", func(g *sim.G) {
				other.Lock(g)
				changed.Signal(g)
				other.Unlock(g)
			})
			other.RLock(g)
			mu.Lock(g)
			changed.Wait(g)
			mu.Unlock(g)
			other.RUnlock(g)
		}, []string{"main reads other and waits for a signal of changed; setter waits to write other.",
			"Let main release its read lock of other, which it holds since step ", "before it waits for a signal of changed"},
			append(template, "after every change")},
		{"joins under a lock", func(g *sim.G) {
			mu := sim.Mutex{Name: "mu"}
			mu.Lock(g)
			g.Go("worker", func(g *sim.G) {
				mu.Lock(g)
				mu.Unlock(g)
			}).Join(g)
			mu.Unlock(g)
		}, []string{"Let main release mu, which it holds since step 0, before it waits for worker to end: worker, which waits for mu, can then go on."},
			template},
		{"inside a once", func(g *sim.G) {
			once, done := sim.Once{Name: "once"}, sim.Chan[struct{}]{Name: "done"}
			g.Go("worker", func(g *sim.G) {
				once.Do(g, func() {})
				done.Close(g)
			})
			once.Do(g, func() { done.Receive(g) })
		}, []string{"main is in the func of once and waits to receive from done; worker waits for once to be done.",
			"Let main leave the func of once, which it entered at step "}, append(template, "still sends")},
	}
}

// Their twins: the lock has nothing to do with it.
func saidBesideKnots() []said {
	return []said{
		{"the receiver has given up", func(g *sim.G) {
			mu, c := sim.Mutex{Name: "mu"}, sim.Chan[int]{Name: "c"}
			g.Go("reader", func(g *sim.G) { c.Receive(g) })
			g.Go("other", func(g *sim.G) {
				mu.Lock(g)
				mu.Unlock(g)
			})
			mu.Lock(g)
			c.Send(g, 1)
			c.Send(g, 2)
			mu.Unlock(g)
		}, []string{"main waits to send on c: reader, which receives from it, has ended", "receives from c as often as is sent"},
			[]string{"main holds mu", "release mu"}},
		{"the receiver waits for something else", func(g *sim.G) {
			mu, c, d := sim.Mutex{Name: "mu"}, sim.Chan[int]{Name: "c"}, sim.Chan[int]{Name: "d"}
			g.Go("reader", func(g *sim.G) {
				c.Receive(g)
				d.Receive(g)
			})
			mu.Lock(g)
			c.Send(g, 1)
			c.Send(g, 2)
			mu.Unlock(g)
		}, []string{"main waits to send on c: reader, which receives from it, has not come"}, []string{"main holds mu", "release mu"}},
	}
}

func TestKnotsAreSaid(t *testing.T) {
	t.Parallel()
	checkSaid(t, append(saidOfKnots(), saidBesideKnots()...))
}

// stack is a program that pops node 1, after which there is node 2, while main pops
// both, and pushes a node.
func stack(pushed int) func(*sim.G) {
	return func(g *sim.G) {
		top, next := sim.AtomicInt[int]{Name: "top"}, sim.AtomicInt[int]{Name: "next"}
		next.Store(g, 2)
		top.Store(g, 1)
		a := g.Go("A", func(g *sim.G) {
			v := top.Load(g)
			top.CompareAndSwap(g, v, next.Load(g))
		})
		top.Store(g, 2)
		top.Store(g, 0)
		next.Store(g, 0)
		top.Store(g, pushed)
		a.Join(g)
		g.Assert(top.Load(g) != 2 && (pushed == 1 || top.Load(g) != 0), "node 2 is on the stack")
	}
}

// What is said of locks and atomic variables fits what was done with them.
func saidOfLocksAndAtomics() []said {
	return []said{
		{"changed and changed back", stack(1), []string{"Put a counter or a tag beside the value of top",
			"top went 1 → 2 → 0 → 1 between the load (step ", "changed back (ABA)"}, []string{"one step", "compare-and-swap in a loop"}},
		{"changed and not changed back", stack(3), []string{"node 2 is on the stack"}, []string{"ABA", "a compare-and-swap in a loop"}},
		{"a writer is in the way of a reader", func(g *sim.G) {
			rw, done := sim.RWMutex{Name: "rw"}, sim.Chan[int]{Name: "done"}
			g.Go("reader", func(g *sim.G) {
				rw.RLock(g)
				rw.RUnlock(g)
			})
			rw.Lock(g)
			done.Receive(g)
			rw.Unlock(g)
		}, nil, []string{"A read lock cannot be turned"}},
		{"a reader that has ended", func(g *sim.G) {
			rw := sim.RWMutex{Name: "rw"}
			g.Go("reader", func(g *sim.G) { rw.RLock(g) }).Join(g)
			rw.Lock(g)
		}, []string{"RUnlock rw on every way out, with a defer right after the RLock: reader has ended and holds it for reading."},
			[]string{"A read lock cannot be turned"}},
		{"a RWMutex that is locked twice", func(g *sim.G) {
			rw := sim.RWMutex{Name: "rw"}
			rw.Lock(g)
			rw.RLock(g)
		}, []string{"main holds rw already: a RWMutex that is locked for writing cannot be locked twice."}, []string{"A read lock cannot be turned"}},
		{"RWMutexes in different orders", func(g *sim.G) {
			a, b := sim.RWMutex{Name: "a"}, sim.RWMutex{Name: "b"}
			g.Go("other", func(g *sim.G) {
				b.RLock(g)
				a.Lock(g)
				a.Unlock(g)
				b.RUnlock(g)
			})
			a.RLock(g)
			b.Lock(g)
			b.Unlock(g)
			a.RUnlock(g)
		}, []string{"Take the locks in the same order everywhere, for instance a before b"}, []string{"A read lock cannot be turned"}},
		{"Dekker without a turn", func(g *sim.G) {
			x, y := sim.AtomicInt[int]{Name: "x"}, sim.AtomicInt[int]{Name: "y"}
			in := sim.AtomicInt[int]{Name: "in"}
			enter := func(mine, other *sim.AtomicInt[int]) func(*sim.G) {
				return func(g *sim.G) {
					seen := other.Load(g)
					mine.Store(g, 1)
					if seen == 0 {
						g.Assert(in.Add(g, 1) == 1, "two are in")
					}
				}
			}
			g.Go("A", enter(&x, &y))
			g.Go("B", enter(&y, &x))
		}, nil, []string{"one step", "compare-and-swap"}},
	}
}

func TestLocksAndAtomicsAreSaid(t *testing.T) {
	t.Parallel()
	checkSaid(t, saidOfLocksAndAtomics())
}
