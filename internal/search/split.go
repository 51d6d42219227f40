package search

import (
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/sim"
)

// lull puts to sleep, at the job's root, what other jobs explore.
func (d *dpor) lull(x *sim.Execution, n *node) {
	options := open(x, nil)
	for _, place := range d.start.Asleep {
		if place >= len(options) {
			d.enter.lose(len(d.start.Places), "a step that another job explores is not open")
			return
		}
		c := options[place]
		d.parts = x.Preview(c.G, c.Alt, d.parts[:0])
		d.acc = d.loc.append(x.World(), d.parts, d.acc[:n.accTo])
		if call := x.Pending(c.G); refines(call.Op) {
			d.acc = d.acc[:int(n.accTo)+len(d.trace.refine(x, call, d.acc[n.accTo:]))]
		}
		d.lay(n, c)
	}
}

// approach follows the way to the job's root.
func (d *dpor) approach(x *sim.Execution, step int) sim.Choice {
	c := d.enter.Pick(x)
	d.addNode(c, -1).sleep = 0 // nothing sleeps there
	d.prefix = append(d.prefix, c)
	return c
}

// arrived returns an error when the way to the job's root was not found.
func (d *dpor) arrived(x *sim.Execution) error { return d.enter.arrived(x) }

func (p *replayer) lose(step int, why string) {
	if p.lost == nil {
		p.lost = &Divergence{step, why}
	}
}

func (p *replayer) arrived(x *sim.Execution) error {
	if p.lost == nil && x.Steps() < len(p.schedule.Places) {
		p.lose(x.Steps(), "the program ends earlier")
	}
	if p.lost == nil {
		return nil
	}
	x.Divergence = fmt.Sprintf("step %d: %s", p.lost.Step, p.lost.Why)
	return notDeterministic(x)
}

// divide gives a job, under sleep sets, all that does not begin with the first
// choice of the present path that is not the only one left: that choice, and what
// sleeps beside it, sleep there.
func (d *dpor) divide(execute func(sim.Options) *sim.Execution) []root {
	k := int(d.top)
	for k < len(d.nodes) && d.tree.first(d.nodes[k].wut) < 0 {
		k++
	}
	if k >= len(d.nodes) {
		return nil
	}
	n := &d.nodes[k]
	v := &divider{recorder: recorder{choices: d.prefix[:k]}}
	execute(sim.Options{Scheduler: v})
	asleep := []int{slices.Index(v.options, n.choice)}
	for i := n.sleep; i < n.sleepTo; i++ {
		asleep = append(asleep, slices.Index(v.options, d.sleepers[i].Choice))
	}
	if slices.Contains(asleep, -1) {
		panic("search: a step that is explored is not open where it was")
	}
	d.tree.free(n.wut)
	n.wut = -1
	return []root{{Schedule: v.schedule, Asleep: asleep}}
}

// A divider goes along a path once more, and learns what is open at its end.
type divider struct{ recorder }

// Pick implements sim.Scheduler.
func (v *divider) Pick(x *sim.Execution) sim.Choice {
	if x.Steps() == len(v.choices) {
		v.options = open(x, v.options[:0])
		return sim.Stop
	}
	return v.recorder.Pick(x)
}

// split gives away what remains at the first node of the present path where
// something remains.
func (d *dfs) split(_ *sim.Execution, execute func(sim.Options) *sim.Execution) []root {
	k := d.top
	for k < len(d.nodes) && len(d.restOf(k)) == 0 {
		k++
	}
	if k >= len(d.nodes) {
		return nil
	}
	v := &divider{recorder: recorder{choices: d.prefix[:k]}}
	execute(sim.Options{Scheduler: v})
	var roots []root
	for place, c := range v.options {
		if slices.Contains(d.restOf(k), c) {
			way := Schedule{Places: append(slices.Clone(v.schedule.Places), place), Digests: v.schedule.Digests}
			roots = append(roots, root{Schedule: way})
		}
	}
	d.leave(k)
	return roots
}

// restOf is what remains to be tried at a node.
func (d *dfs) restOf(k int) []sim.Choice {
	to := len(d.rest)
	if k+1 < len(d.nodes) {
		to = d.nodes[k+1]
	}
	return d.rest[d.nodes[k]:to]
}

// leave forgets what remains at a node and moves the job's root below it.
func (d *dfs) leave(node int) {
	gone := len(d.restOf(node))
	d.rest = slices.Delete(d.rest, d.nodes[node], d.nodes[node]+gone)
	for k := node + 1; k < len(d.nodes); k++ {
		d.nodes[k] -= gone
	}
	d.top = node + 1
}
