package sim

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
)

// Who is what a reader calls goroutine g, once the execution has ended: its name,
// and behind that its path where another goroutine has the same name.
func (x *Execution) Who(g int32) string {
	if x.afterFunc(g) {
		return x.countedAfterFunc(g)
	}
	name := x.GoroutineName(g)
	for other := range int32(len(x.gs)) {
		if other != g && x.Spawned(other) && x.GoroutineName(other) == name {
			return name + " (" + x.Path(g) + ")"
		}
	}
	return name
}

// What is what a reader calls an object, once the execution has ended: its name,
// or else its kind and its place among those of that kind without a name. The
// channel that a context's Done returns is called so.
func (x *Execution) What(obj int32) string {
	switch {
	case obj == object.NoObject || x.Named(obj):
		return x.ObjectName(obj)
	case obj < 0:
		return x.Who(^obj)
	}
	if name := x.calledAfter(obj); name != "" {
		return name
	}
	if ctx := x.ContextOf(obj); ctx >= 0 {
		return "the Done of " + x.What(ctx)
	}
	if t := x.TimerBehind(obj); t >= 0 {
		return x.What(t) + "'s channel"
	}
	if t := x.timerAt(obj); t != nil && t.wakes != nil {
		return "the sleep of " + x.Who(t.wakes.id)
	} else if t != nil && t.ctx >= 0 {
		return "the deadline of " + x.What(t.ctx)
	}
	kind := x.kindOf(obj)
	before, all := 1, 0
	for o := range int32(len(x.world.Objects)) {
		if x.kindOf(o) != kind || x.Named(o) || x.calledAfter(o) != "" || x.ContextOf(o) >= 0 || x.TimerBehind(o) >= 0 {
			continue
		}
		all++
		if o < obj {
			before++
		}
	}
	if all == 1 {
		return "the " + kind
	}
	return fmt.Sprintf("%s %d", kind, before)
}

// kindOf is the kind of an object in a word.
func (x *Execution) kindOf(obj int32) string {
	o := &x.world.Objects[obj]
	switch in := x.insides[obj]; {
	case in.kind != "" && in.what != "":
		return in.kind + "'s " + in.what
	case in.kind != "":
		return in.kind
	case o.Keyed:
		return "map"
	}
	switch t := x.timerAt(obj); {
	case t == nil:
		return o.Kind.String()
	case t.wakes != nil:
		return "sleep"
	case t.ctx >= 0:
		return "deadline"
	case t.period > 0:
		return "ticker"
	}
	return "timer"
}

// timerAt is the timer, of whatever kind, that an object stands for, or nil.
func (x *Execution) timerAt(obj int32) *timer {
	if obj < 0 || x.clock == nil || x.world.Objects[obj].Kind != object.Timer {
		return nil
	}
	for _, t := range x.clock.timers {
		if t.obj == obj {
			return t
		}
	}
	return nil
}

// TimerBehind is the timer or ticker that sends on a channel, or -1.
func (x *Execution) TimerBehind(ch int32) int32 {
	if ch < 0 || x.world.Objects[ch].Kind != object.Chan {
		return -1
	}
	for _, link := range x.world.Timers {
		if x.world.Objects[link.Timer].Limit-1 == ch {
			return link.Timer
		}
	}
	return -1
}

// Ticks reports whether a timer is a ticker.
func (x *Execution) Ticks(obj int32) bool {
	t := x.timerAt(obj)
	return t != nil && t.period > 0
}

// Sleeper returns the goroutine that sleeps until a timer fires, or -1.
func (x *Execution) Sleeper(obj int32) int32 {
	if t := x.timerAt(obj); t != nil && t.wakes != nil {
		return t.wakes.id
	}
	return -1
}

// afterFunc reports whether a goroutine without a name was started by a timer or by
// the end of a context.
func (x *Execution) afterFunc(g int32) bool {
	if !x.Spawned(g) || x.gs[g].name != "" || x.gs[g].bornAt < 0 {
		return false
	}
	return x.events[x.gs[g].bornAt].Op() != object.Spawn
}

// countedAfterFunc names such a goroutine by its place among those.
func (x *Execution) countedAfterFunc(g int32) string {
	before, all := 1, 0
	for other := range int32(len(x.gs)) {
		if x.afterFunc(other) {
			all++
			if other < g {
				before++
			}
		}
	}
	if all == 1 {
		return "the after func"
	}
	return fmt.Sprintf("after func %d", before)
}

// ContextOf is the context whose Done a channel is, or -1.
func (x *Execution) ContextOf(obj int32) int32 {
	for _, link := range x.world.Contexts {
		if link.Done == obj {
			return link.Context
		}
	}
	return -1
}
