package search_test

import (
	"fmt"
	"testing"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// inTwoSteps and inOneStep are ways to put two forks down.
func inTwoSteps(g *sim.G, left, right *sim.Mutex) {
	left.Unlock(g)
	right.Unlock(g)
}

func inOneStep(g *sim.G, left, right *sim.Mutex) { sim.UnlockBoth(g, left, right) }

// seats are philosophers who take the left fork, then the right one, and put
// them down, so often; with no number of rounds they go on for ever, and
// remember nothing.
func seats(n, rounds int, putDown func(g *sim.G, left, right *sim.Mutex)) func(*sim.G) {
	return func(g *sim.G) {
		forks := make([]sim.Mutex, n)
		for i := range forks {
			forks[i].Name = fmt.Sprint("fork ", i)
		}
		spawnAll(each(n, func(i int) func(*sim.G) {
			return func(g *sim.G) {
				for k := 0; rounds == 0 || k < rounds; k++ {
					if rounds == 0 {
						g.Fingerprint(0)
					}
					forks[i].Lock(g)
					forks[(i+1)%n].Lock(g)
					putDown(g, &forks[i], &forks[(i+1)%n])
				}
			}
		})...)(g)
	}
}

// transfers is a goroutine that sends to another one for ever.
func transfers(capacity int) func(*sim.G) {
	return func(g *sim.G) {
		c := sim.NewChan[int](capacity)
		spawnAll(func(g *sim.G) {
			for {
				g.Fingerprint(0)
				c.Send(g, 1)
			}
		}, func(g *sim.G) {
			for {
				g.Fingerprint(0)
				c.Receive(g)
			}
		})(g)
	}
}

// The states and edges of programs are as many as the independent counts say.
func TestStates(t *testing.T) {
	for _, c := range []struct {
		name                    string
		program                 func(*sim.G)
		nodes, edges, deadlocks int
	}{
		{"counter 2", oracleProgram("inc", 2), 13, 14, 0},
		{"counter 3", oracleProgram("inc", 3), 84, 111, 0},
		{"counter 4", oracleProgram("inc", 4), 755, 1156, 0},
		{"philosophers, two steps", seats(5, 1, inTwoSteps), 1363, 3765, 1},
		{"philosophers, one step", seats(5, 1, inOneStep), 573, 1475, 1},
		{"philosophers for ever, one step", seats(5, 0, inOneStep), 82, 265, 1},
		{"plain variable, two writers", func(g *sim.G) {
			v := sim.Var[int]{Name: "v"}
			spawnAll(func(g *sim.G) { v.Store(g, 1) }, func(g *sim.G) { v.Store(g, 2) })(g)
		}, 5, 4, 0},
		{"plain variable, a writer and a reader", func(g *sim.G) {
			v := sim.Var[int]{Name: "v"}
			spawnAll(func(g *sim.G) { v.Store(g, 1) }, func(g *sim.G) { v.Load(g) })(g)
		}, 5, 4, 0},
		{"a channel of one place, for ever", transfers(1), 2, 2, 0},
		{"an unbuffered channel, for ever", transfers(0), 8, 12, 0}, // each is before its arrival, or waits, or has met the other one; not both wait
		{"a semaphore that serves in order, for ever", func(g *sim.G) {
			s := sim.Semaphore{N: 1, Fair: true}
			spawnAll(each(2, func(int) func(*sim.G) {
				return func(g *sim.G) {
					for {
						g.Fingerprint(0)
						s.Acquire(g, 1)
						s.Release(g, 1)
					}
				}
			})...)(g)
		}, 9, 14, 0}, // nobody has it; or one has it, or has been granted it, and the other waits or not
	} {
		t.Run(c.name, func(t *testing.T) {
			g, err := search.States(c.program, search.Options{}, 10_000, nil)
			if err != nil {
				t.Fatal(err)
			}
			deadlocks := 0
			for _, n := range g.Nodes {
				if n.Last && n.Outcome == sim.Deadlocked {
					deadlocks++
				}
			}
			if len(g.Nodes) != c.nodes || len(g.Edges) != c.edges || deadlocks != c.deadlocks || !g.Complete {
				t.Errorf("%d states, %d edges, %d deadlocks, complete %v; want %d, %d, %d", len(g.Nodes), len(g.Edges), deadlocks,
					g.Complete, c.nodes, c.edges, c.deadlocks)
			}
		})
	}
}
