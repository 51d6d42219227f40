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
	if all := (groupUse{true, true}); before == all || !l.group.number(x) {
		return false
	}
	l.uses.join(l.group.use(x))
	return l.uses != before
}

// A GroupReader finds out how the WaitGroups of an execution are used, all at once, in
// O(events, and spawns times WaitGroups). The zero value is ready.
type GroupReader struct {
	place []int32  // by object: its number among WaitGroups, or -1
	all   []total  // by number
	by    []member // by goroutine, and by number
	after []int32  // by spawn, the last one first, and by number: lowest of who spawns, behind it
}

// A total is what all goroutines together have to do with a WaitGroup.
type total struct {
	lowest int32 // of those whom nobody spawns
	raises int32 // so far, as of a member
	waits  int32
}

// A member is what a goroutine has to do with a WaitGroup.
type member struct {
	lowest  int32 // the least sum of Adds by it and those that it spawns, from here on; at most 0
	counter int32 // the least counter when it has come here, whatever others have done
	raises  int32 // increments that are not held, before here in its order
	waits   int32 // Waits, likewise
}

// number gives WaitGroups their numbers. It reports whether there are any.
func (r *GroupReader) number(x *sim.Execution) bool {
	r.place, r.all = r.place[:0], r.all[:0]
	for i := range x.World().Objects {
		at := int32(-1)
		if x.World().Objects[i].Kind == object.WaitGroup {
			at = int32(len(r.all))
			r.all = append(r.all, total{})
		}
		r.place = append(r.place, at)
	}
	return len(r.all) > 0
}

// member is what goroutine g has to do with all WaitGroups.
func (r *GroupReader) member(g int32) []member {
	return r.by[int(g)*len(r.all) : int(g+1)*len(r.all)]
}

// of is the number of the WaitGroup that an event is about.
func (r *GroupReader) of(e *sim.Event) int32 { return r.place[e.Call.Obj] }

// Mixed reports whether an increment may come before a Wait or behind it, where the
// counter may be zero before it: by the order of each goroutine's own events and of
// spawns. If not, nothing else can make it so.
func (r *GroupReader) Mixed(x *sim.Execution) bool { return r.number(x) && r.use(x).Mixed }

// use reads the execution backwards, for what may still come, and forwards.
func (r *GroupReader) use(x *sim.Execution) (use groupUse) {
	r.by, r.after = r.by[:0], r.after[:0]
	for range x.Goroutines() * len(r.all) {
		r.by = append(r.by, member{})
	}
	events := x.Events()
	for i := len(events) - 1; i >= 0; i-- {
		e := &events[i]
		m := r.member(e.G())
		switch e.Op() {
		case object.Add:
			at := &m[r.of(e)]
			at.lowest = min(0, at.lowest+e.Call.Arg)
		case object.Spawn:
			for k, child := range r.member(e.Child) {
				r.after = append(r.after, m[k].lowest)
				m[k].lowest += child.lowest
			}
		}
	}
	for g := range int32(x.Goroutines()) {
		for k, m := range r.member(g) {
			if isRoot(x, g) {
				r.all[k].lowest += m.lowest
			}
		}
	}
	for g := range int32(x.Goroutines()) {
		for k := range r.all {
			m := &r.member(g)[k]
			m.counter = r.all[k].lowest - m.lowest // others than roots are told at their spawn
			use.Low = use.Low || r.all[k].lowest < 0
		}
	}
	use.Mixed = r.isMixed(events)
	return use
}

// isRoot reports whether a goroutine is spawned by none. What a timer or a cancelling
// starts has no place in the order of another one's events.
func isRoot(x *sim.Execution, g int32) bool {
	_, born := x.Parent(g)
	return born < 0 || int(born) < x.Steps() && x.Events()[born].Op() != object.Spawn
}

// isMixed reports whether an increment that is not held is neither before a Wait nor
// behind it.
func (r *GroupReader) isMixed(events []sim.Event) bool {
	spawns := len(r.after)
	for i := range events {
		e := &events[i]
		m := r.member(e.G())
		switch e.Op() {
		case object.Spawn:
			spawns -= len(r.all)
			for k := range r.all {
				child := &r.member(e.Child)[k]
				child.counter, child.raises, child.waits = m[k].counter+r.after[spawns+k], m[k].raises, m[k].waits
				m[k].counter += child.lowest
			}
		case object.Wait:
			m, all := &m[r.of(e)], &r.all[r.of(e)]
			if m.raises < all.raises {
				return true
			}
			m.waits++
			all.waits++
		case object.Add:
			m, all := &m[r.of(e)], &r.all[r.of(e)]
			if e.Call.Arg > 0 && m.counter < 1 && mutant != "held" {
				if m.waits < all.waits {
					return true
				}
				m.raises++
				all.raises++
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
