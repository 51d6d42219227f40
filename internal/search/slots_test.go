package search_test

import (
	"fmt"
	"testing"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// Two goroutines wait for a condition and one of them is signalled: in six traces
// it finds somebody, and the other is left behind in all but those in which both
// come late.
func TestSignalToOneOfTwo(t *testing.T) { checkFormula(t, "condvar11", 0, 6, 4) }

// By slot, the default, sending and receiving commute but for what is sent, so
// that the orders of those who share an end are left, and what a default sees.
func TestSlots(t *testing.T) {
	one := func(int) int { return 1 }
	for _, f := range []formula{
		{"chan-spsc", 1, 8, one, nil},
		{"chan-spsc-b", 1, 8, one, nil},
		{"chan-np1c", 1, 4, factorial, nil},
		{"chan-np1c-b1", 1, 5, factorial, nil},
		{"chan-selectdef", 1, 5, func(n int) int { return power(2, n) }, nil}, // each finds something or not
		{"phil-chan", 2, 8, func(n int) int { return power(2, n) - 1 }, nil},  // one of them a deadlock
	} {
		for n := f.from; n <= f.to; n++ {
			for _, s := range []search.Strategy{search.Optimal, search.Source} {
				t.Run(fmt.Sprintf("%s/%d/%s", f.program, n, s), func(t *testing.T) {
					r, err := search.Run(oracleProgram(f.program, n), search.Options{Strategy: s}, func(*sim.Execution) bool { return true })
					if err != nil {
						t.Fatal(err)
					}
					if r.Executions != f.complete(n) || !r.Complete {
						t.Errorf("%d traces, complete %v; want %d", r.Executions, r.Complete, f.complete(n))
					}
				})
			}
		}
	}
}

// stages sends one value through a pipeline of n stages.
func stages(n, capacity int) func(*sim.G) {
	return func(g *sim.G) {
		first := sim.NewChan[int](capacity)
		from := first
		for range n {
			in, out := from, sim.NewChan[int](capacity)
			g.Go("", func(g *sim.G) { out.Send(g, in.Receive(g)) })
			from = out
		}
		first.Send(g, 0)
		from.Receive(g)
	}
}

// Goroutines that wait for a channel to be closed come to wait in some order, which
// is all that CloseOnly leaves out.
func TestCloseOnly(t *testing.T) {
	for _, c := range []struct {
		closeOnly bool
		traces    int
	}{{false, 65}, {true, 1}} {
		n, woken := 0, map[int]bool{}
		r, err := search.Run(func(g *sim.G) {
			start := sim.Chan[int]{CloseOnly: c.closeOnly}
			n = 0
			for range 4 {
				g.Go("", func(g *sim.G) {
					if _, ok := start.ReceiveOK(g); !ok {
						n++
					}
				})
			}
			start.Close(g)
		}, search.Options{Strategy: search.Optimal}, func(*sim.Execution) bool { woken[n] = true; return true })
		if err != nil {
			t.Fatal(err)
		}
		if r.Executions != c.traces || !r.Complete || len(woken) != 1 || !woken[4] {
			t.Errorf("CloseOnly %v: %d traces, complete %v, woken %v; want %d and 4", c.closeOnly, r.Executions, r.Complete, woken, c.traces)
		}
	}
}

// Nor does it matter who comes first to wait in a select for one of two things, of
// which all wait for the one.
func TestSharedDone(t *testing.T) {
	r, err := search.Run(func(g *sim.G) {
		ctx, cancel := sim.WithCancel(g, sim.Background())
		for range 4 {
			var own sim.Chan[int]
			g.Go("", func(g *sim.G) { sim.Select(g, own.OnReceive(nil, nil), ctx.Done().OnReceive(nil, nil)) })
		}
		cancel(g)
	}, search.Options{Strategy: search.Optimal}, func(*sim.Execution) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	if r.Executions != 16 || !r.Complete { // each select comes before the cancelling or behind it
		t.Errorf("%d traces, complete %v; want 16", r.Executions, r.Complete)
	}
}

// With a buffer or without, nothing is to choose, unless all operations on a channel
// depend on each other: then either side of a transfer can come first.
func TestStages(t *testing.T) {
	for _, c := range []struct {
		n, capacity int
		relation    search.Relation
		traces      int
	}{
		{3, 0, search.SlotRelation, 1}, {10, 0, search.SlotRelation, 1},
		{3, 1, search.SlotRelation, 1}, {10, 1, search.SlotRelation, 1},
		{3, 0, search.ChannelRelation, 16}, {10, 0, search.ChannelRelation, 2048},
	} {
		o := search.Options{Strategy: search.Optimal, Relation: c.relation}
		r, err := search.Run(stages(c.n, c.capacity), o, func(*sim.Execution) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		if r.Executions != c.traces || !r.Complete {
			t.Errorf("%d stages, capacity %d, %v: %d traces, complete %v; want %d", c.n, c.capacity, c.relation, r.Executions, r.Complete, c.traces)
		}
	}
}
