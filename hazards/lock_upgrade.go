package hazards

import (
	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// lockUpgrade: a read lock cannot become a write lock, nor be taken twice.
func lockUpgrade() Scenario {
	return Scenario{
		Name:    "lock-upgrade",
		Summary: "goroutines fill a value behind a read-write lock when they find it empty",
		Lesson: "Lock waits until all readers have left, and a reader that calls Lock waits for itself. " +
			"A second RLock is no better: a writer that waits keeps new readers out, and the first RLock keeps the writer out. " +
			"Give the read lock back, take the write lock, and look again.",
		Parameters: []Parameter{{Name: "n", Summary: "goroutines", Default: 2, Min: 2, Max: 64}},
		Variants: []Variant{
			{Name: "upgrade", Summary: "takes the write lock without giving the read lock back",
				Expect: []checks.Kind{checks.Deadlock}, Program: filling(fillUpgrading)},
			{Name: "read-twice", Summary: "one that reads takes the read lock again, another one writes",
				Expect: []checks.Kind{checks.Deadlock}, Program: filling(fillReadingTwice)},
			{Name: "release-first", Summary: "gives the read lock back, takes the write lock, looks again",
				Program: filling(fillReleasing)},
			{Name: "write-lock", Summary: "takes the write lock from the start", Program: filling(fillLocked)},
		},
	}
}

// A lazyValue is 0 until it is filled.
type lazyValue struct {
	mu    sim.RWMutex
	value sim.Var[int]
	fills sim.Var[int] // how often it was filled
}

func filling(fill func(g *sim.G, v *lazyValue, i int)) func(Params) func(*sim.G) {
	return func(p Params) func(*sim.G) {
		return func(g *sim.G) {
			v := lazyValue{mu: sim.RWMutex{Name: "rw"}, value: sim.Var[int]{Name: "value"},
				fills: sim.Var[int]{Name: "fills"}}
			team(g, p["n"], "user", func(g *sim.G, i int) { fill(g, &v, i) })
			fills := v.fills.Load(g)
			g.Assert(fills == 1, "the value was filled %d times", fills)
		}
	}
}

// fillIfEmpty needs the write lock.
func (v *lazyValue) fillIfEmpty(g *sim.G) {
	if v.value.Load(g) == 0 {
		v.value.Store(g, 1)
		v.fills.Store(g, v.fills.Load(g)+1)
	}
}

func fillUpgrading(g *sim.G, v *lazyValue, _ int) {
	v.mu.RLock(g)
	defer v.mu.RUnlock(g)
	if v.value.Load(g) == 0 {
		v.mu.Lock(g)
		v.fillIfEmpty(g)
		v.mu.Unlock(g)
	}
}

func fillReadingTwice(g *sim.G, v *lazyValue, i int) {
	if i == 0 {
		fillLocked(g, v, i)
		return
	}
	v.mu.RLock(g)
	v.mu.RLock(g)
	v.value.Load(g)
	v.mu.RUnlock(g)
	v.mu.RUnlock(g)
}

func fillReleasing(g *sim.G, v *lazyValue, i int) {
	v.mu.RLock(g)
	empty := v.value.Load(g) == 0
	v.mu.RUnlock(g)
	if empty {
		fillLocked(g, v, i)
	}
}

func fillLocked(g *sim.G, v *lazyValue, _ int) {
	v.mu.Lock(g)
	v.fillIfEmpty(g)
	v.mu.Unlock(g)
}
