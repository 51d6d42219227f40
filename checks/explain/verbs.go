package explain

import (
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// limited is an operation on the limit of a group.
func limited(x *sim.Execution, call *object.Call, group string) string {
	switch op := call.Op; {
	case op == object.Send, op == object.Resume && parkedOn(x, call) == object.Send.String():
		return "take a place in " + group
	case op == object.Receive:
		return "give back a place in " + group
	}
	return ""
}

// timing is an operation on a timer: whoever sleeps has one as well.
func (w *wording) timing(x *sim.Execution, op object.Op, timer int32) string {
	switch g := x.Sleeper(timer); {
	case g >= 0 && op == object.Arm:
		return "sleep"
	case g >= 0 && op == object.Fire:
		return "end the sleep of " + w.who(g)
	case op == object.Disarm:
		return "stop " + w.label(timer)
	}
	return op.String() + " " + w.label(timer)
}

// stopped reports whether the stop of a timer, at a step, prevented its firing or
// took back what it had sent.
func stopped(x *sim.Execution, e *sim.Event) bool {
	return slices.ContainsFunc(x.Parts(e), func(p object.Part) bool {
		return p.Effect == object.TimerOff || p.Effect == object.ChanReceive
	})
}
