package hazards

import (
	"fmt"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// philosophers is Dijkstra's dinner: each philosopher needs the two forks
// beside the plate.
func philosophers() Scenario {
	return Scenario{
		Name:    "philosophers",
		Summary: "philosophers around a table, each needs two forks to eat",
		Lesson: "Everybody who takes the left fork first can end up holding one fork and waiting for " +
			"the next: a cycle of waiting that nobody can leave. An order of the locks, or fewer seats, breaks the cycle. " +
			"Putting a fork back and trying again does not: all can do so in step, for ever.",
		Parameters: []Parameter{
			{Name: "n", Summary: "seats", Default: 5, Min: 2, Max: 64},
			{Name: "rounds", Summary: "meals of each philosopher", Default: 1, Min: 1, Max: 1000},
		},
		Variants: []Variant{
			{Name: "left-first", Summary: "everybody takes the left fork first", Expect: []checks.Kind{checks.Deadlock},
				Program: dinner(leftFirst)},
			{Name: "ordered", Summary: "everybody takes the fork with the lower number first", Program: dinner(ordered)},
			{Name: "odd-even", Summary: "every other philosopher takes the right fork first", Program: dinner(oddEven)},
			{Name: "waiter", Summary: "a waiter lets one at a time take forks", Program: dinner(askWaiter)},
			{Name: "seats", Summary: "one chair fewer than there are plates", Program: dinner(takeSeat)},
			{Name: "trylock-once", Summary: "whoever cannot have the second fork goes without a meal", Program: dinner(tryOnce)},
			{Name: "trylock-retry", Summary: "whoever cannot have the second fork puts the first one back and tries again",
				Expect: []checks.Kind{checks.Livelock}, Endless: true, Program: dinner(tryAgain)},
			{Name: "chandy-misra", Summary: "forks are messages, and a used fork is given away when asked for",
				Program: chandyMisra},
			{Name: "both-down", Summary: "left fork first, and both put down in one step", Expect: []checks.Kind{checks.Deadlock},
				Program: dinner(bothDown)},
			{Name: "cyclic", Summary: "left fork first, both put down in one step, for ever: rounds are not counted",
				Expect: []checks.Kind{checks.Deadlock}, Endless: true, Program: endlessDinner},
		},
	}
}

// A place is a philosopher's seat at a table.
type place struct {
	i, round    int
	left, right *sim.Mutex
	waiter      *sim.Mutex
	seats       *sim.Semaphore
}

// dinner seats n philosophers who all eat in the same manner. A meal itself is
// no step: that both forks are held is all there is to it.
func dinner(eat func(*sim.G, place)) func(Params) func(*sim.G) {
	return func(p Params) func(*sim.G) {
		return func(g *sim.G) {
			waiter := sim.Mutex{Name: "waiter"}
			seats := sim.Semaphore{Name: "seats", N: p["n"] - 1}
			forks := layForks(p["n"])
			team(g, p["n"], "philosopher", func(g *sim.G, i int) {
				at := place{i, 0, &forks[i], &forks[(i+1)%len(forks)], &waiter, &seats}
				for at.round = range p["rounds"] {
					eat(g, at)
				}
			})
		}
	}
}

// endlessDinner is bothDown without an end. A body's turns are all alike: it
// keeps no state from one to the next. Each of them is progress.
func endlessDinner(p Params) func(*sim.G) {
	return func(g *sim.G) {
		forks := layForks(p["n"])
		team(g, p["n"], "philosopher", func(g *sim.G, i int) {
			for {
				g.Progress()
				g.Fingerprint(0) // it remembers nothing of the rounds before
				bothDown(g, place{left: &forks[i], right: &forks[(i+1)%len(forks)]})
			}
		})
	}
}

func layForks(n int) []sim.Mutex {
	forks := make([]sim.Mutex, n)
	for i := range forks {
		forks[i].Name = fmt.Sprintf("fork %d", i+1)
	}
	return forks
}

// useForks takes two forks and puts them down in the same order.
func useForks(g *sim.G, first, second *sim.Mutex) {
	first.Lock(g)
	second.Lock(g)
	first.Unlock(g)
	second.Unlock(g)
}

func leftFirst(g *sim.G, at place) { useForks(g, at.left, at.right) }

func bothDown(g *sim.G, at place) {
	at.left.Lock(g)
	at.right.Lock(g)
	sim.UnlockBoth(g, at.left, at.right)
}

// ordered: only the last philosopher's right fork has a lower number than the
// left one.
func ordered(g *sim.G, at place) {
	if at.right.Name == "fork 1" {
		useForks(g, at.right, at.left)
		return
	}
	useForks(g, at.left, at.right)
}

func oddEven(g *sim.G, at place) {
	if at.i%2 == 1 {
		useForks(g, at.right, at.left)
		return
	}
	useForks(g, at.left, at.right)
}

func askWaiter(g *sim.G, at place) {
	at.waiter.Lock(g)
	at.left.Lock(g)
	at.right.Lock(g)
	at.waiter.Unlock(g)
	at.right.Unlock(g)
	at.left.Unlock(g)
}

func takeSeat(g *sim.G, at place) {
	at.seats.Acquire(g, 1)
	useForks(g, at.left, at.right)
	at.seats.Release(g, 1)
}

func tryOnce(g *sim.G, at place) {
	at.left.Lock(g)
	if at.right.TryLock(g) {
		at.right.Unlock(g)
	}
	at.left.Unlock(g)
}

// tryAgain says by Yield that trying is of no use until the fork has moved;
// even so, all philosophers can move in step. A philosopher remembers which meal
// it is, and nothing of having tried.
func tryAgain(g *sim.G, at place) {
	g.Progress()
	for {
		g.Fingerprint(uint64(at.round))
		at.left.Lock(g)
		if at.right.TryLock(g) {
			at.right.Unlock(g)
			at.left.Unlock(g)
			return
		}
		at.left.Unlock(g)
		g.Yield()
	}
}
