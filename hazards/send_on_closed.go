package hazards

import (
	"fmt"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// sendOnClosed: the receiver must not close.
func sendOnClosed() Scenario {
	return Scenario{
		Name:    "send-on-closed",
		Summary: "a receiver that has heard enough closes the channel of its senders",
		Lesson: "A send on a closed channel panics, even one that waits already. Only those who send know when no more is " +
			"to come, so they close, after the last send. A receiver that wants no more says so on a channel of its own.",
		Parameters: []Parameter{{Name: "n", Summary: "senders", Default: 2, Min: 2, Max: 64}},
		Variants: []Variant{
			{Name: "receiver-closes", Summary: "closes the channel after the first value", Expect: []checks.Kind{checks.Misuse},
				Program: closingReceiver},
			{Name: "sender-closes", Summary: "the channel is closed when all senders have ended", Program: closingSender},
			{Name: "quit", Summary: "the receiver closes another channel, which the senders watch", Program: quittingReceiver},
		},
	}
}

// senders starts n of them and returns their handles.
func senders(g *sim.G, n int, send func(g *sim.G, i int)) []*sim.Goroutine {
	all := make([]*sim.Goroutine, n)
	for i := range all {
		all[i] = g.Go(fmt.Sprintf("sender %d", i+1), func(g *sim.G) { send(g, i) })
	}
	return all
}

func closingReceiver(p Params) func(*sim.G) {
	return func(g *sim.G) {
		values := sim.Chan[int]{Name: "values"}
		all := senders(g, p["n"], func(g *sim.G, i int) { values.Send(g, i) })
		values.Receive(g)
		values.Close(g)
		joinAll(g, all)
	}
}

func closingSender(p Params) func(*sim.G) {
	return func(g *sim.G) {
		values := sim.Chan[int]{Name: "values"}
		all := senders(g, p["n"], func(g *sim.G, i int) { values.Send(g, i) })
		g.Go("closer", func(g *sim.G) {
			joinAll(g, all)
			values.Close(g)
		})
		for range values.All(g) {
		}
	}
}

func quittingReceiver(p Params) func(*sim.G) {
	return func(g *sim.G) {
		values := sim.Chan[int]{Name: "values"}
		quit := sim.Chan[struct{}]{Name: "quit"}
		all := senders(g, p["n"], func(g *sim.G, i int) {
			sim.Select(g, values.OnSend(i), quit.OnReceive(nil, nil))
		})
		values.Receive(g)
		quit.Close(g)
		joinAll(g, all)
	}
}
