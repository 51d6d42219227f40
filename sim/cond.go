package sim

import "github.com/interleave-go/interleave/internal/object"

// A Cond is sync.Cond: L is held when Wait is called, and when the condition
// changes. The zero value needs an L before it can be waited for.
type Cond struct {
	Name string
	L    Locker
	id   ident
}

// NewCond returns a Cond with locker l.
func NewCond(l Locker) *Cond { return &Cond{L: l} }

// Wait frees L, blocks until a Signal or Broadcast wakes it, and takes L again.
// Freeing a Mutex and starting to wait are one event, and so are waking and
// taking it again; of another Locker they are events of their own.
func (c *Cond) Wait(g *G) {
	g.check()
	i := c.touch(g)
	if c.L == nil {
		g.misuse(i, "Cond.Wait without a locker", "set L, or make the Cond with NewCond")
	}
	mutex := int32(-1)
	m, ok := c.L.(*Mutex)
	if ok {
		mutex = m.touch(g)
	}
	g.parks++
	wake := g.parks
	g.ask(object.CondWait, i, mutex, 0)
	if !ok {
		c.L.Unlock(g)
	}
	g.ask(object.CondWake, i, mutex, wake)
	if !ok {
		c.L.Lock(g)
	}
}

// Signal wakes one of the goroutines that wait, whichever: every one of them is
// explored. Without any it does nothing.
func (c *Cond) Signal(g *G) {
	g.check()
	g.ask(object.Signal, c.touch(g), 0, 0)
}

// Broadcast wakes every goroutine that waits.
func (c *Cond) Broadcast(g *G) {
	g.check()
	g.ask(object.Broadcast, c.touch(g), 0, 0)
}

func (c *Cond) touch(g *G) int32 { return g.touch(&c.id, spec{kind: object.Cond, name: &c.Name}) }
