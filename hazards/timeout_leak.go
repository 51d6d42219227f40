package hazards

import (
	"time"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// timeoutLeak: a caller that stops waiting leaves the callee behind.
func timeoutLeak() Scenario {
	return Scenario{
		Name:    "timeout-leak",
		Summary: "a call with a time limit: the caller gives up, the callee goes on",
		Lesson: "When the time is up the caller returns, and nobody is left to receive the result. " +
			"The callee finishes its work and then waits for ever on an unbuffered channel. " +
			"Give the result a place in the channel, or have the callee watch the context too.",
		Variants: []Variant{
			{Name: "unbuffered", Summary: "the callee waits for somebody to take the result",
				Expect: []checks.Kind{checks.GoroutineLeak}, Program: fixed(calling(0, deliver))},
			{Name: "buffered", Summary: "the channel has room for the result", Program: fixed(calling(1, deliver))},
			{Name: "context", Summary: "the callee gives up when the context is done",
				Program: fixed(calling(0, func(g *sim.G, ctx *sim.Context, result *sim.Chan[int]) {
					sim.Select(g, result.OnSend(1), ctx.Done().OnReceive(nil, nil))
				}))},
		},
	}
}

func deliver(g *sim.G, _ *sim.Context, result *sim.Chan[int]) { result.Send(g, 1) }

func calling(capacity int, answer func(*sim.G, *sim.Context, *sim.Chan[int])) func(*sim.G) {
	return func(g *sim.G) {
		ctx, cancel := sim.WithTimeout(g, sim.Background(), 10*time.Millisecond)
		defer cancel(g)
		result := sim.Chan[int]{Name: "result", Cap: capacity}
		g.Go("callee", func(g *sim.G) { answer(g, ctx, &result) })
		sim.Select(g, result.OnReceive(nil, nil), ctx.Done().OnReceive(nil, nil))
	}
}
