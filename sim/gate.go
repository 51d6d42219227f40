package sim

import "github.com/interleave-go/interleave/internal/object"

// A Barrier lets goroutines pass N at a time, again and again. The zero value
// has no size: using it is a misuse.
type Barrier struct {
	Name string
	N    int
	id   ident
}

// Wait blocks until N goroutines wait, counting this one.
func (b *Barrier) Wait(g *G) {
	g.check()
	i := g.touch(&b.id, spec{kind: object.Barrier, name: &b.Name, limit: int32(b.N)})
	if b.N <= 0 {
		g.misuse(i, "a Barrier of size 0", "set N, the number of goroutines that it waits for")
	}
	trips := g.x.world.Objects[i].State
	g.ask(object.Arrive, i, 0, 0)
	if arrived := g.x.world.Objects[i].State[0]; arrived != 0 {
		g.ask(object.Pass, i, trips[1], 0)
	}
}

// A Latch opens once it has been counted down N times. The zero value is open.
type Latch struct {
	Name string
	N    int
	id   ident
}

// CountDown counts down once; on an open latch it does nothing.
func (l *Latch) CountDown(g *G) {
	g.check()
	g.ask(object.CountDown, l.touch(g), 1, 0)
}

// Wait blocks until the latch is open.
func (l *Latch) Wait(g *G) {
	g.check()
	g.ask(object.LatchWait, l.touch(g), 0, 0)
}

func (l *Latch) touch(g *G) int32 {
	return g.touch(&l.id, spec{kind: object.Latch, name: &l.Name, limit: int32(max(l.N, 0))})
}
