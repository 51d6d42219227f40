package hazards

import (
	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// missedWakeup: a condition variable keeps no signals.
func missedWakeup() Scenario {
	return Scenario{
		Name:    "missed-wakeup",
		Summary: "goroutines wait on a condition variable for something to become ready",
		Lesson: "A signal that comes while nobody waits is gone. So whoever waits has to hold the lock, look first, " +
			"and wait only while the condition does not hold; and when several wait for one event, " +
			"a Broadcast has to wake all of them.",
		Parameters: []Parameter{{Name: "n", Summary: "goroutines that wait", Default: 2, Min: 1, Max: 64}},
		Variants: []Variant{
			{Name: "no-check", Summary: "waits without looking whether it is ready already",
				Expect: []checks.Kind{checks.Deadlock}, Program: waiting(waitUnseen, (*sim.Cond).Broadcast)},
			{Name: "check-outside", Summary: "looks before it takes the lock",
				Expect: []checks.Kind{checks.Deadlock}, Program: waiting(waitTooLate, (*sim.Cond).Broadcast)},
			{Name: "signal", Summary: "one signal for all who wait",
				Expect: []checks.Kind{checks.Deadlock}, Program: waiting(waitReady, (*sim.Cond).Signal)},
			{Name: "broadcast", Summary: "looks under the lock, again after every wake-up, and all are woken",
				Program: waiting(waitReady, (*sim.Cond).Broadcast)},
		},
	}
}

// An announcement is a flag with the condition variable that tells of it.
type announcement struct {
	mu      sim.Mutex
	changed *sim.Cond
	ready   sim.Atomic[bool]
}

func waiting(wait func(*sim.G, *announcement), wake func(*sim.Cond, *sim.G)) func(Params) func(*sim.G) {
	return func(p Params) func(*sim.G) {
		return func(g *sim.G) {
			a := announcement{mu: sim.Mutex{Name: "mu"}, ready: sim.Atomic[bool]{Name: "ready"}}
			a.changed = &sim.Cond{Name: "changed", L: &a.mu}
			announcer := g.Go("announcer", func(g *sim.G) {
				a.mu.Lock(g)
				a.ready.Store(g, true)
				wake(a.changed, g)
				a.mu.Unlock(g)
			})
			team(g, p["n"], "waiter", func(g *sim.G, _ int) { wait(g, &a) })
			announcer.Join(g)
		}
	}
}

func waitUnseen(g *sim.G, a *announcement) {
	a.mu.Lock(g)
	a.changed.Wait(g)
	a.mu.Unlock(g)
}

func waitTooLate(g *sim.G, a *announcement) {
	if a.ready.Load(g) {
		return
	}
	a.mu.Lock(g)
	a.changed.Wait(g)
	a.mu.Unlock(g)
}

func waitReady(g *sim.G, a *announcement) {
	a.mu.Lock(g)
	for !a.ready.Load(g) {
		a.changed.Wait(g)
	}
	a.mu.Unlock(g)
}
