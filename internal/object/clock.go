package object

import "fmt"

// Quiescent reports whether the call may take place only when nothing else
// can, under lazy time.
func (op Op) Quiescent() bool { return op == Fire }

// nextDeadline returns the index into Times of the earliest deadline of an
// armed timer, or -1.
func nextDeadline(w *World) int32 {
	first := int32(-1)
	for _, t := range w.Timers {
		if s := w.At(t).State; s[0] != 0 && (first < 0 || w.Times[s[1]] < w.Times[first]) {
			first = s[1]
		}
	}
	return first
}

// fireAlternatives: timers fire in the order of their deadlines; those of one
// moment in any order.
func fireAlternatives(w *World, alts []int32) []int32 {
	first := nextDeadline(w)
	for _, t := range w.Timers {
		if s := w.At(t).State; s[0] != 0 && w.Times[s[1]] == w.Times[first] {
			alts = append(alts, w.At(t).ID)
		}
	}
	return alts
}

// timerOf returns the armed timer of an ID.
func timerOf(w *World, id int32) int32 {
	for _, t := range w.Timers {
		if o := w.At(t); o.ID == id && o.State[0] != 0 {
			return t
		}
	}
	panic(fmt.Sprintf("object: fire: no armed timer has ID %d", id))
}

// resolveTime: reading the time and arming or stopping a timer read the clock,
// which a firing writes. The clock is object c.Aux, but for a SleepEnd. What a
// firing delivers is appended by the execution, which knows what the timer is
// for.
func resolveTime(w *World, c *Call, alt int32, parts []Part) []Part {
	clock := Part{Obj: c.Aux, Mode: Read}
	switch c.Op {
	case Now:
		return append(parts, clock)
	case SleepEnd:
		return append(parts, wokenPart(c.G))
	case Arm:
		return append(parts, Part{Obj: c.Obj, Effect: TimerArm, Arg: c.Arg, Mode: Write}, clock)
	case Disarm:
		return append(parts, Part{Obj: c.Obj, Effect: TimerOff, Mode: Write}, clock)
	}
	timer := timerOf(w, alt)
	deadline := w.At(timer).State[1]
	now := w.At(c.Aux).State[0]
	if w.Times[now] > w.Times[deadline] {
		deadline = now
	}
	return append(parts, Part{Obj: timer, Effect: TimerOff, Mode: Write},
		Part{Obj: c.Aux, Effect: ClockSet, Arg: deadline, Mode: Write})
}
