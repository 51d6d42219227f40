package hazards

import (
	"fmt"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// waitgroupAdd: a goroutine that counts itself may come too late to be counted.
func waitgroupAdd() Scenario {
	return Scenario{
		Name:    "waitgroup-add",
		Summary: "main waits for workers that a WaitGroup counts",
		Lesson: "Wait returns when the counter is zero, and before the first worker has run it is zero. " +
			"Add has to be called before the go statement, not in the new goroutine. " +
			"One that adds itself while a Wait is about to return is a misuse as well: the WaitGroup panics.",
		Parameters: []Parameter{{Name: "n", Summary: "workers", Default: 2, Min: 2, Max: 64}},
		Variants: []Variant{
			{Name: "add-inside", Summary: "every worker adds itself", Expect: []checks.Kind{checks.Assertion, checks.Misuse},
				Program: counted(func(g *sim.G, wg *sim.WaitGroup, name string, work func(*sim.G)) {
					g.Go(name, func(g *sim.G) {
						wg.Add(g, 1)
						defer wg.Done(g)
						work(g)
					})
				})},
			{Name: "add-before", Summary: "main adds a worker before it starts it",
				Program: counted(func(g *sim.G, wg *sim.WaitGroup, name string, work func(*sim.G)) {
					wg.Add(g, 1)
					g.Go(name, func(g *sim.G) {
						defer wg.Done(g)
						work(g)
					})
				})},
			{Name: "go", Summary: "WaitGroup.Go does both",
				Program: counted(func(g *sim.G, wg *sim.WaitGroup, name string, work func(*sim.G)) { wg.Go(g, name, work) })},
		},
	}
}

func counted(start func(g *sim.G, wg *sim.WaitGroup, name string, work func(*sim.G))) func(Params) func(*sim.G) {
	return func(p Params) func(*sim.G) {
		return func(g *sim.G) {
			wg := sim.WaitGroup{Name: "workers"}
			finished := sim.AtomicInt[int]{Name: "finished"}
			for i := range p["n"] {
				start(g, &wg, fmt.Sprintf("worker %d", i+1), func(g *sim.G) { finished.Add(g, 1) })
			}
			wg.Wait(g)
			n := finished.Load(g)
			g.Assert(n == p["n"], "Wait has returned, and %d of %d workers have finished", n, p["n"])
		}
	}
}
