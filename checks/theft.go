package checks

import (
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/order"
	"github.com/interleave-go/interleave/sim"
)

// A theft is the unlock of a lock by a goroutine that does not hold it, while
// another one does.
type theft struct {
	obj, thief, victim int32
	took, step         int  // the victim's lock and the thief's unlock
	reader             bool // a read lock: any of those who read may be the victim
	handed             bool // the lock happens before the unlock: it may be meant so
	waiting            bool // the unlock is that of a Cond's Wait
}

// A share is a lock that a goroutine holds.
type share struct {
	obj, g int32
	step   int
	reader bool
	since  order.Epoch
}

// theftScan goes through an execution in which there is a theft.
type theftScan struct {
	x       *sim.Execution
	happens order.Happens
	shares  []share
	waits   []bool // by goroutine: its last event was the beginning of a Wait
	found   []theft
}

// theftsIn returns the thefts of an execution, in order.
func theftsIn(x *sim.Execution) []theft {
	s := theftScan{x: x, waits: make([]bool, x.Goroutines())}
	s.happens.Begin(x)
	events := x.Events()
	for step := range events {
		e := &events[step]
		s.happens.Step(e, step)
		s.event(e, step)
		s.waits[e.G()] = e.Op() == object.CondWait
	}
	return s.found
}

func (s *theftScan) event(e *sim.Event, step int) {
	mine := share{obj: e.Call.Obj, g: e.G(), step: step, since: s.happens.Now(e.G())}
	if e.Op() == object.RGranted {
		mine.reader = true
		s.shares = append(s.shares, mine)
		return
	}
	for _, p := range s.x.Parts(e) {
		mine.obj = p.Obj
		switch p.Effect {
		case object.Take, object.WriterIn, object.WriterTry:
			s.shares = append(s.shares, mine)
		case object.ReaderIn:
			mine.reader = true
			s.shares = append(s.shares, mine)
		case object.Free, object.WriterOut:
			s.free(e, mine)
		case object.ReaderOut:
			mine.reader = true
			s.free(e, mine)
		}
	}
}

// free takes away a share: the goroutine's own, else one that may have been
// handed over to it, else any.
func (s *theftScan) free(e *sim.Event, mine share) {
	alike := func(o share) bool { return o.obj == mine.obj && o.reader == mine.reader }
	at := slices.IndexFunc(s.shares, func(o share) bool { return alike(o) && o.g == mine.g })
	if at < 0 {
		handed := func(o share) bool { return alike(o) && s.happens.After(mine.g, o.since) }
		if at = slices.IndexFunc(s.shares, handed); at < 0 {
			at = slices.IndexFunc(s.shares, alike)
		}
		if at < 0 {
			return
		}
		o := s.shares[at]
		s.found = append(s.found, theft{obj: mine.obj, thief: mine.g, victim: o.g, took: o.step, step: mine.step,
			reader: mine.reader, handed: handed(o), waiting: e.Op() == object.CondWait || s.waits[mine.g]})
	}
	s.shares = slices.Delete(s.shares, at, at+1)
}

// stolenFrom returns the theft because of which a goroutine's unlock of an
// object, at a step, meets a lock that is not its own: the last one of what it
// had locked, unless it has locked it again since.
func stolenFrom(thefts []theft, x *sim.Execution, g, obj int32, step int) (theft, bool) {
	for _, t := range slices.Backward(thefts) {
		if t.obj != obj || t.step >= step || t.thief == g {
			continue
		}
		if t.reader || t.victim == g && !takes(x, g, obj, t.step, step) {
			return t, true
		}
	}
	return theft{}, false
}

// takes reports whether a goroutine locks an object between two steps.
func takes(x *sim.Execution, g, obj int32, from, to int) bool {
	events := x.Events()
	for i := from; i < to; i++ {
		if events[i].G() != g {
			continue
		}
		for _, p := range x.Parts(&events[i]) {
			if p.Obj == obj && (p.Effect == object.Take || p.Effect == object.WriterIn || p.Effect == object.WriterTry) {
				return true
			}
		}
	}
	return false
}
