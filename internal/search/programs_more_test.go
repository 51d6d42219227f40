package search_test

import "github.com/interleave-go/interleave/sim"

// morePrograms are those of the oracle that a list of bodies cannot say.
var morePrograms = map[string]func(n int) func(*sim.G){
	"phil-chan": channelForks,
	"sigma":     sigma,
	"peterson":  func(int) func(*sim.G) { return fresh(peterson, 0) },
}

// peterson is Peterson's mutual exclusion. Whoever would have to wait waits for
// ever, so that the execution does not finish.
func peterson(int) []func(*sim.G) {
	flags, turn, x := make([]cell, 2), new(cell), new(cell)
	return each(2, func(i int) func(*sim.G) {
		return func(g *sim.G) {
			flags[i].Store(g, 1)
			turn.Store(g, 1-i)
			if flags[1-i].Load(g) == 1 && turn.Load(g) != i {
				var never *sim.Chan[int]
				never.Receive(g)
			}
			x.Store(g, i)
			g.Assert(x.Load(g) == i, "both are inside")
			flags[i].Store(g, 0)
		}
	})
}

// sigma starts goroutines that read where main has come to in the meantime.
func sigma(n int) func(*sim.G) {
	return func(g *sim.G) {
		index, a := new(cell), make([]cell, n)
		index.Store(g, -1)
		hs := make([]*sim.Goroutine, n)
		for k := range n {
			index.Store(g, index.Load(g)+1)
			hs[k] = g.Go("", func(g *sim.G) { a[index.Load(g)].Store(g, 1) })
		}
		for _, h := range hs {
			h.Join(g)
		}
	}
}
