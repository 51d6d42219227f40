package search

import (
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A deed is an event as all executions know it: the Nth of a goroutine, from 1.
type deed struct {
	Path string
	Nth  int32
}

// An order is what a part of a divided search has in common. Any two deeds part
// the traces: into those in which the one happens before the other, or takes place
// without it, and all the rest. The rest, where the two are in the other order, or
// in none, is explored by keeping First before Second; the first part by an order
// that is Strict, which leaves out what belongs to the rest.
//
// Either part is explored as if Second had to wait for First. Such a wait is a
// dependency between them: what the reduction knows of a program with locks it
// knows of the part too, so that no part repeats what is in the other.
type order struct {
	First, Second deed
	Strict        bool
}

// A gate is an order in the terms of one runner.
type gate struct {
	order
	first, second int32 // the goroutines, or -1 while they are not known
	loc           int32 // a location that both deeds write
}

// gates are the orders of a job.
type gates struct {
	list  []gate
	known int // goroutines that were looked at
}

func (s *gates) add(l *locator, o order) {
	s.list = append(s.list, gate{order: o, first: -1, second: -1, loc: l.next})
	l.next++
	s.known = 0
}

// resolve learns the numbers of goroutines.
func (s *gates) resolve(x *sim.Execution) {
	if len(s.list) == 0 {
		return
	}
	for ; s.known < x.Goroutines(); s.known++ {
		path := x.Path(int32(s.known))
		for i := range s.list {
			k := &s.list[i]
			if k.First.Path == path {
				k.first = int32(s.known)
			}
			if k.Second.Path == path {
				k.second = int32(s.known)
			}
		}
	}
}

// append adds the accesses that the nth event of a goroutine makes because of
// orders.
func (s *gates) append(g, nth int32, acc []access) []access {
	for i := range s.list {
		k := &s.list[i]
		if k.first == g && k.First.Nth == nth || k.second == g && k.Second.Nth == nth {
			acc = append(acc, access{loc: k.loc, mode: object.Write})
		}
	}
	return acc
}

// waits reports whether an order keeps a goroutine from its next step, in the
// state after all events of the trace.
func (d *dpor) waits(g int32) bool {
	s := &d.trace.gates
	for i := range s.list {
		k := &s.list[i]
		if k.second == g && int(k.Second.Nth) == len(d.trace.own[g])+1 && d.trace.nth(k.first, k.First.Nth) < 0 {
			return true
		}
	}
	return false
}

// isStuck reports whether orders keep back all that could come.
func (d *dpor) isStuck(x *sim.Execution) bool {
	if len(d.trace.gates.list) == 0 {
		return false
	}
	for g := x.Enabled().After(-1); g >= 0; g = x.Enabled().After(g) {
		if !d.waits(g) {
			return false
		}
	}
	return x.Enabled().Len() > 0
}

// keptBack reports whether the nth event of goroutine g has to wait where event i
// has not taken place, nor anything that depends on it.
func (d *dpor) keptBack(g, nth, i int32) bool {
	s := &d.trace.gates
	for k := range s.list {
		o := &s.list[k]
		if o.second != g || o.Second.Nth != nth {
			continue
		}
		first := d.trace.nth(o.first, o.First.Nth)
		if first < 0 || first == i || first > i && d.trace.before(i, first) {
			return true
		}
	}
	return false
}

// nth is the place of the nth event of goroutine g, or -1.
func (t *trace) nth(g, n int32) int32 {
	if g < 0 || int(n) > len(t.own[g]) {
		return -1
	}
	return t.own[g][n-1]
}

// isElsewhere reports whether an execution belongs to the other part of a strict
// order.
func (d *dpor) isElsewhere(x *sim.Execution) bool {
	t := d.trace
	for i := range t.gates.list {
		k := &t.gates.list[i]
		if !k.Strict {
			continue
		}
		first, second := t.nth(k.first, k.First.Nth), t.nth(k.second, k.Second.Nth)
		if first < 0 || second >= 0 && !d.ordered(x, first, second) {
			return true
		}
	}
	return false
}

// ordered reports whether event i happens before event j for a reason other than
// the orders of the job.
func (d *dpor) ordered(x *sim.Execution, i, j int32) bool {
	if dependent(d.ungated(i), d.ungated(j)) {
		return true
	}
	if d.plain == nil {
		d.plain = newTrace(d.loc)
	}
	d.plain.truncate(0)
	d.plain.bound = true
	d.plain.follow(x, x.Steps())
	return d.plain.before(i, j)
}

// ungated are the accesses of event i but for those to gates.
func (d *dpor) ungated(i int32) []access {
	return slices.DeleteFunc(slices.Clone(d.trace.accesses(i)), func(a access) bool {
		return slices.ContainsFunc(d.trace.gates.list, func(k gate) bool { return k.loc == a.loc })
	})
}

// A second is the second step of a race: the nth event of goroutine g.
type second struct{ g, nth int32 }

// split gives away the traces in which the second step of a planned reversal comes
// first, for every reversal planned at the shallowest node that has one and to
// which all executions so far have come by the same events, and that they all left
// by the same step. So what this job has explored is in the other part, with which
// it goes on.
func (d *dpor) split(x *sim.Execution, execute func(sim.Options) *sim.Execution) []root {
	if d.mode == modeSleep {
		return d.divide(execute)
	}
	var roots []root
	for k := int32(0); k < d.common() && len(roots) == 0; k++ {
		if d.tree.first(d.nodes[k].wut) < 0 || d.trace.events[k].op.Chooses() || d.nodes[k].crowded {
			continue
		}
		e := &d.trace.events[k]
		mine := deed{x.Path(e.g), e.index}
		for _, r := range d.planned(k) {
			theirs := deed{x.Path(r.g), r.nth}
			if r.nth <= d.count(r.g, k) || d.has(mine, theirs) || !d.separable(e.g, e.index, r) {
				continue
			}
			roots = append(roots, root{Orders: append(d.orders(), order{First: theirs, Second: mine, Strict: true})})
			d.trace.gates.add(d.loc, order{First: mine, Second: theirs})
			d.trace.gates.resolve(x)
		}
	}
	if len(roots) > 0 {
		d.prune()
		d.trace.truncate(0)
		d.trace.follow(x, x.Steps())
		d.kept = 0
	}
	return roots
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

func (d *dpor) has(first, second deed) bool {
	return slices.ContainsFunc(d.trace.gates.list, func(k gate) bool { return k.First == first && k.Second == second })
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

// reaches reports whether the last of some steps depends on the first one.
func (d *dpor) reaches(steps []int32) bool {
	after := steps[:1:1]
	for i, s := range steps[1:] {
		n := &d.tree.nodes[s]
		depends := slices.ContainsFunc(after, func(a int32) bool {
			m := &d.tree.nodes[a]
			return m.choice.G == n.choice.G || dependent(m.acc, n.acc)
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
			v := d.races.v[:0]
			for _, s := range steps {
				m := &d.tree.nodes[s]
				v = append(v, planned{event: -1, g: m.choice.G, alt: m.choice.Alt, acc: slices.Clone(m.acc), decide: m.decide})
			}
			d.races.v, d.races.second = v, d.tree.nodes[steps[len(steps)-1]].race
			d.insert(n.wut, func(at, g int32) bool { return false })
			return true
		})
	}
}

// spareMax bounds the sequences that a node keeps in reserve.
const spareMax = 64

// keep puts a sequence in reserve that is not planned at a node because a branch
// there covers it: it may be needed when that branch is given away.
func (d *dpor) keep(n *node) {
	if n.crowded {
		return
	}
	for k := range d.races.v {
		d.races.v[k].gone = false
	}
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
	case leaves == spareMax:
		n.crowded = true
		d.tree.free(n.spare)
		n.spare = -1
	default:
		d.append(n.spare)
	}
}

// contained reports whether steps can be taken first in v, as they are.
func (d *dpor) contained(steps []int32) bool {
	gone := 0
	for _, s := range steps {
		m := &d.tree.nodes[s]
		k := d.weakInitial(m.choice.G, m.choice.Alt, m.acc)
		if k < 0 {
			break
		}
		d.races.v[k].gone = true
		gone++
	}
	for k := range d.races.v {
		d.races.v[k].gone = false
	}
	return gone == len(steps)
}
