package hazards

import (
	"fmt"

	"github.com/interleave-go/interleave/sim"
)

// team starts n goroutines, named "name 1" to "name n", and joins all of them.
// Each body is told its place, from 0.
func team(g *sim.G, n int, name string, body func(g *sim.G, i int)) {
	members := make([]*sim.Goroutine, n)
	for i := range n {
		members[i] = g.Go(fmt.Sprintf("%s %d", name, i+1), func(g *sim.G) { body(g, i) })
	}
	for _, m := range members {
		m.Join(g)
	}
}

// fixed makes the program of a variant that has no parameters.
func fixed(program func(*sim.G)) func(Params) func(*sim.G) {
	return func(Params) func(*sim.G) { return program }
}
