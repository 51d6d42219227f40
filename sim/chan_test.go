package sim_test

import (
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// recovered logs what a panic said.
func recovered(l *log) {
	if r := recover(); r != nil {
		if e, ok := r.(error); ok {
			l.add("(%v)", e)
			return
		}
		l.add("(%v)", r)
	}
}

// Sends, receives and closes of channels of every sort.
func TestChan(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		program func(*sim.G, *log)
		want    []string
	}{
		"unbuffered hands over": {func(g *sim.G, l *log) {
			var c sim.Chan[int]
			g.Go("", func(g *sim.G) { c.Send(g, 7); c.Send(g, 8) })
			l.add("%d", c.Receive(g))
			l.add("%d", c.Receive(g))
		}, []string{"7 8"}},
		"a send waits for its receiver": {func(g *sim.G, l *log) {
			var c sim.Chan[int]
			c.Send(g, 1)
		}, []string{"deadlocked"}},
		"parked senders are served in order": {func(g *sim.G, l *log) {
			var c sim.Chan[int]
			g.Go("", func(g *sim.G) { c.Send(g, 1) })
			g.Sleep(1)
			g.Go("", func(g *sim.G) { c.Send(g, 2) })
			g.Sleep(1)
			l.add("%d", c.Receive(g))
			l.add("%d", c.Receive(g))
		}, []string{"1 2"}},
		"buffered": {func(g *sim.G, l *log) {
			c := sim.NewChan[int](2)
			h := g.Go("", func(g *sim.G) {
				for i := range 4 {
					c.Send(g, i)
				}
			})
			for range 4 {
				l.add("%d", c.Receive(g))
			}
			h.Join(g)
			l.add("%d/%d", c.Len(g), c.Cap)
		}, []string{"0 1 2 3 0/2"}},
		"len": {func(g *sim.G, l *log) {
			c := sim.NewChan[int](1)
			h := g.Go("", func(g *sim.G) { c.Send(g, 1) })
			l.add("%d", c.Len(g))
			h.Join(g)
			l.add("%d", c.Len(g))
		}, []string{"0 1", "1 1"}},
		"range ends at close": {func(g *sim.G, l *log) {
			c := sim.NewChan[int](1)
			g.Go("", func(g *sim.G) { c.Send(g, 1); c.Send(g, 2); c.Close(g) })
			for v := range c.All(g) {
				l.add("%d", v)
			}
			v, ok := c.ReceiveOK(g)
			l.add("%d %v", v, ok)
		}, []string{"1 2 0 false"}},
		"close wakes receivers": {func(g *sim.G, l *log) {
			var c sim.Chan[int]
			g.Go("", func(g *sim.G) { c.Close(g) })
			v, ok := c.ReceiveOK(g)
			l.add("%d %v", v, ok)
		}, []string{"0 false"}},
		"what is only closed": {func(g *sim.G, l *log) {
			c := sim.Chan[int]{CloseOnly: true}
			l.add("%d", sim.Select(g, c.OnReceive(nil, nil), sim.Default()))
			g.Go("", func(g *sim.G) { c.Close(g) })
			v, ok := c.ReceiveOK(g)
			l.add("%d %v", v, ok)
			for range c.All(g) {
				l.add("value")
			}
			l.add("%d %d", sim.Select(g, c.OnReceive(nil, nil), sim.Default()), c.Len(g))
		}, []string{"-1 0 false 0 0"}},
		"what is only closed, and is not": {func(g *sim.G, l *log) {
			sim.NewChan[int](0).Len(g)
			c := sim.Chan[int]{CloseOnly: true}
			c.Receive(g)
		}, []string{"deadlocked"}},
		"a send on what is only closed": {func(g *sim.G, l *log) {
			c := sim.Chan[int]{Name: "c", CloseOnly: true}
			defer recovered(l)
			c.Send(g, 1)
		}, []string{"(send on a channel that is CloseOnly: c)"}},
		"a case that sends on what is only closed": {func(g *sim.G, l *log) {
			c := sim.Chan[int]{Name: "c", Cap: 1, CloseOnly: true}
			sim.Select(g, c.OnSend(1), sim.Default())
		}, []string{"misused: send on a channel that is CloseOnly: c"}},
		"what is only closed, twice": {func(g *sim.G, l *log) {
			c := sim.Chan[int]{Name: "c", CloseOnly: true}
			c.Close(g)
			c.Close(g)
		}, []string{"misused: close of closed channel: c"}},
		"close panics senders": {func(g *sim.G, l *log) {
			c := sim.Chan[int]{Name: "c"}
			g.Go("", func(g *sim.G) { c.Close(g) })
			defer recovered(l)
			c.Send(g, 1)
		}, []string{"(send on closed channel: c)"}},
		"close panics a full buffer's senders": {func(g *sim.G, l *log) {
			c := sim.Chan[int]{Name: "c", Cap: 1}
			c.Send(g, 0)
			g.Go("", func(g *sim.G) { c.Close(g) })
			c.Send(g, 1)
		}, []string{"misused: send on closed channel: c"}},
		"close of closed": {func(g *sim.G, l *log) {
			c := sim.Chan[int]{Name: "c"}
			c.Close(g)
			c.Close(g)
		}, []string{"misused: close of closed channel: c"}},
		"close of nil": {func(g *sim.G, l *log) {
			var c *sim.Chan[int]
			c.Close(g)
		}, []string{"misused: close of nil channel"}},
		"nil blocks": {func(g *sim.G, l *log) {
			var c *sim.Chan[int]
			l.add("%d", c.Len(g))
			g.Go("", func(g *sim.G) { c.Send(g, 1) })
			c.Receive(g)
		}, []string{"0 deadlocked"}},
		"negative capacity": {func(g *sim.G, l *log) {
			sim.NewChan[int](-1).Len(g)
			sim.NewChan[int](-1).Close(g)
		}, []string{"panicked: makechan: size out of range"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) { expectWith(t, sim.Options{Time: sim.LazyTime}, tc.program, tc.want...) })
	}
}

// A select takes any case that is ready, its default only when none is, and is
// seen by others while it waits.
func TestSelect(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		program func(*sim.G, *log)
		want    []string
	}{
		"any case that is ready": {func(g *sim.G, l *log) {
			a, b := sim.NewChan[int](1), sim.NewChan[int](1)
			a.Send(g, 1)
			var v int
			i := sim.Select(g, a.OnReceive(&v, nil), b.OnSend(2), sim.Default())
			l.add("%d %d %d", i, v, b.Len(g))
		}, []string{"0 1 0", "1 0 1"}},
		"default": {func(g *sim.G, l *log) {
			var a sim.Chan[int]
			var none *sim.Chan[int]
			l.add("%d", sim.Select(g, sim.Default(), a.OnSend(1), none.OnReceive(nil, nil)))
		}, []string{"-1"}},
		"no case blocks": {func(g *sim.G, l *log) {
			sim.Select(g)
		}, []string{"deadlocked"}},
		"a parked select is completed once": {func(g *sim.G, l *log) {
			var a, b sim.Chan[int]
			g.Go("", func(g *sim.G) { l.add("a%d", sim.Select(g, a.OnSend(1), sim.Default())) })
			g.Go("", func(g *sim.G) { l.add("b%d", sim.Select(g, b.OnSend(1), sim.Default())) })
			g.Sleep(0)
			var v int
			l.add("s%d", sim.Select(g, sim.Default(), a.OnReceive(&v, nil), b.OnReceive(&v, nil)))
		}, []string{"a-1 b-1 s-1", "b-1 a-1 s-1", "a-1 s-1 b-1", "b-1 s-1 a-1", "s-1 a-1 b-1", "s-1 b-1 a-1"}},
		"parked on two channels": {func(g *sim.G, l *log) {
			var a, b sim.Chan[int]
			g.Go("", func(g *sim.G) {
				var v int
				var ok bool
				i := sim.Select(g, a.OnReceive(&v, &ok), b.OnReceive(&v, &ok))
				l.add("%d %d %v", i, v, ok)
			})
			g.Sleep(1)
			l.add("%d", sim.Select(g, a.OnSend(1), sim.Default()))
			l.add("%d", sim.Select(g, b.OnSend(2), sim.Default()))
			g.Sleep(1)
		}, []string{"0 -1 0 1 true", "0 0 1 true -1"}},
		"parked on a buffered channel too": {func(g *sim.G, l *log) {
			var a sim.Chan[int]
			b := sim.NewChan[int](1)
			g.Go("", func(g *sim.G) {
				var v int
				i := sim.Select(g, a.OnReceive(&v, nil), b.OnReceive(&v, nil))
				l.add("%d %d", i, v)
			})
			g.Sleep(1)
			b.Send(g, 2)
			l.add("%d %d", sim.Select(g, a.OnSend(1), sim.Default()), b.Len(g))
			g.Sleep(1)
		}, []string{"-1 0 1 2", "1 2 -1 0"}},
		"parked sender of a full channel": {func(g *sim.G, l *log) {
			var a sim.Chan[int]
			b := sim.NewChan[int](1)
			b.Send(g, 1)
			g.Go("", func(g *sim.G) { l.add("%d", sim.Select(g, a.OnReceive(nil, nil), b.OnSend(2))) })
			g.Sleep(1)
			l.add("%d", b.Receive(g))
			l.add("%d", b.Len(g))
			l.add("%d", b.Receive(g))
		}, []string{"1 1 2 1", "1 1 1 2", "1 1 1 2"}},
		"send and receive of one channel": {func(g *sim.G, l *log) {
			var a sim.Chan[int]
			sim.Select(g, a.OnSend(1), a.OnReceive(nil, nil))
		}, []string{"deadlocked"}},
		"close wakes a parked receive": {func(g *sim.G, l *log) {
			var a, b sim.Chan[int]
			g.Go("", func(g *sim.G) { b.Close(g) })
			ok := true
			l.add("%d", sim.Select(g, a.OnReceive(nil, nil), b.OnReceive(nil, &ok)))
			l.add("%v", ok)
		}, []string{"1 false"}},
		"close panics a parked send": {func(g *sim.G, l *log) {
			b := sim.Chan[int]{Name: "b"}
			var a sim.Chan[int]
			g.Go("", func(g *sim.G) { b.Close(g) })
			defer recovered(l)
			sim.Select(g, a.OnReceive(nil, nil), b.OnSend(1))
		}, []string{"(send on closed channel: b)"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) { expectWith(t, sim.Options{Time: sim.LazyTime}, tc.program, tc.want...) })
	}
}

// ready.Store(true) before an unbuffered receive does not mean that the
// receive has arrived: a send with a default may find nobody.
func TestLostSignal(t *testing.T) {
	t.Parallel()
	lost := func(wait func(*sim.G, *sim.Chan[int])) func(*sim.G, *log) {
		return func(g *sim.G, l *log) {
			var ready sim.Atomic[bool]
			var c sim.Chan[int]
			g.Go("receiver", func(g *sim.G) {
				ready.Store(g, true)
				c.Receive(g)
			})
			sim.Await(g, &ready, func(r bool) bool { return r })
			wait(g, &c)
			l.add("%d", sim.Select(g, c.OnSend(1), sim.Default()))
		}
	}
	expectWith(t, sim.Options{Time: sim.LazyTime}, lost(func(*sim.G, *sim.Chan[int]) {}), "0", "-1 leaked")
	// The twin that waits until nothing else can run finds it.
	expectWith(t, sim.Options{Time: sim.LazyTime}, lost(func(g *sim.G, _ *sim.Chan[int]) { g.Sleep(1) }), "0")
}
