package search

import (
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A step that has alternatives reads whatever they depend on. So where one of them is
// independent of v, the goroutine has the same ones before v and behind it: all that
// is different there is what others of them, which depend on v, do. The alternatives
// are planned where the goroutine first runs (rule R4), and the races of each with
// steps of v tell of the executions in which it comes behind them: extend is their
// part in that. A step that is asleep or planned, and independent of v, covers v for
// all other races, as it does where nobody chooses.
//
// An alternative is a sequence of one step, to be planned unless it is covered. But two
// that choose must not leave an execution to each other. Say that a step of p is planned
// at a node and a sequence independent of it is not, since it will be found below that
// step, beginning with an alternative that p has there. Then that alternative must not
// be left to something asleep: see isLeft. That no trace is lost otherwise is known from
// random programs, not proved.

// siblings plans the other alternatives of a goroutine that runs at a node for the
// first time, unless they are covered (rule R4); for source sets, where one of them is
// asleep, all else that is possible too.
func (d *dpor) siblings(x *sim.Execution, n *node, c sim.Choice) {
	if d.mode == modeSleep || !x.Pending(c.G).Op.Chooses() || mutant == "R4" {
		return
	}
	d.alternativesOf(x, n, c.G, c)
	if d.mode == modeSource && d.isHalfAsleep(n, c) {
		for g := x.Enabled().After(-1); g >= 0; g = x.Enabled().After(g) {
			if g != c.G && !d.waits(g) {
				d.alternativesOf(x, n, g, c)
			}
		}
	}
}

// alternativesOf plans all that goroutine g can do at a node, but for the step that is
// taken there.
func (d *dpor) alternativesOf(x *sim.Execution, n *node, g int32, taken sim.Choice) {
	chooses := x.Pending(g).Op.Chooses()
	d.alts = d.alternatives(x, g)
	for _, alt := range d.alts {
		s := sim.Choice{G: g, Alt: alt}
		if s == taken || d.asleep(n, s) {
			continue
		}
		d.parts = x.Preview(s.G, s.Alt, d.parts[:0])
		d.picked = d.loc.append(x.World(), d.parts, d.picked[:0])
		if call := x.Pending(g); refines(call.Op) {
			d.picked = d.trace.refine(x, call, d.picked)
		}
		d.picked = d.trace.gates.append(s.G, int32(len(d.trace.own[s.G]))+1, d.picked)
		if at, covered := d.placeOf(x, n, s, d.picked); !covered {
			if at < 0 {
				at = d.treeOf(n)
			}
			d.chronicle.alternative(x, s)
			d.tree.access(d.tree.add(at, s, chooses), d.picked)
		}
	}
}

// isHalfAsleep reports whether another alternative of a step's goroutine is asleep.
// Of the races of that one, source sets have planned first steps only. What comes
// behind those is found where the goroutine does not run before it wakes, as
// others do not.
func (d *dpor) isHalfAsleep(n *node, c sim.Choice) bool {
	return slices.ContainsFunc(d.sleepers[n.sleep:n.sleepTo], func(s sleeper) bool { return s.G == c.G && s.Alt != c.Alt })
}

// placeOf is where in the wakeup tree of the present node an alternative with these
// accesses is to be planned, unless it is covered: by a sleeper, as isLeft says, or by a
// branch that is it or, but for source sets, is independent of it. Where a branch may be
// given to another job, nothing is left to sleepers, and what a branch covers is kept.
func (d *dpor) placeOf(x *sim.Execution, n *node, c sim.Choice, acc []access) (at int32, covered bool) {
	reserves := d.reserves(int32(x.Steps()))
	if d.mode == modeOptimal && !reserves && d.isLeft(x, n, c.G, acc) {
		return -1, true
	}
	t := &d.tree
	for at = n.wut; ; {
		next := t.first(at)
		for next >= 0 && t.nodes[next].choice != c && (d.mode != modeOptimal || t.nodes[next].choice.G == c.G ||
			dependent(t.accesses(next), acc)) {
			next = t.nodes[next].sibling
		}
		if next < 0 {
			return at, false
		}
		if t.nodes[next].choice == c {
			break
		}
		if t.nodes[next].relied = true; t.first(next) < 0 {
			break
		}
		at = next
	}
	if reserves {
		d.races.begin(int32(x.Steps()))
		d.races.push(c.G, c.Alt, x.Pending(c.G).Op, acc)
		d.races.second = second{}
		d.keep(n)
	}
	return -1, true
}

// isLeft reports whether an alternative of goroutine g with these accesses can be left to
// the races of what has been explored: all that another goroutine can do at the node is
// asleep and independent of it.
//
// It cannot where nothing was planned, which tree.pending says while the scheduler is
// asked: what sleeps there waits for the first step of a race (see prolong), and what
// has been explored of it left to the branch that led here what begins as that does. Nor
// can it where something that is independent of the planned step was not planned beside
// that.
func (d *dpor) isLeft(x *sim.Execution, n *node, g int32, acc []access) bool {
	if p := d.tree.pending; p < 0 || d.tree.nodes[p].relied {
		return false
	}
	for k := n.sleep; k < n.sleepTo; k++ {
		if s := &d.sleepers[k]; s.G != g && !dependent(d.accOf(s), acc) && d.commutes(x, n, s.G, acc) {
			return true
		}
	}
	return false
}

// commutes reports whether all that goroutine g can do at a node is asleep and
// independent of these accesses.
func (d *dpor) commutes(x *sim.Execution, n *node, g int32, acc []access) bool {
	if !x.Pending(g).Op.Chooses() {
		return true
	}
	d.races.alts = x.Alternatives(g, d.races.alts[:0])
	awake := len(d.races.alts)
	for k := n.sleep; k < n.sleepTo; k++ {
		if s := &d.sleepers[k]; s.G == g && !dependent(d.accOf(s), acc) {
			awake--
		}
	}
	return awake == 0
}

// extend makes the first step of the race the end of v, if it has alternatives and can
// come there: for one that is asleep or planned and independent of v does not cover
// that.
//
// Take a goroutine that can receive from one channel, or use the default
// because another one is full: behind a receive from the other one the first
// alternative is what it was, and the default has become a send.
func (d *dpor) extend(x *sim.Execution, a *attempt, v reversal) bool {
	r := &d.races
	e := &d.trace.events[v.event]
	call := &x.Events()[v.event].Call
	if !call.Op.Chooses() || mutant == "open" {
		return false
	}
	w := d.after(x, a, v, call)
	if call.Op == object.Fire && !fires(x, w, call) {
		return false
	}
	if r.alts = object.Alternatives(w, call, r.alts[:0]); !slices.Contains(r.alts, e.alt) {
		return false
	}
	from := len(r.acc)
	d.parts, _ = object.Resolve(w, call, e.alt, d.parts[:0])
	r.acc = d.loc.append(x.World(), d.parts, r.acc)
	r.acc = d.trace.gates.append(e.g, e.index, r.acc)
	r.push(e.g, e.alt, call.Op, r.acc[from:])
	return true
}

// after returns the world in which a call finds itself behind v.
func (d *dpor) after(x *sim.Execution, a *attempt, v reversal, c *object.Call) *object.World {
	r := &d.races
	end := int32(len(d.trace.events))
	r.over.without = r.displaced
	r.over.at(d.trace, c, v.event, end)
	w := r.over.at(d.trace, a.call, v.event, end)
	d.parts, _ = object.Resolve(w, a.call, v.alt, d.parts[:0])
	for _, p := range d.parts {
		r.over.put(d.trace, p.Obj, v.event, end) // whom the call wakes, say, it does not name
	}
	r.over.without = nil
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
