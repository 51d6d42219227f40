package sim

import (
	"fmt"
	"math"

	"github.com/interleave-go/interleave/internal/object"
)

// A Semaphore is a weighted semaphore of size N. Whoever finds enough left
// takes it; with Fair, those who wait are served in the order of their arrival,
// as by golang.org/x/sync/semaphore, and a TryAcquire fails while somebody
// waits. The zero value has no size: using it is a misuse.
type Semaphore struct {
	Name string
	N    int
	Fair bool
	id   ident
}

// Acquire blocks until n can be taken, and takes it. More than N blocks for
// ever.
func (s *Semaphore) Acquire(g *G, n int) {
	i := s.touch(g, n)
	e := g.ask(object.Acquire, i, weight(n), 0)
	if g.x.parts[e.parts].Effect == object.SemQueue {
		g.ask(object.Granted, i, g.x.world.Objects[i].State[1]-1, 0)
	}
}

// TryAcquire takes n if that is possible at once, and reports whether it did.
func (s *Semaphore) TryAcquire(g *G, n int) bool {
	return g.took(g.ask(object.TryAcquire, s.touch(g, n), weight(n), 0))
}

// Release gives n back. More than is held panics, with a [*Misuse].
func (s *Semaphore) Release(g *G, n int) {
	g.ask(object.Release, s.touch(g, n), weight(n), 0)
}

// weight is n as the pure semaphore counts it: more than it can hold is alike.
func weight(n int) int32 { return int32(min(n, math.MaxInt32)) }

func (s *Semaphore) touch(g *G, n int) int32 {
	g.check()
	i := g.touch(&s.id, spec{kind: object.Semaphore, name: &s.Name, limit: weight(s.N), fair: s.Fair})
	if s.N <= 0 {
		g.misuse(i, "a Semaphore of size 0", "set N, the number of units that it has")
	}
	if n < 0 {
		g.misuse(i, fmt.Sprintf("a semaphore is asked for %d units", n), "ask for at least 0")
	}
	return i
}
