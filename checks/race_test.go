package checks_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// judgesOf returns the judges of a name, of all there are.
func judgesOf(name string) []checks.Judge {
	return slices.DeleteFunc(checks.AllJudges(), func(j checks.Judge) bool { return j.Name() != name })
}

// A twin is a program of which the name tells whether it has a hazard.
type twin struct {
	name    string
	program func(*sim.G)
}

// writeBoth is the frame of most twins: a goroutine and main store to one
// variable, each in its own way. Main joins at the very end.
func writeBoth(child, main func(g *sim.G, write func())) func(*sim.G) {
	return func(g *sim.G) {
		v := sim.Var[int]{Name: "v"}
		h := g.Go("child", func(g *sim.G) { child(g, func() { v.Store(g, 1) }) })
		main(g, func() { v.Store(g, 2) })
		h.Join(g)
	}
}

func plainWrite(_ *sim.G, write func()) { write() }

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

func raceTwinsOfTheRest() []twin {
	cond := func(wait bool) func(*sim.G) {
		return func(g *sim.G) {
			mu := sim.Mutex{Name: "mu"}
			ready := sim.Cond{L: &mu}
			set := sim.AtomicInt[int]{}
			handOver(func(g *sim.G) {
				mu.Lock(g)
				set.Store(g, 1)
				ready.Signal(g)
				mu.Unlock(g)
			}, func(g *sim.G) {
				if !wait {
					return
				}
				mu.Lock(g)
				for set.Load(g) == 0 {
					ready.Wait(g)
				}
				mu.Unlock(g)
			})(g)
		}
	}
	waitGroup := func(late bool) func(*sim.G) {
		return func(g *sim.G) {
			wg := sim.WaitGroup{}
			wg.Add(g, 1)
			v := sim.Var[int]{Name: "v"}
			g.Go("child", func(g *sim.G) {
				if late {
					wg.Done(g)
				}
				v.Store(g, 1)
				if !late {
					wg.Done(g)
				}
			})
			wg.Wait(g)
			v.Load(g)
		}
	}
	flag := func(set func(*sim.G, *sim.AtomicInt[int]), seen func(*sim.G, *sim.AtomicInt[int]) bool) func(*sim.G) {
		return func(g *sim.G) {
			f, v := sim.AtomicInt[int]{Name: "flag"}, sim.Var[int]{Name: "v"}
			g.Go("child", func(g *sim.G) {
				v.Store(g, 1)
				set(g, &f)
			})
			if seen(g, &f) {
				v.Load(g)
			}
		}
	}
	store := func(g *sim.G, f *sim.AtomicInt[int]) { f.Store(g, 1) }
	load := func(g *sim.G, f *sim.AtomicInt[int]) bool { return f.Load(g) == 1 }
	return []twin{
		{"ordered: cond", cond(true)},
		{"racy: nobody waits for the cond", cond(false)},
		{"ordered: WaitGroup", waitGroup(false)},
		{"racy: Done before the store", waitGroup(true)},
		{"ordered: a flag that was seen", flag(store, load)},
		{"racy: a flag that was not looked at", flag(store, func(*sim.G, *sim.AtomicInt[int]) bool { return true })},
		{"racy: a flag that was seen unset", flag(store, func(g *sim.G, f *sim.AtomicInt[int]) bool { return f.Load(g) == 0 })},
		{"ordered: Add, then CompareAndSwap", flag(func(g *sim.G, f *sim.AtomicInt[int]) { f.Add(g, 1) },
			func(g *sim.G, f *sim.AtomicInt[int]) bool { return f.CompareAndSwap(g, 1, 2) })},
		{"ordered: await", flag(store, func(g *sim.G, f *sim.AtomicInt[int]) bool {
			sim.Await(g, f, func(v int) bool { return v == 1 })
			return true
		})},
		{"racy: a store hides the store before it", func(g *sim.G) {
			f, v := sim.AtomicInt[int]{Name: "flag"}, sim.Var[int]{Name: "v"}
			g.Go("writer", func(g *sim.G) {
				v.Store(g, 1)
				f.Store(g, 1)
			})
			g.Go("other", func(g *sim.G) { f.Store(g, 2) })
			if f.Load(g) == 2 {
				v.Load(g)
			}
		}},
		{"ordered: once", func(g *sim.G) {
			once, v := sim.Once{}, sim.Var[int]{Name: "v"}
			use := func(g *sim.G) {
				once.Do(g, func() { v.Store(g, 1) })
				v.Load(g)
			}
			g.Go("", use)
			use(g)
		}},
		{"racy: once by hand", func(g *sim.G) {
			done, v := sim.Var[bool]{Name: "done"}, sim.Var[int]{Name: "v"}
			use := func(g *sim.G) {
				if !done.Load(g) {
					v.Store(g, 1)
					done.Store(g, true)
				}
			}
			g.Go("", use)
			use(g)
		}},
		{"ordered: semaphore of 1", semaphoreTwin(1, false)},
		{"ordered: fair semaphore of 1", semaphoreTwin(1, true)},
		{"racy: semaphore of 2", semaphoreTwin(2, false)},
		{"ordered: barrier", barrierTwin(func(g *sim.G, b *sim.Barrier, store, load func()) {
			store()
			b.Wait(g)
			load()
		})},
		{"racy: a store after the barrier", barrierTwin(func(g *sim.G, b *sim.Barrier, store, load func()) {
			b.Wait(g)
			store()
			load()
		})},
		{"ordered: latch", handOverBy(func() (func(*sim.G), func(*sim.G)) {
			l := sim.Latch{N: 1}
			return func(g *sim.G) { l.CountDown(g) }, func(g *sim.G) { l.Wait(g) }
		})},
		{"ordered: pool", func(g *sim.G) {
			p := sim.Pool[*sim.Var[int]]{New: func() *sim.Var[int] { return &sim.Var[int]{} }}
			use := func(g *sim.G) {
				v := p.Get(g)
				v.Store(g, 1)
				p.Put(g, v)
			}
			g.Go("", use)
			use(g)
		}},
		{"ordered: sync.Map", func(g *sim.G) {
			m, v := sim.SyncMap[string, int]{}, sim.Var[int]{Name: "v"}
			g.Go("child", func(g *sim.G) {
				v.Store(g, 1)
				m.Store(g, "v", 1)
			})
			if _, ok := m.Load(g, "v"); ok {
				v.Load(g)
			}
		}},
		{"racy: concurrent map", mapTwin(func(*sim.G) {}, func(*sim.G) {})},
		{"ordered: map under a lock", func(g *sim.G) {
			mu := sim.Mutex{}
			mapTwin(func(g *sim.G) { mu.Lock(g) }, func(g *sim.G) { mu.Unlock(g) })(g)
		}},
	}
}

func semaphoreTwin(n int, fair bool) func(*sim.G) {
	return func(g *sim.G) {
		s := sim.Semaphore{N: n, Fair: fair}
		locked := func(g *sim.G, write func()) {
			s.Acquire(g, 1)
			write()
			s.Release(g, 1)
		}
		writeBoth(locked, locked)(g)
	}
}

// barrierTwin has two goroutines that each store to a variable of their own and
// load the other's, for two rounds.
func barrierTwin(round func(g *sim.G, b *sim.Barrier, store, load func())) func(*sim.G) {
	return func(g *sim.G) {
		b := sim.Barrier{N: 2}
		v := []sim.Var[int]{{Name: "v0"}, {Name: "v1"}}
		use := func(i int) func(*sim.G) {
			return func(g *sim.G) {
				round(g, &b, func() { v[i].Store(g, 1) }, func() { v[1-i].Load(g) })
				b.Wait(g)
			}
		}
		g.Go("", use(0))
		use(1)(g)
	}
}

func handOverBy(make func() (before, after func(*sim.G))) func(*sim.G) {
	return func(g *sim.G) {
		before, after := make()
		handOver(before, after)(g)
	}
}

func mapTwin(lock, unlock func(*sim.G)) func(*sim.G) {
	return func(g *sim.G) {
		m := sim.Map[string, int]{Name: "m"}
		use := func(key string) func(*sim.G) {
			return func(g *sim.G) {
				lock(g)
				m.Store(g, key, 1)
				unlock(g)
			}
		}
		g.Go("child", use("a"))
		use("b")(g)
	}
}

func raceTwinsOfTime() []twin {
	timed := func(wait func(g *sim.G, write func())) func(*sim.G) {
		return func(g *sim.G) {
			v := sim.Var[int]{Name: "v"}
			v.Store(g, 1)
			wait(g, func() { v.Store(g, 2) })
		}
	}
	return []twin{
		{"ordered: AfterFunc comes after what was before it", func(g *sim.G) {
			v := sim.Var[int]{Name: "v"}
			v.Store(g, 1)
			g.AfterFunc(time.Second, func(g *sim.G) { v.Store(g, 2) })
		}},
		{"racy: AfterFunc against what is after it", func(g *sim.G) {
			v := sim.Var[int]{Name: "v"}
			g.AfterFunc(time.Second, func(g *sim.G) { v.Store(g, 2) })
			v.Store(g, 1)
		}},
		{"racy: a sleep orders nothing", writeBoth(plainWrite, func(g *sim.G, write func()) {
			g.Sleep(time.Second)
			write()
		})},
		{"ordered: one goroutine and its timer", timed(func(g *sim.G, write func()) {
			g.After(time.Second).Receive(g)
			write()
		})},
		{"racy: two timers order nothing", func(g *sim.G) {
			v := sim.Var[int]{Name: "v"}
			g.AfterFunc(time.Second, func(g *sim.G) { v.Store(g, 1) })
			g.AfterFunc(2*time.Second, func(g *sim.G) { v.Store(g, 2) })
		}},
		{"ordered: cancel, then Done", func(g *sim.G) {
			ctx, cancel := sim.WithCancel(g, sim.Background())
			handOver(cancel, func(g *sim.G) { ctx.Done().Receive(g) })(g)
		}},
		{"ordered: cancel of the parent, then Done", func(g *sim.G) {
			parent, cancel := sim.WithCancel(g, sim.Background())
			ctx, _ := sim.WithCancel(g, parent)
			handOver(cancel, func(g *sim.G) { ctx.Done().Receive(g) })(g)
		}},
		{"ordered: cancel, then its AfterFunc", func(g *sim.G) {
			v := sim.Var[int]{Name: "v"}
			ctx, cancel := sim.WithCancel(g, sim.Background())
			ctx.AfterFunc(g, func(g *sim.G) { v.Load(g) })
			v.Store(g, 1)
			cancel(g)
		}},
		{"racy: Err that is still nil", func(g *sim.G) {
			v := sim.Var[int]{Name: "v"}
			ctx, cancel := sim.WithCancel(g, sim.Background())
			g.Go("child", func(g *sim.G) {
				v.Store(g, 1)
				cancel(g)
			})
			if ctx.Err(g) == nil {
				v.Load(g)
			}
		}},
		{"ordered: Err that is set", func(g *sim.G) {
			v := sim.Var[int]{Name: "v"}
			ctx, cancel := sim.WithCancel(g, sim.Background())
			g.Go("child", func(g *sim.G) {
				v.Store(g, 1)
				cancel(g)
			})
			if ctx.Err(g) != nil {
				v.Load(g)
			}
		}},
	}
}

// A data race is reported of each racy program, in some execution of it, and
// of no ordered one, in any.
func TestRaceTwins(t *testing.T) {
	t.Parallel()
	twins := slices.Concat(raceTwinsOfLocks(), raceTwinsOfChannels(), raceTwinsOfTheRest(), raceTwinsOfTime(), raceTwinsOfMixedAccess())
	for _, c := range twins {
		t.Run(c.name, func(t *testing.T) {
			for _, strategy := range []string{"dfs", "optimal"} {
				r, err := checks.Explore(c.program, checks.Options{Strategy: strategy, StepsMax: 200,
					ExecutionsMax: 200_000, KeepGoing: true, Judges: judgesOf("data-race")})
				if err != nil || !r.Complete {
					t.Fatalf("%s: complete %v, %d executions, error %v", strategy, r.Complete, r.Executions, err)
				}
				if got := r.Outcomes["data-race"] > 0; got != strings.HasPrefix(c.name, "racy") {
					t.Errorf("%s: race reported: %v, findings %v", strategy, got, r.Findings)
				}
			}
		})
	}
}

// A finding names both accesses with their lines, and what would have ordered
// them.
func TestRaceIsDescribed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, want string
	}{
		{"racy: nothing", "main must wait for child first"},
		{"racy: mutex on one side", "child holds mu, and main must take it too"},
		{"racy: a store under RLock", "both hold rw for reading only"},
		{"racy: concurrent map", "concurrent access to a map"},
		{"racy: a lock that a stranger has unlocked", "owner has locked mu, but stranger has unlocked it at step"},
		{"racy: atomic store, plain load", "one access is atomic, the other is not, and nothing orders the two; make every access of v atomic"},
		{"racy: atomic load, plain store", "child atomically reads it at step"},
	} {
		twins := slices.Concat(raceTwinsOfLocks(), raceTwinsOfTheRest(), raceTwinsOfMixedAccess(),
			[]twin{{"racy: a lock that a stranger has unlocked", stolenLock}})
		p := twins[slices.IndexFunc(twins, func(t twin) bool { return t.name == c.name })].program
		r, err := checks.Explore(p, checks.Options{Strategy: "optimal", Judges: judgesOf("data-race"), KeepGoing: true})
		if err != nil {
			t.Fatal(err)
		}
		found := slices.ContainsFunc(r.Findings, func(f checks.Finding) bool {
			return strings.Contains(f.Summary, c.want) && strings.Count(f.Summary, "race_test.go:") >= 2
		})
		if !found {
			t.Errorf("%s: no finding says %q: %q", c.name, c.want, summaries(r.Findings))
		}
	}
}

// Whichever access comes first, a race of two goroutines is one finding.
func TestRaceIsReportedOnce(t *testing.T) {
	t.Parallel()
	for _, c := range raceTwinsOfLocks()[:1] {
		r, err := checks.Explore(c.program, checks.Options{Strategy: "dfs", KeepGoing: true})
		if err != nil || len(r.Findings) != 1 || !slices.Equal(r.Findings[0].Goroutines, []string{"main", "child"}) {
			t.Errorf("%s: found %v, error %v", c.name, r.Findings, err)
		}
	}
}

// A race that comes after a failure in the log, but does not depend on it, is
// reported, and its token shows it.
func TestRaceBesideAFailure(t *testing.T) {
	t.Parallel()
	program := func(g *sim.G) {
		v := sim.Var[int]{Name: "v"}
		g.Go("failing", func(g *sim.G) { g.Assert(g.Choose(2) < 0, "always") })
		g.Go("one", func(g *sim.G) { v.Store(g, 1) })
		g.Go("two", func(g *sim.G) { v.Store(g, 2) })
	}
	r, err := checks.Explore(program, checks.Options{Strategy: "optimal", KeepGoing: true})
	if err != nil || !slices.Equal(kinds(r), []checks.Kind{checks.Assertion, checks.DataRace}) {
		t.Fatalf("found %v, error %v", r.Findings, err)
	}
	for _, f := range r.Findings {
		again, err := checks.ReplayToken(program, f.Token, checks.Options{}, nil)
		if err != nil || !slices.ContainsFunc(again, func(a checks.Finding) bool { return a.Kind == f.Kind }) {
			t.Errorf("%s: the token shows %v, error %v", f.Kind, again, err)
		}
	}
}

// What judging costs: the same exploration with that of endings, with that of
// races as well, with all that are used by default, and with all there are, each
// in turn with one without a judge. One program has a plain variable that is
// shared, and nothing wrong; the other loses an update in nearly every execution.
// times-off compares the fastest exploration with the fastest without judges.
func BenchmarkJudges(b *testing.B) {
	some := func(names ...string) func() []checks.Judge {
		return func() []checks.Judge {
			return slices.DeleteFunc(checks.AllJudges(), func(j checks.Judge) bool { return !slices.Contains(names, j.Name()) })
		}
	}
	for _, p := range []twin{{"well", lockedCounter}, {"losing", losingCounter}} {
		for _, c := range []struct {
			name   string
			judges func() []checks.Judge
		}{{"off", some()}, {"ending", some("ending")}, {"race", some("ending", "data-race")},
			{"default", checks.Judges}, {"all", checks.AllJudges}} {
			b.Run(p.name+"/"+c.name, func(b *testing.B) {
				off, on := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
				steps := 0
				for b.Loop() {
					start := time.Now()
					exploreWith(b, p.program, some()())
					between := time.Now()
					steps = exploreWith(b, p.program, c.judges())
					off, on = min(off, between.Sub(start)), min(on, time.Since(between))
				}
				b.ReportMetric(float64(on.Nanoseconds())/float64(steps), "ns/step")
				b.ReportMetric(float64(on)/float64(off), "times-off")
			})
		}
	}
}

// exploreWith explores a program with some judges and returns the steps.
func exploreWith(b *testing.B, program func(*sim.G), judges []checks.Judge) int {
	b.Helper()
	r, err := checks.Explore(program, checks.Options{Strategy: "dfs", KeepGoing: true, Judges: judges})
	if err != nil {
		b.Fatal(err)
	}
	return r.Steps
}

// losingCounter loses an update in nearly every execution.
func losingCounter(g *sim.G) {
	n := sim.AtomicInt[int]{Name: "n"}
	team(g, 2, "adder", func(g *sim.G, _ int) {
		for range 3 {
			n.Store(g, n.Load(g)+1)
		}
	})
}

// lockedCounter has no race, so every access is checked.
func lockedCounter(g *sim.G) {
	mu, n := sim.Mutex{Name: "mu"}, sim.Var[int]{Name: "n"}
	team(g, 2, "adder", func(g *sim.G, _ int) {
		for range 2 {
			mu.Lock(g)
			n.Store(g, n.Load(g)+1)
			mu.Unlock(g)
		}
	})
}
