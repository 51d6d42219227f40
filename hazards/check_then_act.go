package hazards

import (
	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// checkThenAct: what was true when it was checked need not be true any more.
func checkThenAct() Scenario {
	return Scenario{
		Name:    "check-then-act",
		Summary: "users open a connection unless a map holds one already",
		Lesson: "Two users both find no connection, both open one, and the second one replaces the first in the map: " +
			"they do not share it, and one is never closed. A lock around each access does not help: " +
			"looking and storing have to be one step.",
		Parameters: []Parameter{{Name: "n", Summary: "users", Default: 2, Min: 2, Max: 64}},
		Variants: []Variant{
			{Name: "lock-per-access", Summary: "looking and storing are locked, each by itself",
				Expect: []checks.Kind{checks.Assertion}, Program: connecting(connectLockEach)},
			{Name: "unlocked", Summary: "no lock: a data race as well",
				Expect: []checks.Kind{checks.Assertion, checks.DataRace}, Program: connecting(connectUnlocked)},
			{Name: "locked", Summary: "one lock around both", Program: connecting(connectLocked)},
			{Name: "load-or-store", Summary: "sync.Map does both in one step", Program: connecting(connectOnce)},
		},
	}
}

// connections are kept by the name of the host, in one of two maps.
type connections struct {
	mu     sim.Mutex
	byHost sim.Map[string, int]
	shared sim.SyncMap[string, int]
}

const host = "db"

// connecting has every user get a connection; each opens one with its own
// number if it has to.
func connecting(connect func(g *sim.G, c *connections, own int) int) func(Params) func(*sim.G) {
	return func(p Params) func(*sim.G) {
		return func(g *sim.G) {
			c := connections{mu: sim.Mutex{Name: "mu"}, byHost: sim.Map[string, int]{Name: "connections"},
				shared: sim.SyncMap[string, int]{Name: "connections"}}
			used := make([]int, p["n"]) // each user writes its own place, main reads after joining
			team(g, p["n"], "user", func(g *sim.G, i int) { used[i] = connect(g, &c, i+1) })
			for i := range used {
				g.Assert(used[i] == used[0], "user 1 has connection %d, user %d has connection %d", used[0], i+1, used[i])
			}
		}
	}
}

func connectUnlocked(g *sim.G, c *connections, own int) int {
	if id, ok := c.byHost.Load(g, host); ok {
		return id
	}
	c.byHost.Store(g, host, own)
	return own
}

func connectLockEach(g *sim.G, c *connections, own int) int {
	c.mu.Lock(g)
	id, ok := c.byHost.Load(g, host)
	c.mu.Unlock(g)
	if ok {
		return id
	}
	c.mu.Lock(g)
	c.byHost.Store(g, host, own)
	c.mu.Unlock(g)
	return own
}

func connectLocked(g *sim.G, c *connections, own int) int {
	c.mu.Lock(g)
	defer c.mu.Unlock(g)
	return connectUnlocked(g, c, own)
}

func connectOnce(g *sim.G, c *connections, own int) int {
	id, _ := c.shared.LoadOrStore(g, host, own)
	return id
}
