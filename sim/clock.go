package sim

import (
	"slices"
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
	x      *Execution
	run    uint32 // which execution it belongs to
	obj    int32
	wakes  *G                      // a sleeper
	sends  func(now time.Duration) // delivers into a channel
	chanOf int32                   // that channel, or -1
	spawns func(g *G)              // AfterFunc
	birth  birth                   // of the goroutine that spawns runs in
	ctx    int32                   // a context whose deadline it is, or -1
	period time.Duration           // a ticker's, else 0
}

// clockOf returns the execution's clock, made at first use.
func (x *Execution) clockOf() *clock {
	if x.clock != nil {
		return x.clock
	}
	obj := x.register(spec{kind: object.Clock, name: &clockName})
	x.world.Objects[obj].ID = clockID
	x.world.Times = append(x.world.Times, int64(x.elapsed))
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
	x.stopRepeating()
	x.enabled.remove(g.id)
	x.place(g.id)
	x.watchedByClock(obj)
	return x.clock
}

// watchedByClock has it asked again whether a timer may fire, whenever an
// object changes: the clock's own or a timer.
func (x *Execution) watchedByClock(obj int32) {
	w := x.watchersOf(obj)
	w.others = append(w.others, x.clock.g)
}

// mayFire reports whether the policy lets a timer fire though others can run.
func (x *Execution) mayFire() bool {
	if x.opt.Time == FreeTime {
		return object.Ready(&x.world, &x.clock.g.call)
	}
	return object.Due(&x.world, int64(x.now()))
}

// isAwaited reports whether a timer that is armed may let somebody go on: all but
// tickers may, whose channels alone count, and a tick lets those look again who have
// yielded. Otherwise, where nothing else can run, time would pass for ever to no
// effect.
func (x *Execution) isAwaited() bool {
	if len(x.yielding) > 0 {
		return true
	}
	for _, t := range x.clock.timers {
		if x.world.Objects[t.obj].State[0] == 0 {
			continue
		}
		if t.period == 0 {
			return true
		}
		for _, g := range x.gs {
			if g.state == announced && g.waitsFor(t.chanOf) {
				return true
			}
		}
	}
	return false
}

// waitsFor reports whether a goroutine that is blocked waits to receive from a channel.
func (g *G) waitsFor(ch int32) bool {
	switch g.call.Op {
	case object.Receive:
		return g.call.Obj == ch
	case object.Select, object.SelectParked:
		return slices.Contains(g.x.world.Cases[g.call.Cases:g.call.Cases+g.call.CaseCount], object.Case{Obj: ch})
	}
	return false
}

// charge advances the clock by the cost of the last step, under CostTime.
func (x *Execution) charge() {
	if x.charged < len(x.events) {
		x.charged = len(x.events)
		if x.opt.Costs != nil {
			x.elapsed += max(x.opt.Costs(x), 0)
		}
	}
	if x.clock == nil {
		return
	}
	if now := x.now(); now >= x.elapsed {
		x.elapsed = now
	} else {
		x.world.Objects[x.clock.obj].State[0] = x.moment(x.elapsed)
		x.changed(x.clock.obj)
		x.clockMoved()
	}
	x.setEnabled(x.clock.g, x.mayFire())
}

var clockName = "clock"

// clockID is the identity of the clock in every execution. Those of timers, by
// the goroutine that made them and its count of timers, follow; those of other
// objects count from 0.
const (
	clockID       = 1 << 30
	timersPerName = 1 << 16
)

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
	t.x, t.run = x, x.run
	t.obj = x.register(spec{kind: object.Timer, name: name, limit: t.chanOf + 1})
	x.world.Objects[t.obj].ID = clockID + 1 + g.id*timersPerName + g.timers
	g.timers++
	x.watchedByClock(t.obj)
	x.world.Timers = append(x.world.Timers, t.link())
	c.timers = append(c.timers, t)
	return t
}

// TimerOf says whose timer an alternative of the clock is: the goroutine that made
// it, and how many of its timers came before. That is the same in every execution
// with the same choices, of any Runner.
func (x *Execution) TimerOf(alt int32) (g, n int32) {
	n = alt - clockID - 1
	return n / timersPerName, n % timersPerName
}

// link is what the world knows of a timer.
func (t *timer) link() object.TimerLink {
	l := object.TimerLink{Timer: t.obj, Wakes: -1, Context: object.NoObject}
	if t.wakes != nil {
		l.Wakes = t.wakes.id
	}
	if t.ctx >= 0 {
		l.Context = t.ctx
	}
	return l
}

// arm starts a timer, d from now, and reports whether it was armed before.
func (g *G) arm(t *timer, d time.Duration) bool {
	x := g.x
	c := x.clockOf()
	// The deadline depends on when the step takes place: perform looks it up.
	g.delay = d
	return g.wasArmed(g.ask(object.Arm, t.obj, 0, c.obj))
}

func (g *G) wasArmed(e *Event) bool { return g.x.parts[e.parts].Aux != 0 }

// disarm stops a timer and reports whether it was armed.
func (g *G) disarm(t *timer) bool {
	return g.wasArmed(g.ask(object.Disarm, t.obj, 0, g.x.clockOf().obj))
}

// resolveClock completes the parts of time's own calls: the deadline of an
// arming, and the next one of a ticker that fires.
func (x *Execution) resolveClock(g *G, parts []object.Part, first int) []object.Part {
	switch g.call.Op {
	case object.Arm:
		m := x.moment(x.now() + max(g.delay, 0))
		g.call.Arg = m
		parts[first].Arg = m
	case object.Fire:
		t := x.clock.byID(x, x.chosen.Alt)
		x.firing = t
		if t.period > 0 {
			due := time.Duration(x.world.Times[x.world.Objects[t.obj].State[1]])
			missed := max(x.now()-due, 0) / t.period
			next := due + (missed+1)*t.period
			parts = append(parts, object.Part{Obj: t.obj, Effect: object.TimerArm, Arg: x.moment(next), Mode: object.Write})
		}
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

// fired does what parts cannot: hand over the value, spawn the goroutine.
func (x *Execution) fired(t *timer, e *Event) {
	switch {
	case t.sends != nil && x.sentBy(e, t.chanOf):
		t.sends(x.now())
	case t.spawns != nil && x.room(x.clock.g):
		child := x.spawn(t.birth.parent, t.birth.count, "", t.spawns, int32(len(x.events))-1)
		e.Child = child.id
	case t.ctx >= 0:
		x.cancelled(x.contextOf(t.ctx), errDeadline, errDeadline)
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
