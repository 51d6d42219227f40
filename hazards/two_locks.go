package hazards

import (
	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// twoLocks is the deadlock of every textbook: two locks, taken in two orders.
func twoLocks() Scenario {
	return Scenario{
		Name:    "two-locks",
		Summary: "P1 holds A and wants B, P2 holds B and wants A",
		Lesson: "Two goroutines that take two locks in opposite orders can each end up with one of them, " +
			"waiting for the other. One order for everybody makes that impossible; so does one lock, " +
			"or one goroutine that gives back what it holds when it cannot have the rest.",
		Parameters: []Parameter{
			{Name: "rounds", Summary: "how often each goroutine needs both", Default: 1, Min: 1, Max: 1000},
		},
		Variants: []Variant{
			{Name: "opposite", Summary: "P1 takes A first, P2 takes B first", Expect: []checks.Kind{checks.Deadlock},
				Program: twoLockers(func(g *sim.G, a, b *sim.Mutex) { lockBoth(g, b, a) })},
			{Name: "unjoined", Summary: "the same, and main does not wait for them",
				Expect: []checks.Kind{checks.PartialDeadlock}, Program: unjoined},
			{Name: "ordered", Summary: "both take A first",
				Program: twoLockers(func(g *sim.G, a, b *sim.Mutex) { lockBoth(g, a, b) })},
			{Name: "trylock", Summary: "P2 gives B back when it cannot have A, and tries again",
				Program: twoLockers(lockOrBackOff)},
			{Name: "one-lock", Summary: "one lock guards what both need", Program: oneLock},
		},
	}
}

// twoLockers runs P1, which takes A and then B, against P2, which does p2.
func twoLockers(p2 func(g *sim.G, a, b *sim.Mutex)) func(Params) func(*sim.G) {
	return func(p Params) func(*sim.G) {
		return func(g *sim.G) {
			a, b := sim.Mutex{Name: "A"}, sim.Mutex{Name: "B"}
			first := g.Go("P1", func(g *sim.G) {
				for range p["rounds"] {
					lockBoth(g, &a, &b)
				}
			})
			second := g.Go("P2", func(g *sim.G) {
				for range p["rounds"] {
					p2(g, &a, &b)
				}
			})
			first.Join(g)
			second.Join(g)
		}
	}
}

// unjoined has main return at once: what deadlocks is not the whole program.
func unjoined(p Params) func(*sim.G) {
	return func(g *sim.G) {
		a, b := sim.Mutex{Name: "A"}, sim.Mutex{Name: "B"}
		use := func(first, second *sim.Mutex) func(*sim.G) {
			return func(g *sim.G) {
				for range p["rounds"] {
					lockBoth(g, first, second)
				}
			}
		}
		g.Go("P1", use(&a, &b))
		g.Go("P2", use(&b, &a))
	}
}

func lockBoth(g *sim.G, first, second *sim.Mutex) {
	first.Lock(g)
	second.Lock(g)
	second.Unlock(g)
	first.Unlock(g)
}

// lockOrBackOff never waits while it holds something. Were P1 as polite, the
// two could go on for ever giving way to each other.
func lockOrBackOff(g *sim.G, a, b *sim.Mutex) {
	for {
		b.Lock(g)
		if a.TryLock(g) {
			a.Unlock(g)
			b.Unlock(g)
			return
		}
		b.Unlock(g)
		g.Yield()
	}
}

func oneLock(p Params) func(*sim.G) {
	return func(g *sim.G) {
		both := sim.Mutex{Name: "A and B"}
		team(g, 2, "P", func(g *sim.G, _ int) {
			for range p["rounds"] {
				both.Lock(g)
				both.Unlock(g)
			}
		})
	}
}
