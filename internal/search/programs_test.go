package search_test

import (
	"slices"

	"github.com/interleave-go/interleave/sim"
)

// cell is the variable of the oracle's programs.
type cell = sim.AtomicInt[int]

// spawnAll runs the bodies as goroutines of main and joins them.
func spawnAll(bodies ...func(*sim.G)) func(*sim.G) {
	return func(g *sim.G) { runAll(g, bodies) }
}

func runAll(g *sim.G, bodies []func(*sim.G)) {
	var room [32]*sim.Goroutine
	hs := room[:0]
	for _, b := range bodies {
		hs = append(hs, g.Go("", b))
	}
	for _, h := range hs {
		h.Join(g)
	}
}

// each makes n bodies.
func each(n int, body func(i int) func(*sim.G)) []func(*sim.G) {
	out := make([]func(*sim.G), n, n+2)
	for i := range n {
		out[i] = body(i)
	}
	return out
}

// same makes n bodies that are alike.
func same(n int, body func(*sim.G)) []func(*sim.G) {
	return slices.Repeat([]func(*sim.G){body}, n)
}

// program is one of the oracle's, for a parameter. It is called once per
// execution.
type program func(n int) []func(*sim.G)

// fresh makes a program whose variables are new in every execution.
func fresh(p program, n int) func(*sim.G) {
	return func(g *sim.G) { runAll(g, p(n)) }
}

// channelForks are philosophers whose forks are channels that hold a token.
func channelForks(n int) func(*sim.G) {
	return func(g *sim.G) {
		f := make([]*sim.Chan[int], n)
		for i := range n {
			f[i] = sim.NewChan[int](1)
			f[i].Send(g, 1)
		}
		spawnAll(each(n, func(i int) func(*sim.G) {
			return func(g *sim.G) {
				f[i].Receive(g)
				f[(i+1)%n].Receive(g)
				f[i].Send(g, 1)
				f[(i+1)%n].Send(g, 1)
			}
		})...)(g)
	}
}

var programs = map[string]program{
	"ainc": func(n int) []func(*sim.G) {
		x := new(cell)
		return same(n, func(g *sim.G) { x.Add(g, 1) })
	},
	"binc": func(n int) []func(*sim.G) {
		x, y := new(cell), new(cell)
		return same(n, func(g *sim.G) { x.Add(g, 1); y.Add(g, 1) })
	},
	"cinc": func(n int) []func(*sim.G) {
		x, y, z := new(cell), new(cell), new(cell)
		return same(n, func(g *sim.G) { x.Add(g, 1); y.Add(g, 1); z.Add(g, 1) })
	},
	"writers": func(n int) []func(*sim.G) {
		x := new(cell)
		return each(n, func(i int) func(*sim.G) { return func(g *sim.G) { x.Store(g, i) } })
	},
	"inc": func(n int) []func(*sim.G) {
		x := new(cell)
		return same(n, func(g *sim.G) { x.Store(g, x.Load(g)+1) })
	},
	"wainc": func(n int) []func(*sim.G) {
		x := new(cell)
		return append(same(n, func(g *sim.G) { x.Add(g, 1) }),
			func(g *sim.G) { x.Store(g, 42) })
	},
	"cas": func(n int) []func(*sim.G) {
		x := new(cell)
		return each(n, func(i int) func(*sim.G) { return func(g *sim.G) { x.CompareAndSwap(g, 0, i+1) } })
	},
	"casrot": func(n int) []func(*sim.G) {
		x := new(cell)
		return each(n, func(i int) func(*sim.G) { return func(g *sim.G) { x.CompareAndSwap(g, i, i+1) } })
	},
	"wcas": func(n int) []func(*sim.G) {
		x := new(cell)
		return append(same(n, func(g *sim.G) { x.CompareAndSwap(g, 2, 3) }),
			func(g *sim.G) { x.Store(g, 2) })
	},
	"readers": func(n int) []func(*sim.G) {
		x := new(cell)
		write, read := func(g *sim.G) { x.Store(g, 1) }, func(g *sim.G) { x.Load(g) }
		return each(n+1, func(i int) func(*sim.G) {
			if i == 0 {
				return write
			}
			return read
		})
	},
	"readers-local": func(n int) []func(*sim.G) {
		x := new(cell)
		l := make([]cell, n)
		return append([]func(*sim.G){func(g *sim.G) { x.Store(g, 1) }},
			each(n, func(i int) func(*sim.G) { return func(g *sim.G) { l[i].Load(g); x.Load(g) } })...)
	},
	"N-writers": func(n int) []func(*sim.G) {
		x := new(cell)
		return append(each(n+1, func(i int) func(*sim.G) { return func(g *sim.G) { x.Store(g, i) } }),
			func(g *sim.G) { x.Load(g) })
	},
	"lastzero": func(n int) []func(*sim.G) {
		a := make([]cell, n+1)
		return append(each(n, func(j int) func(*sim.G) {
			return func(g *sim.G) { a[j+1].Store(g, a[j].Load(g)+1) }
		}), func(g *sim.G) {
			for i := n; a[i].Load(g) != 0; i-- {
			}
		})
	},
	"indexer": func(n int) []func(*sim.G) {
		slot := make([]cell, 128)
		return each(n, func(tid int) func(*sim.G) {
			return func(g *sim.G) {
				for i := range 4 {
					w := i*11 + tid
					h := (w * 7) % 128
					for !slot[h].CompareAndSwap(g, 0, w) {
						h = (h + 1) % 128
					}
				}
			}
		})
	},
	"filesystem": func(n int) []func(*sim.G) {
		inodeLock, blockLock := make([]sim.Mutex, 32), make([]sim.Mutex, 26)
		inode, busy := make([]cell, 32), make([]cell, 26)
		return each(n, func(tid int) func(*sim.G) {
			return func(g *sim.G) {
				i := tid % 32
				inodeLock[i].Lock(g)
				if inode[i].Load(g) == 0 {
					for b := (i * 2) % 26; ; b = (b + 1) % 26 {
						blockLock[b].Lock(g)
						if busy[b].Load(g) == 0 {
							busy[b].Store(g, 1)
							inode[i].Store(g, b+1)
							blockLock[b].Unlock(g)
							break
						}
						blockLock[b].Unlock(g)
					}
				}
				inodeLock[i].Unlock(g)
			}
		})
	},
	"lockinc": func(n int) []func(*sim.G) {
		var m sim.Mutex
		x := new(cell)
		return each(n, func(int) func(*sim.G) {
			return func(g *sim.G) { m.Lock(g); x.Store(g, x.Load(g)+1); m.Unlock(g) }
		})
	},
	"lockinc-k": func(n int) []func(*sim.G) {
		var m sim.Mutex
		x := new(cell)
		return same(2, func(g *sim.G) {
			for range n {
				m.Lock(g)
				x.Store(g, x.Load(g)+1)
				m.Unlock(g)
			}
		})
	},
	"SB": func(n int) []func(*sim.G) {
		x := make([]cell, n)
		return each(n, func(i int) func(*sim.G) { return func(g *sim.G) { x[i].Store(g, 1); x[(i+1)%n].Load(g) } })
	},
	"LB": func(n int) []func(*sim.G) {
		x := make([]cell, n)
		return each(n, func(i int) func(*sim.G) { return func(g *sim.G) { x[i].Load(g); x[(i+1)%n].Store(g, 1) } })
	},
	"2+2W": func(n int) []func(*sim.G) {
		x := make([]cell, n)
		return each(n, func(i int) func(*sim.G) { return func(g *sim.G) { x[i].Store(g, 1); x[(i+1)%n].Store(g, 2) } })
	},
	"MP": func(int) []func(*sim.G) {
		x, y := new(cell), new(cell)
		return []func(*sim.G){func(g *sim.G) { x.Store(g, 1); y.Store(g, 1) }, func(g *sim.G) { y.Load(g); x.Load(g) }}
	},
	"IRIW": func(int) []func(*sim.G) {
		x, y := new(cell), new(cell)
		return []func(*sim.G){func(g *sim.G) { x.Store(g, 1) }, func(g *sim.G) { y.Store(g, 1) },
			func(g *sim.G) { x.Load(g); y.Load(g) }, func(g *sim.G) { y.Load(g); x.Load(g) }}
	},
	"fib_bench2": func(n int) []func(*sim.G) {
		x, y := new(cell), new(cell)
		return []func(*sim.G){
			func(g *sim.G) {
				for range n {
					x.Store(g, x.Load(g)+y.Load(g))
				}
			},
			func(g *sim.G) {
				for range n {
					y.Store(g, x.Load(g)+y.Load(g))
				}
			}}
	},
	"fib_bench": func(n int) []func(*sim.G) {
		x, y := new(cell), new(cell)
		return []func(*sim.G){
			func(g *sim.G) {
				for range n {
					x.Store(g, x.Load(g)+y.Load(g))
				}
			},
			func(g *sim.G) {
				for range n {
					y.Store(g, y.Load(g)+x.Load(g))
				}
			},
			func(g *sim.G) { x.Load(g); y.Load(g) }}
	},
	"SharedPtr": func(n int) []func(*sim.G) {
		x, y, p := new(cell), new(cell), new(cell)
		vars := []*cell{x, y}
		body := func(write int, read *cell) func(*sim.G) {
			return func(g *sim.G) {
				p.Store(g, write)
				for range n {
					read.Load(g)
				}
				q := vars[p.Load(g)]
				q.Store(g, q.Load(g)+3)
			}
		}
		return []func(*sim.G){body(1, x), body(0, y)}
	},
	"dekker_f": func(int) []func(*sim.G) {
		x, y, c := new(cell), new(cell), new(cell)
		body := func(mine, other *cell) func(*sim.G) {
			return func(g *sim.G) {
				mine.Store(g, 1)
				if other.Load(g) == 0 {
					c.Store(g, 1)
					c.Load(g)
				}
			}
		}
		return []func(*sim.G){body(x, y), body(y, x)}
	},
	"publish": func(n int) []func(*sim.G) {
		x, flag := new(cell), new(cell)
		return []func(*sim.G){func(g *sim.G) { x.Store(g, 42); flag.Store(g, 1) },
			func(g *sim.G) {
				for range n + 1 {
					if flag.Load(g) == 1 {
						x.Load(g)
						return
					}
				}
			}}
	},
	"mutex_hard": func(n int) []func(*sim.G) {
		var m sim.Mutex
		x := new(cell)
		return each(n, func(i int) func(*sim.G) {
			return func(g *sim.G) {
				m.Lock(g)
				if x.Add(g, 1)-1 == i {
					m.Unlock(g)
				}
			}
		})
	},
	"mutex_deadlock": func(n int) []func(*sim.G) {
		var m sim.Mutex
		return each(n, func(i int) func(*sim.G) { return func(g *sim.G) { m.Lock(g) } })
	},
	"simplified_dekker": func(int) []func(*sim.G) {
		x, y := new(cell), new(cell)
		body := func(a, b *cell) func(*sim.G) {
			return func(g *sim.G) { a.Store(g, 1); sim.Await(g, b, isZero); a.Store(g, 0) }
		}
		return []func(*sim.G){body(x, y), body(y, x)}
	},
	"broken_mutex": func(int) []func(*sim.G) {
		x := new(cell)
		return same(2, func(g *sim.G) { sim.Await(g, x, isZero); x.Store(g, 1) })
	},
	"revealed_write": func(int) []func(*sim.G) {
		x, y := new(cell), new(cell)
		return []func(*sim.G){func(g *sim.G) { x.Store(g, 1); sim.Await(g, y, func(v int) bool { return v == 1 }) },
			func(g *sim.G) { sim.Await(g, x, isZero); y.Store(g, 1) }}
	},
	"ticketlock": func(n int) []func(*sim.G) {
		next, owner, sh := new(cell), new(cell), new(cell)
		return same(n, func(g *sim.G) {
			k := next.Add(g, 1) - 1
			sim.Await(g, owner, func(v int) bool { return v == k })
			sh.Store(g, 1)
			sh.Load(g)
			owner.Store(g, owner.Load(g)+1)
		})
	},
	"POPL-example": func(int) []func(*sim.G) {
		x, y, z := new(cell), new(cell), new(cell)
		return []func(*sim.G){func(g *sim.G) { x.Store(g, 1) }, func(g *sim.G) { y.Store(g, 1) },
			func(g *sim.G) {
				if y.Load(g) == 0 {
					z.Store(g, 1)
				}
			},
			func(g *sim.G) {
				if z.Load(g) == 1 && y.Load(g) == 0 {
					x.Store(g, 2)
				}
			}}
	},
	"control_flow": func(n int) []func(*sim.G) {
		x, y, z := new(cell), new(cell), new(cell)
		out := append(same(n, func(g *sim.G) { x.Load(g) }),
			same(n, func(g *sim.G) { y.Store(g, 1) })...)
		return append(out, func(g *sim.G) {
			if y.Load(g) == 0 {
				z.Store(g, 1)
			}
		}, func(g *sim.G) {
			if z.Load(g) == 1 && y.Load(g) == 0 {
				x.Store(g, 1)
			}
		})
	},
	"many_initials": func(int) []func(*sim.G) {
		x, y, z := new(cell), new(cell), new(cell)
		return []func(*sim.G){func(g *sim.G) { x.Store(g, 1) }, func(g *sim.G) { y.Store(g, 1) }, func(g *sim.G) { z.Store(g, 1) },
			func(g *sim.G) {
				if y.Load(g)+z.Load(g) == 2 {
					x.Load(g)
				}
			}}
	},
	"sleeping_races_1": func(int) []func(*sim.G) {
		x, y := new(cell), new(cell)
		return []func(*sim.G){func(g *sim.G) { y.Store(g, 1) }, func(g *sim.G) { x.Store(g, 1) },
			func(g *sim.G) {
				if x.Load(g) == 1 {
					y.Load(g)
				}
			}}
	},
	"myexample": func(n int) []func(*sim.G) {
		x := new(cell)
		return each(n, func(i int) func(*sim.G) { return func(g *sim.G) { x.Store(g, i); x.Load(g) } })
	},
	"ninc": func(n int) []func(*sim.G) {
		x := new(cell)
		return same(2, func(g *sim.G) {
			for range n {
				x.Add(g, 1)
			}
		})
	},
	"spinlock": func(n int) []func(*sim.G) {
		l, sh := new(cell), new(cell)
		return same(n, func(g *sim.G) {
			for {
				sim.Await(g, l, isZero)
				if l.CompareAndSwap(g, 0, 1) {
					break
				}
			}
			sh.Store(g, 1)
			sh.Load(g)
			l.Store(g, 0)
		})
	},
	"ttaslock": func(n int) []func(*sim.G) {
		l, sh := new(cell), new(cell)
		return same(n, func(g *sim.G) {
			for {
				sim.Await(g, l, isZero)
				if l.Swap(g, 1) == 0 {
					break
				}
			}
			sh.Store(g, 1)
			sh.Load(g)
			l.Store(g, 0)
		})
	},
	"phil-naive":    func(n int) []func(*sim.G) { return philosophers(n, 1, leftFirst) },
	"phil-naive-2r": func(n int) []func(*sim.G) { return philosophers(n, 2, leftFirst) },
	"phil-asym":     func(n int) []func(*sim.G) { return philosophers(n, 1, lastRightFirst) },
	"phil-asym-2r":  func(n int) []func(*sim.G) { return philosophers(n, 2, lastRightFirst) },
	"phil-oddeven": func(n int) []func(*sim.G) {
		return philosophers(n, 1, func(i, n int) bool { return i%2 == 1 })
	},
	"phil-waiter": func(n int) []func(*sim.G) {
		var table sim.Mutex
		f := make([]sim.Mutex, n)
		return each(n, func(i int) func(*sim.G) {
			return func(g *sim.G) {
				table.Lock(g)
				f[i].Lock(g)
				f[(i+1)%n].Lock(g)
				table.Unlock(g)
				f[(i+1)%n].Unlock(g)
				f[i].Unlock(g)
			}
		})
	},
	"phil-trylock": func(n int) []func(*sim.G) {
		f := make([]sim.Mutex, n)
		return each(n, func(i int) func(*sim.G) {
			return func(g *sim.G) {
				f[i].Lock(g)
				if f[(i+1)%n].TryLock(g) {
					f[(i+1)%n].Unlock(g)
				}
				f[i].Unlock(g)
			}
		})
	},
	"sem2": func(n int) []func(*sim.G) {
		s := sim.Semaphore{N: 2}
		return same(n, func(g *sim.G) { s.Acquire(g, 1); s.Release(g, 1) })
	},
	"chan-spsc":    func(n int) []func(*sim.G) { return channel(1, n, 1) },
	"chan-spsc-b":  func(n int) []func(*sim.G) { return channel(1, n, n) },
	"chan-np1c":    func(n int) []func(*sim.G) { return channel(n, 1, n) },
	"chan-np1c-b1": func(n int) []func(*sim.G) { return channel(n, 1, 1) },
	"chan-selectdef": func(n int) []func(*sim.G) {
		c := sim.NewChan[int](n)
		return []func(*sim.G){func(g *sim.G) {
			for i := range n {
				c.Send(g, i)
			}
		}, func(g *sim.G) {
			for range n {
				sim.Select(g, c.OnReceive(nil, nil), sim.Default())
			}
		}}
	},
	"condvar1":  func(int) []func(*sim.G) { return condvar(1, (*sim.Cond).Broadcast) },
	"condvar6":  func(int) []func(*sim.G) { return condvar(2, (*sim.Cond).Broadcast) },
	"condvar7":  func(int) []func(*sim.G) { return condvar(1, (*sim.Cond).Signal) },
	"condvar11": func(int) []func(*sim.G) { return condvar(2, (*sim.Cond).Signal) },
	"condvar3": func(int) []func(*sim.G) {
		m := new(sim.Mutex)
		c := sim.NewCond(m)
		return []func(*sim.G){func(g *sim.G) { m.Lock(g); c.Wait(g); m.Unlock(g) }, func(g *sim.G) { c.Broadcast(g) }}
	},
	"redundant_co": func(n int) []func(*sim.G) {
		x := new(cell)
		write := func(v int) func(*sim.G) {
			return func(g *sim.G) {
				for range n {
					x.Store(g, v)
				}
			}
		}
		return []func(*sim.G){write(1), write(2), func(g *sim.G) { x.Load(g); x.Load(g) }}
	},
}

func isZero(v int) bool { return v == 0 }

func leftFirst(int, int) bool      { return false }
func lastRightFirst(i, n int) bool { return i == n-1 }

func philosophers(n, rounds int, swap func(i, n int) bool) []func(*sim.G) {
	f := make([]sim.Mutex, n)
	return each(n, func(i int) func(*sim.G) {
		a, b := i, (i+1)%n
		if swap(i, n) {
			a, b = b, a
		}
		return func(g *sim.G) {
			for range rounds {
				f[a].Lock(g)
				f[b].Lock(g)
				f[b].Unlock(g)
				f[a].Unlock(g)
			}
		}
	})
}

func channel(producers, items, capacity int) []func(*sim.G) {
	c := sim.NewChan[int](capacity)
	return append(each(producers, func(i int) func(*sim.G) {
		return func(g *sim.G) {
			for range items {
				c.Send(g, i)
			}
		}
	}), func(g *sim.G) {
		for range producers * items {
			c.Receive(g)
		}
	})
}

func condvar(waiters int, wake func(*sim.Cond, *sim.G)) []func(*sim.G) {
	m := new(sim.Mutex)
	c := sim.NewCond(m)
	x := new(cell)
	return append(same(waiters, func(g *sim.G) {
		m.Lock(g)
		if x.Load(g) == 0 {
			c.Wait(g)
		}
		x.Load(g)
		m.Unlock(g)
	}), func(g *sim.G) {
		m.Lock(g)
		x.Store(g, 1)
		wake(c, g)
		m.Unlock(g)
	})
}
