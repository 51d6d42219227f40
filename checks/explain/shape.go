package explain

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

func (a *adviser) event(i int) *sim.Event { return &a.say.x.Events()[i] }

// oneStep is the advice that two steps of a goroutine belong together.
const oneStep = "Hold one lock from the first to the second, or make both one atomic change that fails when " +
	"somebody else was faster (a compare-and-swap, a LoadOrStore, a Once)."

// uncounted: a Wait that did not wait for a goroutine which adds itself later.
func (a *adviser) uncounted() string {
	for _, k := range a.cause.Conditions {
		if k.First.Op == object.Wait.String() && k.Then.Op == object.Add.String() && k.FirstStep >= 0 {
			return fmt.Sprintf("Call Add before the go statement, not in the new goroutine: %s has nobody to wait for "+
				"as long as %s has not come.", a.step(k.FirstStep), a.say.short(k.Then))
		}
	}
	return ""
}

// woken: somebody was woken, another one came in before it had the lock again,
// and it did not look once more.
func (a *adviser) woken() string {
	x := a.say.x
	if !failed(x) {
		return ""
	}
	wake := -1
	for i := range x.Events() {
		if e := a.event(i); e.G() == x.Failure.G && e.Op() == object.CondWake {
			wake = i
		}
	}
	if wake < 0 {
		return ""
	}
	signal := a.signalBefore(wake)
	for i := signal + 1; i < wake; i++ {
		e := a.event(i)
		if e.Wrote < 0 || e.G() == x.Failure.G || !a.readsBoth(wake, e.Call.Obj) {
			continue
		}
		return fmt.Sprintf("Look again after waking: `for`, not `if`, around the Wait. %s was woken (step %d), but before it had the "+
			"lock again (step %d) there was %s: being woken does not mean that the condition holds.",
			a.who(wake), signal, wake, a.step(i))
	}
	return ""
}

// signalBefore is the last signal or broadcast of the condition before a
// wake-up.
func (a *adviser) signalBefore(wake int) int {
	for i := wake - 1; i >= 0; i-- {
		e := a.event(i)
		if (e.Op() == object.Signal || e.Op() == object.Broadcast) && e.Call.Obj == a.event(wake).Call.Obj {
			return i
		}
	}
	return wake
}

// readsBoth reports whether the goroutine of a wake-up has read a variable while
// it held the lock before the wait, and reads it after, without giving up the
// lock.
func (a *adviser) readsBoth(wake int, obj int32) bool {
	reads := func(from, by int) bool {
		for i := from; i >= 0 && i < a.say.x.Steps(); i += by {
			e := a.event(i)
			if e.G() != a.event(wake).G() {
				continue
			}
			switch e.Op() {
			case object.Lock, object.Unlock:
				return false
			case object.Load:
				if e.Call.Obj == obj {
					return true
				}
			}
		}
		return false
	}
	return reads(wake-1, -1) && reads(wake+1, 1)
}

// torn: two orders of the cause say that somebody came in between two steps of
// one goroutine.
func (a *adviser) torn() string {
	for _, c := range a.cause.Conditions {
		for _, d := range a.cause.Conditions {
			between := max(c.ThenStep, d.FirstStep)
			if c.FirstStep < 0 || d.ThenStep < 0 || between < 0 || c.FirstStep >= between || between >= d.ThenStep {
				continue
			}
			g, h := a.event(c.FirstStep).G(), a.event(between).G()
			if g == h || a.event(d.ThenStep).G() != g || a.event(d.FirstStep).G() != h || a.waits(c.FirstStep, d.ThenStep) {
				continue
			}
			return a.apart(c.FirstStep, between, d.ThenStep)
		}
	}
	return ""
}

// waits reports whether the goroutine of two steps waits for others between
// them: then they cannot be made one.
func (a *adviser) waits(from, to int) bool {
	for i := from + 1; i < to; i++ {
		e := a.event(i)
		if e.G() != a.event(from).G() {
			continue
		}
		switch e.Op() {
		case object.CondWait, object.Resume, object.SelectParked, object.WaitReturn, object.Join, object.SleepEnd:
			return true
		}
	}
	return false
}

// apart says that two steps have to be one, and who comes in between.
func (a *adviser) apart(first, between, last int) string {
	return fmt.Sprintf("Make %s (step %d) and %s (step %d) of %s one step: %s comes in between. %s",
		a.what(first), first, a.what(last), last, a.who(first), a.step(between), oneStep)
}

// overwritten: a goroutine reads a variable, another one writes it, and the
// first one writes it without another look.
func (a *adviser) overwritten() string {
	for last := range a.say.x.Steps() {
		e := a.event(last)
		if e.Wrote < 0 || e.Op() != object.Store {
			continue
		}
		between := -1
		for i := last - 1; i >= 0; i-- {
			f := a.event(i)
			switch {
			case f.Call.Obj != e.Call.Obj:
			case f.G() != e.G() && f.Wrote >= 0:
				between = i
			case f.G() == e.G() && f.Op() == object.Load && between >= 0 && !a.waits(i, last):
				return a.apart(i, between, last)
			}
			if f.G() == e.G() && f.Call.Obj == e.Call.Obj {
				break
			}
		}
	}
	return ""
}

// stale: a step of the cause follows from what a goroutine has read, and
// somebody has changed that since.
func (a *adviser) stale() string {
	for _, k := range a.cause.Conditions {
		for _, at := range []int{k.FirstStep, k.ThenStep} {
			if at < 0 {
				continue
			}
			if read, wrote := a.readBefore(at); read >= 0 {
				return fmt.Sprintf("What %s learned from %s (step %d) is out of date when it goes on with %s (step %d): there was %s. "+
					"Keep the lock from the look to what follows from it, or look again.",
					a.who(at), a.what(read), read, a.what(at), at, a.step(wrote))
			}
		}
	}
	return ""
}

// readBefore returns the last read of a variable, by the goroutine of a step,
// that it does not repeat, and a write by another one between them; or -1.
func (a *adviser) readBefore(at int) (read, wrote int) {
	g := a.event(at).G()
	looked := map[int32]bool{} // again, later on
	for i := at; i < a.say.x.Steps(); i++ {
		if e := a.event(i); e.G() == g && e.Op() == object.Load {
			looked[e.Call.Obj] = true
		}
	}
	written := map[int32]int{}
	for i := at - 1; i >= 0; i-- {
		e := a.event(i)
		if e.G() != g && e.Wrote >= 0 {
			written[e.Call.Obj] = i
		}
		if e.G() != g || e.Op() != object.Load || looked[e.Call.Obj] {
			continue
		}
		if w, ok := written[e.Call.Obj]; ok && !a.waits(i, at) {
			return i, w
		}
		looked[e.Call.Obj] = true
	}
	return -1, -1
}
