package search

import (
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// An overlay is a world in which a few objects are in another state than at
// the end of the execution: the state before some event, without what depends
// on that event.
type overlay struct {
	x       *sim.Execution
	world   object.World
	copied  bool
	scratch [][]int32 // by object: the memory of its state
	without []int32   // events that are left out too
}

// begin binds the overlay to an execution that has ended.
func (o *overlay) begin(x *sim.Execution) { o.x, o.copied = x, false }

func (o *overlay) copy() {
	w := o.x.World()
	o.world.Objects = append(o.world.Objects[:0], w.Objects...)
	o.world.Goroutines = append(o.world.Goroutines[:0], w.Goroutines...)
	o.world.Cases, o.world.Timers, o.world.Times, o.world.Contexts = w.Cases, w.Timers, w.Times, w.Contexts
	o.copied = true
}

// at returns the world in which a call that takes place at event "until" would
// have taken place before event i.
func (o *overlay) at(t *trace, c *object.Call, i, until int32) *object.World {
	if !o.copied {
		o.copy()
		t.remember(o.x)
	}
	w := o.x.World()
	put := func(obj int32) {
		if obj != object.NoObject {
			o.put(t, obj, i, until)
		}
	}
	put(c.Obj)
	switch c.Op {
	case object.CondWake, object.CondWait:
		put(^c.G)
		if c.Arg >= 0 {
			put(c.Arg)
		}
	case object.UnlockBoth:
		put(c.Arg)
	case object.Resume, object.SleepEnd:
		put(^c.G)
	case object.Select, object.SelectParked:
		put(^c.G)
		for _, k := range w.Cases[c.Cases : c.Cases+c.CaseCount] {
			put(k.Obj)
		}
	case object.Arm, object.Disarm:
		putChannel(w, c.Obj, put)
	case object.Fire:
		put(c.Aux)
		for _, l := range w.Timers {
			put(l.Timer)
			putChannel(w, l.Timer, put)
		}
		putContexts(w, put)
	case object.Cancel:
		putContexts(w, put)
	}
	return &o.world
}

// deadline is that of an arming which took place at one moment, at the clock's in
// this world: an arming says how long it is to be.
func (o *overlay) deadline(t *trace, a *attempt, moment int32) int64 {
	before := int32(0)
	if s := slot(a.call.Aux); int(s) < len(t.states) {
		for _, n := range t.states[s].after {
			if n.event < a.at {
				before = t.words[n.from]
			}
		}
	}
	times := o.world.Times
	return times[moment] - times[before] + times[o.world.At(a.call.Aux).State[0]]
}

// moment is the number of a moment in this world.
func (o *overlay) moment(at int64) int32 {
	o.world.Times = append(slices.Clip(o.x.World().Times), at)
	return int32(len(o.world.Times)) - 1
}

// putChannel puts the channel that a timer sends to.
func putChannel(w *object.World, timer int32, put func(obj int32)) {
	if ch := w.At(timer).Limit - 1; ch >= 0 {
		put(ch)
	}
}

// putContexts puts what the cancelling of a context may change.
func putContexts(w *object.World, put func(obj int32)) {
	for _, l := range w.Contexts {
		put(l.Context)
		put(l.Done)
		put(l.Timer)
	}
}

// put sets one object to its state after all events before i, and after those
// up to "until" that do not depend on i.
func (o *overlay) put(t *trace, obj, i, until int32) {
	target := o.world.At(obj)
	s := slot(obj)
	for int(s) >= len(o.scratch) {
		o.scratch = append(o.scratch, nil)
	}
	state := o.scratch[s][:0]
	if int(s) >= len(t.states) || len(t.states[s].after) == 0 {
		target.State = zero(state, target.Kind)
		o.scratch[s] = target.State
		return
	}
	after := t.states[s].after
	k := len(after)
	for k > 0 && after[k-1].event >= i {
		k--
	}
	if k > 0 {
		state = append(state, t.words[after[k-1].from:after[k-1].to]...)
	} else {
		state = zero(state, target.Kind)
	}
	target.State = state
	for _, n := range after[k:] {
		if n.event > i && n.event < until && !t.before(i, n.event) && !isDisplaced(o.without, n.event) {
			object.Apply(target, n.part)
		}
	}
	o.scratch[s] = target.State
}

// zero appends the words of a fresh state.
func zero(state []int32, k object.Kind) []int32 {
	for range k.StateSize() {
		state = append(state, 0)
	}
	return state
}
