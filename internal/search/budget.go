package search

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A Cost is what a budget counts.
type Cost string

// The costs. A preemption is a switch away from a goroutine that could have gone
// on, as in Musuvathi and Qadeer, "Iterative context bounding for systematic
// testing of multithreaded programs", PLDI 2007; leaving a goroutine at a Yield
// is none. Delays are counted as in Emmi, Qadeer and Rakamaric, "Delay-bounded
// scheduling", POPL 2011: the running goroutine comes first and the others
// follow by path, and whoever is passed over costs one. A timer that fires costs
// nothing, and the goroutine that ran before it goes on.
const (
	Preemptions Cost = "preemptions"
	Delays      Cost = "delays"
)

// A Budget bounds what a schedule may spend. The zero value is no bound.
type Budget struct {
	Cost Cost // empty means that there is no bound
	Max  int
}

// nobody stands for a goroutine that could go on where there is none.
const nobody = -1

// prices tells what each choice at the present state costs after goroutine
// last, or nobody.
type prices struct {
	cost   Cost
	x      *sim.Execution
	last   int32
	passed int // goroutines before the present one, in the order of delays
}

// running is the goroutine that can go on at no cost where others cannot, or
// nobody.
func (p *prices) running() int32 {
	if p.last == nobody || !p.x.Enabled().Has(p.last) ||
		p.cost == Preemptions && p.x.Pending(p.last).Op == object.Yield {
		return nobody
	}
	return p.last
}

// next is the price of an enabled goroutine. The running one is asked for
// first, the others by path.
func (p *prices) next(g int32) int {
	running := p.running()
	switch {
	case p.x.Pending(g).Op == object.Fire:
		return 0
	case p.cost == Delays:
		p.passed++
		return p.passed - 1
	case g != running && running != nobody:
		return 1
	}
	return 0
}
