package explain

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
)

// apart says that two steps have to be one, and who comes in between; it is empty
// where there is no way to make them one.
func (a *adviser) apart(first, between int, last place) string {
	how := a.oneStep(first, last)
	if how == "" {
		return ""
	}
	a.spoken = append(a.spoken, first)
	return fmt.Sprintf("Make %s (step %d) and %s (%s) of %s one step: %s comes in between. %s",
		a.what(first), first, last.text, last.where(), a.who(first), a.step(between), how)
}

// oneStep is how two steps of a goroutine are made one; empty when that is not
// known: of a read and a write of one variable it is, also of two closes or locks;
// that a lock and a send are one step would be no help.
func (a *adviser) oneStep(first int, then place) string {
	f, last := a.event(first).Call, a.callAt(a.event(first).G(), then)
	const hold = "Hold one lock from the first to the second"
	switch {
	case last.Op == object.CloseChan:
		return hold + ", or do both in a sync.Once."
	case locks(f.Op) && locks(last.Op):
		return "Hold one lock over both of them, in every goroutine that does this."
	case !a.onCell(&f) && !locks(f.Op) || !a.onCell(&last):
		return ""
	case f.Obj == last.Obj:
		return a.oneChange(&f, &last)
	case a.lockFree(a.event(first).G()):
		return ""
	}
	return hold + ", in every goroutine that does this."
}

// oneChange is how a read and a write of one variable are made one step.
func (a *adviser) oneChange(f, last *object.Call) string {
	o, every := a.say.x.World().At(f.Obj), fmt.Sprintf("Every goroutine that changes %s has to do so: by ", a.say.words.label(f.Obj))
	switch {
	case f.Op != object.Load || last.Op != object.Store && last.Op != object.Modify:
		return ""
	case o.Keyed && o.Plain:
		return every + "one lock around both steps."
	case o.Keyed:
		return every + "one operation of the SyncMap in their place, LoadOrStore or a CompareAndSwap in a loop, or by one lock " +
			"around both steps."
	case last.Op == object.Modify:
		return every + "one lock around both steps, or by a compare-and-swap in their place, in a loop that looks again when " +
			"somebody else was faster."
	}
	return every + "one lock around both steps, or by one atomic operation in their place, an Add of a number or else a " +
		"compare-and-swap in a loop."
}

// callAt is what goroutine g asks for at a place.
func (a *adviser) callAt(g int32, at place) object.Call {
	if at.step >= 0 {
		return a.event(at.step).Call
	}
	return *a.say.x.Pending(g)
}

func (a *adviser) onCell(c *object.Call) bool {
	return c.Obj >= 0 && a.say.x.World().At(c.Obj).Kind == object.Cell
}

// locks reports whether an operation takes a lock.
func locks(op object.Op) bool {
	switch op {
	case object.Lock, object.RLock, object.RGranted, object.WLock, object.WAnnounce, object.WDrained:
		return true
	}
	return false
}

// lockFree reports whether a goroutine takes no lock and uses no variable but atomic
// ones: then it may not be meant to have one.
func (a *adviser) lockFree(g int32) bool {
	for i := range a.say.x.Events() {
		e := a.event(i)
		if e.G() == g && (locks(e.Op()) || a.onCell(&e.Call) && a.say.x.World().At(e.Call.Obj).Plain) {
			return false
		}
	}
	return true
}
