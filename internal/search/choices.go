package search

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// open deals with a step that has alternatives, of a goroutine that does not
// run in what is left of v, where the alternative that is asleep or planned is
// independent of that. It covers the continuations of v in which it is taken. One in which the
// goroutine takes another alternative, that depends on v, begins with neither:
// open then makes such an alternative the end of v, and reports true. The
// branches below "at", and the sleepers of the node, are those that v is held
// against.
//
// Take a goroutine that can receive from one channel, or use the default
// because another one is full: behind a receive from the other one the first
// alternative is what it was, and the default has become a send.
func (d *dpor) open(x *sim.Execution, a *attempt, v reversal, at, g int32) bool {
	call, nth := d.upcoming(x, a, v.event, g)
	return d.opens(x, a, v, at, call, nth)
}

// opens is open for the call that is the goroutine's nth, or for none.
func (d *dpor) opens(x *sim.Execution, a *attempt, v reversal, at int32, call *object.Call, nth int32) bool {
	r := &d.races
	if call == nil || !call.Op.Chooses() || mutant == "open" || d.keptBack(call.G, nth, v.event) {
		return false
	}
	w := d.after(x, a, v, call)
	if call.Op == object.Fire && !fires(x, w, call) {
		return false
	}
	r.alts = object.Alternatives(w, call, r.alts[:0])
	for _, alt := range r.alts {
		from := len(r.acc)
		d.parts, _ = object.Resolve(w, call, alt, d.parts[:0])
		r.acc = d.loc.append(x.World(), d.parts, r.acc)
		acc := r.acc[from:]
		if d.explored(sim.Choice{G: call.G, Alt: alt}, acc, v, at) {
			continue
		}
		r.push(call.G, alt, call.Op, acc)
		return true
	}
	return false
}

// upcoming is the call that a goroutine has announced behind v, in which event i
// does not take place, and its number among those of the goroutine.
func (d *dpor) upcoming(x *sim.Execution, a *attempt, i, g int32) (*object.Call, int32) {
	t := d.trace
	nth := d.count(g, i) + 1
	for _, e := range t.own[g][nth-1:] {
		if e == i || e == a.at || t.before(i, e) || isDisplaced(d.races.displaced, e) {
			return &x.Events()[e].Call, nth
		}
		nth++
	}
	if !x.Pends(g) {
		return nil, nth
	}
	return x.Pending(g), nth
}

// after returns the world in which a call finds itself behind v.
func (d *dpor) after(x *sim.Execution, a *attempt, v reversal, c *object.Call) *object.World {
	r := &d.races
	end := int32(len(d.trace.events))
	r.over.without = r.displaced
	r.over.at(d.trace, c, v.event, end)
	w := r.over.at(d.trace, a.call, v.event, end)
	r.over.without = nil
	d.parts, _ = object.Resolve(w, a.call, v.alt, d.parts[:0])
	for _, p := range d.parts {
		if p.Effect == object.TimerArm && c.Op == object.Fire && a.call.Op == object.Arm {
			p.Arg = r.over.moment(r.over.deadline(d.trace, a, p.Arg))
		}
		if p.Effect != object.Nothing {
			object.Apply(w.At(p.Obj), p)
		}
	}
	return w
}

// explored reports whether a choice commutes with what is left of v, and is
// explored where that begins.
func (d *dpor) explored(c sim.Choice, acc []access, v reversal, at int32) bool {
	asleep := d.asleep(&d.nodes[v.event], c)
	for k := range d.races.v {
		p := &d.races.v[k]
		if !dependent(acc, d.stepAccesses(p)) {
			continue
		}
		if !p.gone {
			return false
		}
		asleep = false // it wakes on the way to this branch
	}
	return asleep || d.tree.has(at, c)
}

// mayChange reports whether a call of which an alternative is asleep, and independent
// of v, has others that something outside v may bring about or take away: the step of the
// race that does not come first any more, or what depends on it. Then the goroutine may
// go on otherwise behind v than it did where it slept.
func (d *dpor) mayChange(call *object.Call, a *attempt, v reversal, s *sleeper) bool {
	if call == nil || !call.Op.Chooses() {
		return false
	}
	t := d.trace
	own := d.accOf(s)
	in := d.races.events // in order
	for k := v.event; k < int32(len(t.events)); k++ {
		if len(in) > 0 && in[0].event == k {
			in = in[1:]
			continue
		}
		if e := &t.events[k]; k != a.at && e.g != s.G && e.reach.meets(s.reach) && dependent(own, t.accesses(k)) {
			return true
		}
	}
	return false
}
