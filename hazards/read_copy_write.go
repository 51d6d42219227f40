package hazards

import (
	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// readCopyWrite: readers of an immutable value need no lock; writers do.
func readCopyWrite() Scenario {
	return Scenario{
		Name:    "read-copy-write",
		Summary: "writers replace a shared value with a changed copy of it",
		Lesson: "Readers of a value that is never changed in place need no lock. Two writers do: " +
			"both copy the same value, and the second one to publish drops what the first one changed. " +
			"Publish only if the value is still the one that was copied, or let one writer at a time.",
		Variants: []Variant{
			{Name: "store", Summary: "the copy is stored, whatever is there by now",
				Expect: []checks.Kind{checks.LostUpdate, checks.Assertion}, Program: fixed(configuring(publishStore))},
			{Name: "compare-and-swap", Summary: "the copy is stored if nobody else was faster, else made again",
				Program: fixed(configuring(publishCAS))},
			{Name: "lock", Summary: "writers hold a lock", Program: fixed(configuring(publishLocked))},
		},
	}
}

// settings is the value that is copied.
type settings struct{ level, limit int }

// A configuration is the present settings, and a lock for writers.
type configuration struct {
	mu      sim.Mutex
	current sim.Atomic[settings]
}

func configuring(update func(*sim.G, *configuration, func(*settings))) func(*sim.G) {
	return func(g *sim.G) {
		c := configuration{mu: sim.Mutex{Name: "mu"}, current: sim.Atomic[settings]{Name: "settings"}}
		level := g.Go("set level", func(g *sim.G) { update(g, &c, func(s *settings) { s.level = 1 }) })
		limit := g.Go("set limit", func(g *sim.G) { update(g, &c, func(s *settings) { s.limit = 1 }) })
		level.Join(g)
		limit.Join(g)
		s := c.current.Load(g)
		g.Assert(s == settings{1, 1}, "level is %d and limit is %d, not 1 and 1", s.level, s.limit)
	}
}

func publishStore(g *sim.G, c *configuration, change func(*settings)) {
	s := c.current.Load(g)
	change(&s)
	c.current.Store(g, s)
}

func publishCAS(g *sim.G, c *configuration, change func(*settings)) {
	for {
		old := c.current.Load(g)
		s := old
		change(&s)
		if c.current.CompareAndSwap(g, old, s) {
			return
		}
	}
}

func publishLocked(g *sim.G, c *configuration, change func(*settings)) {
	c.mu.Lock(g)
	defer c.mu.Unlock(g)
	publishStore(g, c, change)
}
