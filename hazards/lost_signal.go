package hazards

import (
	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// lostSignal: saying "I am about to wait" is not waiting.
func lostSignal() Scenario {
	return Scenario{
		Name:    "lost-signal",
		Summary: "a receiver says that it is ready, then waits; the sender does not wait for it",
		Lesson: "A select with a default looks for a receiver that waits already. One that has only said that it " +
			"is going to wait is not there yet, the value is dropped, and the receiver waits for ever. " +
			"Let the send block, or give the channel a place to keep the value.",
		Variants: []Variant{
			{Name: "try-send", Summary: "the send is given up when nobody waits", Expect: []checks.Kind{checks.Deadlock},
				Program: fixed(signalling(0, trySend))},
			{Name: "send", Summary: "the sender waits for the receiver",
				Program: fixed(signalling(0, func(g *sim.G, c *sim.Chan[int]) { c.Send(g, 1) }))},
			{Name: "buffered", Summary: "the channel keeps the value until it is received", Program: fixed(signalling(1, trySend))},
		},
	}
}

func trySend(g *sim.G, c *sim.Chan[int]) { sim.Select(g, c.OnSend(1), sim.Default()) }

func signalling(capacity int, send func(*sim.G, *sim.Chan[int])) func(*sim.G) {
	return func(g *sim.G) {
		ready := sim.Atomic[bool]{Name: "ready"}
		signal := sim.Chan[int]{Name: "signal", Cap: capacity}
		receiver := g.Go("receiver", func(g *sim.G) {
			ready.Store(g, true)
			signal.Receive(g)
		})
		sender := g.Go("sender", func(g *sim.G) {
			sim.Await(g, &ready, func(ready bool) bool { return ready })
			send(g, &signal)
		})
		sender.Join(g)
		receiver.Join(g)
	}
}
