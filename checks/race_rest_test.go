package checks_test

import (
	"time"

	"github.com/interleave-go/interleave/sim"
)

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
