package explain

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// pooled says what a get from a pool got.
func (w *wording) pooled(x *sim.Execution, get int) string {
	put := putOf(x, get)
	if put < 0 {
		return "new"
	}
	return fmt.Sprintf("what %s put at step %d", w.who(x.Events()[put].G()), put)
}

// putOf returns the put of what a get found, or -1: a pool gives what was put last.
func putOf(x *sim.Execution, get int) int {
	e := &x.Events()[get]
	if e.Alt != object.PoolTake {
		return -1
	}
	var items []int
	for i := range get {
		f := &x.Events()[i]
		switch {
		case f.Call.Obj != e.Call.Obj:
		case f.Op() == object.PoolPut:
			items = append(items, i)
		case f.Op() == object.PoolGet && f.Alt == object.PoolTake && len(items) > 0:
			items = items[:len(items)-1]
		}
	}
	if len(items) == 0 {
		return -1
	}
	return items[len(items)-1]
}

// putBack: one of two accesses comes after its goroutine has put something into a
// pool, and the other is by the one who got that.
func (a *adviser) putBack(steps []int) string {
	for get := range a.say.x.Steps() {
		if a.event(get).Op() != object.PoolGet {
			continue
		}
		put := putOf(a.say.x, get)
		if put < 0 || a.event(put).G() == a.event(get).G() {
			continue
		}
		for i, late := range steps {
			user := steps[1-i]
			if late > put && a.event(late).G() == a.event(put).G() && user > get && a.event(user).G() == a.event(get).G() &&
				a.touchedBefore(late, put) {
				a.spoken = append(a.spoken, put, get)
				return fmt.Sprintf("%s puts what it has back into %s (step %d) and uses it after that: %s, while %s, who got it from there "+
					"(step %d), uses it too: %s. Put it back only after the last use.", a.who(put), a.say.words.label(a.event(put).Call.Obj), put,
					a.step(late), a.who(get), get, a.step(user))
			}
		}
	}
	return ""
}

// touchedBefore reports whether the goroutine of a step has used the same variable
// before another step.
func (a *adviser) touchedBefore(step, before int) bool {
	for i := range before {
		if e := a.event(i); e.G() == a.event(step).G() && e.Call.Obj == a.event(step).Call.Obj {
			return true
		}
	}
	return false
}
