package search

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// enter puts event i, which is not local, into the order.
func (t *trace) enter(x *sim.Execution, e *sim.Event, te *traceEvent, i int32) {
	clock := t.slot(i)
	if te.last < 0 {
		_, te.last = x.Parent(te.g)
	}
	if te.last >= 0 {
		last := &t.events[te.last]
		if te.lone = te.index == 1 && t.events[last.row].last < 0; te.lone {
			clear(clock)
		} else {
			copy(clock, t.clock(te.last))
		}
		clock[last.g] = last.index
	} else {
		clear(clock)
	}
	acc := t.acc[te.acc:te.accEnd]
	// It may be the second step of a race if it conflicts with an event that its
	// goroutine did not know of.
	second := e.Quiescent || te.op == object.Fire
	if e.Quiescent {
		t.joinAll(i, e.QuietAt)
	}
	for k := range acc {
		second = t.join(i, acc[k]) || second
	}
	clock[te.g] = te.index
	if te.op != object.Join && second {
		t.seconds = append(t.seconds, i)
		te.sole = len(acc) == 1 && acc[0].mode == object.Read && simple[te.op] && te.op != object.Arm &&
			t.lastWrite(acc[0].loc) == te.last && !t.gates.concern(te.g, te.index)
	} else if te.op == object.Join && len(acc) > 0 && acc[0].mode == object.Read && t.events[t.ending(te)].local {
		t.order(t.ending(te), i)
	}
}

// joinAll makes event i happen after everything before event n.
func (t *trace) joinAll(i, n int32) {
	for j := n - 1; j >= 0; j-- {
		t.order(j, i)
	}
}

// order makes event j happen before event i. It reports false if it did already.
func (t *trace) order(j, i int32) bool {
	ci := t.slot(i)
	e, f := &t.events[j], &t.events[i]
	if ci[e.g] >= e.index {
		return false
	}
	switch {
	case e.lone:
		spawn := &t.events[e.last]
		ci[spawn.g] = max(ci[spawn.g], spawn.index)
	case f.lone:
		spawn := &t.events[f.last]
		copy(ci, t.clock(j))
		ci[spawn.g] = max(ci[spawn.g], spawn.index)
	default:
		cj := t.clock(j)
		ci = ci[:len(cj)]
		for k, v := range cj {
			ci[k] = max(ci[k], v)
		}
	}
	ci[e.g] = e.index
	f.lone = false
	f.last = max(f.last, j)
	return true
}

// join orders event i after every event that conflicts with one of its
// accesses, and adds it to the location. Of a Write all that is before it
// happens before it, so the search stops there. It reports whether that was news.
func (t *trace) join(i int32, a access) (news bool) {
	l := t.location(a.loc)
	first := max(l.lastWrite, 0)
	if a.mode == object.Read && l.signed == 0 {
		if l.lastWrite >= 0 && l.entries[l.lastWrite].event != i { // else it is ordered already
			news = t.order(l.entries[l.lastWrite].event, i)
		}
	} else {
		for k := len(l.entries) - 1; k >= first; k-- {
			if n := &l.entries[k]; object.Conflict(n.mode, a.mode) && n.event != i {
				news = t.order(n.event, i) || news
			}
		}
	}
	l.entries = append(l.entries, entry{event: i, mode: a.mode, prevW: int32(l.lastWrite)})
	switch {
	case a.mode == object.Write:
		l.lastWrite = len(l.entries) - 1
	case a.mode > object.Write:
		l.signed++
	}
	return news
}

// lastWrite is the last event that changes a location that is read and written only, or
// -1.
func (t *trace) lastWrite(loc int32) int32 {
	if l := t.location(loc); l.lastWrite >= 0 && l.signed == 0 {
		return l.entries[l.lastWrite].event
	}
	return -1
}
