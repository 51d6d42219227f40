package search

import "github.com/interleave-go/interleave/internal/object"

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

type undo struct{ obj int32 }

// remember keeps the state of every object that event i changes.
func (t *trace) remember(w *object.World, parts []object.Part, i int32) {
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
		t.undo = append(t.undo, undo{slot(p.Obj)})
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
