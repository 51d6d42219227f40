package linear

import "github.com/interleave-go/interleave/sim"

// Record runs f as the operation in on the object that h is about: it records
// the call, and what f returned. When f does not return, neither does the
// operation.
func Record[I, O any](g *sim.G, h *sim.History, in I, f func() O) O {
	h.Call(g, in)
	out := f()
	h.Return(g, out)
	return out
}
