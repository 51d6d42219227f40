package checks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// explore returns the report of a short exploration that keeps going.
func explore(t *testing.T, program func(*sim.G), strategy string) checks.Report {
	t.Helper()
	r, err := checks.Explore(program, checks.Options{Strategy: strategy, Seed: 1, ExecutionsMax: 1000, StepsMax: 200, KeepGoing: true})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// kinds are the kinds of a report's findings, sorted, each once.
func kinds(r checks.Report) []checks.Kind {
	var out []checks.Kind
	for _, f := range r.Findings {
		out = append(out, f.Kind)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// A badEnd is a program and what is said of how it ends.
type badEnd struct {
	name    string
	program func(*sim.G)
	kind    checks.Kind
	summary string // part of it
}

func badEndsOfChannels() []badEnd {
	return []badEnd{
		{"receive, nobody sends", func(g *sim.G) {
			c := sim.Chan[int]{Name: "c"}
			c.Receive(g)
		}, checks.Deadlock, "main waits to receive from c: nobody has tried to send on it"},
		{"send, the receiver has ended", func(g *sim.G) {
			c := sim.Chan[int]{Name: "c"}
			g.Go("reader", func(g *sim.G) { c.Receive(g) })
			c.Send(g, 1)
			c.Send(g, 2)
		}, checks.Deadlock, "main waits to send on c: reader, which receives from it, has ended"},
		{"nil channel", func(g *sim.G) {
			var c *sim.Chan[int]
			c.Receive(g)
		}, checks.Deadlock, "main waits to receive from nil channel: a nil channel blocks for ever"},
		{"select without cases", func(g *sim.G) { sim.Select(g) },
			checks.Deadlock, "main waits in a select on nothing: it has no case that can ever be ready"},
		{"select", func(g *sim.G) {
			a, b := sim.Chan[int]{Name: "a"}, sim.Chan[int]{Name: "b"}
			sim.Select(g, a.OnReceive(nil, nil), b.OnSend(1))
		}, checks.Deadlock, "main waits in a select on a, b: nobody has tried to send on a or to close it, nobody has tried to receive from b"},
		{"select, a partner has ended", func(g *sim.G) {
			a, b := sim.Chan[int]{Name: "a"}, sim.Chan[int]{Name: "b"}
			g.Go("sender", func(g *sim.G) { a.Send(g, 1) })
			a.Receive(g)
			sim.Select(g, a.OnReceive(nil, nil), b.OnReceive(nil, nil))
		}, checks.Deadlock, "main waits in a select on a, b: sender, which sends on a, has ended, nobody has tried to send on b"},
		{"a context that nobody cancels", func(g *sim.G) {
			ctx, _ := sim.WithCancel(g, sim.Background())
			ctx.Name = "request"
			ctx.Done().Receive(g)
		}, checks.Deadlock, "main waits to receive from the Done of request: nobody has cancelled request"},
		{"a context that nobody cancels, in a select", func(g *sim.G) {
			a := sim.Chan[int]{Name: "a"}
			ctx, _ := sim.WithCancel(g, sim.Background())
			ctx.Name = "request"
			sim.Select(g, a.OnReceive(nil, nil), ctx.Done().OnReceive(nil, nil))
		}, checks.Deadlock, "main waits in a select on a, the Done of request: nobody has tried to send on a or to close it, nobody has cancelled request"},
		{"leak", func(g *sim.G) {
			c := sim.Chan[int]{Name: "c"}
			g.Go("worker", func(g *sim.G) { c.Send(g, 1) })
		}, checks.GoroutineLeak, "main has returned, but worker, started at ending_test.go:"},
	}
}

func badEndsOfOthers() []badEnd {
	return []badEnd{
		{"done is never called", func(g *sim.G) {
			wg := sim.WaitGroup{Name: "wg"}
			wg.Add(g, 2)
			g.Go("worker", func(g *sim.G) { wg.Done(g) })
			wg.Wait(g)
		}, checks.Deadlock, "main waits for wg: its counter is 1: main added 2, worker, which has ended, called Done for 1, and nobody else is left"},
		{"nobody calls done", func(g *sim.G) {
			wg := sim.WaitGroup{Name: "wg"}
			wg.Add(g, 1)
			wg.Wait(g)
		}, checks.Deadlock, "main waits for wg: its counter is 1: main added 1, nobody has called Done, and nobody else is left"},
		{"who would call done is blocked", func(g *sim.G) {
			wg, c := sim.WaitGroup{Name: "wg"}, sim.Chan[int]{Name: "c"}
			for i := range 2 {
				wg.Go(g, fmt.Sprint("worker ", i+1), func(g *sim.G) { c.Send(g, 1) })
			}
			c.Receive(g)
			wg.Wait(g)
		}, checks.Deadlock, "which has ended, called Done for 1, and worker"},
		{"signal too early", func(g *sim.G) {
			var mu sim.Mutex
			c := sim.Cond{Name: "c", L: &mu}
			c.Signal(g)
			mu.Lock(g)
			c.Wait(g)
		}, checks.Deadlock, "main waits for a signal of c: the only signal, of main at step 0, came before it waited, at step 2"},
		{"lock of one who has ended", func(g *sim.G) {
			mu := sim.Mutex{Name: "mu"}
			g.Go("owner", func(g *sim.G) { mu.Lock(g) }).Join(g)
			mu.Lock(g)
		}, checks.Deadlock, "main waits for mu: held by owner, which has ended"},
		{"locks twice", func(g *sim.G) {
			mu := sim.Mutex{Name: "mu"}
			mu.Lock(g)
			mu.Lock(g)
		}, checks.Deadlock, "main holds mu and waits for mu, held by main itself: a cycle that nobody can leave"},
		{"joins each other", func(g *sim.G) {
			c := sim.Chan[*sim.Goroutine]{Cap: 1}
			a := g.Go("a", func(g *sim.G) { c.Receive(g).Join(g) })
			b := g.Go("b", func(g *sim.G) { a.Join(g) })
			c.Send(g, b)
		}, checks.PartialDeadlock, "a waits for b to end; b waits for a to end: a cycle that nobody can leave"},
		{"once inside itself", func(g *sim.G) {
			once := sim.Once{Name: "once"}
			once.Do(g, func() { once.Do(g, func() {}) })
		}, checks.Deadlock, "main holds once and waits for once to be done, held by main itself"},
		{"semaphore", func(g *sim.G) {
			s := sim.Semaphore{Name: "s", N: 2}
			s.Acquire(g, 1)
			s.Acquire(g, 2)
		}, checks.Deadlock, "main holds s and waits for s, held by main itself"},
		{"barrier", func(g *sim.G) {
			b := sim.Barrier{Name: "b", N: 2}
			b.Wait(g)
		}, checks.Deadlock, "main waits at b: 1 of 2 arrived"},
		{"latch", func(g *sim.G) {
			l := sim.Latch{Name: "l", N: 2}
			l.CountDown(g)
			l.Wait(g)
		}, checks.Deadlock, "main waits for l to open: 1 of 2 counted"},
		{"await", func(g *sim.G) {
			x := sim.AtomicInt[int]{Name: "x"}
			sim.Await(g, &x, func(v int) bool { return v == 1 })
		}, checks.Deadlock, "main waits for a change of x"},
		{"panic", func(g *sim.G) { panic("boom") }, checks.Panic, "main panics: boom"},
		{"assertion", func(g *sim.G) { g.Assert(false, "n is %d", 3) }, checks.Assertion, "main: n is 3"},
		{"misuse", func(g *sim.G) {
			mu := sim.Mutex{Name: "mu"}
			mu.Unlock(g)
		}, checks.Misuse, "main: unlock of unlocked mutex: mu (ending_test.go:158); unlock once for every lock"},
	}
}

// Whoever waits for something that cannot come is told so, in words that name
// the goroutine, the object and the one who would have to act.
func TestSummariesOfBadEnds(t *testing.T) {
	t.Parallel()
	for _, c := range append(badEndsOfChannels(), badEndsOfOthers()...) {
		t.Run(c.name, func(t *testing.T) {
			r := explore(t, c.program, "dfs")
			if got := kinds(r); !slices.Equal(got, []checks.Kind{c.kind}) {
				t.Fatalf("found %v, want %v; outcomes %v", got, c.kind, r.Outcomes)
			}
			if got := r.Findings[0].Summary; !strings.Contains(got, c.summary) {
				t.Errorf("got  %s\nwant %s", got, c.summary)
			}
		})
	}
}

// A cycle of philosophers is told goroutine by goroutine.
func TestSummaryOfACycle(t *testing.T) {
	t.Parallel()
	r := explore(t, table(3), "random")
	const want = "philosopher 1 holds fork 1 and waits for fork 2, held by philosopher 2; " +
		"philosopher 2 holds fork 2 and waits for fork 3, held by philosopher 3; " +
		"philosopher 3 holds fork 3 and waits for fork 1, held by philosopher 1: a cycle that nobody can leave"
	if len(r.Findings) != 1 || r.Findings[0].Summary != want {
		t.Errorf("got %v\nwant %s", r.Findings, want)
	}
}

// crossedLocks starts two goroutines that take two locks in opposite orders.
func crossedLocks(g *sim.G) {
	a, b := &sim.Mutex{Name: "A"}, &sim.Mutex{Name: "B"}
	g.Go("P1", func(g *sim.G) { a.Lock(g); b.Lock(g); b.Unlock(g); a.Unlock(g) })
	g.Go("P2", func(g *sim.G) { b.Lock(g); a.Lock(g); a.Unlock(g); b.Unlock(g) })
}

// A cycle among others than main is a partial deadlock: when main has returned,
// and when main goes on until the execution is cut.
func TestPartialDeadlock(t *testing.T) {
	t.Parallel()
	for name, program := range map[string]func(*sim.G){
		"main has returned": crossedLocks,
		"main goes on": func(g *sim.G) {
			crossedLocks(g)
			var n sim.AtomicInt[int]
			for {
				n.Add(g, 1)
			}
		},
		"main works until time is up": func(g *sim.G) {
			crossedLocks(g)
			for range 500 {
				g.Sleep(time.Second)
			}
		},
	} {
		r := explore(t, program, "random")
		if got := kinds(r); !slices.Equal(got, []checks.Kind{checks.PartialDeadlock}) {
			t.Errorf("%s: found %v, outcomes %v", name, got, r.Outcomes)
		}
	}
}

// In an execution that is cut, nobody is accused who may still be helped: by
// one who frees a lock that another goroutine holds, or who is only slow.
func TestCutExecutionsRaiseNoFalseAlarm(t *testing.T) {
	t.Parallel()
	forever := func(g *sim.G) {
		var n sim.AtomicInt[int]
		for {
			n.Add(g, 1)
		}
	}
	for name, program := range map[string]func(*sim.G){
		"waits for a lock that is held": func(g *sim.G) {
			var mu sim.Mutex
			mu.Lock(g)
			g.Go("", func(g *sim.G) { mu.Lock(g) })
			forever(g)
		},
		"waits for a value": func(g *sim.G) {
			var c sim.Chan[int]
			g.Go("", func(g *sim.G) { c.Receive(g) })
			forever(g)
		},
		"lock handed over": func(g *sim.G) {
			var mu sim.Mutex
			mu.Lock(g)
			g.Go("", func(g *sim.G) {
				mu.Unlock(g)
				mu.Lock(g)
				mu.Lock(g)
			})
			forever(g)
		},
	} {
		if r := explore(t, program, "random"); len(r.Findings) > 0 {
			t.Errorf("%s: %v", name, r.Findings[0])
		}
	}
}

// A goroutine that waits behind a cycle is no leak of its own; one that waits
// for something else is.
func TestLeakBesideACycle(t *testing.T) {
	t.Parallel()
	r := explore(t, func(g *sim.G) {
		crossedLocks(g)
		g.Go("lonely", func(g *sim.G) { (&sim.Chan[int]{Name: "c"}).Receive(g) })
	}, "random")
	if got := kinds(r); !slices.Equal(got, []checks.Kind{checks.GoroutineLeak, checks.PartialDeadlock}) {
		t.Errorf("found %v, outcomes %v", got, r.Outcomes)
	}
	for _, f := range r.Findings {
		if f.Kind == checks.GoroutineLeak && !slices.Equal(f.Goroutines, []string{"lonely"}) {
			t.Errorf("leaked: %v", f.Goroutines)
		}
	}
}

// A deadlock with a cycle mentions others only if they wait for something else.
func TestDeadlockBesideACycle(t *testing.T) {
	t.Parallel()
	r := explore(t, func(g *sim.G) {
		a := sim.Mutex{Name: "A"}
		g.Go("reader", func(g *sim.G) { (&sim.Chan[int]{Name: "c"}).Receive(g) })
		g.Go("late", func(g *sim.G) { a.Lock(g) })
		g.Go("locker", func(g *sim.G) {
			a.Lock(g)
			a.Lock(g)
		}).Join(g)
	}, "random")
	const want = "locker holds A and waits for A, held by locker itself: a cycle that nobody can leave; " +
		"who holds a Mutex must not lock it again; besides, reader waits to receive from c: nobody has tried to send on it or to close it"
	for _, f := range r.Findings {
		if f.Goroutines[0] == "locker" && f.Summary != want {
			t.Errorf("got  %s\nwant %s", f.Summary, want)
		}
	}
	if len(r.Findings) == 0 {
		t.Error("found nothing")
	}
}
