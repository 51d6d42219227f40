package search

import (
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// approach follows the way to the job's root.
func (d *dpor) approach(x *sim.Execution, step int) sim.Choice {
	c := d.enter.Pick(x)
	d.nodes = append(d.nodes, node{choice: c, wut: -1})
	d.prefix = append(d.prefix, c)
	if step == len(d.start.Places)-1 {
		d.lullForeign(x, &d.nodes[step])
	}
	return c
}

// lullForeign puts to sleep, beside the last choice on the way to the root, what
// other jobs explore.
func (d *dpor) lullForeign(x *sim.Execution, n *node) {
	for _, place := range d.start.Asleep {
		if place >= len(d.enter.options) {
			d.enter.lose(len(d.start.Places)-1, "a step that another job explores is not open")
			return
		}
		c := d.enter.options[place]
		at := int32(len(d.acc))
		d.parts = x.Preview(c.G, c.Alt, d.parts[:0])
		d.acc = d.loc.append(x.World(), d.parts, d.acc)
		d.sleepers = append(d.sleepers, sleeper{c, at, int32(len(d.acc)), true})
	}
	n.sleepTo = int32(len(d.sleepers))
	n.tainted = n.sleepTo > 0
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

// split gives all steps to other jobs that are open beside the first choice of
// the present path that is not the only one. From then on reversals at that
// node are for those jobs.
func (d *dpor) split(execute func(sim.Options) *sim.Execution) []root {
	if !d.unfinished() {
		return nil
	}
	v := &divider{recorder: recorder{choices: d.prefix}, top: int(d.top), reduces: true}
	v.asleep = func(k int, c sim.Choice) bool { return d.asleep(&d.nodes[k], c) }
	execute(sim.Options{Scheduler: v})
	// The sleepers of a node are open there: they were when they went to sleep,
	// and what took place since is independent of them.
	if v.node < 0 || len(v.roots) == 0 {
		return nil
	}
	if n := &d.nodes[v.node]; v.sleeping != int(n.sleepTo-n.sleep) {
		panic(fmt.Sprintf("search: %d steps sleep at node %d, %d of them are open", n.sleepTo-n.sleep, v.node, v.sleeping))
	}
	d.leave(int32(v.node))
	return v.roots
}

// unfinished reports whether a branch of the present path is left.
func (d *dpor) unfinished() bool {
	for k := int(d.top); k < len(d.nodes); k++ {
		if d.tree.first(d.nodes[k].wut) >= 0 {
			return true
		}
	}
	return false
}

// leave moves the job's root below a node: what is planned there is for other
// jobs, and so is what sleeps there.
func (d *dpor) leave(node int32) {
	for k := d.top; k <= node; k++ {
		d.tree.free(d.nodes[k].wut)
		d.nodes[k].wut = -1
	}
	d.top, d.divided = node+1, true
}

// doomed reports whether a foreign sleeper of a node can never be woken: all
// that comes now has been explored by another job.
func (d *dpor) doomed(x *sim.Execution, n *node) bool {
	for _, s := range d.sleepers[n.sleep:n.sleepTo] {
		if s.foreign && private(x, s.G) {
			return true
		}
	}
	return false
}

// waking returns an enabled step that wakes a sleeper of the node, if it can:
// of what goes on without one, nothing may be new.
func (d *dpor) waking(x *sim.Execution, n *node) (sim.Choice, bool) {
	for g := x.Enabled().After(-1); g >= 0; g = x.Enabled().After(g) {
		d.alts = d.alternatives(x, g)
		for _, alt := range d.alts {
			c := sim.Choice{G: g, Alt: alt}
			d.parts = x.Preview(g, alt, d.parts[:0])
			d.picked = d.loc.append(x.World(), d.parts, d.picked[:0])
			if !d.asleep(n, c) && d.wakes(n, d.picked) {
				return c, true
			}
		}
	}
	return sim.Choice{}, false
}

func (d *dpor) wakes(n *node, acc []access) bool {
	for k := n.sleep; k < n.sleepTo; k++ {
		if dependent(d.accOf(&d.sleepers[k]), acc) {
			return true
		}
	}
	return false
}

// A divider goes along a path once more, to the first node at or below top that
// has open steps beside the path, and makes roots of them.
type divider struct {
	recorder
	top      int
	reduces  bool // independent steps need not be taken in both orders
	asleep   func(node int, c sim.Choice) bool
	node     int // where the path was left
	sleeping int // steps there that are asleep and open
	roots    []root
}

// Pick implements sim.Scheduler.
func (v *divider) Pick(x *sim.Execution) sim.Choice {
	step := x.Steps()
	v.node = -1
	c := v.recorder.Pick(x)
	if step < v.top || c == sim.Stop {
		return c
	}
	asleep, rest := v.sides(x, c)
	if len(rest) == 0 {
		return c
	}
	v.node, v.sleeping = step, len(asleep)
	v.divide(asleep, rest)
	return sim.Stop
}

// sides are the places of the steps that are asleep where c was chosen, and of
// those that other jobs have to explore. Beside a step that commutes with all
// that can come before it nothing has to be explored.
func (v *divider) sides(x *sim.Execution, c sim.Choice) (asleep, rest []int) {
	enough := v.reduces && private(x, c.G)
	for place, o := range v.options {
		switch {
		case v.asleep(x.Steps(), o):
			asleep = append(asleep, place)
			enough = enough || v.reduces && private(x, o.G)
		case o != c:
			rest = append(rest, place)
		}
	}
	if enough {
		return asleep, nil
	}
	for _, place := range rest {
		if v.reduces && private(x, v.options[place].G) {
			return asleep, []int{place}
		}
	}
	return asleep, rest
}

// private reports whether the pending step of a goroutine commutes with all
// that can take place before it.
func private(x *sim.Execution, g int32) bool {
	switch x.Pending(g).Op {
	case object.Spawn, object.End, object.Join:
		return true
	}
	return false
}

// divide makes a root of each of rest: those before it sleep there.
func (v *divider) divide(asleep, rest []int) {
	way := v.schedule.Places
	last := len(way) - 1
	asleep = append(asleep, way[last])
	for _, place := range rest {
		places := append(slices.Clone(way[:last]), place)
		v.roots = append(v.roots, root{Schedule: Schedule{Places: places, Digests: v.schedule.Digests},
			Asleep: slices.Clone(asleep)})
		asleep = append(asleep, place)
	}
}

// planForeign plans the reversal of a race at a node with foreign sleepers, or
// of an execution in which everything went to sleep. Of the other jobs it is
// not known which reversals they plan, so that only what must come before the
// attempt comes before it, and only a sleeper among those makes it redundant.
func (d *dpor) planForeign(n *node, a *attempt, v reversal) {
	d.past(a, v)
	d.checkTree()
	for k := n.sleep; k < n.sleepTo; k++ {
		s := &d.sleepers[k]
		if d.weakInitial(s.G, s.Alt, d.accOf(s)) >= 0 {
			return
		}
	}
	if d.mode == modeSource {
		d.addInitial(n)
		return
	}
	d.insert(n.wut, func(at, g int32) bool { return false })
}

// past builds v = the events after event i that do not depend on it and that
// the attempt depends on, then the attempt.
func (d *dpor) past(a *attempt, v reversal) {
	r := &d.races
	t := d.trace
	r.v = append(r.v[:0], planned{event: -1, g: a.call.G, alt: v.alt, acc: v.acc, op: a.call.Op})
	for k := min(a.at, int32(len(t.events))) - 1; k > v.event; k-- {
		if !t.before(v.event, k) && d.needs(a, k) {
			e := &t.events[k]
			r.v = append(r.v, planned{event: k, g: e.g, alt: e.alt, acc: t.acc[e.acc:e.accEnd], op: e.op})
		}
	}
	slices.Reverse(r.v)
}

// needs reports whether event k comes before the attempt or a step of v.
func (d *dpor) needs(a *attempt, k int32) bool {
	t := d.trace
	if a.prev >= 0 && (k == a.prev || k < a.prev && t.before(k, a.prev)) {
		return true
	}
	if dependent(d.races.v[0].acc, t.accesses(k)) {
		return true
	}
	for _, p := range d.races.v[1:] {
		if t.before(k, p.event) {
			return true
		}
	}
	return false
}

// split gives away what remains at the first node of the present path where
// something remains.
func (d *dfs) split(execute func(sim.Options) *sim.Execution) []root {
	if len(d.rest) == 0 {
		return nil
	}
	v := &divider{recorder: recorder{choices: d.prefix}, top: d.top}
	v.asleep = func(k int, c sim.Choice) bool {
		for _, r := range d.restOf(k) {
			if r == c {
				return false
			}
		}
		return c != d.prefix[k]
	}
	execute(sim.Options{Scheduler: v})
	if v.node < 0 || len(v.roots) == 0 {
		return nil
	}
	for i := range v.roots {
		v.roots[i].Asleep = nil
	}
	d.leave(v.node)
	return v.roots
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
