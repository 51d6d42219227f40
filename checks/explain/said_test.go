package explain_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/explain"
	"github.com/interleave-go/interleave/sim"
)

// A said is a program, and what the explanation of its first finding has to say
// and must not say, on a page so wide that no line is broken.
type said struct {
	name    string
	program func(*sim.G)
	says    []string
	not     []string
}

func saidOfChannels() []said {
	const blocks = "a nil channel blocks for ever"
	return []said{
		{"send on a nil channel", func(g *sim.G) {
			var c *sim.Chan[int]
			c.Send(g, 1)
		}, []string{"main waits to send on nil channel: " + blocks, "0   send nil channel → 1", "Make the channel with NewChan before main uses it"},
			[]string{"receive", "somebody"}},
		{"receive from a nil channel", func(g *sim.G) {
			var c *sim.Chan[int]
			c.Receive(g)
		}, []string{"main waits to receive from nil channel: " + blocks, "0   receive nil channel", "do not use it while it is nil"},
			[]string{"somebody"}},
	}
}

func saidOfNames() []said {
	return []said{
		{"goroutines of one name", func(g *sim.G) {
			jobs := sim.Chan[int]{Name: "jobs"}
			for range 2 {
				g.Go("worker", func(g *sim.G) { jobs.Receive(g) })
			}
			sim.Select(g)
		}, []string{"worker (main/1) waits to receive from jobs", "worker (main/2) waits to receive from jobs"}, []string{"worker waits"}},
		{"objects without a name", func(g *sim.G) {
			var mus [2]sim.Mutex
			for i := range 2 {
				g.Go("", func(g *sim.G) {
					mus[i].Lock(g)
					mus[1-i].Lock(g)
					mus[1-i].Unlock(g)
					mus[i].Unlock(g)
				})
			}
		}, []string{"Partial deadlock: mutex 1, mutex 2", "main/1 holds mutex 1 and waits for mutex 2"}, []string{"mutex#"}},
		{"the only object without a name", func(g *sim.G) {
			var mu sim.Mutex
			mu.Lock(g)
			mu.Lock(g)
		}, []string{"Deadlock: the mutex", "main holds the mutex and waits for the mutex"}, []string{"mutex#", "mutex 1"}},
		{"where a goroutine was started", func(g *sim.G) {
			c := sim.Chan[int]{Name: "c"}
			g.Go("worker", func(g *sim.G) { c.Send(g, 1) })
		}, []string{"worker, started at said_test.go:"}, []string{"(started at"}},
	}
}

func saidOfValues() []said {
	type point struct {
		at   *int
		Lock sim.Mutex
		X    int
	}
	fails := func(g *sim.G) { g.Assert(false, "wrong") }
	return []said{
		{"a choice", func(g *sim.G) {
			v := sim.Var[int]{Name: "v"}
			v.Store(g, g.Choose(2))
			g.Assert(v.Load(g) == 0, "wrong")
		}, []string{"choose → 1"}, nil},
		{"a closed channel", func(g *sim.G) {
			c := sim.Chan[int]{Name: "c", Cap: 1}
			c.Close(g)
			c.Receive(g)
			fails(g)
		}, []string{"receive c → closed"}, nil},
		{"a select that had to wait", func(g *sim.G) {
			ctx, cancel := sim.WithCancel(g, sim.Background())
			ctx.Name = "ctx"
			g.Go("canceller", func(g *sim.G) { cancel(g) })
			c := sim.Chan[int]{Name: "c"}
			sim.Select(g, c.OnReceive(nil, nil), ctx.Done().OnReceive(nil, nil))
			g.Assert(ctx.Err(g) == nil, "wrong")
		}, []string{"select returns: receive the Done of ctx → closed", "look at ctx → context canceled"}, []string{"the chan"}},
		{"a map", func(g *sim.G) {
			m := sim.Map[string, int]{Name: "m"}
			m.Store(g, "a", 2)
			m.Delete(g, "a")
			_, ok := m.Load(g, "b")
			g.Assert(ok, "wrong")
		}, []string{`store m["a"] ← 2`, `store m["a"] ← nothing`, `load m["b"] → nothing`}, nil},
		{"a SyncMap", func(g *sim.G) {
			m := sim.SyncMap[int, bool]{Name: "m"}
			m.Store(g, 7, true)
			v, _ := m.Load(g, 7)
			g.Assert(!v, "wrong")
		}, []string{`store m[7] ← true`, `load m[7] → true`}, nil},
		{"pointers and objects", func(g *sim.G) {
			v, p := sim.Var[point]{Name: "v"}, sim.Var[*point]{Name: "p"}
			p.Store(g, new(point))
			p.Store(g, &point{})
			v.Store(g, point{at: new(int), X: 3})
			h := sim.Var[*sim.Goroutine]{Name: "h"}
			h.Store(g, g.Go("a", func(*sim.G) {}))
			v.Load(g)
			g.Assert(p.Load(g) == nil, "wrong")
		}, []string{"store p ← *point#1", "store p ← *point#2", "store v ← {*int#1 3}", "load p → *point#2", "store h ← *Goroutine#1"}, []string{"0x"}},
		{"an invariant", func(g *sim.G) {
			x, y := sim.AtomicInt[int]{Name: "x"}, sim.AtomicInt[int]{Name: "y"}
			g.Invariant("sum", func(g *sim.G) bool { return x.Load(g)+y.Load(g) >= 0 }, &x, &y)
			y.Add(g, 1)
			x.Add(g, -2)
		}, []string{"x   y", "-2  1"}, nil},
		{"a once", func(g *sim.G) {
			var o sim.Once
			o.Do(g, func() { o.Do(g, func() {}) })
		}, []string{"enter the once"}, []string{"once the once"}},
	}
}

// Where a step is, or a failure: on a line of the program, wherever it was called
// from.
func saidOfPlaces() []said {
	return []said{
		{"a nil dereference", func(g *sim.G) {
			var v *sim.Var[int]
			v.Load(g)
		}, []string{"main panics: ", "(a)", "v.Load(g)"}, nil},
		{"a range over a channel", func(g *sim.G) {
			c := sim.Chan[int]{Name: "c"}
			for range c.All(g) {
				g.Yield()
			}
		}, []string{"said_test.go:", "for range c.All(g) {"}, []string{"chan.go"}},
		{"a collector", func(g *sim.G) {
			c := sim.Chan[int]{Name: "c"}
			_ = slices.Collect(c.All(g))
		}, []string{"said_test.go:", "slices.Collect(c.All(g))"}, []string{"chan.go", "iter.go"}},
	}
}

func saidOfAdvice() []said {
	return []said{
		{"written under a read lock", func(g *sim.G) {
			mu, m := sim.RWMutex{Name: "mu"}, sim.Map[string, int]{Name: "m"}
			put := func(g *sim.G) {
				mu.RLock(g)
				m.Store(g, "x", 1)
				mu.RUnlock(g)
			}
			g.Go("a", put)
			put(g)
		}, []string{"Take the write lock, Lock in place of RLock of mu, around store m by "}, []string{"make both of them atomic"}},
		{"a SyncMap that is looked at first", func(g *sim.G) {
			m := sim.SyncMap[string, int]{Name: "m"}
			a := g.Go("a", func(g *sim.G) {
				if _, ok := m.Load(g, "k"); !ok {
					m.Store(g, "k", 1)
				}
			})
			if _, ok := m.Load(g, "k"); !ok {
				m.Store(g, "k", 2)
				a.Join(g)
				v, _ := m.Load(g, "k")
				g.Assert(v == 2, "replaced")
			}
		}, []string{"LoadOrStore or a CompareAndSwap in a loop"}, []string{"an Add of a number"}},
		{"a group with a member that is stuck", func(g *sim.G) {
			var group sim.Group
			c := sim.Chan[int]{Name: "c"}
			group.Go(g, "consumer", func(g *sim.G) error {
				c.Receive(g)
				return nil
			})
			_ = group.Wait(g)
		}, []string{"somebody still sends on c"}, []string{"Count exactly", "Call Add"}},
		{"a WaitGroup without a Done", func(g *sim.G) {
			wg := sim.WaitGroup{Name: "wg"}
			wg.Add(g, 1)
			g.Go("a", func(*sim.G) {})
			wg.Wait(g)
		}, []string{"Done on every way out"}, nil},
		{"a ticket that two have drawn", func(g *sim.G) {
			next, now := sim.AtomicInt[int]{Name: "next"}, sim.AtomicInt[int]{Name: "now"}
			work := func(g *sim.G) {
				me := next.Load(g)
				next.Store(g, me+1)
				sim.Await(g, &now, func(v int) bool { return v == me })
				now.Add(g, 1)
			}
			a, b := g.Go("a", work), g.Go("b", work)
			a.Join(g)
			b.Join(g)
		}, []string{"Make load next (step 2) and store next (step "}, []string{"await now (which never takes place) of"}},
	}
}

// What happened is said in the words of the program, and the advice fits it.
func TestWhatIsSaid(t *testing.T) {
	t.Parallel()
	checkSaid(t, slices.Concat(saidOfChannels(), saidOfNames(), saidOfValues(), saidOfPlaces(), saidOfAdvice()))
}

// checkSaid explains the first finding of each program.
func checkSaid(t *testing.T, all []said) {
	t.Helper()
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			text := written(t, first(t, s.program, checks.ExplainOptions{}), explain.Layout{Width: 1000})
			for _, want := range s.says {
				if !strings.Contains(text, want) {
					t.Errorf("%q is not said:\n%s", want, text)
				}
			}
			for _, not := range s.not {
				if strings.Contains(text, not) {
					t.Errorf("%q is said:\n%s", not, text)
				}
			}
		})
	}
}

// A schedule that passes is shown with its steps, however many they are: they are
// all that there is to see.
func TestPassingScheduleIsShown(t *testing.T) {
	t.Parallel()
	program := func(g *sim.G) {
		counter := sim.AtomicInt[int]{Name: "counter"}
		add := func(g *sim.G) {
			for range 4 {
				counter.Store(g, counter.Load(g)+1)
			}
		}
		a, b := g.Go("A", add), g.Go("B", add)
		a.Join(g)
		b.Join(g)
		g.Assert(counter.Load(g) != 2, "lost")
	}
	e := first(t, program, checks.ExplainOptions{Executions: 200})
	table, err := checks.Show(program, e.Cause.Conditions[0].Token, checks.ExplainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := table.Write(&b, explain.Layout{}); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), " counter "); n < 17 {
		t.Errorf("%d of 17 steps with counter are shown:\n%s", n, b.String())
	}
}
