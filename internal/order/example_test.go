package order_test

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/order"
	"github.com/interleave-go/interleave/sim"
)

// A flag that is set after the data orders the reader after the writer; without
// it the two race.
func Example() {
	for _, flagged := range []bool{true, false} {
		r := sim.NewRunner()
		x := r.Run(func(g *sim.G) {
			data := sim.Var[int]{Name: "data"}
			var ready sim.AtomicInt[int]
			g.Go("writer", func(g *sim.G) {
				data.Store(g, 1)
				ready.Store(g, 1)
			})
			if flagged {
				sim.Await(g, &ready, func(v int) bool { return v == 1 })
			}
			data.Load(g)
		}, sim.Options{})
		var races order.Races
		fmt.Println(flagged, len(races.In(x)))
		r.Close()
	}
	// Output:
	// true 0
	// false 1
}
