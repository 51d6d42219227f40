package sim

import (
	"time"

	"github.com/interleave-go/interleave/internal/object"
)

// A clock is the virtual time of an execution. It is a goroutine without a
// body, whose pending operation is always to fire the next timer.
type clock struct {
	g      *G
	obj    int32
	timers []*timer
}

// A timer is what Sleep, After, AfterFunc, Timer and Ticker have in common.
type timer struct {
	obj    int32
	wakes  *G                      // a sleeper
	sends  func(now time.Duration) // delivers into a channel
	chanOf int32                   // that channel
	spawns func(g *G)              // AfterFunc
	birth  birth                   // of the goroutine that spawns runs in
	ctx    int32                   // a context whose deadline it is
	period time.Duration           // a ticker's, else 0
}

// clockOf returns the execution's clock, made at first use.
func (x *Execution) clockOf() *clock {
	if x.clock != nil {
		return x.clock
	}
	obj := x.register(spec{kind: object.Clock, name: &clockName})
	x.world.Objects[obj].ID = clockID
	x.world.Times = append(x.world.Times, 0)
	g := x.runner.identify(birth{0, -1})
	x.gs = x.runner.gs
	w := g.watchers
	w.reset()
	*g = G{id: g.id, path: g.path, x: x, state: announced, last: -1, yielded: -1, at: -1, parent: -1, bornAt: -1,
		seen: g.seen, watchers: w, co: g.co}
	for int(g.id) >= len(x.world.Goroutines) {
		x.addGoroutine()
	}
	g.call = object.Call{Op: object.Fire, G: g.id, Obj: object.NoObject, Aux: obj}
	x.clock = &clock{g: g, obj: obj}
	x.clockReady()
	return x.clock
}

var clockName = "clock"

// clockID is the identity of the clock in every execution; those of other
// objects count from 0.
const clockID = 1 << 30

// now is the present moment of virtual time.
func (x *Execution) now() time.Duration {
	if x.clock == nil {
		return 0
	}
	return time.Duration(x.world.Times[x.world.Objects[x.clock.obj].State[0]])
}

// moment stores a moment and returns its index in World.Times.
func (x *Execution) moment(t time.Duration) int32 {
	x.world.Times = append(x.world.Times, int64(t))
	return int32(len(x.world.Times) - 1)
}

// newTimer registers a timer, not armed.
func (g *G) newTimer(t *timer, name *string) *timer {
	x := g.x
	c := x.clockOf()
	t.obj = x.register(spec{kind: object.Timer, name: name})
	x.runner.names.touched(x, g, t.obj)
	g.seen.add(t.obj)
	x.world.Timers = append(x.world.Timers, t.obj)
	c.timers = append(c.timers, t)
	return t
}

// arm starts a timer, d from now.
func (g *G) arm(t *timer, d time.Duration) *Event {
	x := g.x
	c := x.clockOf()
	// The deadline depends on when the step takes place: perform looks it up.
	g.delay = d
	return g.ask(object.Arm, t.obj, 0, c.obj)
}

// disarm stops a timer and reports whether it was armed.
func (g *G) disarm(t *timer) bool {
	e := g.ask(object.Disarm, t.obj, 0, g.x.clock.obj)
	return e.Read != 0
}

// resolveClock completes the parts of time's own calls: the deadline of an
// arming, and what a firing delivers.
func (x *Execution) resolveClock(g *G, parts []object.Part, first int) []object.Part {
	switch g.call.Op {
	case object.Arm:
		m := x.moment(x.now() + max(g.delay, 0))
		g.call.Arg = m
		parts[first].Arg = m
	case object.Fire:
		t := x.clock.byID(x, x.chosen.Alt)
		x.firing = t
		parts = x.deliver(t, parts)
	}
	return parts
}

func (c *clock) byID(x *Execution, id int32) *timer {
	for _, t := range c.timers {
		if o := &x.world.Objects[t.obj]; o.ID == id && o.State[0] != 0 {
			return t
		}
	}
	panic("sim: a timer fired that is not armed")
}

// deliver appends what firing timer t does besides moving the clock.
func (x *Execution) deliver(t *timer, parts []object.Part) []object.Part {
	switch {
	case t.wakes != nil:
		parts = append(parts, object.Part{Obj: ^t.wakes.id, Sub: 1, Effect: object.Wake, Mode: object.Write})
	case t.sends != nil:
		send := object.Call{Op: object.Send, G: x.clock.g.id, Obj: t.chanOf}
		if object.Ready(&x.world, &send) {
			parts, _ = object.Resolve(&x.world, &send, 0, parts)
		} else {
			parts = append(parts, object.Part{Obj: t.chanOf, Mode: object.Read},
				object.Part{Obj: t.chanOf, Sub: 1, Mode: object.Read})
		}
	case t.ctx >= 0 && t.spawns == nil:
		parts = object.CancelTree(&x.world, t.ctx, parts)
	}
	if t.period > 0 {
		next := time.Duration(x.world.Times[x.world.Objects[t.obj].State[1]]) + t.period
		parts = append(parts, object.Part{Obj: t.obj, Effect: object.TimerArm, Arg: x.moment(next), Mode: object.Write})
	}
	return parts
}

// fired does what parts cannot: hand over the value, spawn the goroutine.
func (x *Execution) fired(t *timer, e *Event) {
	switch {
	case t.sends != nil && x.sentBy(e, t.chanOf):
		t.sends(x.now())
	case t.spawns != nil:
		child := x.spawn(t.birth.parent, t.birth.count, "", t.spawns, int32(len(x.events))-1)
		e.Child = child.id
	case t.ctx >= 0:
		x.cancelled(x.contextOf(t.ctx), errDeadline, errDeadline, e)
	}
}

// sentBy reports whether the event put a value into the channel.
func (x *Execution) sentBy(e *Event, ch int32) bool {
	for _, p := range x.Parts(e) {
		if p.Obj == ch && p.Effect == object.ChanSend {
			return true
		}
	}
	return false
}
