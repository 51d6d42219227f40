package checks_test

import (
	"fmt"

	"github.com/interleave-go/interleave/sim"
)

// table seats n philosophers who take the left fork first.
func table(n int) func(*sim.G) {
	return func(g *sim.G) {
		forks := make([]sim.Mutex, n)
		for i := range forks {
			forks[i].Name = fmt.Sprintf("fork %d", i+1)
		}
		team(g, n, "philosopher", func(g *sim.G, i int) {
			left, right := &forks[i], &forks[(i+1)%n]
			left.Lock(g)
			right.Lock(g)
			left.Unlock(g)
			right.Unlock(g)
		})
	}
}

// team starts n goroutines and joins them.
func team(g *sim.G, n int, name string, body func(g *sim.G, i int)) {
	members := make([]*sim.Goroutine, n)
	for i := range n {
		members[i] = g.Go(fmt.Sprintf("%s %d", name, i+1), func(g *sim.G) { body(g, i) })
	}
	for _, m := range members {
		m.Join(g)
	}
}
