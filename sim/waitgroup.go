package sim

import "github.com/interleave-go/interleave/internal/object"

// A WaitGroup is sync.WaitGroup. The zero value has a counter of zero.
type WaitGroup struct {
	Name string
	id   ident
}

// Add adds delta to the counter. A counter below zero panics, with a [*Misuse].
func (w *WaitGroup) Add(g *G, delta int) {
	g.check()
	g.ask(object.Add, w.touch(g), int32(delta), 0)
}

// Done takes one off the counter.
func (w *WaitGroup) Done(g *G) { w.Add(g, -1) }

// Wait blocks until the counter has been zero. It panics, with a [*Misuse],
// when the WaitGroup is used again before Wait has returned.
func (w *WaitGroup) Wait(g *G) {
	g.check()
	i := w.touch(g)
	e := g.ask(object.Wait, i, 0, 0)
	waited, zeros := g.took(e), g.x.world.Objects[i].State[2]
	if waited {
		g.ask(object.WaitReturn, i, zeros, object.Waited)
		return
	}
	g.ask(object.WaitReturn, i, zeros-1, 0)
}

// Go adds one to the counter and runs f in a goroutine that takes it off again
// when it ends.
func (w *WaitGroup) Go(g *G, name string, f func(*G)) {
	w.Add(g, 1)
	g.Go(name, func(g *G) {
		defer w.Done(g)
		f(g)
	})
}

func (w *WaitGroup) touch(g *G) int32 {
	return g.touch(&w.id, spec{kind: object.WaitGroup, name: &w.Name})
}
