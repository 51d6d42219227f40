package explain

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
)

// cond: a signal woke somebody else, or came before the wait.
func (u *unblocking) cond(g, obj int32) bool {
	waited, before, after := -1, -1, -1
	for i := range u.say.x.Events() {
		e := u.event(i)
		switch {
		case e.Call.Obj != obj:
		case e.Op() == object.CondWait && e.G() == g:
			waited, before, after = i, max(before, after), -1
		case e.Op() == object.Signal || e.Op() == object.Broadcast:
			after = i
		}
	}
	switch {
	case after >= 0:
		u.add(u.wrongOne(waited, after))
	case before >= 0 && !u.looked(g, before, waited):
		u.add(u.tooLate(before, waited))
	default:
		return false
	}
	u.settled = true
	return true
}

// wrongOne: a signal woke another one than the one who waits.
func (u *unblocking) wrongOne(waited, signal int) string {
	g, e := u.event(waited).G(), u.event(signal)
	name, woke := u.say.words.label(e.Call.Obj), "somebody else"
	broadcast := "Broadcast " + name
	if e.Op() == object.Signal && e.Alt >= 0 {
		woke = u.say.words.who(e.Alt)
		mine, other := u.lastRead(waited, g), u.lastRead(signal, e.Alt)
		if mine >= 0 && other >= 0 && u.saw(mine) != u.saw(other) {
			u.spoken = append(u.spoken, mine, other)
			broadcast = fmt.Sprintf("Give those who wait for different things a condition variable each (%s waits because of %s at step %d, "+
				"%s because of %s at step %d), or broadcast %s", u.say.words.who(g), u.saw(mine), mine, woke, u.saw(other), other, name)
		}
	}
	u.spoken = append(u.spoken, signal)
	return fmt.Sprintf("%s: the signal by %s (step %d) wakes one of those who wait, and it woke %s, not %s.",
		broadcast, u.who(signal), signal, woke, u.say.words.who(g))
}

// saw is a step with what it read.
func (u *unblocking) saw(step int) string { return u.say.words.event(u.say.x, step) }

// lastRead is the last read, by a goroutine before a step, of a variable that it
// does not write after that; or -1.
func (u *unblocking) lastRead(step int, g int32) int {
	written := map[int32]bool{}
	for i := step - 1; i >= 0; i-- {
		e := u.event(i)
		if e.G() == g && e.Op() == object.Load && !written[e.Call.Obj] {
			return i
		}
		if e.G() == g && e.Wrote >= 0 {
			written[e.Call.Obj] = true
		}
	}
	return -1
}

// tooLate: a signal came before the wait, and the one who waits did not look at
// what it was about, or not under the lock.
func (u *unblocking) tooLate(signal, waited int) string {
	wait, lock := u.event(waited), "the lock"
	if wait.Call.Arg >= 0 {
		lock = u.say.words.label(wait.Call.Arg)
	}
	u.spoken = append(u.spoken, waited)
	missed := fmt.Sprintf("%s came before the wait (step %d), and a condition variable does not keep signals.", u.step(signal), waited)
	stored := -1
	for i := range signal {
		if e := u.event(i); e.G() == u.event(signal).G() && e.Wrote >= 0 {
			stored = i
		}
	}
	if stored < 0 {
		return fmt.Sprintf("Wait in a loop that checks the condition under %s: %s Change the condition under the same lock.", lock, missed)
	}
	name, at := u.say.words.label(u.event(stored).Call.Obj), -1
	for i := range waited {
		if e := u.event(i); e.G() == wait.G() && e.Op() == object.Load && e.Call.Obj == u.event(stored).Call.Obj {
			at = i
		}
	}
	text := fmt.Sprintf("Let %s check %s under %s before it waits, in a loop: %s", u.say.words.who(wait.G()), name, lock, missed)
	if at >= 0 {
		u.spoken = append(u.spoken, at)
		text = fmt.Sprintf("Let %s check %s while it holds %s, up to the wait, and in a loop (at step %d it did so without): %s",
			u.say.words.who(wait.G()), name, lock, at, missed)
	}
	if !u.holds(stored, wait.Call.Arg) {
		text += fmt.Sprintf(" Change %s under %s as well.", name, lock)
	}
	return text
}

// holds reports whether the goroutine of a step holds a mutex then.
func (u *unblocking) holds(step int, mutex int32) bool {
	held := false
	for i := range step {
		e := u.event(i)
		switch {
		case e.G() != u.event(step).G():
		case e.Op() == object.Lock && e.Call.Obj == mutex, e.Op() == object.CondWake && e.Call.Arg == mutex:
			held = true
		case e.Op() == object.Unlock && e.Call.Obj == mutex, e.Op() == object.CondWait && e.Call.Arg == mutex:
			held = false
		}
	}
	return held
}

// looked reports whether goroutine g read something between a signal and its
// wait: then it has not missed what the signal was about.
func (u *unblocking) looked(g int32, signal, wait int) bool {
	for i := signal + 1; i < wait; i++ {
		if e := u.event(i); e.G() == g && e.Op() == object.Load {
			return true
		}
	}
	return false
}
