package search

import (
	"slices"

	"github.com/interleave-go/interleave/sim"
)

// plan makes sure that the reversal of a race is explored: the attempt before
// event i, after everything that does not depend on i (rule R5).
func (d *dpor) plan(x *sim.Execution, a *attempt, v reversal) {
	n := d.nodeOf(v.event)
	if d.chronicle == nil {
		if !d.isKnown(n, v.event, a) {
			d.reorder(x, a, v, n)
		}
		return
	}
	d.chronicle.race(a, v)
	before := d.chronicle.branches()
	if !d.isKnown(n, v.event, a) {
		d.reorder(x, a, v, n)
	}
	d.chronicle.redundant(a, v, before)
}

// isKnown is the cheap test for a reversal that is explored or planned. A firing may
// displace steps, of which it knows nothing.
func (d *dpor) isKnown(n *node, i int32, a *attempt) bool {
	return a.scope == nil && (d.sleepsInitially(n, i, a) || d.mode == modeOptimal && d.isPlanned(n, i, a))
}

// reorder makes sure of it where the cheap test does not tell.
func (d *dpor) reorder(x *sim.Execution, a *attempt, v reversal, n *node) {
	settled := d.races.settled
	d.races.settled = -1 // unless the reason turns out to be one that lasts
	d.races.same = a.simple || slices.Equal(v.acc, a.acc)
	d.gather(a, v)
	if d.isBranch(n, a, v) {
		d.settle(settled, d.races.reason)
		return
	}
	d.sequence(a, v)
	d.chronicle.reversed(a, v, d.races.v)
	d.checkTree()
	d.prolong(x, a, v)
	if d.mode == modeSource {
		if !d.addInitial(n) {
			if d.reserves(v.event) {
				d.keep(n)
				return
			}
			d.settle(settled, d.races.reason)
		}
		return
	}
	if asleep, longer := d.sleeps(x, a, v, n); asleep {
		if !longer {
			d.settle(settled, d.races.reason)
		}
		return
	} else if longer {
		settled = -1
	}
	added, reason := d.insert(n, func() bool {
		longer := d.extend(x, a, v)
		if longer {
			settled = -1
		}
		return longer
	})
	if added {
		return
	}
	if d.reserves(v.event) {
		d.keep(n) // and so with every other one that there may be
		return
	}
	d.settle(settled, reason)
}

// sleeps reports whether all that begins with v is explored where a sleeper of the node
// was awake, and whether v has become longer. A sleeper that is independent of v is no
// reason that lasts.
func (d *dpor) sleeps(x *sim.Execution, a *attempt, v reversal, n *node) (asleep, longer bool) {
	for k := n.sleep; k < n.sleepTo; k++ {
		s := &d.sleepers[k]
		switch i := d.weakInitial(s.G, s.Alt, d.accOf(s), s.reach); {
		case i == notInitial:
		case i == independent && s.G == n.choice.G && d.extend(x, a, v):
			longer = true
		default:
			return true, longer
		}
	}
	return false, longer
}

// settle notes that a reversal is redundant because of the first n events, of an
// attempt whose reversals before it depended on so many; -1 stands for reasons
// that do not last.
func (d *dpor) settle(settled, n int32) {
	if settled >= 0 && n >= 0 {
		d.races.settled = max(settled, n)
	}
}

// checkTree gives up wakeup trees when they have grown too large. What they hold
// is explored as planned; what is planned from now on is one step each.
func (d *dpor) checkTree() {
	if d.mode == modeOptimal && d.treeMax > 0 && d.tree.live > d.treeMax {
		d.mode, d.fell = modeSource, true
	}
}

// sleepsInitially is the cheap half of the test for redundancy: a sleeper that is the
// attempt itself, which waits for nothing but event i.
func (d *dpor) sleepsInitially(n *node, i int32, a *attempt) bool {
	if g := a.call.G; n.who&(1<<(g&63)) == 0 || !d.straight(i, a) || !d.asleep(n, sim.Choice{G: g, Alt: a.alt}) {
		return false
	}
	d.settle(d.races.settled, a.at+1)
	return true
}

// straight reports whether an attempt waits for nothing between event i and
// itself: it comes first in any v.
func (d *dpor) straight(i int32, a *attempt) bool {
	return a.simple && int(a.at) < len(d.trace.events) && d.trace.events[a.at].last == i
}

// isPlanned is the cheap half of the test whether a reversal is planned: a branch
// of one step, whose next event depends on nothing after the node, or which is the
// attempt itself and waits for nothing but event i. Where the branch may be given
// to another job, only the latter will do.
func (d *dpor) isPlanned(n *node, i int32, a *attempt) bool {
	t := d.trace
	for c := d.tree.first(n.wut); c >= 0; c = d.tree.nodes[c].sibling {
		b := &d.tree.nodes[c]
		if b.child >= 0 {
			continue
		}
		if b.choice.G == a.call.G && b.choice.Alt == a.alt && d.straight(i, a) {
			return true
		}
		e := int32(-1)
		if own := t.own[b.choice.G]; b.nth == 0 {
			e = t.next(b.choice.G, i)
		} else if int(b.nth) <= len(own) {
			e = own[b.nth-1]
		}
		if e > i && e != a.at && t.events[e].alt == b.choice.Alt && t.events[e].last < i && !d.reserves(i) {
			d.settle(d.races.settled, e+1)
			return true
		}
	}
	return false
}

// isBranch reports whether a branch begins with v, step by step, or v with all of a
// branch. It needs no steps of v, but for the events that were gathered. Where the
// branch may be given to another job, v has to be looked at.
func (d *dpor) isBranch(n *node, a *attempt, v reversal) bool {
	r := &d.races
	if d.mode != modeOptimal || r.all || a.scope != nil || d.chronicle != nil || d.reserves(v.event) {
		return false
	}
	at := n.wut
	for k := 0; ; k++ {
		c := sim.Choice{G: a.call.G, Alt: v.alt}
		if k < len(r.events) {
			c = sim.Choice{G: r.events[k].g, Alt: r.events[k].alt}
		}
		if at = d.tree.branch(at, c); at < 0 {
			return false
		}
		leaf := d.tree.nodes[at].child < 0
		if !leaf && k < len(r.events) {
			continue
		}
		if r.reason = -1; leaf && (k < len(r.events) || r.same) {
			r.reason = 0
			if k = min(k, len(r.events)-1); k >= 0 {
				r.reason = r.events[k].event + 1
			}
		}
		return true
	}
}

// insert adds v to a node's wakeup tree, unless the tree has it already. It reports
// whether it was added, and if not, the reason, as weakInitial does.
//
// A branch of another alternative of the node's own step that is independent of v
// covers it if extend cannot make v longer, and never without extend. It always does
// below a step on which the node's own depends: what the goroutine does there it chooses
// there, and all its alternatives will be planned.
func (d *dpor) insert(n *node, extend func() bool) (added bool, reason int32) {
	t := &d.tree
	at := n.wut
	chosen := d.trace.events[d.races.from].op.Chooses() // and nothing on the way here depends on it
	for {
		next := int32(-1)
		for c := t.first(at); c >= 0 && next < 0; c = t.nodes[c].sibling {
			b := &t.nodes[c]
			k := d.weakInitial(b.choice.G, b.choice.Alt, t.accesses(c), b.reach)
			if reason >= 0 && d.races.reason >= 0 {
				reason = max(reason, d.races.reason)
			} else {
				reason = -1
			}
			switch apart := k == independent && chosen && b.choice.G == n.choice.G; {
			case k == notInitial || apart && extend == nil:
				continue
			case apart && extend():
				d.races.restore()
				return d.insert(n, extend)
			case k >= 0:
				d.races.leave(k, b.ends)
			default:
				b.relied = true
			}
			next = c
		}
		if next < 0 {
			if at < 0 {
				at = d.treeOf(n)
			}
			d.append(at)
			return true, -1
		}
		if t.first(next) < 0 || d.races.rest == 0 {
			return false, reason
		}
		chosen = chosen && !dependent(t.accesses(next), d.trace.accesses(d.races.from))
		at = next
	}
}

// append makes what is left of v the last branch below a node.
func (d *dpor) append(at int32) {
	t := &d.tree
	d.chronicle.insert(d.races.v)
	for k := range d.races.v {
		p := &d.races.v[k]
		if p.gone || p.beyond {
			continue
		}
		c := t.make(sim.Choice{G: p.g, Alt: p.alt})
		t.access(c, d.stepAccesses(p))
		n := &t.nodes[c]
		n.decide, n.ends, n.nth = p.decide || p.op.Chooses(), p.ends || d.ending(p), p.nth
		t.attach(at, c)
		at = c
	}
	t.nodes[at].race = d.races.second
}

// addInitial is Source-DPOR's answer to a race: one step that can come first in
// v, unless the node has one already.
func (d *dpor) addInitial(n *node) bool {
	r := &d.races
	for k := n.sleep; k < n.sleepTo; k++ {
		s := &d.sleepers[k]
		if d.weakInitial(s.G, s.Alt, d.accOf(s), s.reach) >= 0 {
			return false
		}
	}
	for c := d.tree.first(n.wut); c >= 0; c = d.tree.nodes[c].sibling {
		b := &d.tree.nodes[c]
		if d.weakInitial(b.choice.G, b.choice.Alt, d.tree.accesses(c), b.reach) >= 0 {
			return false
		}
	}
	p := &r.v[0]
	d.chronicle.insert(r.v[:1])
	c := d.tree.add(d.treeOf(n), sim.Choice{G: p.g, Alt: p.alt}, p.op.Chooses())
	d.tree.nodes[c].race = r.second
	d.tree.access(c, d.stepAccesses(p))
	return true
}
