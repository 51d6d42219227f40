package search

import (
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// plan makes sure that the reversal of a race is explored: the attempt before
// event i, after everything that does not depend on i (rule R5).
func (d *dpor) plan(x *sim.Execution, a *attempt, v reversal) {
	d.chronicle.race(a, v)
	before := d.chronicle.branches()
	d.reorder(x, a, v)
	d.chronicle.redundant(a, v, before)
}

func (d *dpor) reorder(x *sim.Execution, a *attempt, v reversal) {
	n := &d.nodes[v.event]
	// A firing may displace steps, of which the cheap tests know nothing.
	if a.scope == nil && (d.sleepsInitially(n, v.event, a) || d.mode == modeOptimal && d.isPlanned(n, v.event, a)) {
		return
	}
	settled := d.races.settled
	d.races.settled = -1 // unless the reason turns out to be one that lasts
	d.races.same = a.simple || slices.Equal(v.acc, a.acc)
	d.sequence(a, v)
	d.chronicle.reversed(a, v, d.races.v)
	d.checkTree()
	if d.mode == modeSource {
		if !d.addInitial(n) {
			if d.keeps && v.event < d.common() {
				d.keep(n)
				return
			}
			d.settle(settled, d.races.reason)
		}
		return
	}
	for k := n.sleep; k < n.sleepTo; k++ {
		s := &d.sleepers[k]
		switch d.weakInitial(s.G, s.Alt, d.accOf(s)) {
		case notInitial:
		case independent:
			if !d.open(x, a, v, n.wut, s.G) {
				return
			}
			k, settled = n.sleep-1, -1 // v is longer now
		default:
			d.settle(settled, d.races.reason)
			return
		}
	}
	added, reason := d.insert(n, func(at, g int32) bool {
		opened := d.open(x, a, v, at, g)
		if opened {
			settled = -1 // v is longer now
		}
		return !opened
	})
	if added {
		return
	}
	if d.keeps && v.event < d.common() {
		d.keep(n) // and so with every other one that there may be
		return
	}
	d.settle(settled, reason)
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

// sleepsInitially is the cheap half of the test for redundancy: a sleeper whose
// next event depends on nothing after the node, or which is the attempt itself
// and waits for nothing but event i.
func (d *dpor) sleepsInitially(n *node, i int32, a *attempt) bool {
	t := d.trace
	for k := n.sleep; k < n.sleepTo; k++ {
		s := &d.sleepers[k]
		e := t.next(s.G, i)
		if e < 0 || e == i || t.events[e].alt != s.Alt {
			continue
		}
		if e != a.at && t.events[e].last < i || e == a.at && d.straight(i, a) {
			d.settle(d.races.settled, e+1)
			return true
		}
	}
	return false
}

// straight reports whether an attempt waits for nothing between event i and
// itself: it comes first in any v.
func (d *dpor) straight(i int32, a *attempt) bool {
	return a.simple && d.trace.events[a.at].last == i
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
		e := t.next(b.choice.G, i)
		if e > i && e != a.at && t.events[e].alt == b.choice.Alt && t.events[e].last < i && !(d.keeps && i < d.common()) {
			d.settle(d.races.settled, e+1)
			return true
		}
	}
	return false
}

// sequence builds v = notdep(i).attempt in scratch memory, without ends and joins
// that nothing else in it comes after: they can take place whenever they come, so
// that no execution begins otherwise because of them.
func (d *dpor) sequence(a *attempt, v reversal) {
	if !d.gather(a, v, false) {
		d.gather(a, v, true)
	}
}

// gather is sequence with all ends and joins, or with none. It reports false when
// something comes after one that was left out.
func (d *dpor) gather(a *attempt, v reversal, all bool) bool {
	r := &d.races
	t := d.trace
	r.begin(v.event)
	g, index := t.events[v.event].g, t.events[v.event].index
	for len(r.after) < t.width {
		r.after, r.left = append(r.after, 0), append(r.left, 0)
	}
	after, left, number := r.after, r.left, r.sequence
	after[g] = number
	for k := v.event + 1; k < int32(len(t.events)); k++ {
		e := &t.events[k]
		if after[e.g] == number {
			continue
		}
		if !e.local {
			if t.clocks[int(k)*t.width+int(g)] >= index {
				after[e.g] = number
				continue
			}
		} else if e.op == object.Join {
			if after[^e.obj] == number {
				after[e.g] = number
				continue
			}
			if !all {
				left[e.g] = number
				continue
			}
		} else if e.op == object.End && !all {
			if last := len(r.v) - 1; last >= 0 && r.v[last].event == k-1 && r.v[last].g == e.g {
				r.v[last].ends = true
			}
			continue
		}
		if k == a.at || len(r.displaced) > 0 && isDisplaced(r.displaced, k) {
			continue
		}
		if mutant == "R5" && k > a.at {
			break // cut at the attempt
		}
		if left[e.g] == number {
			return false
		}
		p := r.more(e.g)
		p.event, p.alt, p.op, p.acc, p.reach = k, e.alt, e.op, t.acc[e.acc:e.accEnd], e.reach
		r.reach.join(e.reach)
	}
	if r.left[a.call.G] == r.sequence {
		return false
	}
	r.push(planned{event: -1, g: a.call.G, alt: v.alt, acc: v.acc, op: a.call.Op})
	return true
}

// begin empties v, which is to come in the place of event i.
func (r *races) begin(i int32) {
	r.v, r.from, r.thinned = r.v[:0], i, false
	r.reach = footprint{}
	r.sequence++
}

// more makes room for one more step of v, by goroutine g.
func (r *races) more(g int32) *planned {
	for int(g) >= len(r.spots) {
		r.spots = append(r.spots, spot{})
	}
	at := len(r.v)
	if l := &r.spots[g]; l.sequence != r.sequence {
		*l = spot{r.sequence, int32(at)}
	}
	if at == cap(r.v) {
		r.v = slices.Grow(r.v, 1)
	}
	r.v = r.v[:at+1]
	p := &r.v[at]
	p.g, p.gone, p.decide, p.ends = g, false, false, false
	return p
}

// push adds a step to v.
func (r *races) push(p planned) {
	p.reach.add(p.acc)
	*r.more(p.g) = p
	r.reach.join(p.reach)
}

// leave takes the k-th step out of v, and the end of its goroutine with it, if that
// comes right after it.
func (r *races) leave(k int, ends bool) {
	p := &r.v[k]
	p.gone, r.thinned = true, true
	if !ends {
		return
	}
	if k = r.first(p.g); k >= 0 {
		r.v[k].gone = true
	}
}

// first is where in v goroutine g has its first step that is not gone, or -1.
func (r *races) first(g int32) int {
	if int(g) >= len(r.spots) || r.spots[g].sequence != r.sequence {
		return -1
	}
	for k := int(r.spots[g].at); k < len(r.v); k++ {
		if p := &r.v[k]; p.g == g && !p.gone {
			return k
		}
	}
	return -1
}

// displace notes what depends on a firing. Where another timer goes off in its
// place, that does not come about, though it need not depend on the first step of
// the race. All other operations read what any of their alternatives depends on.
func (d *dpor) displace(a *attempt) {
	r := &d.races
	t := d.trace
	if r.displaced = r.displaced[:0]; a.scope == nil {
		return
	}
	for k := a.at; k < int32(len(t.events)); k++ {
		if k == a.at || t.before(a.at, k) {
			r.displaced = append(r.displaced, k)
		}
	}
}

// isDisplaced reports whether an event is one of those that displace noted.
func isDisplaced(displaced []int32, k int32) bool {
	_, found := slices.BinarySearch(displaced, k)
	return found
}

// What weakInitial answers besides a place in v.
const (
	notInitial  = -1
	independent = -2
)

// weakInitial reports whether a step can come first in v, and where it stands
// there: WI(v). A step that is not in v is independent of all of it. The reason for
// the answer is in the first events of the execution, as many as races.reason says,
// or, at -1, in all of them: as long as those events stay, so does the answer,
// whatever comes behind them.
func (d *dpor) weakInitial(g, alt int32, acc []access) int {
	r := &d.races
	if k := r.first(g); k >= 0 {
		p := &r.v[k]
		if r.reason = p.event + 1; p.event < 0 && !r.same {
			r.reason = -1 // what comes later may depend on it where it is now, not where it was
		}
		if p.alt != alt || !d.initial(k) {
			return notInitial
		}
		return k
	}
	var reach footprint
	reach.add(acc)
	for k := len(r.v) - 1; k >= 0 && r.reach.meets(reach); k-- {
		if p := &r.v[k]; !p.gone && p.reach.meets(reach) && dependent(acc, p.acc) {
			r.reason = p.event + 1
			return notInitial
		}
	}
	r.reason = -1
	return independent
}

// initial reports whether nothing that is left of v happens before its k-th
// step. All that an event of v comes after, behind the event in whose place v
// comes, is in v.
func (d *dpor) initial(k int) bool {
	r := &d.races
	t := d.trace
	p := &r.v[k]
	if p.event >= 0 {
		if first := t.events[p.event].last < r.from; first || !r.thinned {
			return first
		}
	}
	for m := k - 1; m >= 0; m-- {
		q := &r.v[m]
		if q.gone {
			continue
		}
		if p.event < 0 {
			if q.g == p.g || dependent(q.acc, p.acc) {
				return false
			}
		} else if t.before(q.event, p.event) {
			return false
		}
	}
	return true
}

// insert adds v to a node's wakeup tree, unless the tree has it already. A
// branch of a step with alternatives that is independent of v has v in it only
// if closed says so. It reports whether it was added, and if not, the reason, as
// weakInitial does.
func (d *dpor) insert(n *node, closed func(at, g int32) bool) (added bool, reason int32) {
	t := &d.tree
	at := n.wut
	straight := true // no step of another goroutine lies between the root and here
	for {
		next := int32(-1)
		for c := t.first(at); c >= 0; c = t.nodes[c].sibling {
			b := &t.nodes[c]
			k := d.weakInitial(b.choice.G, b.choice.Alt, b.acc)
			if reason >= 0 && d.races.reason >= 0 {
				reason = max(reason, d.races.reason)
			} else {
				reason = -1
			}
			if k == notInitial || k == independent && b.decide &&
				!(straight && b.choice.G != d.races.second.g && closed(at, b.choice.G)) {
				continue
			}
			if k >= 0 {
				d.races.leave(k, b.ends)
			} else {
				straight = false
			}
			next = c
			break
		}
		if next < 0 {
			if at < 0 {
				at = d.treeOf(n)
			}
			d.append(at)
			return true, -1
		}
		if t.first(next) < 0 {
			return false, reason
		}
		at = next
	}
}

// append makes what is left of v the last branch below a node.
func (d *dpor) append(at int32) {
	t := &d.tree
	d.chronicle.insert(d.races.v)
	for k := range d.races.v {
		p := &d.races.v[k]
		if p.gone {
			continue
		}
		c := t.make(sim.Choice{G: p.g, Alt: p.alt})
		t.nodes[c].acc = append(t.nodes[c].acc, p.acc...)
		t.nodes[c].decide, t.nodes[c].ends = p.decide || p.op.Chooses(), p.ends
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
		if d.weakInitial(s.G, s.Alt, d.accOf(s)) >= 0 {
			return false
		}
	}
	for c := d.tree.first(n.wut); c >= 0; c = d.tree.nodes[c].sibling {
		b := &d.tree.nodes[c]
		if d.weakInitial(b.choice.G, b.choice.Alt, b.acc) >= 0 {
			return false
		}
	}
	p := &r.v[0]
	d.chronicle.insert(r.v[:1])
	c := d.tree.add(d.treeOf(n), sim.Choice{G: p.g, Alt: p.alt}, p.op.Chooses())
	d.tree.nodes[c].race = r.second
	d.tree.nodes[c].acc = append(d.tree.nodes[c].acc, p.acc...)
	return true
}
