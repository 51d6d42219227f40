package checks

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// mayFail reports whether an operation is an attempt.
func mayFail(op object.Op) bool {
	switch op {
	case object.TryLock, object.TryRLock, object.TryWLock, object.TryAcquire, object.CompareAndSwap, object.Select:
		return true
	}
	return false
}

// attemptFailed reports whether an attempt did not get what it wanted.
func attemptFailed(x *sim.Execution, e *sim.Event) bool {
	if e.Op() == object.Select {
		return e.Alt == object.CaseDefault
	}
	return x.Parts(e)[0].Effect == object.Nothing
}

// inVain says in words what an event does in vain, and returns the object, or
// NoObject.
func inVain(x *sim.Execution, step int) (clause string, obj int32) {
	e := &x.Events()[step]
	name, obj := x.Who(e.G()), e.Call.Obj
	if e.Op() == object.Select {
		obj = firstCase(x, e)
	}
	switch {
	case mayFail(e.Op()) && obj < 0:
		return name + " fails to communicate on a select", object.NoObject
	case mayFail(e.Op()):
		return fmt.Sprintf("%s fails to %s", name, attemptInWords(e.Op(), x.What(obj))), obj
	case isRead(x, e):
		return fmt.Sprintf("%s reads %s", name, x.What(obj)), obj
	case obj < 0:
		return name + " goes round", object.NoObject
	}
	return fmt.Sprintf("%s goes round at %s", name, x.What(obj)), obj
}

// firstCase is the channel of the first case of a select, or NoObject.
func firstCase(x *sim.Execution, e *sim.Event) int32 {
	if e.Call.CaseCount == 0 {
		return object.NoObject
	}
	return x.World().Cases[e.Call.Cases].Obj
}

func attemptInWords(op object.Op, obj string) string {
	switch op {
	case object.CompareAndSwap:
		return "swap " + obj
	case object.Select:
		return "communicate on " + obj
	case object.TryAcquire:
		return "acquire " + obj
	}
	return "lock " + obj
}
