package search_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// inSomeOrder runs two bodies, and then a third one when both have ended, which
// blocks if it returns true. What the first two leave behind depends on which came
// first, though neither has got anything by which that could be told.
func inSomeOrder(g *sim.G, first, second func(*sim.G), then func(*sim.G) bool) {
	x, never := sim.AtomicInt[int]{Name: "x"}, sim.Chan[int]{Name: "never"}
	a := g.Go("A", func(g *sim.G) { first(g); x.Add(g, 1) })
	b := g.Go("B", func(g *sim.G) { second(g); x.Add(g, 1) })
	r := g.Go("R", func(g *sim.G) {
		sim.Await(g, &x, func(v int) bool { return v == 2 })
		if then(g) {
			never.Receive(g)
		}
	})
	a.Join(g)
	b.Join(g)
	r.Join(g)
}

// States that differ in nothing but what a channel, a pool, a timer, a context or a
// pointer holds are different: the endings to which they lead are all in the graph.
func TestStatesKeepEveryEnding(t *testing.T) {
	type node struct{ n int }
	errA, errB := errors.New("a"), errors.New("b")
	for name, program := range map[string]func(*sim.G){
		"a buffered channel": func(g *sim.G) {
			c := sim.Chan[int]{Name: "c", Cap: 2}
			inSomeOrder(g, func(g *sim.G) { c.Send(g, 1) }, func(g *sim.G) { c.Send(g, 2) },
				func(g *sim.G) bool { return c.Receive(g) == 2 })
		},
		"a select that sends one of two values": func(g *sim.G) {
			c := sim.Chan[int]{Name: "c", Cap: 2}
			inSomeOrder(g, func(g *sim.G) { sim.Select(g, c.OnSend(1), c.OnSend(2)) }, func(*sim.G) {},
				func(g *sim.G) bool { return c.Receive(g) == 2 })
		},
		"a pool": func(g *sim.G) {
			var p sim.Pool[int]
			inSomeOrder(g, func(g *sim.G) { p.Put(g, 1) }, func(g *sim.G) { p.Put(g, 2) },
				func(g *sim.G) bool { return p.Get(g) == 2 && p.Get(g) == 1 })
		},
		"a pool from which something was taken": func(g *sim.G) {
			var p sim.Pool[int]
			inSomeOrder(g, func(g *sim.G) { p.Put(g, 1); p.Get(g); p.Put(g, 2) }, func(g *sim.G) { p.Get(g) },
				func(g *sim.G) bool { return p.Get(g) == 1 })
		},
		"a pointer": func(g *sim.G) {
			var p sim.Atomic[*node]
			inSomeOrder(g, func(g *sim.G) { p.Store(g, &node{1}) }, func(g *sim.G) { p.Store(g, &node{2}) },
				func(g *sim.G) bool { return p.Load(g).n == 2 })
		},
		"a value of an interface": func(g *sim.G) {
			var v sim.Atomic[any]
			inSomeOrder(g, func(g *sim.G) { v.Store(g, 1) }, func(g *sim.G) { v.Store(g, int64(1)) },
				func(g *sim.G) bool { return v.Load(g) == any(1) })
		},
		"a map": func(g *sim.G) {
			var m sim.SyncMap[int, int]
			inSomeOrder(g, func(g *sim.G) { m.Store(g, 1, 1) }, func(g *sim.G) { m.Store(g, 1, 2) },
				func(g *sim.G) bool { v, _ := m.Load(g, 1); return v == 2 })
		},
		"the cause of a cancelling": func(g *sim.G) {
			c, cancel := sim.WithCancelCause(g, sim.Background())
			inSomeOrder(g, func(g *sim.G) { cancel(g, errA) }, func(g *sim.G) { cancel(g, errB) },
				func(g *sim.G) bool { return c.Cause(g) == errB })
		},
		"the time": func(g *sim.G) {
			inSomeOrder(g, func(g *sim.G) { g.Sleep(5) }, func(g *sim.G) { g.After(7) },
				func(g *sim.G) bool { return g.Now() == 7 })
		},
		"when a timer is due": func(g *sim.G) {
			var c *sim.Chan[time.Duration]
			inSomeOrder(g, func(g *sim.G) { g.Sleep(3) }, func(g *sim.G) { c = g.After(5) },
				func(g *sim.G) bool { return c.Receive(g) == 8 })
		},
		"what is received without a buffer": func(g *sim.G) {
			c := sim.Chan[int]{Name: "c"}
			never := sim.Chan[int]{Name: "never"}
			spawnAll(func(g *sim.G) { c.Send(g, 1) }, func(g *sim.G) { c.Send(g, 2) }, func(g *sim.G) {
				if first := c.Receive(g); c.Receive(g) < first {
					never.Receive(g)
				}
			})(g)
		},
	} {
		t.Run(name, func(t *testing.T) {
			graph, err := search.States(program, search.Options{}, 10_000, nil)
			if err != nil {
				t.Fatal(err)
			}
			var got, want []string
			for _, n := range graph.Nodes {
				if n.Last {
					got = append(got, n.Outcome.String())
				}
			}
			_, err = search.Run(program, search.Options{Strategy: search.Optimal}, func(x *sim.Execution) bool {
				want = append(want, x.Outcome.String())
				return true
			})
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(got)
			slices.Sort(want)
			if got, want := slices.Compact(got), slices.Compact(want); len(want) < 2 || !slices.Equal(got, want) {
				t.Errorf("the graph ends %v, of %d states; executions end %v", got, len(graph.Nodes), want)
			}
		})
	}
}

// Neither names nor who was woken make states differ.
func TestStatesAreNoMoreThanTheyAre(t *testing.T) {
	crossed := func(names ...string) func(*sim.G) {
		return func(g *sim.G) {
			a, b := sim.Mutex{Name: names[0]}, sim.Mutex{Name: names[1]}
			both := func(first, second *sim.Mutex) func(*sim.G) {
				return func(g *sim.G) { first.Lock(g); second.Lock(g); second.Unlock(g); first.Unlock(g) }
			}
			spawnAll(both(&a, &b), both(&b, &a), both(&a, &b))(g)
		}
	}
	counted := func(names ...string) func(*sim.G) {
		return func(g *sim.G) {
			m, x := [2]sim.Mutex{{Name: names[0]}, {Name: names[1]}}, [2]sim.AtomicInt[int]{}
			add := func(g *sim.G, i int) { m[i].Lock(g); x[i].Add(g, 1); m[i].Unlock(g) }
			spawnAll(func(g *sim.G) { m[1].TryLock(g) }, func(g *sim.G) { add(g, 1); add(g, 0) }, func(g *sim.G) { add(g, 0) })(g)
		}
	}
	for _, c := range []struct {
		name         string
		program      func(*sim.G)
		nodes, edges int
	}{
		{"named locks", crossed("a", "b"), 56, 72},
		{"locks without names", crossed("", ""), 56, 72},
		{"counters behind named locks", counted("a", "b"), 63, 99},
		{"counters behind locks without names", counted("", ""), 63, 99},
		{"broadcasts", func(g *sim.G) {
			var mu sim.Mutex
			c := sim.NewCond(&mu)
			spawnAll(c.Broadcast, func(g *sim.G) { mu.Lock(g); c.Wait(g); mu.Unlock(g) }, c.Broadcast)(g)
		}, 21, 32},
		{"readers who queue, or do not", func(g *sim.G) {
			var mu sim.RWMutex
			spawnAll(func(g *sim.G) { mu.RLock(g); mu.RUnlock(g) }, func(g *sim.G) { mu.Lock(g); mu.Unlock(g) })(g)
		}, 15, 19},
		{"a wait that was long, or not", func(g *sim.G) {
			var wg sim.WaitGroup
			wg.Add(g, 1)
			spawnAll(wg.Done, wg.Wait)(g)
		}, 7, 7},
		{"a value from a parked select, or a ready one", func(g *sim.G) {
			c, never := sim.Chan[int]{Cap: 1}, sim.Chan[int]{}
			spawnAll(func(g *sim.G) { c.Send(g, 1) },
				func(g *sim.G) { sim.Select(g, never.OnReceive(nil, nil), c.OnReceive(nil, nil)) })(g)
		}, 5, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, err := search.States(c.program, search.Options{}, 10_000, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(g.Nodes) != c.nodes || len(g.Edges) != c.edges || !g.Complete {
				t.Errorf("%d states, %d edges; want %d, %d", len(g.Nodes), len(g.Edges), c.nodes, c.edges)
			}
		})
	}
}
