package search

import "github.com/interleave-go/interleave/internal/object"

// addLocal adds a Spawn, an End, or the Join of a goroutine whose end was added by
// it, unless it is the first event of its goroutine. Nothing races with them, and
// nobody asks for the state of a goroutine that has ended, so that they have no place
// among the events of a location.
func (t *trace) addLocal(e *traceEvent, parts []object.Part) bool {
	if e.index == 1 || t.gates.concern(e.g, e.index) {
		return false
	}
	switch {
	case e.op == object.Spawn && len(parts) == 0:
		e.row = t.events[e.last].row
	case e.op == object.End && len(parts) == 1 && parts[0].Mode == object.Write:
		e.row = t.events[e.last].row
		t.acc = append(t.acc, access{loc: goroutineLocation(e.g, 0), mode: object.Write})
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
