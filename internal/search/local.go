package search

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// Spawns, ends and joins are local, but for the first event of a goroutine: nothing
// races with them, and nobody asks for the state of a goroutine that has ended, so that
// they have no place among the events of a location.

// addEnd adds an end, if it is local.
func (t *trace) addEnd(x *sim.Execution, e *sim.Event, i int32) bool {
	g := e.Call.G
	own := t.own[g]
	parts := x.Parts(e)
	if len(own) == 0 || len(parts) != 1 || parts[0].Mode != object.Write || t.gates.concern(g, int32(len(own)+1)) {
		return false
	}
	last, acc, loc := own[len(own)-1], int32(len(t.acc)), goroutineLocation(g, 0)
	t.acc = append(t.acc, access{loc: loc, mode: object.Write})
	te := t.push(i)
	te.g, te.alt, te.index, te.last, te.row, te.op = g, 0, int32(len(own)+1), last, t.events[last].row, object.End
	te.acc, te.accEnd, te.step = acc, acc+1, int32(len(t.steps))
	te.obj, te.cases, te.sum, te.arg = e.Call.Obj, 0, 0, 0
	te.local, te.due, te.sole, te.lone = true, false, false, false
	te.reach.reads, te.reach.writes = 0, locationBit(loc)
	te.born, te.settled, te.settledAt = t.run, 0, 0
	t.own[g] = append(own, i)
	return true
}

// addLocal adds a spawn, or the join of a goroutine whose end is local, if it is local.
func (t *trace) addLocal(e *traceEvent, parts []object.Part) bool {
	if e.index == 1 || t.gates.concern(e.g, e.index) {
		return false
	}
	switch {
	case e.op == object.Spawn && len(parts) == 0:
		e.row = t.events[e.last].row
	case e.op == object.Join && len(parts) == 1 && parts[0].Mode == object.Read && t.events[t.ending(e)].local:
		e.due, e.last = true, max(e.last, t.ending(e))
		t.acc = append(t.acc, access{loc: goroutineLocation(^e.obj, 0), mode: object.Read})
	default:
		return false
	}
	e.local, e.accEnd = true, int32(len(t.acc))
	e.reach.add(t.acc[e.acc:])
	return true
}

// makeClock makes the clock of a Join, which few ask for.
func (t *trace) makeClock(e *traceEvent) {
	e.due = false
	clock := t.slot(e.row)
	copy(clock, t.clock(t.own[e.g][e.index-2]))
	t.order(t.ending(e), e.row)
}

// ending is the end that a Join waits for.
func (t *trace) ending(e *traceEvent) int32 {
	own := t.own[^e.obj]
	return own[len(own)-1]
}
