package checks_test

import (
	"github.com/interleave-go/interleave/sim"
)

func raceTwinsOfLocks() []twin {
	return []twin{
		{"racy: nothing", writeBoth(plainWrite, plainWrite)},
		{"ordered: spawn", func(g *sim.G) {
			var v sim.Var[int]
			v.Store(g, 1)
			g.Go("", func(g *sim.G) { v.Store(g, 2) })
		}},
		{"ordered: join", func(g *sim.G) {
			var v sim.Var[int]
			g.Go("", func(g *sim.G) { v.Store(g, 2) }).Join(g)
			v.Load(g)
		}},
		{"ordered: two readers", func(g *sim.G) {
			var v sim.Var[int]
			v.Store(g, 1)
			a := g.Go("", func(g *sim.G) { v.Load(g) })
			b := g.Go("", func(g *sim.G) { v.Load(g) })
			a.Join(g)
			b.Join(g)
			v.Store(g, 2)
		}},
		{"racy: a store joins one of two readers", func(g *sim.G) {
			var v sim.Var[int]
			a := g.Go("", func(g *sim.G) { v.Load(g) })
			g.Go("", func(g *sim.G) { v.Load(g) })
			a.Join(g)
			v.Store(g, 2)
		}},
		{"ordered: mutex", mutexTwin(true)},
		{"racy: mutex on one side", mutexTwin(false)},
		{"racy: a TryLock that failed", func(g *sim.G) {
			var mu sim.Mutex
			writeBoth(func(g *sim.G, write func()) {
				mu.Lock(g)
				write()
				mu.Unlock(g)
			}, func(g *sim.G, write func()) {
				if !mu.TryLock(g) {
					write()
				}
			})(g)
		}},
		{"ordered: a reader and a writer of a RWMutex", rwTwin(func(g *sim.G, rw *sim.RWMutex, v *sim.Var[int]) {
			rw.RLock(g)
			v.Load(g)
			rw.RUnlock(g)
		})},
		{"racy: a store under RLock", rwTwin(func(g *sim.G, rw *sim.RWMutex, v *sim.Var[int]) {
			rw.RLock(g)
			v.Store(g, 1)
			rw.RUnlock(g)
		})},
		{"ordered: TryRLock", rwTwin(func(g *sim.G, rw *sim.RWMutex, v *sim.Var[int]) {
			if rw.TryRLock(g) {
				v.Load(g)
				rw.RUnlock(g)
			}
		})},
		{"ordered: TryLock of a RWMutex", rwTwin(func(g *sim.G, rw *sim.RWMutex, v *sim.Var[int]) {
			if rw.TryLock(g) {
				v.Store(g, 1)
				rw.Unlock(g)
			}
		})},
	}
}

func mutexTwin(both bool) func(*sim.G) {
	return func(g *sim.G) {
		mu := sim.Mutex{Name: "mu"}
		locked := func(g *sim.G, write func()) {
			mu.Lock(g)
			write()
			mu.Unlock(g)
		}
		other := plainWrite
		if both {
			other = locked
		}
		writeBoth(locked, other)(g)
	}
}

// rwTwin runs access twice, against one proper writer.
func rwTwin(access func(*sim.G, *sim.RWMutex, *sim.Var[int])) func(*sim.G) {
	return func(g *sim.G) {
		rw, v := sim.RWMutex{Name: "rw"}, sim.Var[int]{Name: "v"}
		g.Go("one", func(g *sim.G) { access(g, &rw, &v) })
		g.Go("two", func(g *sim.G) { access(g, &rw, &v) })
		rw.Lock(g)
		v.Store(g, 3)
		rw.Unlock(g)
	}
}

// handOver stores in a goroutine before, and in main after, what the two do.
func handOver(before, after func(*sim.G)) func(*sim.G) {
	return func(g *sim.G) {
		v := sim.Var[int]{Name: "v"}
		g.Go("child", func(g *sim.G) {
			v.Store(g, 1)
			before(g)
		})
		after(g)
		v.Store(g, 2)
	}
}

// handBack is handOver the other way round: the child goes on after main.
func handBack(main, child func(*sim.G)) func(*sim.G) {
	return func(g *sim.G) {
		v := sim.Var[int]{Name: "v"}
		g.Go("child", func(g *sim.G) {
			child(g)
			v.Store(g, 1)
		})
		v.Store(g, 2)
		main(g)
	}
}

func raceTwinsOfChannels() []twin {
	over := func(capacity int, hand func(before, after func(*sim.G)) func(*sim.G), first, second func(*sim.G, *sim.Chan[int])) func(*sim.G) {
		return func(g *sim.G) {
			c := sim.Chan[int]{Name: "c", Cap: capacity}
			hand(func(g *sim.G) { first(g, &c) }, func(g *sim.G) { second(g, &c) })(g)
		}
	}
	send := func(g *sim.G, c *sim.Chan[int]) { c.Send(g, 1) }
	receive := func(g *sim.G, c *sim.Chan[int]) { c.Receive(g) }
	closing := func(g *sim.G, c *sim.Chan[int]) { c.Close(g) }
	selectSend := func(g *sim.G, c *sim.Chan[int]) { sim.Select(g, c.OnSend(1), (&sim.Chan[int]{}).OnReceive(nil, nil)) }
	selectReceive := func(g *sim.G, c *sim.Chan[int]) {
		sim.Select(g, c.OnReceive(nil, nil), (&sim.Chan[int]{}).OnReceive(nil, nil))
	}
	poll := func(g *sim.G, c *sim.Chan[int]) { sim.Select(g, c.OnReceive(nil, nil), sim.Default()) }
	return []twin{
		{"ordered: unbuffered send, then receive", over(0, handOver, send, receive)},
		{"ordered: unbuffered receive, then send", over(0, handOver, receive, send)},
		{"ordered: unbuffered, back", over(0, handBack, receive, send)},
		{"racy: unbuffered, what another one sends", over(0, handOver, send, func(g *sim.G, c *sim.Chan[int]) {
			g.Go("other", func(g *sim.G) { c.Send(g, 2) })
			c.Receive(g)
		})},
		{"ordered: unbuffered, what both send", over(0, handOver, send, func(g *sim.G, c *sim.Chan[int]) {
			g.Go("other", func(g *sim.G) { c.Send(g, 2) })
			c.Receive(g)
			c.Receive(g)
		})},
		{"ordered: buffered send, then receive", over(1, handOver, send, receive)},
		{"racy: buffered receive, then send", over(1, handOver, receive, send)},
		{"ordered: the second send on capacity 1 waits for the receive", over(1, handOver, receive,
			func(g *sim.G, c *sim.Chan[int]) { c.Send(g, 1); c.Send(g, 2) })},
		{"racy: the second send on capacity 2 waits for nothing", over(2, handOver, receive,
			func(g *sim.G, c *sim.Chan[int]) { c.Send(g, 1); c.Send(g, 2) })},
		{"racy: a send into a slot of its own, of 65", afterReceive(65)},
		{"ordered: a send into the slot that was received from, of 64", afterReceive(64)},
		{"ordered: close, then receive", over(0, handOver, closing, receive)},
		{"ordered: close of a buffered channel, then receive", over(3, handOver, closing, receive)},
		{"ordered: select sends", over(0, handOver, selectSend, receive)},
		{"ordered: select receives", over(0, handOver, send, selectReceive)},
		{"ordered: both select", over(0, handBack, selectSend, selectReceive)},
		{"ordered: select receives from a buffer", over(1, handOver, send, selectReceive)},
		{"ordered: select sees the close", over(0, handOver, closing, selectReceive)},
		{"racy: select takes its default", over(1, handOver, send, poll)},
		{"racy: len of a channel", over(1, handOver, send, func(g *sim.G, c *sim.Chan[int]) {
			if c.Len(g) == 0 {
				c.Receive(g)
			}
		})},
	}
}

// raceTwinsOfMixedAccess access one variable atomically and plainly.
func raceTwinsOfMixedAccess() []twin {
	type variable = sim.AtomicInt[int]
	beside := func(child, main func(*sim.G, *variable)) func(*sim.G) {
		return func(g *sim.G) {
			v := variable{Name: "v"}
			g.Go("child", func(g *sim.G) { child(g, &v) })
			main(g, &v)
		}
	}
	load := func(g *sim.G, v *variable) { v.Load(g) }
	store := func(g *sim.G, v *variable) { v.Store(g, 1) }
	add := func(g *sim.G, v *variable) { v.Add(g, 1) }
	swap := func(old int) func(g *sim.G, v *variable) {
		return func(g *sim.G, v *variable) { v.CompareAndSwap(g, old, 2) }
	}
	loadPlain := func(g *sim.G, v *variable) { v.LoadPlain(g) }
	storePlain := func(g *sim.G, v *variable) { v.StorePlain(g, 1) }
	return []twin{
		{"ordered: atomic stores", beside(store, store)},
		{"ordered: atomic load, plain load", beside(load, loadPlain)},
		{"ordered: plain loads", beside(loadPlain, loadPlain)},
		{"racy: atomic load, plain store", beside(load, storePlain)},
		{"racy: atomic store, plain load", beside(store, loadPlain)},
		{"racy: atomic store, plain store", beside(storePlain, store)},
		{"racy: plain stores of an atomic", beside(storePlain, storePlain)},
		{"racy: atomic add, plain load", beside(add, loadPlain)},
		{"racy: compare and swap, plain load", beside(swap(0), loadPlain)},
		{"ordered: a compare and swap that fails, plain load", beside(swap(1), loadPlain)},
		{"racy: await, plain store", beside(func(g *sim.G, v *variable) {
			sim.Await(g, v, func(n int) bool { return n >= 0 })
		}, storePlain)},
		{"ordered: a plain store before the go statement", func(g *sim.G) {
			v := variable{Name: "v"}
			v.StorePlain(g, 1)
			g.Go("child", func(g *sim.G) { v.Add(g, 1) }).Join(g)
			v.LoadPlain(g)
		}},
		{"ordered: an atomic store publishes a plain one of another variable", func(g *sim.G) {
			data, ready := variable{Name: "data"}, variable{Name: "ready"}
			g.Go("writer", func(g *sim.G) {
				data.StorePlain(g, 1)
				ready.Store(g, 1)
			})
			if ready.Load(g) == 1 {
				data.LoadPlain(g)
			}
		}},
		{"racy: a plain store publishes nothing", func(g *sim.G) {
			data, ready := sim.Var[int]{Name: "data"}, variable{Name: "ready"}
			g.Go("writer", func(g *sim.G) {
				data.Store(g, 1)
				ready.StorePlain(g, 1)
			})
			if ready.Load(g) == 1 {
				data.Load(g)
			}
		}},
		{"racy: two atomic writers, one of them ordered with the plain load", func(g *sim.G) {
			v := variable{Name: "v"}
			one := g.Go("one", func(g *sim.G) { v.Add(g, 1) })
			g.Go("two", func(g *sim.G) { v.Add(g, 1) })
			one.Join(g)
			v.LoadPlain(g)
		}},
		{"ordered: both atomic writers joined before the plain load", func(g *sim.G) {
			v := sim.Atomic[int]{Name: "v"}
			one := g.Go("one", func(g *sim.G) { v.Swap(g, 1) })
			two := g.Go("two", func(g *sim.G) { v.Store(g, 2) })
			one.Join(g)
			two.Join(g)
			v.StorePlain(g, v.LoadPlain(g)+1)
		}},
	}
}

// stolenLock lets two goroutines hold one mutex at a time, because a third has
// unlocked it meanwhile.
func stolenLock(g *sim.G) {
	mu, v := sim.Mutex{Name: "mu"}, sim.Var[int]{Name: "v"}
	held := sim.Chan[int]{Name: "held"}
	g.Go("owner", func(g *sim.G) {
		mu.Lock(g)
		held.Send(g, 1)
		v.Store(g, 1)
	})
	g.Go("stranger", func(g *sim.G) {
		held.Receive(g)
		mu.Unlock(g)
		held.Send(g, 1)
	})
	held.Receive(g)
	mu.Lock(g)
	v.Store(g, 2)
	mu.Unlock(g)
}

// afterReceive sends once more when the first of 64 values has been received:
// that send waited for the receive only if all slots were in use.
func afterReceive(capacity int) func(*sim.G) {
	return func(g *sim.G) {
		c, v := sim.Chan[int]{Name: "c", Cap: capacity}, sim.Var[int]{Name: "v"}
		for i := range 64 {
			c.Send(g, i)
		}
		g.Go("receiver", func(g *sim.G) {
			v.Store(g, 1)
			c.Receive(g)
		})
		if c.Len(g) == 63 {
			c.Send(g, 64)
			v.Store(g, 2)
		}
	}
}
