package object

import (
	"fmt"
	"slices"
)

// Quiescent reports whether the call may take place only when nothing else
// can, under lazy time, unless a timer is due already.
func (op Op) Quiescent() bool { return op == Fire }

// Due reports whether the earliest deadline of an armed timer has come, or
// would have come at a moment.
func Due(w *World, now int64) bool {
	first := nextDeadline(w)
	return first >= 0 && w.Times[first] <= now
}

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
// moment in any order, and are listed by ID.
func fireAlternatives(w *World, alts []int32) []int32 {
	first, start := nextDeadline(w), len(alts)
	for _, t := range w.Timers {
		if s := w.At(t).State; s[0] != 0 && w.Times[s[1]] == w.Times[first] {
			alts = append(alts, w.At(t).ID)
		}
	}
	slices.Sort(alts[start:])
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
// for. Stopping or resetting a timer takes back what it has sent and nobody
// received, so that no stale value is ever seen.
func resolveTime(w *World, c *Call, alt int32, parts []Part) []Part {
	clock := Part{Obj: c.Aux, Mode: Read}
	switch c.Op {
	case Now:
		return append(parts, clock)
	case SleepEnd:
		return append(parts, wokenPart(c.G))
	case Arm:
		arm := Part{Obj: c.Obj, Effect: TimerArm, Arg: c.Arg, Aux: w.At(c.Obj).State[0], Mode: Write}
		return drain(w, c.Obj, append(parts, arm, clock))
	case Disarm:
		return drain(w, c.Obj, append(parts, timerOff(w, c.Obj), clock))
	}
	timer := timerOf(w, alt)
	deadline := w.At(timer).State[1]
	now := w.At(c.Aux).State[0]
	if w.Times[now] > w.Times[deadline] {
		deadline = now
	}
	return append(parts, timerOff(w, timer),
		Part{Obj: c.Aux, Effect: ClockSet, Arg: deadline, Mode: Write})
}

// timerOff stops a timer; its Aux says whether it was armed.
func timerOff(w *World, timer int32) Part {
	return Part{Obj: timer, Effect: TimerOff, Aux: w.At(timer).State[0], Mode: Write}
}

// drain is a receive of what a timer has sent, thrown away.
func drain(w *World, timer int32, parts []Part) []Part {
	if ch := w.At(timer).Limit - 1; ch >= 0 {
		return transferBuffered(w, ch, false, parts)
	}
	return parts
}
