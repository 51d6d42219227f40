package explain_test

import (
	"testing"
	"time"

	"github.com/interleave-go/interleave/sim"
)

// What a timer does is said in the words of Go, and that it does nothing any more.
func saidOfTimers() []said {
	fails := func(g *sim.G) { g.Assert(false, "wrong") }
	return []said{
		{"a timer whose value was received", func(g *sim.G) {
			timer := g.NewTimer(time.Second)
			timer.C.Receive(g)
			if !timer.Stop(g) {
				timer.C.Receive(g)
			}
		}, []string{"main waits to receive from the timer's channel: its value was received at step 2, and the timer is not armed.",
			"stop the timer → false", "Do not receive from the channel of the timer after Stop (step 3): since Go 1.23 there is nothing to drain"},
			[]string{"chan 1", "disarm", "still sends"}},
		{"a timer that has fired", func(g *sim.G) {
			timer := g.NewTimer(time.Second)
			timer.C.Receive(g)
			timer.C.Receive(g)
		}, []string{"A timer fires once: Reset the timer before"}, []string{"after Stop", "still sends"}},
		{"a timer that is stopped", func(g *sim.G) {
			timer := g.NewTimer(time.Second)
			timer.Stop(g)
			timer.C.Receive(g)
		}, []string{"the timer was stopped at step "}, []string{"still sends"}},
		{"a ticker that is stopped", func(g *sim.G) {
			ticker := g.NewTicker(time.Second)
			ticker.Stop(g)
			ticker.C.Receive(g)
		}, []string{"main waits to receive from the ticker's channel: the ticker was stopped at step 1.", "Stop does not close it"},
			[]string{"stop the ticker →", "still sends", "since Go 1.23"}},
		{"funcs of timers", func(g *sim.G) {
			x := sim.Var[int]{Name: "x"}
			for range 2 {
				g.AfterFunc(time.Second, func(g *sim.G) { x.Store(g, 1) })
			}
			g.Sleep(2 * time.Second)
		}, []string{"after func 1", "after func 2"}, []string{"main/1", "main/2"}},
		{"a sleep", func(g *sim.G) {
			g.Sleep(time.Second)
			fails(g)
		}, []string{"main: sleep; clock: end the sleep of main"}, []string{"timer"}},
	}
}

// What was changed how, and where a pool had it from.
func saidOfChanges() []said {
	type item struct{ v sim.Var[int] }
	fails := func(g *sim.G) { g.Assert(false, "wrong") }
	return []said{
		{"changes of a variable", func(g *sim.G) {
			n := sim.AtomicInt[int]{Name: "n"}
			n.Add(g, 2)
			n.Swap(g, 3)
			n.And(g, 1)
			n.Or(g, 4)
			fails(g)
		}, []string{"add to n ← 2", "swap n ← 3", "and n ← 1", "or n ← 5"}, []string{"modify"}},
		{"changes of a SyncMap", func(g *sim.G) {
			m := sim.SyncMap[int, int]{Name: "m"}
			m.LoadOrStore(g, 1, 2)
			m.CompareAndSwap(g, 1, 2, 3)
			m.Delete(g, 1)
			fails(g)
		}, []string{"load-or-store m[1] ← 2", "compare-and-swap m[1] ← 3", "delete m[1]"}, []string{"modify"}},
		{"used after it was put back", func(g *sim.G) {
			p := sim.Pool[*item]{Name: "p", New: func() *item { return &item{v: sim.Var[int]{Name: "v"}} }}
			use := func(g *sim.G) {
				i := p.Get(g)
				i.v.Store(g, 1)
				p.Put(g, i)
				i.v.Load(g)
			}
			g.Go("A", use)
			use(g)
		}, []string{"get p → new", "get p → what ", "back into p (step ", "Put it back only after the last use."}, []string{"the same mutex around both"}},
		{"not used after it was put back", func(g *sim.G) {
			p, other := sim.Pool[*item]{Name: "p", New: func() *item { return new(item) }}, sim.Var[int]{Name: "other"}
			use := func(g *sim.G) {
				i := p.Get(g)
				i.v.Store(g, 1)
				p.Put(g, i)
				other.Load(g)
			}
			g.Go("A", use)
			p.Put(g, p.Get(g))
			other.Store(g, 1)
		}, []string{"the same mutex around both"}, []string{"Put it back only"}},
	}
}

// What cannot be had, and why.
func saidOfPlacesTaken() []said {
	return []said{
		{"a semaphore that is too small", func(g *sim.G) {
			s := sim.Semaphore{Name: "s", N: 1}
			s.Acquire(g, 2)
		}, []string{"main waits for s: 2 are asked for and there are never more than 1", "Let main ask for at most 1 of s"}, []string{"same order"}},
		{"behind one who asks for more", func(g *sim.G) {
			s := sim.Semaphore{Name: "s", N: 2, Fair: true}
			s.Acquire(g, 1)
			g.Go("big", func(g *sim.G) { s.Acquire(g, 2) })
			g.Go("small", func(g *sim.G) { s.Acquire(g, 1) }).Join(g)
		}, []string{"small waits for s, behind big, which waits for 2 of s, and main holds 1"}, nil},
		{"a group that has no place left", func(g *sim.G) {
			e := sim.Group{Name: "grp"}
			e.SetLimit(2)
			for range 2 {
				e.Go(g, "member", func(g *sim.G) error {
					e.Go(g, "sub", func(*sim.G) error { return nil })
					return nil
				})
			}
			_ = e.Wait(g)
		}, []string{"waits for a place in grp: all 2 places in grp are taken", "Do not call Go of grp in a member"}, []string{"the chan", "as often as is sent"}},
		{"a group whose member is stuck", func(g *sim.G) {
			var e sim.Group
			e.SetLimit(1)
			c := sim.Chan[int]{Name: "c"}
			e.Go(g, "member", func(g *sim.G) error { c.Receive(g); return nil })
			e.Go(g, "other", func(*sim.G) error { return nil })
		}, []string{"main waits for a place in the group: the only place in the group is taken", "somebody still sends on c"},
			[]string{"Do not call Go", "the chan", "the waitgroup"}},
		{"a flight inside itself", func(g *sim.G) {
			f := sim.Flight[string, int]{Name: "loads"}
			one := func(*sim.G) (int, error) { return 1, nil }
			_, _, _ = f.Do(g, "k", func(g *sim.G) (int, error) {
				v, err, _ := f.Do(g, "k", one)
				return v, err
			})
		}, []string{"waits for the call of loads to be done, held by main itself", "a Do inside the call of the same key waits for itself"},
			[]string{"the waitgroup", "the once"}},
		{"a Wait inside the loop", func(g *sim.G) {
			wg := sim.WaitGroup{Name: "wg"}
			wg.Add(g, 2)
			for range 2 {
				g.Go("w", func(g *sim.G) { wg.Done(g) })
				wg.Wait(g)
			}
		}, []string{"only when all are started, behind the loop that starts them: it has added 2 and started 1"}, []string{"Call Add once"}},
		{"a context that nobody cancels", func(g *sim.G) {
			ctx, _ := sim.WithCancel(g, sim.Background())
			ctx.Name = "ctx"
			g.Go("watcher", func(g *sim.G) { ctx.Done().Receive(g) })
		}, []string{"nobody has cancelled ctx", "Make sure that ctx is cancelled on every way out: defer its cancel function"}, []string{"still sends", "───"}},
		{"a channel that nobody closes", func(g *sim.G) {
			done := sim.Chan[struct{}]{Name: "done"}
			done.Receive(g)
		}, []string{"nobody has tried to send on it or to close it"}, nil},
	}
}

func TestTimersAreSaid(t *testing.T) {
	t.Parallel()
	checkSaid(t, saidOfTimers())
}

func TestChangesAreSaid(t *testing.T) {
	t.Parallel()
	checkSaid(t, append(saidOfChanges(), saidOfPlacesTaken()...))
}
