package order

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A Race is two accesses of a variable, one of them a store and one of them
// plain, by different goroutines, that nothing orders.
type Race struct {
	Object        int32
	First, Second int // steps; the second access is the one that was noticed
}

// Races finds data races as FastTrack does (Flanagan, Freund: PLDI 2009): of
// every variable it keeps the last write as an epoch, and the last read as an
// epoch too for as long as reads are ordered. Of a variable that is accessed
// atomically as well it keeps the last accesses of every goroutine: see mixed.
// It keeps its memory from one execution to the next; the zero value is ready.
type Races struct {
	happens Happens
	shadows []shadow
	reads   []access // of variables with unordered reads: one for each goroutine
	mixed   []access // of variables that are accessed in both ways: one for each kind and goroutine
	stamp   uint32
	found   []Race
}

// access is an event that accessed a variable, and its step.
type access struct {
	Epoch
	step int32
}

type shadow struct {
	stamp  uint32 // of the execution that it is about
	g      int32  // the first goroutine that accessed it
	shared bool   // accessed by another one as well
	stored bool
	plain  bool // accessed plainly
	atomic bool // accessed atomically
	raced  bool
	write  access
	read   access
	reads  int32 // where its unordered reads start, or noRow
	mixed  int32 // where its accesses start if it is accessed in both ways, or noRow
}

// racy reports whether there can be a race for it.
func (s *shadow) racy() bool { return s.shared && s.stored && s.plain && !s.raced }

// In returns the races of an execution: the first one of every variable. They
// are valid until the next call. An execution in which no plain memory is
// shared costs one look at each of its events.
func (r *Races) In(x *sim.Execution) []Race {
	r.found = r.found[:0]
	if !r.shares(x) {
		return nil
	}
	r.reads, r.mixed = r.reads[:0], r.mixed[:0]
	h := &r.happens
	h.Begin(x)
	events := x.Events()
	for step := range events {
		e := &events[step]
		h.Step(e, step)
		if !accesses(e.Op()) {
			continue
		}
		switch s := &r.shadows[e.Call.Obj]; {
		case s.stamp != r.stamp || !s.racy():
		case s.atomic:
			r.either(e, step, s)
		default:
			r.access(e, step, s)
		}
	}
	return r.found
}

// accesses reports whether an operation is an access of a variable.
func accesses(op object.Op) bool {
	switch op {
	case object.Load, object.Store, object.Modify, object.CompareAndSwap, object.Await:
		return true
	}
	return false
}

// shares reports whether two goroutines access a variable, one of them storing
// and one of them plainly, and notes which ones.
func (r *Races) shares(x *sim.Execution) bool {
	objects := x.World().Objects
	plain := false
	for i := range objects {
		plain = plain || objects[i].Plain
	}
	if !plain {
		return false
	}
	r.begin(len(objects))
	any := false
	events := x.Events()
	for i := range events {
		e := &events[i]
		if !accesses(e.Op()) || !objects[e.Call.Obj].Plain {
			continue
		}
		s := &r.shadows[e.Call.Obj]
		if s.stamp != r.stamp {
			*s = shadow{stamp: r.stamp, g: e.G(), reads: noRow, mixed: noRow}
		}
		s.shared = s.shared || s.g != e.G()
		s.stored = s.stored || e.Wrote >= 0
		if e.Call.Plain() {
			s.plain = true
		} else {
			s.atomic = true
		}
		any = any || s.racy()
	}
	return any
}

func (r *Races) begin(objects int) {
	for len(r.shadows) < objects {
		r.shadows = append(r.shadows, shadow{})
	}
	r.stamp++
	if r.stamp == 0 { // it has wrapped around: old stamps could look new
		clear(r.shadows)
		r.stamp = 1
	}
}

func (r *Races) access(e *sim.Event, step int, s *shadow) {
	g := e.G()
	now := access{r.happens.Now(g), int32(step)}
	if !r.happens.After(g, s.write.Epoch) {
		r.report(e, s, s.write.step, step)
		return
	}
	if e.Op() == object.Load {
		r.read(g, s, now)
		return
	}
	if s.reads != noRow {
		for _, old := range r.readsOf(s) {
			if !r.happens.After(g, old.Epoch) {
				r.report(e, s, old.step, step)
				return
			}
		}
	} else if !r.happens.After(g, s.read.Epoch) {
		r.report(e, s, s.read.step, step)
		return
	}
	s.write, s.read, s.reads = now, access{}, noRow
}

// read keeps a read. An epoch is enough as long as each read happens after the
// one before.
func (r *Races) read(g int32, s *shadow, now access) {
	switch {
	case s.reads != noRow:
		r.readsOf(s)[g] = now
	case r.happens.After(g, s.read.Epoch):
		s.read = now
	default:
		s.reads = int32(len(r.reads))
		for range r.happens.width {
			r.reads = append(r.reads, access{})
		}
		all := r.readsOf(s)
		all[s.read.G], all[g] = s.read, now
	}
}

func (r *Races) readsOf(s *shadow) []access {
	return r.reads[s.reads : int(s.reads)+r.happens.width]
}

// either judges an access of a variable that is accessed atomically as well.
// Atomic accesses do not race with each other, so they need not be ordered, and
// the last one of every goroutine has to be kept.
func (r *Races) either(e *sim.Event, step int, s *shadow) {
	width := r.happens.width
	if s.mixed == noRow {
		s.mixed = int32(len(r.mixed))
		for range kinds * width {
			r.mixed = append(r.mixed, access{})
		}
	}
	all := r.mixed[s.mixed : int(s.mixed)+kinds*width]
	g, kind := e.G(), kindOf(e)
	for other := range kinds {
		if (kind|other)&plainly == 0 || (kind|other)&storing == 0 {
			continue
		}
		for _, old := range all[other*width : (other+1)*width] {
			if !r.happens.After(g, old.Epoch) {
				r.report(e, s, old.step, step)
				return
			}
		}
	}
	all[kind*width+int(g)] = access{r.happens.Now(g), int32(step)}
}

// The kinds of accesses are these two bits.
const (
	plainly = 1
	storing = 2
	kinds   = 4
)

func kindOf(e *sim.Event) int {
	kind := 0
	if e.Call.Plain() {
		kind |= plainly
	}
	if e.Wrote >= 0 {
		kind |= storing
	}
	return kind
}

func (r *Races) report(e *sim.Event, s *shadow, first int32, second int) {
	s.raced = true
	r.found = append(r.found, Race{Object: e.Call.Obj, First: int(first), Second: second})
}
