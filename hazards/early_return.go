package hazards

import (
	"fmt"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// earlyReturn: whoever takes only the first answer leaves the others standing.
func earlyReturn() Scenario {
	return Scenario{
		Name:    "early-return",
		Summary: "several replicas are asked, the first answer is taken",
		Lesson: "A goroutine that sends on an unbuffered channel waits until somebody receives. " +
			"If the caller returns after the first answer, all others wait for ever, and nothing ever frees them. " +
			"Give every answer a place in the channel, or tell the senders that nobody listens any more.",
		Parameters: []Parameter{{Name: "n", Summary: "replicas", Default: 2, Min: 2, Max: 64}},
		Variants: []Variant{
			{Name: "unbuffered", Summary: "replicas wait for a receiver", Expect: []checks.Kind{checks.GoroutineLeak},
				Program: askReplicas(func(int) int { return 0 })},
			{Name: "buffered", Summary: "the channel has room for every answer",
				Program: askReplicas(func(n int) int { return n })},
			{Name: "done", Summary: "a closed channel tells the replicas that nobody listens", Program: askWithDone},
		},
	}
}

func askReplicas(capacity func(n int) int) func(Params) func(*sim.G) {
	return func(p Params) func(*sim.G) {
		return func(g *sim.G) {
			answers := sim.Chan[int]{Name: "answers", Cap: capacity(p["n"])}
			for i := range p["n"] {
				g.Go(fmt.Sprintf("replica %d", i+1), func(g *sim.G) { answers.Send(g, i) })
			}
			answers.Receive(g)
		}
	}
}

func askWithDone(p Params) func(*sim.G) {
	return func(g *sim.G) {
		answers := sim.Chan[int]{Name: "answers"}
		done := sim.Chan[struct{}]{Name: "done"}
		for i := range p["n"] {
			g.Go(fmt.Sprintf("replica %d", i+1), func(g *sim.G) {
				sim.Select(g, answers.OnSend(i), done.OnReceive(nil, nil))
			})
		}
		answers.Receive(g)
		done.Close(g)
	}
}
