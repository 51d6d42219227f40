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

// Sleep blocks for d of virtual time, at least. A sleep of no time only yields
// nothing: it returns at once.
func (g *G) Sleep(d time.Duration) {
	g.check()
	if d <= 0 {
		return
	}
	t := g.newTimer(&timer{wakes: g, ctx: -1}, nil)
	g.parks++
	g.arm(t, d)
	g.ask(object.SleepEnd, object.NoObject, g.parks, 0)
}

// After returns a channel that receives the virtual time once d has passed.
func (g *G) After(d time.Duration) *Chan[time.Duration] { return g.NewTimer(d).C }

// AfterFunc runs f in a goroutine of its own once d has passed.
func (g *G) AfterFunc(d time.Duration, f func(*G)) *Timer {
	g.check()
	t := &Timer{f: f}
	t.t = g.newTimer(&timer{spawns: f, ctx: -1}, nil)
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
	c := &Chan[time.Duration]{Cap: 1}
	c.touch(g)
	return c
}

// Stop prevents the timer from firing and reports whether it did. As since Go
// 1.23, no value that was sent before can be received afterwards.
func (t *Timer) Stop(g *G) bool {
	g.check()
	was := g.disarm(t.t)
	return t.drop() || was
}

// Reset makes the timer fire d from now, and reports whether it had been
// running.
func (t *Timer) Reset(g *G, d time.Duration) bool {
	g.check()
	if t.f != nil {
		t.t.birth = g.reserve()
	}
	was := g.x.world.Objects[t.t.obj].State[0] != 0
	e := g.arm(t.t, d)
	return t.drop() || was && e.Read != 0
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
// panics, as Go's does. It ticks for as long as the execution runs, so a
// program that never stops it has executions without end under free time: they
// are cut at the bound on steps.
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

// Stop ends the ticks.
func (t *Ticker) Stop(g *G) {
	g.check()
	g.disarm(t.t)
	t.C.drain()
}

// Reset stops the ticker and starts it with another period.
func (t *Ticker) Reset(g *G, d time.Duration) {
	g.check()
	if d <= 0 {
		panic("non-positive interval for Ticker.Reset")
	}
	t.t.period = d
	g.arm(t.t, d)
	t.C.drain()
}
