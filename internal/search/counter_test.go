package search

import (
	"maps"
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// visible is a depth-first search in which spawns and ends take place as soon as
// they can, so that it tells apart what is left: interleavings of loads and stores.
type visible struct{ *dfs }

// Pick implements sim.Scheduler.
func (v visible) Pick(x *sim.Execution) sim.Choice {
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		if hidden(x.Pending(g).Op) {
			c := sim.Choice{G: g}
			v.nodes, v.prefix = append(v.nodes, len(v.rest)), append(v.prefix, c)
			return c
		}
	}
	return v.dfs.Pick(x)
}

// Of the 2,520 interleavings of four goroutines that load a variable and store one
// more, so many end with each value.
func TestCounterInterleavings(t *testing.T) {
	final := 0
	program := func(g *sim.G) {
		x := new(sim.AtomicInt[int])
		for range 4 {
			g.Go("", func(g *sim.G) {
				tmp := x.Load(g) + 1
				x.Store(g, tmp)
				final = tmp
			})
		}
	}
	r := sim.NewRunner()
	defer r.Close()
	v := visible{newDFS(root{})}
	got := map[int]int{}
	for {
		opt, ok := v.prepare()
		if !ok {
			break
		}
		opt.Scheduler = v
		r.Run(program, opt)
		got[final]++
	}
	if want := map[int]int{1: 1152, 2: 1056, 3: 288, 4: 24}; !maps.Equal(got, want) {
		t.Errorf("%v; want %v", got, want)
	}
}
