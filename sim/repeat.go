package sim

import (
	"unsafe"

	"github.com/interleave-go/interleave/internal/object"
)

// A prefix mostly begins like the execution before. As long as the goroutines ask
// for the same as then, their events are those that the log still holds: what an
// operation accesses and changes need not be found out once more, and nobody has to
// be told what is enabled before the first event that may be another one.

// repeatable is how many events that the log holds may be the first ones of the
// next execution, if it is of the same program: those that the prefix asks for, and
// that depend on nothing more than what was done before them.
func (x *Execution) repeatable(program func(*G), opt *Options) int {
	if len(x.events) == 0 || !same(program, x.gs[0].body) || opt.Details || x.opt.Time != opt.Time || opt.Time == CostTime {
		return 0
	}
	events := x.events[:min(len(opt.Prefix), len(x.events), opt.StepsMax)]
	for i := range events {
		e, c := &events[i], &opt.Prefix[i]
		if e.Call.G != c.G || e.Alt != c.Alt || !e.closed {
			return i
		}
	}
	return len(events)
}

// same reports whether two funcs are one: the same code with the same variables.
func same(a, b func(*G)) bool {
	return *(*unsafe.Pointer)(unsafe.Pointer(&a)) == *(*unsafe.Pointer)(unsafe.Pointer(&b))
}

// recorded is the next event as the log has it of the execution before, or nil
// when another one is to come.
func (x *Execution) recorded() *Event {
	if step := len(x.events); step < x.again {
		return &x.events[:step+1][step]
	}
	return nil
}

// stopRepeating has what comes from now on found out anew.
func (x *Execution) stopRepeating() { x.again = min(x.again, len(x.events)) }

// closed are the operations that depend on, and change, nothing but the object that
// they name, and goroutines.
var closed = [256]bool{object.Spawn: true, object.End: true, object.Join: true, object.Choose: true,
	object.Load: true, object.Store: true, object.Modify: true, object.CompareAndSwap: true, object.Await: true,
	object.Lock: true, object.TryLock: true, object.Unlock: true,
	object.RLock: true, object.RGranted: true, object.TryRLock: true, object.RUnlock: true, object.WLock: true,
	object.WAnnounce: true, object.WDrained: true, object.TryWLock: true, object.WUnlock: true,
	object.Add: true, object.Wait: true, object.WaitReturn: true, object.OnceEnter: true, object.OnceDone: true,
	object.Acquire: true, object.Granted: true, object.TryAcquire: true, object.Release: true,
	object.Arrive: true, object.Pass: true, object.CountDown: true, object.LatchWait: true,
	object.PoolGet: true, object.PoolPut: true}

// isClosed reports whether a call that is no misuse, with these parts, does the same
// wherever the object that it names is in the same state: also where objects that were
// not touched yet have other numbers. Of the operations on channels, those are that
// wake nobody.
func isClosed(c *object.Call, parts []object.Part) bool {
	if closed[c.Op] {
		return true
	}
	if c.Op != object.Send && c.Op != object.Receive && (c.Op != object.Resume || c.Aux == 0) {
		return false
	}
	for i := range parts {
		if parts[i].Obj != c.Obj {
			return false
		}
	}
	return true
}

// repeat lets g's pending operation take place as it did in the execution before.
// It reports false when g asks for something else.
func (x *Execution) repeat(g *G, e *Event) bool {
	c := &g.call
	if e.Call.Op != c.Op || e.Call.Obj != c.Obj || e.Call.Aux != c.Aux {
		return false
	}
	if e.Call.Arg != c.Arg {
		if c.Op != object.CompareAndSwap && c.Op != object.Await {
			return false
		}
		e.Call.Arg = c.Arg // operands and conditions are numbered as they come
	}
	step := len(x.events)
	x.running = g
	x.events = x.events[:step+1]
	from := len(x.parts)
	x.parts = x.parts[:e.parts+e.nparts]
	g.last = int32(step)
	g.events++
	x.repeated = step + 1
	for i := from; i < len(x.parts); i++ {
		if p := &x.parts[i]; p.Effect != object.Nothing {
			object.Apply(x.world.At(p.Obj), *p)
		}
	}
	if x.hashing {
		x.mix(g, e)
	}
	return true
}

// Number is which execution of its Runner it is, from 1.
func (x *Execution) Number() uint32 { return x.run }

// Repeated is how many of the first events are those of the Runner's execution
// before, with the same calls and parts, up to the numbers of operands.
func (x *Execution) Repeated() int { return x.repeated }

// stepAgain is step for a goroutine that goes on at once, as in the execution
// before; nil if it does not.
func (x *Execution) stepAgain(g *G) *Event {
	if e := x.recorded(); e != nil && e.Call.G == g.id {
		if g.state = announced; x.repeat(g, e) {
			return e
		}
	}
	return nil
}

// catchUp finds out what is enabled, of which nobody was told so far.
func (x *Execution) catchUp() {
	x.again = 0
	for _, g := range x.gs {
		if g.state == announced && (x.clock == nil || g != x.clock.g) {
			x.enable(g)
		}
	}
}

// enable finds out whether a goroutine that has announced its operation can go on.
func (x *Execution) enable(g *G) {
	if g.call.Op.Blocking() {
		x.announce(g)
	} else {
		x.enabled.add(g.id)
	}
}
