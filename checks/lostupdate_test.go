package checks_test

import (
	"slices"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// lostUpdates explores all interleavings with the lost-update judge alone.
func lostUpdates(t *testing.T, program func(*sim.G)) checks.Report {
	t.Helper()
	r, err := checks.Explore(program, checks.Options{Strategy: "dfs", ExecutionsMax: 20_000, StepsMax: 300, KeepGoing: true,
		Judges: []checks.Judge{judgeNamed(t, "lost-update")}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// judgeNamed returns a default judge by name.
func judgeNamed(t testing.TB, name string) checks.Judge {
	t.Helper()
	for _, j := range checks.Judges() {
		if j.Name() == name {
			return j
		}
	}
	t.Fatalf("no judge %q", name)
	return nil
}

// losing are programs that lose an update of x.
func losing() map[string]func(*sim.G) {
	return map[string]func(*sim.G){
		"atomic": func(g *sim.G) {
			x := sim.AtomicInt[int]{Name: "x"}
			team(g, 2, "adder", func(g *sim.G, _ int) { x.Store(g, x.Load(g)+1) })
		},
		"plain": func(g *sim.G) {
			x := sim.Var[int]{Name: "x"}
			team(g, 2, "adder", func(g *sim.G, _ int) { x.Store(g, x.Load(g)+1) })
		},
		"lock per access": func(g *sim.G) {
			var mu sim.Mutex
			x := sim.Var[int]{Name: "x"}
			team(g, 2, "adder", func(g *sim.G, _ int) {
				mu.Lock(g)
				v := x.Load(g)
				mu.Unlock(g)
				mu.Lock(g)
				x.Store(g, v+1)
				mu.Unlock(g)
			})
		},
		"one of them is atomic": func(g *sim.G) {
			x := sim.AtomicInt[int]{Name: "x"}
			team(g, 2, "adder", func(g *sim.G, i int) {
				if i == 0 {
					x.Add(g, 1)
					return
				}
				x.Store(g, x.Load(g)+1)
			})
		},
		"only the first may claim it": func(g *sim.G) {
			x := sim.AtomicInt[int]{Name: "x"}
			team(g, 2, "claimer", func(g *sim.G, i int) {
				if x.Load(g) == 0 {
					x.Store(g, i+1)
				}
			})
		},
		"a list that two push to": func(g *sim.G) {
			head := sim.Atomic[*item]{Name: "x"}
			team(g, 2, "pusher", func(g *sim.G, i int) { head.Store(g, &item{i, head.Load(g)}) })
		},
		"under one read lock": func(g *sim.G) {
			var mu sim.RWMutex
			x := sim.Var[int]{Name: "x"}
			team(g, 2, "adder", func(g *sim.G, i int) {
				mu.RLock(g)
				v := x.Load(g)
				mu.RUnlock(g)
				mu.Lock(g)
				x.Store(g, v+i+1)
				mu.Unlock(g)
			})
		},
		"the second of two variables": func(g *sim.G) {
			var y sim.AtomicInt[int]
			x := sim.AtomicInt[int]{Name: "x"}
			team(g, 2, "adder", func(g *sim.G, i int) {
				if i == 0 {
					x.Add(g, 1)
					return
				}
				v, w := x.Load(g), y.Load(g)
				y.Store(g, w+1)
				x.Store(g, v+1)
			})
		},
	}
}

// An item is an item of a list.
type item struct {
	n    int
	next *item
}

// Updates that are overwritten unseen are found, whatever the variable and
// however each access is protected.
func TestLostUpdatesAreFound(t *testing.T) {
	t.Parallel()
	for name, program := range losing() {
		r := lostUpdates(t, program)
		if !r.Complete || !slices.Equal(kinds(r), []checks.Kind{checks.LostUpdate}) {
			t.Errorf("%s: complete %v, found %v", name, r.Complete, r.Findings)
			continue
		}
		if f := r.Findings[0]; !slices.Equal(f.Objects, []string{"x"}) || len(f.Goroutines) != 2 || len(f.Steps) != 3 {
			t.Errorf("%s: evidence %+v", name, f)
		}
	}
}

// An update is lost when timers fire late as well, also where the one who loses it
// could not have seen the other one's without a timer.
func TestLostUpdatesAreFoundUnderLazyTime(t *testing.T) {
	t.Parallel()
	for _, policy := range []sim.Time{sim.FreeTime, sim.LazyTime} {
		r, err := checks.Explore(sleepers, checks.Options{Time: policy})
		if err != nil || !slices.Equal(kinds(r), []checks.Kind{checks.LostUpdate}) {
			t.Errorf("%v: found %v, error %v", policy, r.Findings, err)
		}
	}
}

// losingNothing are programs that only look as if they did.
func losingNothing() map[string]func(*sim.G) {
	return map[string]func(*sim.G){
		"locked": func(g *sim.G) {
			var mu sim.Mutex
			var x sim.Var[int]
			team(g, 2, "adder", func(g *sim.G, _ int) {
				mu.Lock(g)
				x.Store(g, x.Load(g)+1)
				mu.Unlock(g)
			})
		},
		"compare-and-swap": func(g *sim.G) {
			var x sim.AtomicInt[int]
			team(g, 2, "adder", func(g *sim.G, _ int) {
				for {
					if v := x.Load(g); x.CompareAndSwap(g, v, v+1) {
						return
					}
				}
			})
		},
		"flag published after a look at it": func(g *sim.G) {
			var ready sim.Atomic[bool]
			g.Go("publisher", func(g *sim.G) { ready.Store(g, true) })
			if !ready.Load(g) {
				ready.Store(g, true)
			}
		},
		"blind stores": func(g *sim.G) {
			var x sim.AtomicInt[int]
			team(g, 2, "writer", func(g *sim.G, i int) {
				x.Store(g, i)
				x.Store(g, i)
				x.Load(g)
			})
		},
		"read and reset": func(g *sim.G) {
			x := sim.AtomicInt[int]{Name: "x"}
			g.Go("adder", func(g *sim.G) { x.Add(g, 1) })
			if x.Load(g) >= 0 {
				x.Store(g, 0)
			}
		},
		"a flag that several set": func(g *sim.G) {
			stop := sim.Atomic[bool]{Name: "stop"}
			team(g, 2, "worker", func(g *sim.G, _ int) {
				if !stop.Load(g) {
					stop.Store(g, true)
				}
			})
		},
		"a look, then a store that does not depend on it": func(g *sim.G) {
			var mu sim.RWMutex
			cfg := sim.Var[int]{Name: "cfg"}
			team(g, 2, "user", func(g *sim.G, i int) {
				mu.RLock(g)
				cfg.Load(g)
				mu.RUnlock(g)
				mu.Lock(g)
				cfg.Store(g, i+1)
				mu.Unlock(g)
			})
		},
		"a struct that does not depend on the one before": func(g *sim.G) {
			cfg := sim.Atomic[*item]{Name: "cfg"}
			team(g, 2, "user", func(g *sim.G, i int) {
				cfg.Load(g)
				cfg.Store(g, &item{i, &item{}})
			})
		},
		"states that one starts and the other ends": func(g *sim.G) {
			state, done := sim.AtomicInt[int]{Name: "state"}, sim.Chan[int]{}
			if state.Load(g) == 0 {
				g.Go("helper", func(g *sim.G) {
					state.Add(g, 1)
					done.Send(g, 1)
				})
				done.Receive(g)
				state.Store(g, 2)
			}
		},
		"two keys of a map": func(g *sim.G) {
			var mu sim.Mutex
			var m sim.Map[int, int]
			team(g, 2, "user", func(g *sim.G, i int) {
				mu.Lock(g)
				_, ok := m.Load(g, i)
				mu.Unlock(g)
				if !ok {
					mu.Lock(g)
					m.Store(g, i, 1)
					mu.Unlock(g)
				}
			})
		},
		"ticket lock": func(g *sim.G) {
			var next, serving sim.AtomicInt[int]
			team(g, 2, "customer", func(g *sim.G, _ int) {
				ticket := next.Add(g, 1) - 1
				sim.Await(g, &serving, func(v int) bool { return v == ticket })
				serving.Store(g, serving.Load(g)+1)
			})
		},
		"Peterson, twice": func(g *sim.G) { peterson(g, 2) },
	}
}

// Programs that lose nothing are left alone.
func TestNoFalseLostUpdates(t *testing.T) {
	t.Parallel()
	for name, program := range losingNothing() {
		r := lostUpdates(t, program)
		if len(r.Findings) > 0 || !r.Complete && name != "Peterson, twice" {
			t.Errorf("%s: complete %v, found %v", name, r.Complete, r.Findings)
		}
	}
}

// peterson runs two goroutines through Peterson's lock.
func peterson(g *sim.G, rounds int) {
	var turn sim.AtomicInt[int]
	var want [2]sim.Atomic[bool]
	var x sim.Var[int]
	team(g, 2, "P", func(g *sim.G, i int) {
		for range rounds {
			want[i].Store(g, true)
			turn.Store(g, 1-i)
			for want[1-i].Load(g) && turn.Load(g) != i {
				g.Yield()
			}
			x.Store(g, x.Load(g)+1)
			want[i].Store(g, false)
		}
	})
}

// Looking at an execution without a finding allocates nothing.
func TestJudgesAllocateNothingWhenAllIsWell(t *testing.T) {
	judges := checks.Judges()
	judges = judges[:2]
	_, err := search.Run(func(g *sim.G) {
		var mu sim.Mutex
		var x sim.Var[int]
		team(g, 4, "adder", func(g *sim.G, _ int) {
			mu.Lock(g)
			x.Store(g, x.Load(g)+1)
			mu.Unlock(g)
		})
	}, search.Options{Seed: 1, ExecutionsMax: 1}, func(x *sim.Execution) bool {
		for _, j := range judges {
			j.Judge(x)
			if n := testing.AllocsPerRun(100, func() { j.Judge(x) }); n > 0 {
				t.Errorf("%s: %v allocations", j.Name(), n)
			}
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
}

// BenchmarkLostUpdateJudge is its cost for each event.
func BenchmarkLostUpdateJudge(b *testing.B) {
	j := judgeNamed(b, "lost-update")
	_, err := search.Run(func(g *sim.G) {
		var x sim.AtomicInt[int]
		team(g, 4, "adder", func(g *sim.G, _ int) {
			for range 250 {
				x.Load(g)
				x.Add(g, 1)
			}
		})
	}, search.Options{Seed: 1, ExecutionsMax: 1}, func(x *sim.Execution) bool {
		b.ReportAllocs()
		n := 0
		for b.Loop() {
			j.Judge(x)
			n += x.Steps()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/event")
		return true
	})
	if err != nil {
		b.Fatal(err)
	}
}
