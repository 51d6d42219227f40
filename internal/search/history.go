package search

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A history is the states of one object: after each event that changed it.
type history struct {
	object object.Object
	after  []snapshot
}

type snapshot struct {
	event    int32
	from, to int32 // in words
	part     object.Part
}

// An undo says of which object an event has changed the state.
type undo struct{ event, slot int32 }

// remember brings the histories up to the end of the trace, which is of x. Few
// executions ask for them.
func (t *trace) remember(x *sim.Execution) {
	for ; t.known < len(t.events); t.known++ {
		if !t.events[t.known].local {
			t.rememberEvent(x.World(), x.Parts(&x.Events()[t.known]), int32(t.known))
		}
	}
}

// forget takes back what events from n on have changed.
func (t *trace) forget(n int) {
	t.known = min(t.known, n)
	for k := len(t.undo); k > 0 && int(t.undo[k-1].event) >= n; k-- {
		h := &t.states[t.undo[k-1].slot]
		s := h.after[len(h.after)-1]
		h.after = h.after[:len(h.after)-1]
		t.words = t.words[:s.from]
		t.undo = t.undo[:k-1]
	}
}

// rememberEvent keeps the state of every object that event i changes.
func (t *trace) rememberEvent(w *object.World, parts []object.Part, i int32) {
	for k := range parts {
		p := &parts[k]
		if p.Effect == object.Nothing {
			continue
		}
		h := t.history(w, p.Obj)
		o := &h.object
		object.Apply(o, *p)
		from := int32(len(t.words))
		t.words = append(t.words, o.State...)
		h.after = append(h.after, snapshot{event: i, from: from, to: int32(len(t.words)), part: *p})
		t.undo = append(t.undo, undo{i, slot(p.Obj)})
	}
}

// slot is where the history of an object stands: goroutines have the odd ones.
func slot(obj int32) int32 {
	if obj < 0 {
		return 2*^obj + 1
	}
	return 2 * obj
}

// history returns an object's history, its object in the last state known.
func (t *trace) history(w *object.World, obj int32) *history {
	s := slot(obj)
	for int(s) >= len(t.states) {
		t.states = append(t.states, history{})
	}
	h := &t.states[s]
	o := w.At(obj)
	state := h.object.State[:0]
	if n := len(h.after); n > 0 {
		state = append(state, t.words[h.after[n-1].from:h.after[n-1].to]...)
	} else {
		for range o.Kind.StateSize() {
			state = append(state, 0)
		}
	}
	h.object = *o
	h.object.State = state
	return h
}
