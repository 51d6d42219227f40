package search

import (
	"github.com/interleave-go/interleave/sim"
)

// unite puts right what was noted of an execution in which an object had an
// identity of its own, until it turned out to be one that is known: no other
// execution knows the new one. It reports false when that is not enough, since
// steps that looked independent may have kept something asleep.
func (d *dpor) unite(x *sim.Execution) bool {
	if x.Outcome == sim.Diverged {
		return false
	}
	d.trace.follow(x, x.Steps())
	d.passStraight(x.Steps())
	d.sleepUntil(x.Steps())
	for _, u := range x.United {
		if d.sleepsAfter(x, u.Object) {
			return false
		}
	}
	d.trace.truncate(0)
	for _, u := range x.United {
		o := &x.World().Objects[u.Object]
		from, to, changed := d.loc.unite(u.From, u.To, o.Locations())
		if !changed {
			continue
		}
		for i := range d.tree.nodes {
			acc := d.tree.accesses(int32(i))
			for k := range acc {
				if loc := acc[k].loc - from; loc >= 0 && loc < o.Locations() {
					acc[k].loc = to + loc
				}
			}
			d.tree.nodes[i].reach = footprint{}
			d.tree.nodes[i].reach.add(acc)
		}
	}
	return true
}

// sleepsAfter reports whether something sleeps at a node after the first event
// that accesses an object.
func (d *dpor) sleepsAfter(x *sim.Execution, obj int32) bool {
	first := -1
	for i := 0; i < x.Steps() && first < 0; i++ {
		for _, p := range x.Parts(&x.Events()[i]) {
			if p.Obj == obj {
				first = i
			}
		}
	}
	if first < 0 {
		return false
	}
	for _, n := range d.nodes[min(first+1, len(d.nodes)):] {
		if n.sleepTo > n.sleep {
			return true
		}
	}
	return x.Outcome == sim.Pruned
}

// unite makes an identity share the locations of another one. It returns where
// those of the two began, and whether any were given to the first.
func (l *locator) unite(from, to, size int32) (old, now int32, changed bool) {
	if int(from) >= len(l.objects) || l.objects[from] < 0 {
		return 0, 0, false
	}
	old = l.objects[from]
	for int(to) >= len(l.objects) {
		l.objects = append(l.objects, -1)
	}
	if l.objects[to] < 0 {
		l.objects[to] = old // it has no locations yet: let it take these
		return old, old, false
	}
	l.objects[from] = l.objects[to]
	return old, l.objects[to], true
}
