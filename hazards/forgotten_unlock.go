package hazards

import (
	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// forgottenUnlock: one way out of a function leaves the lock locked.
func forgottenUnlock() Scenario {
	return Scenario{
		Name:    "forgotten-unlock",
		Summary: "workers take jobs from a locked list until it is empty",
		Lesson: "A return between Lock and Unlock leaves the lock with a goroutine that has ended, and everybody who comes " +
			"later waits for ever. Unlock with defer, right after Lock: it runs on every way out, a panic too.",
		Parameters: []Parameter{
			{Name: "n", Summary: "workers", Default: 2, Min: 2, Max: 64},
			{Name: "jobs", Summary: "jobs on the list", Default: 1, Min: 0, Max: 64},
		},
		Variants: []Variant{
			{Name: "early-return", Summary: "the return for an empty list does not unlock", Expect: []checks.Kind{checks.Deadlock},
				Program: working(nextForgetting)},
			{Name: "defer", Summary: "unlocks on every way out", Program: working(nextDeferring)},
		},
	}
}

// A jobList is a number of jobs, under a lock.
type jobList struct {
	mu   sim.Mutex
	left sim.Var[int]
}

func working(next func(*sim.G, *jobList) bool) func(Params) func(*sim.G) {
	return func(p Params) func(*sim.G) {
		return func(g *sim.G) {
			jobs := jobList{mu: sim.Mutex{Name: "mu"}, left: sim.Var[int]{Name: "jobs left"}}
			jobs.left.Store(g, p["jobs"])
			team(g, p["n"], "worker", func(g *sim.G, _ int) {
				for next(g, &jobs) {
				}
			})
		}
	}
}

func nextForgetting(g *sim.G, jobs *jobList) bool {
	jobs.mu.Lock(g)
	left := jobs.left.Load(g)
	if left == 0 {
		return false
	}
	jobs.left.Store(g, left-1)
	jobs.mu.Unlock(g)
	return true
}

func nextDeferring(g *sim.G, jobs *jobList) bool {
	jobs.mu.Lock(g)
	defer jobs.mu.Unlock(g)
	left := jobs.left.Load(g)
	if left == 0 {
		return false
	}
	jobs.left.Store(g, left-1)
	return true
}
