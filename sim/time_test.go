package sim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/sim"
)

// Under lazy time a moment passes only when nothing else can run, and timers
// fire in the order of their deadlines.
func TestLazyTime(t *testing.T) {
	check(t, map[string]behaviour{
		"sleeps": {func(g *sim.G, l *log) {
			g.Go("", func(g *sim.G) { g.Sleep(2); l.add("b%d", g.Now()) })
			g.Sleep(1)
			l.add("a%d", g.Now())
			g.Sleep(0)
			g.Sleep(-1)
		}, []string{"a1 b2"}},
		"after": {func(g *sim.G, l *log) {
			c := g.After(3)
			l.add("%d %d", c.Cap, c.Len(g))
			l.add("%d", c.Receive(g))
		}, []string{"0 0 3"}},
		"a ticker that is left": {func(g *sim.G, l *log) {
			g.NewTicker(1)
		}, []string{""}},
		"a ticker that nobody waits for hides no deadlock": {func(g *sim.G, l *log) {
			g.NewTicker(1)
			timer := g.NewTimer(3)
			l.add("%d", timer.C.Receive(g))
			var c sim.Chan[int]
			c.Receive(g)
		}, []string{"3 deadlocked"}},
		"a ticker that somebody waits for": {func(g *sim.G, l *log) {
			t := g.NewTicker(1)
			g.Go("", func(g *sim.G) { var c sim.Chan[int]; c.Receive(g) })
			l.add("%d", t.C.Receive(g))
			l.add("%d", sim.Select(g, t.C.OnReceive(nil, nil)))
			l.add("%d", g.Now())
		}, []string{"1 0 2 leaked"}},
		"a ticker that somebody polls": {func(g *sim.G, l *log) {
			t := g.NewTicker(1)
			for sim.Select(g, t.C.OnReceive(nil, nil), sim.Default()) == sim.DefaultCase {
				g.Yield()
			}
			for g.Now() < 3 {
				g.Yield()
			}
			l.add("%d", g.Now())
		}, []string{"3"}},
		"equal deadlines in any order": {func(g *sim.G, l *log) {
			for _, name := range []string{"a", "b"} {
				g.AfterFunc(1, func(*sim.G) { l.add("%s", name) })
			}
		}, []string{"a b", "b a"}},
		"stop in time": {func(g *sim.G, l *log) {
			timer := g.NewTimer(5)
			l.add("%v %v", timer.Stop(g), timer.Stop(g))
			g.Sleep(10)
			l.add("%d", sim.Select(g, timer.C.OnReceive(nil, nil), sim.Default()))
		}, []string{"true false -1"}},
		"stop drops what was sent": {func(g *sim.G, l *log) {
			timer := g.NewTimer(5)
			g.Sleep(10)
			l.add("%v", timer.Stop(g))
			l.add("%d", sim.Select(g, timer.C.OnReceive(nil, nil), sim.Default()))
			l.add("%v", timer.Stop(g))
		}, []string{"true -1 false"}},
		"reset drops what was sent": {func(g *sim.G, l *log) {
			timer := g.NewTimer(5)
			g.Sleep(10)
			l.add("%v", timer.Reset(g, 7))
			l.add("%d", timer.C.Receive(g))
			l.add("%v", timer.Reset(g, 1))
			l.add("%d", timer.C.Receive(g))
		}, []string{"true 17 false 18"}},
		"after func": {func(g *sim.G, l *log) {
			timer := g.AfterFunc(5, func(g *sim.G) { l.add("f%d", g.Now()) })
			g.Sleep(1)
			l.add("%v", timer.Reset(g, 1))
			g.Sleep(5)
			l.add("%v", timer.Reset(g, 1))
			g.Sleep(5)
			l.add("%v", timer.Stop(g))
		}, []string{"true f2 false f7 false"}},
		"ticker": {func(g *sim.G, l *log) {
			ticker := g.NewTicker(2)
			l.add("%d", ticker.C.Receive(g))
			g.Sleep(5) // ticks at 4 and 6: the second is dropped
			l.add("%d", ticker.C.Receive(g))
			ticker.Reset(g, 3)
			l.add("%d", ticker.C.Receive(g))
			ticker.Stop(g)
		}, []string{"2 4 10"}},
		"bad period":    {func(g *sim.G, l *log) { g.NewTicker(0) }, []string{"panicked: non-positive interval for NewTicker"}},
		"no such timer": {func(g *sim.G, l *log) { new(sim.Timer).Stop(g) }, []string{"panicked: time: Stop or Reset called on uninitialized Timer"}},
	})
}

// Under free time a timer may fire before any other step, never before one
// that is due earlier.
func TestFreeTime(t *testing.T) {
	t.Parallel()
	tests := map[string]behaviour{
		"before or after": {func(g *sim.G, l *log) {
			g.AfterFunc(1, func(*sim.G) { l.add("f") })
			g.Yield()
			l.add("main")
			g.Yield()
		}, []string{"f main", "main f"}},
		"in order": {func(g *sim.G, l *log) {
			g.AfterFunc(2, func(*sim.G) { l.add("b") })
			a := g.After(1)
			a.Receive(g)
			l.add("a")
		}, []string{"a b", "b a"}},
		"stop races with firing": {func(g *sim.G, l *log) {
			timer := g.AfterFunc(1, func(*sim.G) { l.add("f") })
			l.add("%v", timer.Stop(g))
		}, []string{"true", "false f", "f false"}},
		"no stale value": {func(g *sim.G, l *log) {
			timer := g.NewTimer(1)
			l.add("%v", timer.Stop(g))
			l.add("%d", sim.Select(g, timer.C.OnReceive(nil, nil), sim.Default()))
		}, []string{"true -1"}},
		"reset races with firing": {func(g *sim.G, l *log) {
			timer := g.AfterFunc(1, func(*sim.G) { l.add("f") })
			l.add("%v", timer.Reset(g, 1))
		}, []string{"true f", "f false f", "false f f"}},
		"ticks for ever": {func(g *sim.G, l *log) { g.NewTicker(1) }, []string{"over-steps"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) { expectWith(t, sim.Options{StepsMax: 40}, tc.program, tc.want...) })
	}
}

// Under cost time every step advances the clock, what is due fires at once,
// and a clock that nothing else can run for jumps to the next deadline. A
// replay with the same costs is the same execution.
func TestCostTime(t *testing.T) {
	t.Parallel()
	var l log
	program := func(g *sim.G) {
		l.lines = nil
		g.AfterFunc(25, func(g *sim.G) { l.add("f%d", g.Now()) })
		for range 4 {
			g.Yield()
			l.add("%d", g.Now())
		}
		g.Sleep(1000)
		l.add("%d", g.Now())
	}
	opt := sim.Options{Time: sim.CostTime, Costs: func(*sim.Execution) time.Duration { return 10 }}
	first := run(t, opt, program)
	opt.Prefix = choices(first)
	second := run(t, opt, program)
	for _, x := range []*sim.Execution{first, second} {
		// The timer fires at 30; its goroutine comes after main, which goes on.
		if got, want := strings.Join(l.lines, " "), "20 50 70 90 f110 1110"; x.Outcome != sim.Finished || got != want {
			t.Errorf("%v: %s: %s, want %s", x.Outcome, x.Divergence, got, want)
		}
	}
	if x := run(t, sim.Options{Time: sim.CostTime}, func(g *sim.G) { g.Yield(); l.add("%d", g.Now()) }); x.Outcome != sim.Finished {
		t.Errorf("without costs: %v", x.Outcome)
	}
}

// Contexts are cancelled with all below them, once, by hand or by deadline.
func TestContext(t *testing.T) {
	check(t, map[string]behaviour{
		"cancel": {func(g *sim.G, l *log) {
			parent, cancel := sim.WithCancelCause(g, sim.Background())
			child, stop := sim.WithCancel(g, sim.WithValue(parent, "k", "v"))
			l.add("%v %v", child.Err(g), child.Value("k"))
			g.Go("", func(g *sim.G) { cancel(g, errBad) })
			_, ok := child.Done().ReceiveOK(g)
			l.add("%v %v %v", ok, child.Err(g), child.Cause(g))
			stop(g)
			cancel(g, nil)
			l.add("%v", parent.Cause(g))
		}, []string{"<nil> v false context canceled bad bad"}},
		"child of a cancelled one": {func(g *sim.G, l *log) {
			parent, cancel := sim.WithCancel(g, sim.Background())
			cancel(g)
			child, _ := sim.WithTimeout(g, parent, 5)
			free := sim.WithoutCancel(child)
			l.add("%v %v %v", child.Err(g), free.Err(g), free.Done() == nil)
			child.Done().Receive(g)
		}, []string{"context canceled <nil> true"}},
		"deadline": {func(g *sim.G, l *log) {
			ctx, cancel := sim.WithTimeout(g, sim.Background(), 5)
			inner, _ := sim.WithTimeout(g, ctx, 50)
			at, ok := inner.Deadline()
			inner.Done().Receive(g)
			l.add("%d %v %d %v", at, ok, g.Now(), inner.Err(g))
			cancel(g)
			l.add("%v", ctx.Err(g))
		}, []string{"5 true 5 context deadline exceeded context deadline exceeded"}},
		"deadline that has passed": {func(g *sim.G, l *log) {
			g.Sleep(3)
			ctx, _ := sim.WithDeadline(g, sim.Background(), 2)
			l.add("%v", ctx.Err(g))
		}, []string{"context deadline exceeded"}},
		"cancelled before its deadline": {func(g *sim.G, l *log) {
			parent, cancel := sim.WithCancel(g, sim.Background())
			ctx, _ := sim.WithTimeout(g, parent, 5)
			cancel(g)
			g.Sleep(10)
			l.add("%v", ctx.Err(g))
		}, []string{"context canceled"}},
		"a select on two contexts": {func(g *sim.G, l *log) {
			parent, cancel := sim.WithCancel(g, sim.Background())
			child, _ := sim.WithCancel(g, parent)
			var c sim.Chan[int]
			g.Go("", func(g *sim.G) { cancel(g) })
			for range 2 {
				sim.Select(g, c.OnReceive(nil, nil), parent.Done().OnReceive(nil, nil), child.Done().OnReceive(nil, nil))
			}
			g.Go("", func(g *sim.G) { g.Sleep(1); c.Send(g, 7) })
			l.add("%d", c.Receive(g))
		}, []string{"7"}},
		"after func": {func(g *sim.G, l *log) {
			ctx, cancel := sim.WithCancel(g, sim.Background())
			stop := ctx.AfterFunc(g, func(*sim.G) { l.add("f") })
			h := g.Go("", func(g *sim.G) { cancel(g) })
			l.add("%v", stop(g))
			h.Join(g)
			l.add("%v", stop(g))
		}, []string{"true false", "false f false", "f false false", "false false f"}},
		"two stops": {func(g *sim.G, l *log) {
			ctx, _ := sim.WithCancel(g, sim.Background())
			stop := ctx.AfterFunc(g, func(*sim.G) {})
			g.Go("", func(g *sim.G) { l.add("%v", stop(g)) })
			l.add("%v", stop(g))
		}, []string{"true false"}},
		"after func of a cancelled one": {func(g *sim.G, l *log) {
			ctx, cancel := sim.WithCancel(g, sim.Background())
			cancel(g)
			stop := ctx.AfterFunc(g, func(*sim.G) { l.add("f") })
			l.add("%v", stop(g))
		}, []string{"false f"}},
		"nil parent": {func(g *sim.G, l *log) { sim.WithCancel(g, nil) }, []string{"panicked: cannot create context from nil parent"}},
	})
}
