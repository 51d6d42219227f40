package explain

import (
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

func (a *adviser) event(i int) *sim.Event { return &a.say.x.Events()[i] }

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

// woken: somebody was woken, what it waited for does not hold, and it did not
// look once more: another one came in before it had the lock again, or it never
// held.
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
	const again = "Look again after waking: `for`, not `if`, around the Wait. "
	signal := a.signalBefore(wake)
	for _, obj := range a.readsBoth(wake) {
		for i := signal + 1; i < wake; i++ {
			if e := a.event(i); e.Call.Obj == obj && e.Wrote >= 0 && e.G() != x.Failure.G {
				a.spoken = append(a.spoken, signal, wake)
				return again + fmt.Sprintf("%s was woken (step %d), but before it had the lock again (step %d) there was %s: "+
					"being woken does not mean that the condition holds.", a.who(wake), signal, wake, a.step(i))
			}
		}
	}
	for _, obj := range a.readsBoth(wake) {
		if before, after := a.reading(wake, -1, obj), a.reading(wake, 1, obj); x.Text(before) == x.Text(after) {
			return again + fmt.Sprintf("%s was woken by %s, but %s is what it was before the wait (%s): being woken does not mean "+
				"that the condition holds.", a.who(wake), a.step(signal), a.say.words.label(obj), x.Text(after))
		}
	}
	return ""
}

// signalBefore is the signal or broadcast that a wake-up is due to: the first
// one after the wait that wakes its goroutine.
func (a *adviser) signalBefore(wake int) int {
	w, due := a.event(wake), wake
	for i := wake - 1; i >= 0; i-- {
		e := a.event(i)
		if e.Call.Obj != w.Call.Obj {
			continue
		}
		if e.Op() == object.CondWait && e.G() == w.G() {
			break
		}
		if e.Op() == object.Signal && e.Alt == w.G() || e.Op() == object.Broadcast {
			due = i
		}
	}
	return due
}

// readsBoth lists the variables that the goroutine of a wake-up has read while it
// held the lock before the wait and reads after it, without giving up the lock,
// the last one that it reads first.
func (a *adviser) readsBoth(wake int) []int32 {
	var out []int32
	for obj := range int32(len(a.say.x.World().Objects)) {
		if a.reading(wake, -1, obj) >= 0 && a.reading(wake, 1, obj) >= 0 {
			out = append(out, obj)
		}
	}
	slices.SortStableFunc(out, func(o, p int32) int { return a.reading(wake, 1, p) - a.reading(wake, 1, o) })
	return out
}

// reading is the nearest read of a variable before (by is -1) or after (1) a
// wake-up, by its goroutine and under the same lock; -1 when there is none.
func (a *adviser) reading(wake, by int, obj int32) int {
	return a.nearest(wake, by, func(e *sim.Event) bool { return e.Op() == object.Load && e.Call.Obj == obj })
}

// writing is reading for a write.
func (a *adviser) writing(wake, by int, obj int32) int {
	return a.nearest(wake, by, func(e *sim.Event) bool { return e.Wrote >= 0 && e.Call.Obj == obj })
}

// nearest is the first event of a kind on the way from a wake-up, by its goroutine
// and under the same lock; -1 when there is none.
func (a *adviser) nearest(wake, by int, is func(e *sim.Event) bool) int {
	for i := wake + by; i >= 0 && i < a.say.x.Steps(); i += by {
		e := a.event(i)
		if e.G() != a.event(wake).G() {
			continue
		}
		switch {
		case e.Op() == object.Lock || e.Op() == object.Unlock:
			return -1
		case is(e):
			return i
		}
	}
	return -1
}

// torn: two orders of the cause say that somebody came in between two steps of
// one goroutine, the second of which need not have been reached.
func (a *adviser) torn() string {
	for _, c := range a.cause.Conditions {
		for _, d := range a.cause.Conditions {
			between, last := max(c.ThenStep, d.FirstStep), d.ThenStep
			if last < 0 {
				last = a.say.x.Steps()
			}
			if c.FirstStep < 0 || d.Choice != "" || between < 0 || c.FirstStep >= between || between >= last {
				continue
			}
			g, h := a.event(c.FirstStep).G(), a.event(between).G()
			if g == h || d.Then.Op == object.Await.String() || a.say.places[d.Then].g != g || d.FirstStep < 0 || a.event(d.FirstStep).G() != h || a.waits(c.FirstStep, last) {
				continue
			}
			if text := a.apart(c.FirstStep, between, a.say.places[d.Then]); text != "" {
				return text
			}
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
				if text := a.apart(i, between, place{step: last, text: a.what(last)}); text != "" {
					a.spoken = append(a.spoken, last)
					return text
				}
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
				a.spoken = append(a.spoken, read, at)
				return fmt.Sprintf("What %s learned from %s (step %d) is out of date when it goes on with %s (step %d): there was %s. "+
					"%s", a.who(at), a.what(read), read, a.what(at), at, a.step(wrote), a.fresh(at))
			}
		}
	}
	return ""
}

// fresh is how what was read before a step is kept true.
func (a *adviser) fresh(at int) string {
	if a.lockFree(a.event(at).G()) {
		return "Make sure that it still holds, or that nobody changes it meanwhile."
	}
	return "Keep the lock from the look to what follows from it, or look again."
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

// early: a goroutine does something that its parent has not got ready yet.
func (a *adviser) early() string {
	x := a.say.x
	for _, k := range a.cause.Conditions {
		then, ok := a.say.places[k.Then]
		if k.FirstStep < 0 || !ok {
			continue
		}
		if parent, born := x.Parent(a.event(k.FirstStep).G()); parent == then.g && born >= 0 && a.event(int(born)).Op() == object.Spawn {
			a.spoken = append(a.spoken, int(born))
			return fmt.Sprintf("Start %s (step %d) later, when %s has done what %s needs: here %s comes before %s.", a.who(k.FirstStep), born,
				a.say.words.who(parent), a.who(k.FirstStep), a.step(k.FirstStep), a.say.short(k.Then))
		}
	}
	return ""
}

// promised: a goroutine that was woken, but does not have the lock again yet,
// still counts as one that waits, since it is the one who changes that.
func (a *adviser) promised() string {
	x := a.say.x
	for wake := range x.Steps() {
		if a.event(wake).Op() != object.CondWake {
			continue
		}
		signal := a.signalBefore(wake)
		for i := wake - 1; i > signal; i-- {
			e := a.event(i)
			if e.Op() != object.Load || e.G() == a.event(wake).G() || a.writing(wake, 1, e.Call.Obj) < 0 {
				continue
			}
			if own := a.writing(wake, -1, e.Call.Obj); own >= 0 && own < signal {
				a.spoken = append(a.spoken, own, wake)
				return fmt.Sprintf("Let the one who wakes change %s, not the one who was woken: after %s, %s still counts as before, "+
					"from %s until it has the lock again (step %d), and %s relies on that.",
					a.say.words.label(e.Call.Obj), a.step(signal), a.who(wake), a.step(own), wake, a.step(i))
			}
		}
	}
	return ""
}
