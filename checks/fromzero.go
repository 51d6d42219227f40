package checks

import (
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A groupAdd is an Add to a WaitGroup, and what comes before it in every order of the
// execution's events that keeps those apart whose order matters. The order of two
// Adds does not count here: a Wait that comes behind both cannot tell.
type groupAdd struct {
	obj, g, delta int32
	nth           int32   // among the events of its goroutine, from 1
	before        []int32 // by goroutine: so many of its events come before
	fault         bool
}

// precedes reports whether a comes before b in every such order.
func (a *groupAdd) precedes(b *groupAdd) bool { return a.nth <= b.before[a.g] }

// addsOf appends the Adds of an execution.
func addsOf(x *sim.Execution, adds []groupAdd) []groupAdd {
	t := tracer{x: x, at: make([][]int32, x.Goroutines()), places: map[[2]int32]*[4][]int32{}}
	events := x.Events()
	for step := range events {
		e := &events[step]
		c := t.step(e, step)
		if e.Op() == object.Add {
			adds = append(adds, groupAdd{e.Call.Obj, e.G(), e.Call.Arg, c[e.G()], slices.Clone(c), e.Fault != object.NoFault})
		}
	}
	return adds
}

// A tracer goes through an execution and knows what comes before each event.
type tracer struct {
	x      *sim.Execution
	at     [][]int32                // by goroutine: what comes before its next event
	places map[[2]int32]*[4][]int32 // by location, by mode from Read on: what comes before some access, and that
}

// step takes in the next event, and returns what comes before it, with itself.
func (t *tracer) step(e *sim.Event, step int) []int32 {
	c := t.clock(e.G())
	for _, p := range t.x.Parts(e) {
		for m, before := range t.place(p) {
			other := object.Read + object.Mode(m)
			if p.Mode != object.None && object.Conflict(p.Mode, other) && (p.Effect != object.Count || other < object.Plus) {
				join(c, before)
			}
		}
	}
	if e.Quiescent {
		for g := range t.at {
			join(c, t.clock(int32(g)))
		}
	}
	c[e.G()]++
	for _, p := range t.x.Parts(e) {
		if p.Mode != object.None {
			place := t.place(p)
			m := p.Mode - object.Read
			if place[m] == nil {
				place[m] = make([]int32, len(c))
			}
			join(place[m], c)
		}
	}
	switch e.Op() {
	case object.Spawn, object.Fire, object.Cancel:
		t.born(step, c)
	}
	return c
}

// born lets those begin whom an event has spawned.
func (t *tracer) born(step int, c []int32) {
	for child := range int32(len(t.at)) {
		if _, born := t.x.Parent(child); int(born) == step && t.x.Spawned(child) {
			join(t.clock(child), c)
		}
	}
}

func (t *tracer) clock(g int32) []int32 {
	if t.at[g] == nil {
		t.at[g] = make([]int32, len(t.at))
	}
	return t.at[g]
}

func (t *tracer) place(p object.Part) *[4][]int32 {
	at := [2]int32{p.Obj, p.Sub}
	if t.places[at] == nil {
		t.places[at] = new([4][]int32)
	}
	return t.places[at]
}

func join(c, other []int32) {
	for g, n := range other {
		c[g] = max(c[g], n)
	}
}

// mayBeZero reports whether the counter may be zero before an Add that raises it, in
// some order of the events. It is when the Adds that come before it, with some others
// that need not come behind it, sum up to zero or less. Of those the decrements help,
// but each needs the increments that come before it.
func mayBeZero(adds []groupAdd, nth int) bool {
	e := &adds[nth]
	sum := int32(0)
	var up, down []*groupAdd
	for i := range adds {
		switch a := &adds[i]; {
		case a.obj != e.obj || a.fault || i == nth || e.precedes(a):
		case a.precedes(e):
			sum += a.delta
		case a.delta > 0:
			up = append(up, a)
		case a.delta < 0:
			down = append(down, a)
		}
	}
	for _, d := range down {
		sum += d.delta
	}
	return sum <= 0 && sum+needed(up, down) <= 0
}

// needed is by how much the best choice among decrements, each with the increments
// that it needs, lowers the counter less than all of them would by themselves: the
// weight of the closure is a minimum cut (Picard, Management Science 1976), and so a
// maximum flow from decrements to increments that they need.
func needed(up, down []*groupAdd) int32 {
	room := make([]int32, len(up))
	flow := make([][]int32, len(up)) // by increment and decrement
	for i, u := range up {
		room[i], flow[i] = u.delta, make([]int32, len(down))
	}
	total := int32(0)
	for k, d := range down {
		for range -d.delta {
			if !push(up, down, room, flow, k, make([]bool, len(up))) {
				break
			}
			total++
		}
	}
	return total
}

// push lets one more unit flow from a decrement.
func push(up, down []*groupAdd, room []int32, flow [][]int32, k int, seen []bool) bool {
	for i, u := range up {
		if seen[i] || !u.precedes(down[k]) {
			continue
		}
		seen[i] = true
		if room[i] > 0 {
			room[i]--
			flow[i][k]++
			return true
		}
		for other := range down {
			if flow[i][other] > 0 && push(up, down, room, flow, other, seen) {
				flow[i][other]--
				flow[i][k]++
				return true
			}
		}
	}
	return false
}
