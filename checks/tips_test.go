package checks_test

import (
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// each starts three goroutines.
func each(body func(g *sim.G)) func(g *sim.G) {
	return func(g *sim.G) {
		for range 3 {
			g.Go("", body)
		}
	}
}

// ticks waits for two ticks.
func ticks(g *sim.G) {
	t := g.NewTicker(time.Second)
	t.C.Receive(g)
	t.C.Receive(g)
	t.Stop(g)
}

// dozes sleeps until main has set a flag.
func dozes(g *sim.G) {
	done := sim.Atomic[bool]{Name: "done"}
	g.Go("dozer", func(g *sim.G) {
		for !done.Load(g) {
			g.Sleep(time.Second)
		}
	})
	done.Store(g, true)
}

// The tips name the object whose steps have the most orders, and say what to do
// about one of its kind, about the space as a whole, and about the bound that
// was hit.
func TestTips(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		program func(*sim.G)
		opt     checks.Options
		want    []string
		not     []string
	}{
		"adds": {func(g *sim.G) {
			total, other := sim.AtomicInt[int]{Name: "total"}, sim.AtomicInt[int]{Name: "other"}
			each(func(g *sim.G) { total.Add(g, 1); total.Add(g, 1); other.Load(g) })(g)
			other.Store(g, 1)
		}, checks.Options{Strategy: "optimal", ExecutionsMax: 4},
			[]string{"total: 12 of the program's 15 pairs of steps whose order matters, between 3 goroutines; fewer goroutines",
				"up to 4 at a time: a budget of 2 preemptions (--preemptions 2)", "strategy random"}, []string{"other", "dfs", "Add or"}},
		"loads and stores": {func(g *sim.G) {
			x := sim.AtomicInt[int]{Name: "x"}
			each(func(g *sim.G) { x.Store(g, x.Load(g)+1) })(g)
		}, checks.Options{Strategy: "dfs", ExecutionsMax: 4},
			[]string{"x: all of the program's 9 pairs", "an Add or a CompareAndSwap", "strategy dfs runs every interleaving"}, nil},
		"locks": {func(g *sim.G) {
			m := sim.Mutex{Name: "m"}
			each(func(g *sim.G) { m.Lock(g); m.Unlock(g) })(g)
		}, checks.Options{Strategy: "optimal", ExecutionsMax: 2}, []string{"m: all", "make them fewer, by one in place of several"}, nil},
		"start signal": {func(g *sim.G) {
			c := sim.Chan[int]{Name: "start"}
			each(func(g *sim.G) { c.Receive(g) })(g)
			g.Go("", func(g *sim.G) { c.Close(g) })
		}, checks.Options{Strategy: "optimal", ExecutionsMax: 2}, []string{"start: all", "let it say CloseOnly"}, nil},
		"channel": {func(g *sim.G) {
			c := sim.NewChan[int](3)
			c.Name = "queue"
			each(func(g *sim.G) { c.Send(g, 1) })(g)
		}, checks.Options{Strategy: "optimal", Relation: "channel", ExecutionsMax: 2}, []string{"queue: all", "--relation slot"}, nil},
		"channel by slot": {func(g *sim.G) {
			c := sim.NewChan[int](3)
			c.Name = "queue"
			each(func(g *sim.G) { c.Send(g, 1) })(g)
		}, checks.Options{Strategy: "optimal", ExecutionsMax: 2}, []string{"queue: all", "a channel for each sender"}, []string{"--relation"}},
		"steps": {func(g *sim.G) {
			x := sim.AtomicInt[int]{Name: "x"}
			for range 100 {
				x.Add(g, 1)
			}
		}, checks.Options{Strategy: "optimal", StepsMax: 50}, []string{"1 execution was cut by the bound on steps", "sim.Await or Yield"},
			[]string{"pairs", "preemptions"}},
		"budget": {func(g *sim.G) {
			x := sim.AtomicInt[int]{Name: "x"}
			each(func(g *sim.G) { x.Add(g, 1) })(g)
		}, checks.Options{Strategy: "bounded", Budget: checks.Budget{Cost: "delays", Max: 3}, ExecutionsMax: 2},
			[]string{"a smaller budget than 3 delays"}, []string{"--preemptions"}},
		"wakeup trees": {func(g *sim.G) {
			x := sim.AtomicInt[int]{Name: "x"}
			each(func(g *sim.G) { x.Add(g, 1); x.Add(g, 1) })(g)
		}, checks.Options{Strategy: "optimal", TreeMax: 2, ExecutionsMax: 8}, []string{"--tree-nodes"}, nil},
		"ticker":         {ticks, checks.Options{Strategy: "optimal", ExecutionsMax: 2}, []string{"under free time a ticker", "--time lazy"}, nil},
		"ticker, cut":    {ticks, checks.Options{Strategy: "optimal", ExecutionsMax: 2, StepsMax: 50}, []string{"under free time a ticker"}, []string{"raise it"}},
		"sleeping loop":  {dozes, checks.Options{Strategy: "optimal", ExecutionsMax: 2}, []string{"a loop that sleeps", "a condition"}, nil},
		"one sleep each": {each(func(g *sim.G) { g.Sleep(1) }), checks.Options{Strategy: "optimal", ExecutionsMax: 2}, nil, []string{"ticker"}},
		"lazy time": {func(g *sim.G) { each(func(g *sim.G) { ticks(g) })(g) },
			checks.Options{Strategy: "optimal", ExecutionsMax: 2, Time: sim.LazyTime}, nil, []string{"ticker"}},
		"complete": {each(func(g *sim.G) {}), checks.Options{Strategy: "optimal"}, nil, []string{""}},
		"a sample": {each(func(g *sim.G) {}), checks.Options{Strategy: "random", ExecutionsMax: 2}, nil, []string{""}},
	} {
		t.Run(name, func(t *testing.T) {
			c.opt.KeepGoing = true
			r, err := checks.Explore(c.program, c.opt)
			if err != nil {
				t.Fatal(err)
			}
			tips := checks.Tips(c.program, r)
			got := strings.Join(tips, "\n")
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not in\n%s", want, got)
				}
			}
			for _, not := range c.not {
				if not == "" && got != "" || not != "" && strings.Contains(got, not) {
					t.Errorf("%q is in\n%s", not, got)
				}
			}
		})
	}
}

// What is ordered anyway is no pair: a goroutine that is joined before the other
// one starts.
func TestTipsOrdered(t *testing.T) {
	t.Parallel()
	program := func(g *sim.G) {
		x := sim.AtomicInt[int]{Name: "x"}
		for range 2 {
			g.Go("", func(g *sim.G) { x.Add(g, 1) }).Join(g)
		}
	}
	tips := checks.Tips(program, checks.Report{Exhaustive: true, Bound: "time"})
	if got := strings.Join(tips, "\n"); strings.Contains(got, "pair") || strings.Contains(got, "preemptions") {
		t.Error(got)
	}
}
