package checks

import (
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A hold is a goroutine's share of a resource that can be held.
type hold struct {
	obj, g int32
	units  int32
	step   int  // the event that took it
	reader bool // of a RWMutex
	sem    bool // units of a semaphore
}

// label is how it is held, as a picture says it.
func (h hold) label() string {
	switch {
	case h.reader:
		return "reading"
	case h.sem && h.units == 1:
		return "1 unit"
	case h.sem:
		return fmt.Sprintf("%d units", h.units)
	}
	return "held"
}

// ledger is who holds what, by the log: an object's state knows how many
// readers there are, not who they are.
type ledger struct {
	x     *sim.Execution
	holds []hold
	// strange are the objects that were freed by a goroutine that did not hold
	// them: they are handed over, and whoever holds one need not be the one who
	// will free it.
	strange []int32
	last    []int // by goroutine: its last event, or -1
}

func ledgerOf(x *sim.Execution) *ledger {
	l := &ledger{x: x, last: slices.Repeat([]int{-1}, x.Goroutines())}
	events := x.Events()
	for step := range events {
		e := &events[step]
		l.event(e, step)
		l.last[e.G()] = step
	}
	return l
}

// event books what an event takes and gives back. What is granted later than
// asked for is held from the return on.
func (l *ledger) event(e *sim.Event, step int) {
	switch e.Op() {
	case object.RGranted:
		l.take(hold{obj: e.Call.Obj, g: e.G(), units: 1, step: step, reader: true})
	case object.Granted:
		asked := &l.x.Events()[l.last[e.G()]]
		l.take(hold{obj: e.Call.Obj, g: e.G(), units: asked.Call.Arg, step: step, sem: true})
	}
	for _, p := range l.x.Parts(e) {
		h := hold{obj: p.Obj, g: e.G(), units: 1, step: step}
		switch p.Effect {
		case object.Take, object.WriterIn, object.WriterTry, object.OnceBegin:
			l.take(h)
		case object.ReaderIn:
			h.reader = true
			l.take(h)
		case object.SemTake:
			h.sem, h.units = true, p.Arg
			l.take(h)
		case object.Free, object.WriterOut, object.OnceEnd:
			l.give(h)
		case object.ReaderOut:
			h.reader = true
			l.give(h)
		case object.SemGive:
			h.sem, h.units = true, p.Arg
			l.give(h)
		}
	}
}

func (l *ledger) find(h hold, byAnybody bool) int {
	return slices.IndexFunc(l.holds, func(o hold) bool {
		return o.obj == h.obj && o.reader == h.reader && (byAnybody || o.g == h.g)
	})
}

func (l *ledger) take(h hold) {
	if i := l.find(h, false); i >= 0 {
		l.holds[i].units += h.units
		return
	}
	l.holds = append(l.holds, h)
}

// give takes units off the giver's share first, then off the oldest one.
func (l *ledger) give(h hold) {
	for h.units > 0 {
		i := l.find(h, false)
		if i < 0 {
			l.strange = append(l.strange, h.obj)
			if i = l.find(h, true); i < 0 {
				return
			}
		}
		n := min(h.units, l.holds[i].units)
		h.units -= n
		l.holds[i].units -= n
		if l.holds[i].units == 0 {
			l.holds = slices.Delete(l.holds, i, i+1)
		}
	}
}

// holders returns the shares of an object.
func (l *ledger) holders(obj int32, reading bool) []hold {
	var out []hold
	for _, h := range l.holds {
		if h.obj == obj && h.reader == reading {
			out = append(out, h)
		}
	}
	return out
}
