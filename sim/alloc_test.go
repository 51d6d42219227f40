package sim_test

import (
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// In the steady state steps allocate nothing: a thousand rounds more cost no
// allocations more. Not parallel: it counts those of the whole process.
func TestStepsDoNotAllocate(t *testing.T) {
	tests := map[string]func(g *sim.G, n int){
		"mutex": func(g *sim.G, n int) {
			var mu sim.Mutex
			pair(g, n, func(g *sim.G) { mu.Lock(g); mu.Unlock(g) })
		},
		"rwmutex": func(g *sim.G, n int) {
			var mu sim.RWMutex
			pair(g, n, func(g *sim.G) { mu.RLock(g); mu.RUnlock(g); mu.Lock(g); mu.Unlock(g) })
		},
		"atomic": func(g *sim.G, n int) {
			var a sim.AtomicInt[int]
			pair(g, n, func(g *sim.G) { a.Add(g, 1); a.CompareAndSwap(g, 1, 2); a.Load(g) })
		},
		"var": func(g *sim.G, n int) {
			var v sim.Var[int]
			pair(g, n, func(g *sim.G) { v.Store(g, v.Load(g)+1) })
		},
		"semaphore": func(g *sim.G, n int) {
			s := sim.Semaphore{N: 1, Fair: true}
			pair(g, n, func(g *sim.G) { s.Acquire(g, 1); s.Release(g, 1) })
		},
		"buffered": func(g *sim.G, n int) {
			c := sim.NewChan[int](2)
			g.Go("", func(g *sim.G) {
				for range n {
					c.Send(g, 1)
				}
			})
			for range n {
				c.Receive(g)
			}
		},
		"unbuffered": func(g *sim.G, n int) {
			var c sim.Chan[int]
			g.Go("", func(g *sim.G) {
				for range n {
					c.Send(g, 1)
				}
			})
			for range n {
				c.Receive(g)
			}
		},
		"barrier": func(g *sim.G, n int) {
			b := sim.Barrier{N: 2}
			pair(g, n, b.Wait)
		},
		"sleep": func(g *sim.G, n int) { pair(g, n, func(g *sim.G) { g.Sleep(1) }) },
	}
	for name, program := range tests {
		t.Run(name, func(t *testing.T) {
			r := sim.NewRunner()
			defer r.Close()
			count := func(n int) float64 {
				body := func(g *sim.G) { program(g, n) }
				return testing.AllocsPerRun(5, func() {
					if x := r.Run(body, sim.Options{StepsMax: 100_000}); x.Outcome != sim.Finished {
						t.Fatal(x.Outcome)
					}
				})
			}
			count(1010)
			if few, many := count(10), count(1010); many > few+5 {
				t.Errorf("%v allocations for 10 rounds, %v for 1010", few, many)
			}
		})
	}
}

// pair has main and another goroutine do n rounds each.
func pair(g *sim.G, n int, round func(*sim.G)) {
	loop := func(g *sim.G) {
		for range n {
			round(g)
		}
	}
	g.Go("", loop)
	loop(g)
}
