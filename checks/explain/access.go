package explain

import (
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
)

// race names the two accesses.
func (a *adviser) race() string {
	s := a.found.Steps
	if len(s) != 2 {
		return "Order the two accesses: the same mutex around both, a channel or a WaitGroup between them, or make both of them atomic."
	}
	x := a.say.x
	for _, lock := range a.readLocks(s[0]) {
		if slices.Contains(a.readLocks(s[1]), lock) {
			return fmt.Sprintf("Take the write lock, Lock in place of RLock of %s, around %s: readers do not keep each other out.",
				a.say.words.label(lock), a.writes(s))
		}
	}
	if text := a.putBack(s); text != "" {
		return text
	}
	last := "or make both of them atomic"
	if obj := a.event(s[0]).Call.Obj; obj >= 0 && x.World().At(obj).Keyed {
		last = "or have a SyncMap in its place"
	}
	return fmt.Sprintf("Order %s and %s: the same mutex around both, a channel or a WaitGroup between them, %s.",
		a.step(s[0]), a.step(s[1]), last)
}

// writes are those of some steps that write.
func (a *adviser) writes(steps []int) string {
	var out []string
	for _, i := range steps {
		if a.event(i).Wrote >= 0 {
			out = append(out, a.step(i))
		}
	}
	return enumerated(out)
}

// readLocks are the locks that the goroutine of a step holds for reading.
func (a *adviser) readLocks(step int) []int32 {
	var out []int32
	g := a.event(step).G()
	for i := range step {
		for _, p := range a.say.x.Parts(a.event(i)) {
			switch {
			case p.Arg != g:
			case p.Effect == object.ReaderIn:
				out = append(out, p.Obj)
			case p.Effect == object.ReaderOut:
				out = slices.DeleteFunc(out, func(obj int32) bool { return obj == p.Obj })
			}
		}
	}
	return out
}

// linear is the advice on operations that do not take effect at once.
func (a *adviser) linear() string {
	if text := a.sameAgain(); text != "" {
		return text
	}
	return "Let every operation take effect in one step: a lock around all of it, or one atomic change which, by a " +
		"compare-and-swap, makes sure that what the operation has read still holds."
}

// swapped is sameAgain for a step of the cause.
func (a *adviser) swapped() string {
	for _, k := range a.cause.Conditions {
		for _, at := range []int{k.FirstStep, k.ThenStep} {
			if at >= 0 {
				if text := a.changedBack(at); text != "" {
					return text
				}
			}
		}
	}
	return ""
}

// sameAgain: a compare-and-swap succeeds, since a variable has the value again
// that its goroutine has read, though others have changed it meanwhile.
func (a *adviser) sameAgain() string {
	for last := range a.say.x.Steps() {
		if text := a.changedBack(last); text != "" {
			return text
		}
	}
	return ""
}

// changedBack is sameAgain for one step.
func (a *adviser) changedBack(swap int) string {
	e := a.event(swap)
	if e.Op() != object.CompareAndSwap || e.Wrote < 0 {
		return ""
	}
	read, changes := a.readOf(swap)
	if read < 0 || len(changes) < 2 {
		return ""
	}
	a.spoken = append(a.spoken, read, swap)
	name, went := a.say.words.label(e.Call.Obj), a.say.x.Text(read)
	var by []string
	for _, i := range changes {
		went += " → " + a.say.x.Text(i)
		by = append(by, a.step(i))
	}
	return fmt.Sprintf("Put a counter or a tag beside the value of %s, which grows with every change and is compared with it, or use no "+
		"value again while somebody may still compare with it: %s went %s between the load (step %d) and the compare-and-swap "+
		"(step %d) by %s, which succeeded though there was %s: changed, and changed back (ABA).",
		name, name, went, read, swap, a.who(swap), enumerated(by))
}

// readOf returns the step at which the goroutine of a compare-and-swap has read
// the variable, or -1, and how others have changed it since.
func (a *adviser) readOf(swap int) (read int, changes []int) {
	e := a.event(swap)
	for i := swap - 1; i >= 0; i-- {
		f := a.event(i)
		switch {
		case f.Call.Obj != e.Call.Obj:
		case f.G() == e.G() && f.Op() == object.Load:
			slices.Reverse(changes)
			return i, changes
		case f.G() == e.G():
			return -1, nil
		case f.Wrote >= 0:
			changes = append(changes, i)
		}
	}
	return -1, nil
}
