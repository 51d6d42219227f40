package search

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// The counter of a WaitGroup matters when it comes to zero while somebody waits, and
// when it goes below. Which Adds come before may be any of several, and that no order
// of events can express: so it is asked for less, which programs that use a WaitGroup
// as it is meant give. It is asked of the order that holds in every execution, that of
// each goroutine's own events and of spawns.
//
//   - Whatever has taken place, the counter is not below zero. Then all Adds commute
//     but for who waits.
//   - An increment that is not held, one before which the counter may be zero, is
//     before the arrival of every Wait, or behind its return. Then the counter stays
//     at zero, once it is there, as long as somebody waits; it does not matter who
//     arrived before that, and Adds commute for those who wait too.
//
// A search takes both to be so of all WaitGroups, learns from its executions when they
// are not, and begins again then. An execution tells whatever the order of its events.

// A groupUse is how the WaitGroups of a program are used, beyond what is expected.
type groupUse struct {
	Low   bool // a counter may go below zero
	Mixed bool // an increment that is not held may come before a Wait or behind it
}

func (u *groupUse) join(o groupUse) { u.Low, u.Mixed = u.Low || o.Low, u.Mixed || o.Mixed }

// refine changes the accesses of a call on a WaitGroup to what is known of that.
func (t *trace) refine(x *sim.Execution, c *object.Call, acc []access) []access {
	use := t.loc.uses
	switch c.Op {
	case object.Add:
		for i := range acc {
			switch a := &acc[i]; {
			case a.arg == 0 || a.mode <= object.Write:
			case a.arg < 0 && use.Low && mutant != "drain":
				a.mode = object.Write // which of two comes too late depends on their order
			case !use.Low && !use.Mixed || mutant == "calm":
				a.mode = object.Calm
			}
		}
	case object.Wait:
		if !use.Mixed || mutant == "arrival" {
			return without(acc, t.loc.base(x.World().At(c.Obj)))
		}
	case object.WaitReturn:
		if use.Mixed && c.Aux != object.Waited {
			return without(acc, t.loc.base(x.World().At(c.Obj)))
		}
	}
	return acc
}

// refines reports whether there is something to refine of a kind of calls.
func refines(op object.Op) bool {
	return op == object.Add || op == object.Wait || op == object.WaitReturn
}

// without leaves the accesses of one location out.
func without(acc []access, loc int32) []access {
	kept := acc[:0]
	for _, a := range acc {
		if a.loc != loc {
			kept = append(kept, a)
		}
	}
	return kept
}

// learnUses takes in how an execution uses its WaitGroups. It reports whether that is
// news.
func (l *locator) learnUses(x *sim.Execution) bool {
	before := l.uses
	for i := range x.World().Objects {
		if x.World().Objects[i].Kind == object.WaitGroup && !(l.uses.Low && l.uses.Mixed) {
			l.uses.join(l.group.use(x, int32(i)))
		}
	}
	return l.uses != before
}

// A groupReader finds out how a WaitGroup is used.
type groupReader struct {
	by    []member
	after []int32 // by spawn, the last one first: lowest of who spawns, behind it
}

// A member is what a goroutine has to do with a WaitGroup.
type member struct {
	lowest  int32 // the least sum of Adds by it and those that it spawns, from here on; at most 0
	counter int32 // the least counter when it has come here, whatever others have done
	raises  int32 // increments that are not held, before here in its order
	waits   int32 // Waits, likewise
}

// use reads the execution backwards, for what may still come, and forwards.
func (r *groupReader) use(x *sim.Execution, wg int32) groupUse {
	r.by, r.after = r.by[:0], r.after[:0]
	for range x.Goroutines() {
		r.by = append(r.by, member{})
	}
	events := x.Events()
	for i := len(events) - 1; i >= 0; i-- {
		e := &events[i]
		m := &r.by[e.G()]
		switch {
		case e.Op() == object.Add && e.Call.Obj == wg:
			m.lowest = min(0, m.lowest+e.Call.Arg)
		case e.Op() == object.Spawn:
			r.after = append(r.after, m.lowest)
			m.lowest += r.by[e.Child].lowest
		}
	}
	roots := int32(0)
	for g := range r.by {
		if isRoot(x, int32(g)) {
			roots += r.by[g].lowest
		}
	}
	for g := range r.by {
		r.by[g].counter = roots - r.by[g].lowest // of others than roots it is told at their spawn
	}
	return groupUse{Low: roots < 0, Mixed: r.isMixed(events, wg)}
}

// isRoot reports whether a goroutine is spawned by none. What a timer or a cancelling
// starts has no place in the order of another one's events.
func isRoot(x *sim.Execution, g int32) bool {
	_, born := x.Parent(g)
	return born < 0 || int(born) < x.Steps() && x.Events()[born].Op() != object.Spawn
}

// isMixed reports whether an increment that is not held is neither before a Wait nor
// behind it.
func (r *groupReader) isMixed(events []sim.Event, wg int32) bool {
	raises, waits, spawns := int32(0), int32(0), len(r.after)
	for i := range events {
		e := &events[i]
		m := &r.by[e.G()]
		switch {
		case e.Op() == object.Spawn:
			spawns--
			child := &r.by[e.Child]
			child.counter, child.raises, child.waits = m.counter+r.after[spawns], m.raises, m.waits
			m.counter += child.lowest
		case e.Call.Obj != wg:
		case e.Op() == object.Wait:
			if m.raises < raises {
				return true
			}
			m.waits++
			waits++
		case e.Op() == object.Add:
			if e.Call.Arg > 0 && m.counter < 1 && mutant != "held" {
				if m.waits < waits {
					return true
				}
				m.raises++
				raises++
			}
			m.counter += e.Call.Arg
		}
	}
	return false
}

// unsettled reports whether an execution shows that a WaitGroup is not used as a search
// of one job has taken it to be; for the jobs of a divided one, hasNews has looked. In
// its first execution it has concluded nothing yet.
func (s *search) unsettled(w walker, x *sim.Execution) bool {
	switch w := w.(type) {
	case *dpor:
		if s.settle != nil || !w.loc.learnUses(x) {
			return false
		}
		if w.trace.run == 1 && len(w.start.Asleep) == 0 {
			w.trace.truncate(0)
			return false
		}
		return true
	case *bounded:
		return w.trace.loc.learnUses(x)
	}
	return false
}
