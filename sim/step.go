package sim

import (
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
)

// await announces g's pending operation and returns true once g has been
// picked for it, false when the execution is over before that.
func (x *Execution) await(g *G) bool {
	g.state = announced
	if x.again == 0 {
		x.enable(g)
	}
	if x.settling {
		return g.pause()
	}
	if x.schedule(g) {
		return !x.over
	}
	return x.transfer(g)
}

// schedule decides the next step. It reports whether me is to go on at once;
// otherwise transfer is to resume x.next, or to settle, or to stop.
func (x *Execution) schedule(me *G) bool {
	for {
		var g *G
		if x.free {
			g = x.goesFree()
		}
		if g == nil {
			c, ok := x.decide()
			if !ok {
				return false
			}
			g, x.chosen = x.gs[c.G], c
		}
		if x.clock != nil && g == x.clock.g {
			x.perform(g)
			if x.over {
				return false
			}
			continue
		}
		if g == me {
			return true
		}
		x.next = g
		return false
	}
}

// decide returns the next choice: of the prefix, else of the scheduler. It
// reports false when the driver has to act first, or the execution is over.
func (x *Execution) decide() (Choice, bool) {
	step := len(x.events)
	if x.again > 0 {
		if e := x.recorded(); e != nil && int(e.Call.G) < len(x.gs) && x.exists(e.Call.G) {
			x.expected = e
			return x.opt.Prefix[step], true
		}
		x.catchUp()
	}
	if x.opt.Time == CostTime {
		x.charge()
	}
	if step < len(x.opt.Prefix) && step < x.opt.StepsMax {
		return x.replay(x.opt.Prefix[step])
	}
	if len(x.unsettled) > 0 && (!x.opt.Lazy || step >= x.opt.StepsMax) {
		x.settling = true
		return Choice{}, false
	}
	if x.enabled.Empty() && !x.quiesce() {
		x.stop(x.resting())
		return Choice{}, false
	}
	if step >= x.opt.StepsMax {
		x.stop(OverSteps)
		return Choice{}, false
	}
	if x.opt.Time == CostTime && x.clock != nil && x.enabled.Has(x.clock.g.id) {
		return Choice{x.clock.g.id, x.FirstAlternative(x.clock.g.id)}, true
	}
	c := x.opt.Scheduler.Pick(x)
	if c == Stop {
		x.stop(Pruned)
		return Choice{}, false
	}
	if !x.plain(c) && !x.open(c) {
		x.wrong = fmt.Sprintf("sim: step %d: the scheduler picked %+v, which is not open", step, c)
		x.stop(Pruned)
		return Choice{}, false
	}
	return c, true
}

// goesFree picks the goroutine that goes on without the scheduler under RunFree, if there
// is one, which it returns.
func (x *Execution) goesFree() *G {
	if len(x.events) >= x.opt.StepsMax || len(x.unsettled) > 0 && !x.opt.Lazy {
		return nil
	}
	id := x.GoesOn()
	if id < 0 {
		return nil
	}
	g := x.gs[id]
	if g.call.Op.Chooses() || x.isHeld(g) {
		return nil
	}
	x.chosen = Choice{G: id}
	return g
}

// goesStraight reports whether g, which is running, goes on with its pending
// operation without the scheduler: see RunStraight and RunFree.
func (x *Execution) goesStraight(g *G) bool {
	if !x.straight || g.state != announced || len(x.events) >= x.opt.StepsMax || x.isHeld(g) {
		return false
	}
	switch op := g.call.Op; {
	case op == object.End, op == object.Spawn:
	case op == object.Join && x.world.Goroutines[^g.call.Obj].State[0] != 0:
	case x.free && !op.Blocking() && !op.Chooses() && (x.opt.Lazy || len(x.unsettled) == 0):
	default:
		return false
	}
	x.chosen = Choice{G: g.id}
	return true
}

// isHeld reports whether a goroutine's next event is left to the scheduler.
func (x *Execution) isHeld(g *G) bool {
	return int(g.id) < len(x.held) && g.events < x.held[g.id]
}

// plain reports whether a choice is that of an enabled operation without
// alternatives.
func (x *Execution) plain(c Choice) bool {
	return c.G >= 0 && x.enabled.Has(c.G) && !x.gs[c.G].call.Op.Chooses()
}

// open reports whether a choice can be made now.
func (x *Execution) open(c Choice) bool {
	if c.G < 0 || !x.enabled.Has(c.G) {
		return false
	}
	if !x.gs[c.G].call.Op.Chooses() {
		return true
	}
	x.alts = x.Alternatives(c.G, x.alts[:0])
	return slices.Contains(x.alts, c.Alt)
}

// replay follows a recorded choice without asking the scheduler. What only
// quiescence enables can be told once all goroutines that were spawned are
// known.
func (x *Execution) replay(c Choice) (Choice, bool) {
	if c.G < 0 || int(c.G) >= len(x.gs) || !x.exists(c.G) {
		x.diverge("goroutine %d does not exist or has ended", c.G)
		return c, false
	}
	g := x.gs[c.G]
	if g.state == unstarted || x.enabled.Has(c.G) {
		return c, true
	}
	if len(x.unsettled) > 0 {
		x.settling = true
		return c, false
	}
	if x.enabled.Empty() && x.quiesce() && x.enabled.Has(c.G) {
		return c, true
	}
	x.diverge("%s cannot %v", g.Name(), g.call.Op)
	return c, false
}

func (x *Execution) diverge(format string, args ...any) {
	x.Divergence = fmt.Sprintf("step %d: ", len(x.events)) + fmt.Sprintf(format, args...)
	x.stop(Diverged)
}

// perform lets g's pending operation take place: resolve, apply, log, and tell
// those who wait for the objects that it changed. It returns nil when a replay
// turns out to have no such choice.
func (x *Execution) perform(g *G) *Event {
	if x.chosen.G != g.id || x.over {
		panic(fmt.Sprintf("sim: step %d: %s performs, but %d was chosen", len(x.events), g.path, x.chosen.G))
	}
	if x.again > 0 {
		if e := x.expected; e != nil && x.repeat(g, e) {
			return e
		}
		x.catchUp()
	}
	if len(x.opt.Prefix) > len(x.events) && !x.checkChosen(g) {
		return nil
	}
	x.running = g
	e, parts := x.record(g)
	if x.detail {
		x.details = append(x.details, detail{site: g.site, taken: -1})
	}
	if g.watches {
		x.unwatch(g)
	}
	if len(x.yielding) > 0 {
		x.wrote(g.last)
	}
	if x.hashing {
		x.mix(g, e)
	}
	if e.Fault != object.NoFault {
		x.fault(g, e)
		return e
	}
	x.apply(e, parts)
	return e
}

// performStraight is perform for what goes straight on. Of a spawn, an end or a join
// only those who wait for the end have to be told.
func (x *Execution) performStraight(g *G) *Event {
	if g.call.Op > object.Join || x.detail || x.hashing || len(x.yielding) > 0 || len(x.invariants) > 0 {
		return x.perform(g)
	}
	e := x.enter(g)
	first := len(x.parts)
	x.parts, e.Fault = object.Resolve(&x.world, &g.call, 0, x.parts)
	e.Alt, e.parts, e.nparts, e.Quiescent, e.closed = 0, int32(first), int32(len(x.parts)-first), false, true
	if g.call.Op == object.End {
		x.world.Goroutines[g.id].State[0] = 1
		x.changed(^g.id)
	}
	return e
}

// enter makes g's pending operation the next event of the log, whose parts are still
// to be found out.
func (x *Execution) enter(g *G) *Event {
	step := len(x.events)
	if step == cap(x.events) {
		x.events = slices.Grow(x.events, 1)
	}
	x.events = x.events[:step+1]
	e := &x.events[step]
	c := &g.call // every field: the memory is used again
	e.Call.G, e.Call.Obj, e.Call.Arg, e.Call.Aux = c.G, c.Obj, c.Arg, c.Aux
	e.Call.Cases, e.Call.CaseCount, e.Call.Op, e.Call.Default = c.Cases, c.CaseCount, c.Op, c.Default
	e.Read, e.Wrote, e.Child, e.Partner = -1, -1, -1, nobody
	e.before, g.last = g.last, int32(step)
	g.events++
	e.QuietAt = g.quietAt
	return e
}

// record adds g's pending operation to the log, and finds out what it accesses and
// changes.
func (x *Execution) record(g *G) (*Event, []object.Part) {
	first := len(x.parts)
	parts, fault := object.Resolve(&x.world, &g.call, x.chosen.Alt, x.parts)
	if extended[g.call.Op] || len(x.invariants) > 0 {
		parts = x.extend(g, parts, first)
	}
	x.parts = parts
	e := x.enter(g)
	e.Alt, e.Fault, e.Quiescent = x.chosen.Alt, fault, false
	e.parts, e.nparts = int32(first), int32(len(parts)-first)
	if op := g.call.Op; op == object.Yield || op == object.Fire {
		e.Quiescent = x.isQuiescent(g)
	}
	parts = parts[first:]
	e.closed = fault == object.NoFault && isClosed(&g.call, parts)
	return e, parts
}

// checkChosen makes sure that a replayed choice is possible: a goroutine that
// had not announced itself could not be checked before.
func (x *Execution) checkChosen(g *G) bool {
	if !g.call.Op.Blocking() && !g.call.Op.Chooses() {
		return true
	}
	x.alts = x.alternatives(g, x.alts[:0])
	for _, alt := range x.alts {
		if alt == x.chosen.Alt && x.enabled.Has(g.id) {
			return true
		}
	}
	x.diverge("%s cannot %v (alternative %d)", g.Name(), g.call.Op, x.chosen.Alt)
	return false
}

// apply performs the parts of an event and re-evaluates who waits for them.
func (x *Execution) apply(e *Event, parts []object.Part) {
	for i := range parts {
		p := &parts[i]
		if p.Effect == object.Nothing {
			continue
		}
		o := x.world.At(p.Obj)
		object.Apply(o, *p)
		if o.Kind == object.Cell {
			e.Read, e.Wrote = o.State[0]-1, o.State[0]
		}
		if o.Values == nil {
			x.changed(p.Obj) // else the cell does, once it has its value
		}
	}
	if len(parts) > 0 && e.Wrote < 0 && e.Call.Obj >= 0 {
		if o := &x.world.Objects[e.Call.Obj]; o.Kind == object.Cell {
			e.Read = o.State[0]
		}
	}
	if len(x.invariants) > 0 {
		x.checkInvariants(parts)
	}
	if e.Call.Op == object.Fire {
		x.fired(x.firing, e)
	}
}

// stop ends the execution.
func (x *Execution) stop(o Outcome) {
	x.over = true
	x.Outcome = o
}

// fail ends the execution with a failure, or, when the others are to run on,
// the goroutine that failed; the first failure counts. The caller unwinds it.
func (x *Execution) fail(o Outcome, f Failure) {
	if x.over {
		return
	}
	f.At, f.Outcome = len(x.events), o
	if o != Panicked && f.Fault == object.NoFault {
		f.Site = x.here()
	}
	if len(x.Failures) == 0 {
		x.Failure = f
	}
	x.Failures = append(x.Failures, f)
	if !x.opt.RunOn || o == TooMany {
		x.stop(o)
		return
	}
	g := x.gs[f.G]
	g.state = halted
	x.enabled.remove(f.G)
	x.running = nil
}

// resting classifies an execution in which nothing can run any more.
func (x *Execution) resting() Outcome {
	switch {
	case len(x.Failures) > 0:
		return x.Failure.Outcome
	case x.alive == 0:
		return Finished
	case x.gs[0].state == ended:
		return Leaked
	}
	return Deadlocked
}
