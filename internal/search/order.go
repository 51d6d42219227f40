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
	list     []gate
	known    int       // goroutines that were looked at
	resolved int       // first and second ones that are among those
	last     []int32   // by goroutine: the last of its events that is in an order
	of       [][]int32 // by goroutine: the orders that its events are in
}

func (s *gates) add(l *locator, o order) {
	s.list = append(s.list, gate{order: o, first: -1, second: -1, loc: l.next})
	l.next++
	s.known, s.resolved = 0, 0
	for g := range s.of {
		s.of[g] = s.of[g][:0]
	}
}

// resolve learns the numbers of goroutines.
func (s *gates) resolve(x *sim.Execution) {
	for ; s.known < x.Goroutines(); s.known++ {
		path := x.Path(int32(s.known))
		if s.known == len(s.last) {
			s.last, s.of = append(s.last, 0), append(s.of, nil)
		}
		for i := range s.list {
			k := &s.list[i]
			if k.First.Path == path {
				k.first = int32(s.known)
				s.resolved++
				s.last[s.known] = max(s.last[s.known], k.First.Nth)
				s.of[s.known] = append(s.of[s.known], int32(i))
			}
			if k.Second.Path == path {
				k.second = int32(s.known)
				s.resolved++
				s.last[s.known] = max(s.last[s.known], k.Second.Nth)
				s.of[s.known] = append(s.of[s.known], int32(i))
			}
		}
	}
}

// areResolved reports whether the goroutines of all orders are known.
func (s *gates) areResolved() bool { return s.resolved == 2*len(s.list) }

// concern reports whether an order may mention the nth event of goroutine g.
func (s *gates) concern(g, nth int32) bool { return int(g) < len(s.last) && nth <= s.last[g] }

// append adds the accesses that the nth event of a goroutine makes because of
// orders.
func (s *gates) append(g, nth int32, acc []access) []access {
	if !s.concern(g, nth) {
		return acc
	}
	for _, i := range s.of[g] {
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
	if !s.concern(g, int32(len(d.trace.own[g]))+1) {
		return false
	}
	for _, i := range s.of[g] {
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
	if !s.concern(g, nth) || mutant == "kept back" {
		return false
	}
	for _, k := range s.of[g] {
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
		if !k.Strict || mutant == "elsewhere" {
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
	for _, a := range d.trace.accesses(i) {
		for _, b := range d.trace.accesses(j) {
			if a.loc == b.loc && object.Conflict(a.mode, b.mode) && !d.isGate(a.loc) {
				return true
			}
		}
	}
	if d.plain == nil {
		d.plain = newTrace(d.loc)
	}
	d.plain.truncate(0)
	d.plain.bound = true
	d.plain.follow(x, x.Steps())
	return d.plain.before(i, j)
}

func (d *dpor) isGate(loc int32) bool {
	return slices.ContainsFunc(d.trace.gates.list, func(k gate) bool { return k.loc == loc })
}
