package hazards

import (
	"fmt"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// philosophers is Dijkstra's dinner: each philosopher needs the two forks
// beside the plate.
func philosophers() Scenario {
	return Scenario{
		Name:    "philosophers",
		Summary: "philosophers around a table, each needs two forks to eat",
		Lesson: "Everybody who takes the left fork first can end up holding one fork and waiting for " +
			"the next: a cycle of waiting that nobody can leave. An order of the locks, or fewer seats, breaks the cycle.",
		Parameters: []Parameter{
			{Name: "n", Summary: "seats", Default: 5, Min: 2, Max: 64},
			{Name: "rounds", Summary: "meals of each philosopher", Default: 1, Min: 1, Max: 1000},
		},
		Variants: []Variant{
			{Name: "left-first", Summary: "everybody takes the left fork first", Expect: []checks.Kind{checks.Deadlock},
				Program: table(func(i, n int) (int, int) { return i, (i + 1) % n })},
			{Name: "ordered", Summary: "everybody takes the fork with the lower number first",
				Program: table(func(i, n int) (int, int) { return min(i, (i+1)%n), max(i, (i+1)%n) })},
		},
	}
}

// table seats philosophers who take their forks in the order that forks gives.
func table(forks func(i, n int) (first, second int)) func(Params) func(*sim.G) {
	return func(p Params) func(*sim.G) {
		n, rounds := p["n"], p["rounds"]
		return func(g *sim.G) {
			locks := make([]sim.Mutex, n)
			seats := make([]*sim.Goroutine, n)
			for i := range n {
				locks[i].Name = fmt.Sprintf("fork %d", i+1)
			}
			for i := range n {
				first, second := forks(i, n)
				seats[i] = g.Go(fmt.Sprintf("philosopher %d", i+1), func(g *sim.G) {
					for range rounds {
						locks[first].Lock(g)
						locks[second].Lock(g)
						locks[first].Unlock(g)
						locks[second].Unlock(g)
					}
				})
			}
			for _, s := range seats {
				s.Join(g)
			}
		}
	}
}
