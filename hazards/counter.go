package hazards

import (
	"fmt"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// counter is the smallest hazard there is: reading a variable, adding one and
// writing it back are two steps, and somebody else may come between them.
func counter() Scenario {
	return Scenario{
		Name:    "counter",
		Summary: "goroutines that increment one counter",
		Lesson: "An increment is a read and a write. When two goroutines read the same value, both write the same sum, " +
			"and one increment is lost. Locking every access by itself, or making it atomic, does not help: " +
			"the read and the write have to be one step, or the goroutines must not share the counter.",
		Parameters: []Parameter{
			{Name: "n", Summary: "goroutines", Default: 2, Min: 1, Max: 64},
			{Name: "rounds", Summary: "increments of each goroutine", Default: 1, Min: 1, Max: 1000},
		},
		Variants: []Variant{
			{Name: "load-store", Summary: "an atomic load, then an atomic store: no data race, updates are lost all the same",
				Expect: []checks.Kind{checks.LostUpdate}, Program: counterLoadStore},
			{Name: "plain", Summary: "ordinary memory: a data race as well",
				Expect: []checks.Kind{checks.LostUpdate, checks.DataRace}, Program: counterPlain},
			{Name: "lock-per-access", Summary: "get and set are locked, each by itself",
				Expect: []checks.Kind{checks.LostUpdate}, Program: counterLockPerAccess},
			{Name: "mutex", Summary: "the whole increment is locked", Program: counterMutex},
			{Name: "atomic", Summary: "the increment is one atomic step", Program: counterAtomic},
			{Name: "sharded", Summary: "a cell for each goroutine, summed at the end", Program: counterSharded},
			{Name: "map-reduce", Summary: "everybody counts alone and sends the sum: nothing is shared", Program: counterMapReduce},
			{Name: "owner", Summary: "one goroutine owns the counter, the others send it their increments", Program: counterOwner},
		},
	}
}

// counterLoadStore does not look at the counter in the end: its interleavings
// are counted elsewhere, with these operations only.
func counterLoadStore(p Params) func(*sim.G) {
	return func(g *sim.G) {
		counter := sim.AtomicInt[int]{Name: "counter"}
		team(g, p["n"], "adder", func(g *sim.G, _ int) {
			for range p["rounds"] {
				counter.Store(g, counter.Load(g)+1)
			}
		})
	}
}

func counterPlain(p Params) func(*sim.G) {
	return func(g *sim.G) {
		counter := sim.Var[int]{Name: "counter"}
		team(g, p["n"], "adder", func(g *sim.G, _ int) {
			for range p["rounds"] {
				counter.Store(g, counter.Load(g)+1)
			}
		})
	}
}

// A lockedValue is safe to read and safe to write, and not safe to update.
type lockedValue struct {
	mu    sim.Mutex
	value sim.Var[int]
}

func (v *lockedValue) get(g *sim.G) int {
	v.mu.Lock(g)
	defer v.mu.Unlock(g)
	return v.value.Load(g)
}

func (v *lockedValue) set(g *sim.G, n int) {
	v.mu.Lock(g)
	defer v.mu.Unlock(g)
	v.value.Store(g, n)
}

func counterLockPerAccess(p Params) func(*sim.G) {
	return func(g *sim.G) {
		counter := lockedValue{mu: sim.Mutex{Name: "mu"}, value: sim.Var[int]{Name: "counter"}}
		team(g, p["n"], "adder", func(g *sim.G, _ int) {
			for range p["rounds"] {
				counter.set(g, counter.get(g)+1)
			}
		})
	}
}

func counterMutex(p Params) func(*sim.G) {
	return func(g *sim.G) {
		mu := sim.Mutex{Name: "mu"}
		counter := sim.Var[int]{Name: "counter"}
		team(g, p["n"], "adder", func(g *sim.G, _ int) {
			for range p["rounds"] {
				mu.Lock(g)
				counter.Store(g, counter.Load(g)+1)
				mu.Unlock(g)
			}
		})
		p.assertCount(g, counter.Load(g))
	}
}

func counterAtomic(p Params) func(*sim.G) {
	return func(g *sim.G) {
		counter := sim.AtomicInt[int]{Name: "counter"}
		team(g, p["n"], "adder", func(g *sim.G, _ int) {
			for range p["rounds"] {
				counter.Add(g, 1)
			}
		})
		p.assertCount(g, counter.Load(g))
	}
}

func counterSharded(p Params) func(*sim.G) {
	return func(g *sim.G) {
		cells := make([]sim.Var[int], p["n"])
		for i := range cells {
			cells[i].Name = fmt.Sprintf("cell %d", i+1)
		}
		team(g, p["n"], "adder", func(g *sim.G, i int) {
			for range p["rounds"] {
				cells[i].Store(g, cells[i].Load(g)+1)
			}
		})
		sum := 0
		for i := range cells {
			sum += cells[i].Load(g)
		}
		p.assertCount(g, sum)
	}
}

func counterMapReduce(p Params) func(*sim.G) {
	return func(g *sim.G) {
		sums := sim.Chan[int]{Name: "sums", Cap: p["n"]}
		for i := range p["n"] {
			g.Go(fmt.Sprintf("mapper %d", i+1), func(g *sim.G) {
				sum := 0
				for range p["rounds"] {
					sum++
				}
				sums.Send(g, sum)
			})
		}
		total := 0
		for range p["n"] {
			total += sums.Receive(g)
		}
		p.assertCount(g, total)
	}
}

func counterOwner(p Params) func(*sim.G) {
	return func(g *sim.G) {
		increments := sim.Chan[int]{Name: "increments"}
		total := sim.Var[int]{Name: "total"}
		owner := g.Go("owner", func(g *sim.G) {
			for by := range increments.All(g) {
				total.Store(g, total.Load(g)+by)
			}
		})
		team(g, p["n"], "adder", func(g *sim.G, _ int) {
			for range p["rounds"] {
				increments.Send(g, 1)
			}
		})
		increments.Close(g)
		owner.Join(g)
		p.assertCount(g, total.Load(g))
	}
}

// assertCount checks the sum of all increments.
func (p Params) assertCount(g *sim.G, got int) {
	want := p["n"] * p["rounds"]
	g.Assert(got == want, "%d increments, and the counter is %d", want, got)
}
