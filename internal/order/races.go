package order

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A Race is two accesses of plain memory, one of them a store, by different
// goroutines, that nothing orders.
type Race struct {
	Object        int32
	First, Second int // steps; the second access is the one that was noticed
}

// Races finds data races as FastTrack does (Flanagan, Freund: PLDI 2009): of
// every variable it keeps the last write as an epoch, and the last read as an
// epoch too for as long as reads are ordered. It keeps its memory from one
// execution to the next; the zero value is ready.
type Races struct {
	happens Happens
	shadows []shadow
	reads   []access // of variables with unordered reads: one for each goroutine
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
	raced  bool
	write  access
	read   access
	reads  int32 // where its unordered reads start, or noRow
}

// In returns the races of an execution: the first one of every variable. They
// are valid until the next call. An execution in which no plain memory is
// shared costs one look at each of its events.
func (r *Races) In(x *sim.Execution) []Race {
	r.found = r.found[:0]
	if !r.shares(x) {
		return nil
	}
	r.reads = r.reads[:0]
	h := &r.happens
	h.Begin(x)
	events := x.Events()
	for step := range events {
		e := &events[step]
		h.Step(e, step)
		if op := e.Op(); op != object.Load && op != object.Store {
			continue
		}
		if s := &r.shadows[e.Call.Obj]; s.stamp == r.stamp && s.shared && s.stored && !s.raced {
			r.access(e, step, s)
		}
	}
	return r.found
}

// shares reports whether two goroutines access a plain variable, one of them
// storing, and notes which ones.
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
		if op := e.Op(); op != object.Load && op != object.Store || !objects[e.Call.Obj].Plain {
			continue
		}
		s := &r.shadows[e.Call.Obj]
		if s.stamp != r.stamp {
			*s = shadow{stamp: r.stamp, g: e.G(), reads: noRow}
		}
		s.shared = s.shared || s.g != e.G()
		s.stored = s.stored || e.Op() == object.Store
		any = any || s.shared && s.stored
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

func (r *Races) report(e *sim.Event, s *shadow, first int32, second int) {
	s.raced = true
	r.found = append(r.found, Race{Object: e.Call.Obj, First: int(first), Second: second})
}
