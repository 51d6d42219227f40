package search

import (
	"math"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// Two Adds of opposite sign to a WaitGroup commute if its counter stays above 0 in
// either order. Whether it does may depend on which other Adds come before, any of
// which will do, and that no order of events can express: so it is asked for more.
// An Add is calm if the increments that its goroutine and those that spawned it
// have made before are more than all that is ever taken away in an execution.
// Wherever it comes, the counter is above 0 without any one of the decrements, and
// it commutes with all Adds. That depends on nothing that other goroutines do, so
// an Add is calm in all executions or in none. How much is taken away is learnt
// from the executions: see learnDrains.

// calm marks the calm ones among the accesses of an Add that comes after event
// prev: its goroutine's last one, or its spawn, or -1.
func (t *trace) calm(x *sim.Execution, prev int32, acc []access) {
	for i := range acc {
		a := &acc[i]
		if a.arg != 0 && a.mode > object.Write &&
			(mutant == "calm" || t.loc.drains > 0 && t.standing(x, prev, a.loc) >= t.loc.drains) {
			a.mode = object.Calm
		}
	}
}

// standing is the sum of the increments of a location by the goroutine of event
// prev up to there, and by those that spawned it before they did.
func (t *trace) standing(x *sim.Execution, prev, loc int32) int32 {
	sum := int32(0)
	for prev >= 0 {
		g := t.events[prev].g
		for _, n := range t.location(loc).entries {
			if n.event > prev || t.events[n.event].g != g {
				continue
			}
			for _, a := range t.accesses(n.event) {
				if a.loc == loc {
					sum += max(a.arg, 0)
				}
			}
		}
		_, prev = x.Parent(g)
	}
	return sum
}

// learnDrains takes in how much an execution takes away from any one WaitGroup. It
// reports whether that is more than in all executions before: what was calm for
// them need not be so.
func (l *locator) learnDrains(x *sim.Execution) bool {
	most := int32(0)
	for i := range x.World().Objects {
		if x.World().Objects[i].Kind == object.WaitGroup {
			most = max(most, takenFrom(x, int32(i)))
		}
	}
	if most == 0 || most < l.drains {
		return false
	}
	l.drains = most + 1
	return true
}

// takenFrom is the sum of all decrements of a WaitGroup.
func takenFrom(x *sim.Execution, wg int32) int32 {
	sum := int64(0)
	for i := range x.Events() {
		e := &x.Events()[i]
		if e.Call.Op == object.Add && e.Call.Obj == wg && e.Call.Arg < 0 && e.Fault == object.NoFault {
			sum -= int64(e.Call.Arg)
		}
	}
	return int32(min(sum, math.MaxInt32-1))
}

// unsettled reports whether an execution shows that what was noted of calm Adds
// does not hold. In its first execution a search has noted nothing yet.
func unsettled(w walker, x *sim.Execution) bool {
	switch w := w.(type) {
	case *dpor:
		if !w.loc.learnDrains(x) {
			return false
		}
		if w.trace.run == 1 && len(w.start.Asleep) == 0 {
			w.trace.truncate(0)
			return false
		}
		return true
	case *bounded:
		return w.trace.loc.learnDrains(x)
	}
	return false
}
