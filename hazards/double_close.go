package hazards

import (
	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// doubleClose: a channel can be closed once.
func doubleClose() Scenario {
	return Scenario{
		Name:    "double-close",
		Summary: "whoever wants to stop the others closes a channel",
		Lesson: "Closing a closed channel panics. To look first whether it is closed does not help: " +
			"somebody else can close it between the look and the close. " +
			"Close it in a sync.Once, or let one goroutine own it.",
		Parameters: []Parameter{{Name: "n", Summary: "goroutines that may stop", Default: 2, Min: 2, Max: 64}},
		Variants: []Variant{
			{Name: "both", Summary: "everybody closes", Expect: []checks.Kind{checks.Misuse},
				Program: stopping(func(g *sim.G, s *stopper) { s.stop.Close(g) })},
			{Name: "checked", Summary: "everybody looks first, then closes", Expect: []checks.Kind{checks.Misuse},
				Program: stopping(func(g *sim.G, s *stopper) {
					if sim.Select(g, s.stop.OnReceive(nil, nil), sim.Default()) == sim.DefaultCase {
						s.stop.Close(g)
					}
				})},
			{Name: "once", Summary: "a Once lets the first one close",
				Program: stopping(func(g *sim.G, s *stopper) { s.once.Do(g, func() { s.stop.Close(g) }) })},
		},
	}
}

// A stopper is a channel that is closed to stop, and what guards that.
type stopper struct {
	stop sim.Chan[struct{}]
	once sim.Once
}

func stopping(stop func(*sim.G, *stopper)) func(Params) func(*sim.G) {
	return func(p Params) func(*sim.G) {
		return func(g *sim.G) {
			s := stopper{stop: sim.Chan[struct{}]{Name: "stop"}, once: sim.Once{Name: "once"}}
			team(g, p["n"], "worker", func(g *sim.G, _ int) { stop(g, &s) })
			s.stop.Receive(g)
		}
	}
}
