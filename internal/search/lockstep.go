package search

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// Lockstep is a scheduler that lets everybody who can run take Quantum steps (0
// means 1), in the order of paths; whoever is about to spawn goes first, so that
// all start together.
type Lockstep struct {
	Quantum int

	g     int32
	taken int
}

// Pick implements sim.Scheduler.
func (l *Lockstep) Pick(x *sim.Execution) sim.Choice {
	if x.Steps() == 0 {
		l.g, l.taken = x.NextByPath(-1), 0
	}
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		if x.Pending(g).Op == object.Spawn {
			return sim.Choice{G: g}
		}
	}
	if l.taken >= max(l.Quantum, 1) || !x.Enabled().Has(l.g) {
		g := x.NextByPath(l.g)
		if g < 0 {
			g = x.NextByPath(-1)
		}
		l.g, l.taken = g, 0
	}
	l.taken++
	return sim.Choice{G: l.g, Alt: x.FirstAlternative(l.g)}
}
