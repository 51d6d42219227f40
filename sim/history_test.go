package sim_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// A History says who called what and what came out, of operations inside each
// other the inner one first; what has not returned is pending.
func TestHistory(t *testing.T) {
	t.Parallel()
	var got []string
	var r sim.Runner
	program := func(g *sim.G) {
		h := sim.History{Name: "thing"}
		sim.Record(g, &h, "outer", func() int { return sim.Record(g, &h, "inner", func() int { return 1 }) + 1 })
		g.Go("worker", func(g *sim.G) {
			h.Call(g, "wait")
			sim.NewChan[int](0).Receive(g)
		})
	}
	x := r.Run(program, sim.Options{Details: true})
	for _, o := range x.Operations() {
		got = append(got, fmt.Sprint(x.GoroutineName(o.G), " ", o.Input, " ", o.Call, " ", o.Return, " ", o.Output, " ", o.Pending()))
	}
	want := "main outer 0 3 2 false, main inner 1 2 1 false, worker wait 6 -1 <nil> true"
	if strings.Join(got, ", ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, ", "), want)
	}
	if x.Text(1) != "inner" || x.Text(3) != "2" {
		t.Errorf("texts %q and %q", x.Text(1), x.Text(3))
	}
}

// A return without a call is a misuse, another goroutine's call included.
func TestReturnWithoutCall(t *testing.T) {
	t.Parallel()
	var r sim.Runner
	x := r.Run(func(g *sim.G) {
		h := sim.History{Name: "thing"}
		h.Call(g, 1)
		g.Go("", func(g *sim.G) { h.Return(g, 1) }).Join(g)
	}, sim.Options{})
	if x.Outcome != sim.Misused || !strings.Contains(x.Failure.Message, "return without a call") {
		t.Errorf("%v: %q", x.Outcome, x.Failure.Message)
	}
}
