package search

import (
	"slices"

	"github.com/interleave-go/interleave/sim"
)

// dfs runs every interleaving exactly once: at each step the running goroutine
// first, then the others by path, and each with all of its alternatives.
type dfs struct {
	prefix  []sim.Choice // the present path
	nodes   []int        // where the choices of each of its steps start in rest
	rest    []sim.Choice // what remains to be tried, the next one last
	alts    []int32
	started bool
	start   root
	enter   replayer // follows the way to the start
	top     int      // the nodes above this one are for other jobs
}

func newDFS(at root) *dfs { return &dfs{start: at, top: len(at.Places)} }

// Pick takes the first choice of a new step. The steps before it are replayed
// as the execution's prefix.
func (d *dfs) Pick(x *sim.Execution) sim.Choice {
	d.nodes = append(d.nodes, len(d.rest))
	if x.Steps() < len(d.start.Places) {
		c := d.enter.Pick(x)
		d.prefix = append(d.prefix, c)
		return c
	}
	first := x.First()
	after := len(d.rest)
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		if g != first {
			d.push(x, g)
		}
	}
	slices.Reverse(d.rest[after:])
	after = len(d.rest)
	d.push(x, first)
	slices.Reverse(d.rest[after:])
	c := d.rest[len(d.rest)-1]
	d.rest = d.rest[:len(d.rest)-1]
	d.prefix = append(d.prefix, c)
	return c
}

// push adds the choices of one goroutine in order.
func (d *dfs) push(x *sim.Execution, g int32) {
	if !x.Pending(g).Op.Chooses() {
		d.rest = append(d.rest, sim.Choice{G: g})
		return
	}
	d.alts = x.Alternatives(g, d.alts[:0])
	for _, alt := range d.alts {
		d.rest = append(d.rest, sim.Choice{G: g, Alt: alt})
	}
}

// next moves to the next path; it reports false when there is none.
func (d *dfs) next() bool {
	for len(d.nodes) > d.top {
		last := len(d.nodes) - 1
		d.prefix = d.prefix[:last]
		if len(d.rest) > d.nodes[last] {
			d.prefix = append(d.prefix, d.rest[len(d.rest)-1])
			d.rest = d.rest[:len(d.rest)-1]
			return true
		}
		d.nodes = d.nodes[:last]
	}
	return false
}

func (d *dfs) prepare() (sim.Options, bool) {
	if d.started && !d.next() {
		return sim.Options{}, false
	}
	if !d.started {
		d.enter = replayer{schedule: d.start.Schedule}
	}
	d.started = true
	return sim.Options{Scheduler: d, Prefix: d.prefix}, true
}

func (d *dfs) learn(x *sim.Execution) error {
	if x.Outcome == sim.Diverged {
		return notDeterministic(x)
	}
	return d.enter.arrived(x)
}
