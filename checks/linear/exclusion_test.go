package linear_test

import (
	"slices"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// The locks of this file are made of loads and stores alone. That they exclude
// is proved: in every execution of every trace a counter that is not protected
// otherwise ends right, without a data race. Each has a twin that lacks the
// one thing that it is about.

type integer = sim.AtomicInt[int]

// A lock excludes goroutines 0, 1, 2, which say who they are.
type lock struct{ lock, unlock func(g *sim.G, me int) }

// excluding has n goroutines increment a counter once each, under a lock.
func excluding(n int, makeLock func(n int) lock) func(*sim.G) {
	return func(g *sim.G) {
		l := makeLock(n)
		counter := sim.Var[int]{Name: "counter"}
		var started []*sim.Goroutine
		for i := range n {
			started = append(started, g.Go("", func(g *sim.G) {
				l.lock(g, i)
				counter.Store(g, counter.Load(g)+1)
				l.unlock(g, i)
			}))
		}
		for _, s := range started {
			s.Join(g)
		}
		g.Assert(counter.Load(g) == n, "the counter is %d", counter.Load(g))
	}
}

// integers are n atomic variables.
func integers(name string, n int) []integer {
	all := make([]integer, n)
	for i := range all {
		all[i].Name = name + string(rune('0'+i))
	}
	return all
}

// peterson: I want to go in, but you go first (Peterson, 1981). The twin is
// polite first and wants later.
func peterson(late bool) func(int) lock {
	return func(int) lock {
		wants, turn := integers("wants", 2), &integer{Name: "turn"}
		return lock{
			lock: func(g *sim.G, me int) {
				if late {
					turn.Store(g, 1-me)
					wants[me].Store(g, 1)
				} else {
					wants[me].Store(g, 1)
					turn.Store(g, 1-me)
				}
				for wants[1-me].Load(g) == 1 && turn.Load(g) == 1-me {
					g.Yield()
				}
			},
			unlock: func(g *sim.G, me int) { wants[me].Store(g, 0) },
		}
	}
}

// dekker: who wants to go in and finds that the other one does too steps back
// when it is not its turn (Dijkstra, EWD 123). The twin never steps back, and
// goes in when it is its turn.
func dekker(stubborn bool) func(int) lock {
	return func(int) lock {
		wants, turn := integers("wants", 2), &integer{Name: "turn"}
		return lock{
			lock: func(g *sim.G, me int) {
				wants[me].Store(g, 1)
				for wants[1-me].Load(g) == 1 {
					if turn.Load(g) == me {
						if stubborn {
							return
						}
						// It stays my turn until I have been in.
						sim.Await(g, &wants[1-me], func(v int) bool { return v == 0 })
						return
					}
					wants[me].Store(g, 0)
					sim.Await(g, turn, func(v int) bool { return v == me })
					wants[me].Store(g, 1)
				}
			},
			unlock: func(g *sim.G, me int) {
				turn.Store(g, 1-me)
				wants[me].Store(g, 0)
			},
		}
	}
}

// filter: n-1 waiting rooms, in each of which one stays behind (Peterson, 1981).
// Others are looked at one by one: as long as I am the last one in, nobody has
// come in since. The twin has one room too few.
func filter(short bool) func(int) lock {
	return func(n int) lock {
		level, last := integers("level", n), integers("last", n)
		rooms := n - 1
		if short {
			rooms--
		}
		return lock{
			lock: func(g *sim.G, me int) {
				for room := 1; room <= rooms; room++ {
					level[me].Store(g, room)
					last[room].Store(g, me)
					for i := range level {
						for i != me && level[i].Load(g) >= room && last[room].Load(g) == me {
							g.Yield()
						}
					}
				}
			},
			unlock: func(g *sim.G, me int) { level[me].Store(g, 0) },
		}
	}
}

// bakery: everybody takes a number, and the smallest goes in (Lamport, 1974).
// Two can take the same; then the first in the list goes. The twin does not say
// that it is about to take a number.
func bakery(silent bool) func(int) lock {
	return func(n int) lock {
		choosing, number := integers("choosing", n), integers("number", n)
		return lock{
			lock: func(g *sim.G, me int) {
				if !silent {
					choosing[me].Store(g, 1)
				}
				mine := 0
				for i := range number {
					mine = max(mine, number[i].Load(g))
				}
				mine++
				number[me].Store(g, mine)
				if !silent {
					choosing[me].Store(g, 0)
				}
				for i := range number {
					if i == me {
						continue
					}
					if !silent {
						sim.Await(g, &choosing[i], func(v int) bool { return v == 0 })
					}
					sim.Await(g, &number[i], func(v int) bool { return v == 0 || v > mine || v == mine && i > me })
				}
			},
			unlock: func(g *sim.G, me int) { number[me].Store(g, 0) },
		}
	}
}

// Every lock excludes, in as many traces as three ways to reduce agree on, two
// where there are hundreds of thousands (sleep sets agree there too, but cut ten
// times as many executions); for two goroutines in every interleaving as well;
// and its twin does not.
func TestMutualExclusion(t *testing.T) {
	for name, c := range map[string]struct {
		lock       func(broken bool) func(int) lock
		goroutines int
		traces     int
	}{
		"Peterson":                    {peterson, 2, 12},
		"Dekker":                      {dekker, 2, 11},
		"filter lock":                 {filter, 2, 12},
		"filter lock of 3 goroutines": {filter, 3, 267_200},
		"bakery":                      {bakery, 2, 9},
		"bakery of 3 goroutines":      {bakery, 3, 254},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			strategies := []string{"optimal", "source"}
			switch {
			case c.traces < 1000:
				strategies = append(strategies, "sleep")
			case testing.Short():
				t.Skip("hundreds of thousands of traces")
			}
			if c.goroutines == 2 && !testing.Short() {
				r, err := checks.Explore(excluding(2, c.lock(false)), checks.Options{Strategy: "dfs", KeepGoing: true})
				if err != nil || !r.Complete || len(r.Findings) > 0 {
					t.Errorf("every interleaving: complete %t, found %v, %v", r.Complete, r.Findings, err)
				}
			}
			for _, s := range strategies {
				r, err := checks.Explore(excluding(c.goroutines, c.lock(false)), checks.Options{Strategy: s, KeepGoing: true})
				if err != nil || !r.Complete || r.Executions != c.traces || len(r.Findings) > 0 {
					t.Errorf("%s: %d traces, want %d; complete %t, found %v, %v", s, r.Executions, c.traces, r.Complete, r.Findings, err)
				}
			}
			r, err := checks.Explore(excluding(c.goroutines, c.lock(true)), checks.Options{Strategy: "optimal", Primary: checks.DataRace})
			if err != nil || !slices.ContainsFunc(r.Findings, func(f checks.Finding) bool { return f.Kind == checks.DataRace }) {
				t.Errorf("the twin: %v, %v", r.Findings, err)
			}
		})
	}
}
