package search

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A GoroutineState is what a state knows of a goroutine.
type GoroutineState struct {
	Name string
	Done []string // its operations so far, or since its last Fingerprint, with what they gave
	Next string   // what it is about to do; empty when it has ended
}

// An ObjectState is what a state knows of an object.
type ObjectState struct{ Name, State string }

// Words tell the state of an object that is no variable, or are empty. A nil Words
// has none.
type Words func(x *sim.Execution, obj int32) string

// goroutineStates are those at the end of an execution, in the order of starts.
func goroutineStates(x *sim.Execution, r *StateReader) []GoroutineState {
	out := make([]GoroutineState, x.Goroutines())
	since := sinceMarks(x)
	for i := range x.Events() {
		if e := &x.Events()[i]; i >= since[e.G()] && !hidden(e.Op()) {
			out[e.G()].Done = append(out[e.G()].Done, resultText(x, e)+sourceText(x, r, i))
		}
	}
	for g := range int32(x.Goroutines()) {
		out[g].Name = x.GoroutineName(g)
		switch c := x.Pending(g); {
		case !x.Alive(g):
		case c.Op == object.Join:
			out[g].Next = operation(x, c, 0)
		case !hidden(c.Op):
			out[g].Next = callText(x, c)
		}
	}
	return out
}

// resultText is an event and what it gave its goroutine, or what it wrote.
func resultText(x *sim.Execution, e *sim.Event) string {
	text := operation(x, &e.Call, e.Alt)
	switch {
	case e.Call.Obj < 0 || x.World().Objects[e.Call.Obj].Values == nil:
	case e.Op() == object.CompareAndSwap && e.Wrote < 0:
		text += " fails"
	case e.Op() == object.Modify:
		text += " from " + valueOf(x, e.Call.Obj, e.Read) + " to " + valueOf(x, e.Call.Obj, e.Wrote)
	case e.Wrote >= 0:
		text += " = " + valueOf(x, e.Call.Obj, e.Wrote)
	case e.Read >= 0:
		text += " = " + valueOf(x, e.Call.Obj, e.Read)
	}
	return text
}

// sourceText says who sent what an event received.
func sourceText(x *sim.Execution, r *StateReader, step int) string {
	if from, ok := r.source[step]; ok {
		return " from " + x.Who(from)
	}
	return ""
}

// callText is an operation that has not taken place: which way it goes is open.
func callText(x *sim.Execution, c *object.Call) string {
	if c.Op.Chooses() && c.Obj == object.NoObject {
		return c.Op.String()
	}
	if c.Op.Chooses() {
		return c.Op.String() + " " + x.ObjectName(c.Obj)
	}
	if c.Op == object.WaitReturn && c.Aux == object.Waited {
		return operation(x, c, 0) + ", having waited"
	}
	return operation(x, c, 0)
}

// objectStates are those at the end of an execution.
func objectStates(x *sim.Execution, r *StateReader, words Words) []ObjectState {
	var out []ObjectState
	for i := range x.World().Objects {
		o := &x.World().Objects[i]
		text := ""
		switch {
		case o.Values != nil:
			text = valueOf(x, int32(i), o.State[0])
		case words != nil:
			text = words(x, int32(i))
		}
		for _, k := range r.waiting[int32(i)] {
			text += ", from " + x.Who(k.from)
		}
		if text != "" {
			out = append(out, ObjectState{x.ObjectName(int32(i)), text})
		}
	}
	return out
}

// sinceMarks is, by goroutine, the step at which it last gave a fingerprint, or 0.
func sinceMarks(x *sim.Execution) []int {
	since := make([]int, x.Goroutines())
	for _, m := range x.Marks() {
		if !m.Progress {
			since[m.G] = m.Step
		}
	}
	return since
}

// valueOf is the value of a variable at a version.
func valueOf(x *sim.Execution, obj, version int32) string {
	return x.World().Objects[obj].Values.Text(version)
}
