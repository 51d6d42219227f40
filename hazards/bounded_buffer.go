package hazards

import (
	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// boundedBuffer is a queue with one place, guarded by a lock and condition
// variables.
func boundedBuffer() Scenario {
	return Scenario{
		Name:    "bounded-buffer",
		Summary: "producers and consumers share a queue with one place",
		Lesson: "Being woken does not mean that the condition holds: between the signal and the moment when the lock is " +
			"taken again, somebody else can take the item. So look again, in a loop. And when producers and consumers wait on " +
			"one condition variable, a Signal can wake the wrong kind: then all end up waiting.",
		Parameters: []Parameter{{Name: "n", Summary: "producers, and as many consumers", Default: 2, Min: 2, Max: 16}},
		Variants: []Variant{
			{Name: "if", Summary: "looks once, and takes what is there after the wake-up", Expect: []checks.Kind{checks.Panic},
				Program: buffering(bufferKind{once: true, separate: true})},
			{Name: "one-cond", Summary: "producers and consumers wait on one condition variable, and one is signalled",
				Expect: []checks.Kind{checks.Deadlock}, Program: buffering(bufferKind{})},
			{Name: "two-conds", Summary: "looks again after every wake-up; a condition variable for each kind",
				Program: buffering(bufferKind{separate: true})},
			{Name: "broadcast", Summary: "one condition variable, and everybody is woken",
				Program: buffering(bufferKind{wakeAll: true})},
		},
	}
}

// A bufferKind says what is right or wrong about a buffer.
type bufferKind struct {
	once     bool // a wait is not repeated
	separate bool // waiting for room and waiting for an item are told apart
	wakeAll  bool
}

// A buffer has one place.
type buffer struct {
	kind  bufferKind
	mu    sim.Mutex
	room  *sim.Cond
	item  *sim.Cond
	items sim.Var[[]int] // under mu
}

func buffering(kind bufferKind) func(Params) func(*sim.G) {
	return func(p Params) func(*sim.G) {
		return func(g *sim.G) {
			b := buffer{kind: kind, mu: sim.Mutex{Name: "mu"}, items: sim.Var[[]int]{Name: "items"}}
			b.room = &sim.Cond{Name: "room", L: &b.mu}
			b.item = &sim.Cond{Name: "item", L: &b.mu}
			if !kind.separate {
				b.room.Name, b.item = "changed", b.room
			}
			team(g, 2*p["n"], "worker", func(g *sim.G, i int) {
				if i < p["n"] {
					b.put(g, i)
				} else {
					b.take(g)
				}
			})
		}
	}
}

func (b *buffer) put(g *sim.G, v int) {
	b.mu.Lock(g)
	defer b.mu.Unlock(g)
	items := b.wait(g, b.room, func(items []int) bool { return len(items) == 0 })
	b.items.Store(g, append(items, v))
	b.wake(g, b.item)
}

func (b *buffer) take(g *sim.G) int {
	b.mu.Lock(g)
	defer b.mu.Unlock(g)
	items := b.wait(g, b.item, func(items []int) bool { return len(items) > 0 })
	b.items.Store(g, items[1:])
	b.wake(g, b.room)
	return items[0]
}

// wait returns the items once they are as wanted.
func (b *buffer) wait(g *sim.G, c *sim.Cond, want func([]int) bool) []int {
	items := b.items.Load(g)
	for !want(items) {
		c.Wait(g)
		items = b.items.Load(g)
		if b.kind.once {
			break
		}
	}
	return items
}

func (b *buffer) wake(g *sim.G, c *sim.Cond) {
	if b.kind.wakeAll {
		c.Broadcast(g)
		return
	}
	c.Signal(g)
}
