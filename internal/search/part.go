package search

import (
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A second is the second step of a race: the nth event of goroutine g.
type second struct{ g, nth int32 }

// ordersAtOnce is how many orders a split makes.
const ordersAtOnce = 4

// split gives away the traces in which the second step of a planned reversal comes
// first, for some of the reversals planned at nodes to which all executions so far
// have come by the same events, and that they all left by the same step. So what
// this job has explored is in the other part, with which it goes on.
func (d *dpor) split(x *sim.Execution, execute func(sim.Options) *sim.Execution) []root {
	if d.mode == modeSleep {
		return d.divide(execute)
	}
	var roots []root
	for len(roots) < ordersAtOnce {
		o, ok := d.separation(x)
		if !ok {
			break
		}
		given := order{First: o.Second, Second: o.First, Strict: true}
		roots = append(roots, root{Orders: append(d.orders(), given), Level: d.level + min(d.level, 1)})
		d.trace.gates.add(d.loc, o)
		d.trace.gates.resolve(x)
		d.prune()
	}
	if len(roots) > 0 {
		d.trace.truncate(0)
		d.trace.follow(x, x.Steps())
		d.kept = 0
	}
	return roots
}

// separation is an order that what has been explored keeps to, and that divides
// what is left. Its deeds have taken place in all executions so far: if they did
// not always, few executions might be left for the other part.
func (d *dpor) separation(x *sim.Execution) (order, bool) {
	for k := range d.common() {
		e := &d.trace.events[k]
		if d.tree.first(d.nodes[k].wut) < 0 || e.op.Chooses() || d.nodes[k].crowded || e.index > d.least[e.g] {
			continue
		}
		for _, r := range d.planned(k) {
			if r.nth <= d.least[r.g] && r.nth > d.count(r.g, k) && d.separable(e.g, e.index, r) {
				return order{First: deed{x.Path(e.g), e.index}, Second: deed{x.Path(r.g), r.nth}}, true
			}
		}
	}
	return order{}, false
}

// indivisible reports whether this is the first job, much is left of it, and it
// is too late to divide it.
func (d *dpor) indivisible() bool {
	return d.mode != modeSleep && d.level == 0 && len(d.start.Orders) == 0 &&
		slices.ContainsFunc(d.nodes, func(n node) bool { return d.tree.first(n.wut) >= 0 })
}

// atLeast notes how many events each goroutine has had in every execution, those
// apart that have no place in the trace: see lastNeeded.
func (d *dpor) atLeast() {
	if !d.keeps {
		return
	}
	for g := range d.trace.own {
		n := int32(len(d.trace.own[g]))
		if g == len(d.least) {
			d.least = append(d.least, n)
		}
		d.least[g] = min(d.least[g], n)
	}
}

// common is how many of the present nodes all executions so far have left by the
// same step.
func (d *dpor) common() int32 { return min(d.low, int32(len(d.nodes))) }

func (d *dpor) orders() []order {
	var list []order
	for i := range d.trace.gates.list {
		list = append(list, d.trace.gates.list[i].order)
	}
	return list
}

// count is how many events goroutine g has before event k.
func (d *dpor) count(g, k int32) int32 {
	n, _ := slices.BinarySearch(d.trace.own[g], k)
	return int32(n)
}

// planned are the races that are reversed at a node, each once.
func (d *dpor) planned(k int32) []second {
	var list []second
	d.eachLeaf(d.nodes[k].wut, func(steps []int32) bool {
		if r := d.tree.nodes[steps[len(steps)-1]].race; r.nth > 0 && !slices.Contains(list, r) {
			list = append(list, r)
		}
		return true
	})
	return list
}

// separable reports whether every planned sequence in which r comes before the nth
// event of goroutine g reverses a race that depends on r: others are needed in
// both parts.
func (d *dpor) separable(g, nth int32, r second) bool {
	o := gate{first: g, second: r.g, order: order{First: deed{Nth: nth}, Second: deed{Nth: r.nth}}}
	good := true
	for k := range d.common() {
		test := func(steps []int32) bool {
			if at := d.violation(k, steps, &o); at >= 0 && (d.nodes[k].crowded || !d.reaches(steps[at:])) {
				good = false
			}
			return true
		}
		d.eachLeaf(d.nodes[k].wut, test)
		d.eachLeaf(d.nodes[k].spare, test)
	}
	return good
}

// violation is the place of the step of a sequence, planned at node k, that an
// order does not let take place, or -1.
func (d *dpor) violation(k int32, steps []int32, o *gate) int {
	if o.second < 0 {
		return -1
	}
	first, second := int32(0), d.count(o.second, k)
	if o.first >= 0 {
		first = d.count(o.first, k)
	}
	for i, s := range steps {
		switch d.tree.nodes[s].choice.G {
		case o.second:
			if second++; second == o.Second.Nth && first < o.First.Nth {
				return i
			}
		case o.first:
			first++
		}
	}
	return -1
}

// reaches reports whether the last of some steps depends on the first one. Where they
// end with the race's first step, the one before is meant: see extend.
func (d *dpor) reaches(steps []int32) bool {
	race := d.tree.nodes[steps[len(steps)-1]].race
	for race.nth > 0 && len(steps) > 0 && d.tree.nodes[steps[len(steps)-1]].choice.G != race.g {
		steps = steps[:len(steps)-1]
	}
	if len(steps) == 0 {
		return false
	}
	after := steps[:1:1]
	for i, s := range steps[1:] {
		n := &d.tree.nodes[s]
		depends := slices.ContainsFunc(after, func(a int32) bool {
			m := &d.tree.nodes[a]
			return m.choice.G == n.choice.G || dependent(d.tree.accesses(a), d.tree.accesses(s))
		})
		switch {
		case depends:
			after = append(after, s)
		case i == len(steps)-2:
			return false
		}
	}
	return true
}

// eachLeaf calls f with every sequence of a tree. One for which it returns false
// is dropped.
func (d *dpor) eachLeaf(tree int32, f func(steps []int32) bool) {
	var steps []int32
	var walk func(i int32) bool
	walk = func(i int32) bool {
		keep := false
		for c := d.tree.first(i); c >= 0; {
			next := d.tree.nodes[c].sibling
			steps = append(steps, c)
			kept := false
			if d.tree.first(c) < 0 {
				kept = f(steps)
			} else {
				kept = walk(c)
			}
			steps = steps[:len(steps)-1]
			if !kept {
				d.tree.remove(i, c)
			}
			keep = keep || kept
			c = next
		}
		return keep
	}
	if tree >= 0 {
		walk(tree)
	}
}

// prune drops the planned sequences that orders do not let take place, and plans
// what was left out because of them.
func (d *dpor) prune() {
	for k := range d.common() {
		n := &d.nodes[k]
		possible := func(steps []int32) bool {
			return !slices.ContainsFunc(d.trace.gates.list, func(o gate) bool { return d.violation(k, steps, &o) >= 0 })
		}
		d.eachLeaf(n.wut, possible)
		d.eachLeaf(n.spare, possible)
		d.eachLeaf(n.spare, func(steps []int32) bool {
			d.races.begin(k)
			for _, s := range steps {
				m := &d.tree.nodes[s]
				p := d.races.push(m.choice.G, m.choice.Alt, object.Start, d.tree.accesses(s))
				p.decide, p.ends, p.nth = m.decide, m.ends, m.nth
			}
			d.races.second = d.tree.nodes[steps[len(steps)-1]].race
			d.insert(n, nil)
			return true
		})
	}
}

// spareMax bounds the sequences that a node keeps in reserve.
const spareMax = 64

// reserves reports whether sequences that are not planned at node i because a branch
// there covers them are kept: see keep.
func (d *dpor) reserves(i int32) bool {
	return d.keeps && i < d.common() && !d.nodes[i].crowded && mutant != "spare"
}

// keep puts a sequence in reserve that is not planned at a node because a branch
// there covers it: it may be needed when that branch is given away.
func (d *dpor) keep(n *node) {
	d.races.restore()
	if n.spare < 0 {
		n.spare = d.tree.make(sim.Choice{})
	}
	leaves, known := 0, false
	d.eachLeaf(n.spare, func(steps []int32) bool {
		leaves++
		known = known || len(steps) == len(d.races.v) && d.tree.nodes[steps[len(steps)-1]].race == d.races.second && d.contained(steps)
		return true
	})
	switch {
	case known:
	case leaves == spareMax || slices.ContainsFunc(d.races.v, waitsForAll):
		n.crowded = true
		d.tree.free(n.spare)
		n.spare = -1
	default:
		d.append(n.spare)
	}
}

// waitsForAll reports whether a step may be possible only because nothing else is,
// which its accesses do not tell.
func waitsForAll(p planned) bool { return p.op == object.Yield || p.op == object.Fire }

// contained reports whether steps can be taken first in v, as they are.
func (d *dpor) contained(steps []int32) bool {
	gone := 0
	for _, s := range steps {
		m := &d.tree.nodes[s]
		k := d.weakInitial(m.choice.G, m.choice.Alt, d.tree.accesses(s), m.reach)
		if k < 0 {
			break
		}
		d.races.leave(k, m.ends)
		gone++
	}
	d.races.restore()
	return gone == len(steps)
}
