package hazards

import (
	"fmt"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// joinBeforeDrain: whoever waits for a producer must not be the one who would
// empty its queue.
func joinBeforeDrain() Scenario {
	return Scenario{
		Name:    "join-before-drain",
		Summary: "main waits for producers, then reads what they put into a queue",
		Lesson: "A bounded queue makes a producer wait once it is full. If main reads only after all producers have ended, " +
			"main waits for them and they wait for main. Read first, or while they run; " +
			"a bigger queue only moves the limit.",
		Parameters: []Parameter{
			{Name: "n", Summary: "producers", Default: 2, Min: 1, Max: 64},
			{Name: "capacity", Summary: "room in the queue", Default: 1, Min: 1, Max: 64},
		},
		Variants: []Variant{
			{Name: "join-first", Summary: "main joins the producers, then reads", Expect: []checks.Kind{checks.Deadlock},
				Program: producing(joinFirst)},
			{Name: "drain-first", Summary: "main reads as many as there are, then joins", Program: producing(drainFirst)},
			{Name: "close", Summary: "a goroutine joins the producers and closes the queue, which main reads to its end",
				Program: producing(closeAfter)},
		},
	}
}

// itemsEach is what every producer puts into the queue: with any number of
// producers, more than the queue has room for.
func itemsEach(p Params) int { return p["capacity"]/p["n"] + 1 }

func producing(collect func(g *sim.G, queue *sim.Chan[int], producers []*sim.Goroutine, items int)) func(Params) func(*sim.G) {
	return func(p Params) func(*sim.G) {
		return func(g *sim.G) {
			queue := sim.Chan[int]{Name: "queue", Cap: p["capacity"]}
			producers := make([]*sim.Goroutine, p["n"])
			for i := range producers {
				producers[i] = g.Go(fmt.Sprintf("producer %d", i+1), func(g *sim.G) {
					for item := range itemsEach(p) {
						queue.Send(g, item)
					}
				})
			}
			collect(g, &queue, producers, p["n"]*itemsEach(p))
		}
	}
}

func joinAll(g *sim.G, goroutines []*sim.Goroutine) {
	for _, h := range goroutines {
		h.Join(g)
	}
}

func joinFirst(g *sim.G, queue *sim.Chan[int], producers []*sim.Goroutine, items int) {
	joinAll(g, producers)
	for range items {
		queue.Receive(g)
	}
}

func drainFirst(g *sim.G, queue *sim.Chan[int], producers []*sim.Goroutine, items int) {
	for range items {
		queue.Receive(g)
	}
	joinAll(g, producers)
}

func closeAfter(g *sim.G, queue *sim.Chan[int], producers []*sim.Goroutine, items int) {
	g.Go("closer", func(g *sim.G) {
		joinAll(g, producers)
		queue.Close(g)
	})
	got := 0
	for range queue.All(g) {
		got++
	}
	g.Assert(got == items, "%d items were sent, %d received", items, got)
}
