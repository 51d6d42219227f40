package checks

import (
	"slices"

	"github.com/interleave-go/interleave/sim"
)

// A hop is one step of a cycle of waiting: who waits, and the share that
// somebody else has of what it waits for.
type hop struct {
	wait *wait
	hold hold
}

// cycles returns cycles of waiting, each from its first goroutine on. No
// goroutine is in two of them. With sure, only those that nobody else can
// break.
func (s *survey) cycles(sure bool) [][]hop {
	c := cycleFinder{survey: s, sure: sure, seen: map[int32]bool{}, at: map[int32]int{}, caught: map[int32]bool{}}
	for _, w := range s.waits {
		if !c.seen[w.g] {
			c.visit(w)
		}
	}
	return c.found
}

// cycleFinder is a depth-first search: whatever leads back to the path closes
// a cycle.
type cycleFinder struct {
	*survey
	sure   bool
	seen   map[int32]bool
	path   []hop
	at     map[int32]int  // one more than a goroutine's place on the path
	caught map[int32]bool // goroutines in a cycle that was found
	found  [][]hop
}

func (c *cycleFinder) visit(w *wait) {
	c.seen[w.g] = true
	if !w.blocked || c.sure && !w.sure {
		return
	}
	c.path = append(c.path, hop{wait: w})
	c.at[w.g] = len(c.path)
	for _, h := range w.needs {
		c.path[len(c.path)-1].hold = h
		if place := c.at[h.g]; place > 0 {
			c.close(c.path[place-1:])
		} else if next := c.of(h.g); next != nil && !c.seen[h.g] {
			c.visit(next)
		}
		if c.caught[w.g] {
			break
		}
	}
	c.path = c.path[:len(c.path)-1]
	delete(c.at, w.g)
}

func (c *cycleFinder) close(cycle []hop) {
	for _, h := range cycle {
		c.caught[h.wait.g] = true
	}
	c.found = append(c.found, fromFirst(c.x, cycle))
}

// fromFirst returns a copy of a cycle that starts with its first goroutine.
func fromFirst(x *sim.Execution, cycle []hop) []hop {
	first := 0
	for i, h := range cycle {
		if comparePaths(x.Path(h.wait.g), x.Path(cycle[first].wait.g)) < 0 {
			first = i
		}
	}
	return append(slices.Clone(cycle[first:]), cycle[:first]...)
}
