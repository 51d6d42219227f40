package sim

import (
	"time"

	"github.com/interleave-go/interleave/internal/object"
)

// Now returns the virtual time since the start of the execution. Reading it is
// an event.
func (g *G) Now() time.Duration {
	g.check()
	c := g.x.clockOf()
	g.ask(object.Now, object.NoObject, 0, c.obj)
	return g.x.now()
}

// Sleep blocks for d of virtual time, at least. A sleep of no time is no event.
func (g *G) Sleep(d time.Duration) {
	g.check()
	if d <= 0 {
		return
	}
	if g.sleeper == nil {
		g.sleeper = g.newTimer(&timer{wakes: g, chanOf: -1, ctx: -1}, nil)
	}
	g.parks++
	g.arm(g.sleeper, d)
	g.ask(object.SleepEnd, object.NoObject, g.parks, 0)
}

// After returns a channel that receives the virtual time once d has passed.
func (g *G) After(d time.Duration) *Chan[time.Duration] { return g.NewTimer(d).C }

// AfterFunc runs f in a goroutine of its own once d has passed.
func (g *G) AfterFunc(d time.Duration, f func(*G)) *Timer {
	g.check()
	t := &Timer{f: f}
	t.t = g.newTimer(&timer{spawns: f, chanOf: -1, ctx: -1}, nil)
	t.t.birth = g.reserve()
	g.arm(t.t, d)
	return t
}

// A Timer is time.Timer in virtual time. Make one with NewTimer or AfterFunc.
type Timer struct {
	// C receives the time when the timer fires; nil for a timer of AfterFunc.
	C *Chan[time.Duration]
	t *timer
	f func(*G)
}

// NewTimer returns a timer that sends the time on its channel after d.
func (g *G) NewTimer(d time.Duration) *Timer {
	g.check()
	t := &Timer{C: g.timeChan()}
	t.t = g.newTimer(&timer{sends: t.C.put, chanOf: t.C.id.index, ctx: -1}, nil)
	g.arm(t.t, d)
	return t
}

func (g *G) timeChan() *Chan[time.Duration] {
	c := &Chan[time.Duration]{hidden: 1}
	c.touch(g)
	return c
}

// Stop prevents the timer from firing and reports whether it did. As since Go
// 1.23, a value that was sent and not received is taken back: then the timer
// counts as stopped.
func (t *Timer) Stop(g *G) bool {
	t.check(g)
	was := g.disarm(t.t)
	return t.drop() || was
}

// Reset makes the timer fire d from now, and reports whether it had been
// running. A value that was sent and not received is taken back, as by Stop.
func (t *Timer) Reset(g *G, d time.Duration) bool {
	t.check(g)
	was := g.arm(t.t, d)
	if t.f != nil {
		t.t.birth = g.reserve()
	}
	return t.drop() || was
}

func (t *Timer) check(g *G) {
	g.check()
	g.mine(t.t, "Timer")
}

// mine refuses a timer that was not made, or made in an earlier execution.
func (g *G) mine(t *timer, kind string) {
	switch {
	case t == nil:
		panic("time: Stop or Reset called on uninitialized " + kind)
	case t.run != g.x.run || t.x != g.x:
		g.misuse(object.NoObject, "a "+kind+" outlives its execution: it was made in an earlier one",
			"make it inside the program's func, so that every execution starts with a new one")
	}
}

// drop takes back a value that was sent and not received; it reports whether
// there was one.
func (t *Timer) drop() bool {
	if t.C == nil {
		return false
	}
	return t.C.drain()
}

// A Ticker is time.Ticker in virtual time. Make one with NewTicker.
type Ticker struct {
	// C receives the time at every tick; ticks that nobody receives are dropped.
	C *Chan[time.Duration]
	t *timer
}

// NewTicker returns a ticker of period d, which must be positive: otherwise it
// panics, as Go's does. It ticks for as long as the execution runs. Under free
// time it may tick any number of times before the others go on, stopped later or
// not, so there are executions without end, cut at the bound on steps, and a search
// is never complete: explore under LazyTime, where it ticks when nobody can run,
// as long as somebody waits for it.
func (g *G) NewTicker(d time.Duration) *Ticker {
	g.check()
	if d <= 0 {
		panic("non-positive interval for NewTicker")
	}
	t := &Ticker{C: g.timeChan()}
	t.t = g.newTimer(&timer{sends: t.C.put, chanOf: t.C.id.index, period: d, ctx: -1}, nil)
	g.arm(t.t, d)
	return t
}

// Stop ends the ticks. It does not close the channel.
func (t *Ticker) Stop(g *G) {
	g.check()
	g.mine(t.t, "Ticker")
	g.disarm(t.t)
	t.C.drain()
}

// Reset stops the ticker and starts it with another period.
func (t *Ticker) Reset(g *G, d time.Duration) {
	g.check()
	if d <= 0 {
		panic("non-positive interval for Ticker.Reset")
	}
	g.mine(t.t, "Ticker")
	g.arm(t.t, d)
	t.t.period = d
	t.C.drain()
}
