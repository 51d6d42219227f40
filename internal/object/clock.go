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
		if s := w.At(t.Timer).State; s[0] != 0 && (first < 0 || w.Times[s[1]] < w.Times[first]) {
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
		if o := w.At(t.Timer); o.State[0] != 0 && w.Times[o.State[1]] == w.Times[first] {
			alts = append(alts, o.ID)
		}
	}
	slices.Sort(alts[start:])
	return alts
}

// timerOf returns the armed timer of an ID.
func timerOf(w *World, id int32) *TimerLink {
	for i := range w.Timers {
		t := &w.Timers[i]
		if o := w.At(t.Timer); o.ID == id && o.State[0] != 0 {
			return t
		}
	}
	panic(fmt.Sprintf("object: fire: no armed timer has ID %d", id))
}

// resolveTime: reading the time and arming a timer read the clock, which a
// firing writes. The clock is object c.Aux, but for a SleepEnd. Stopping or
// resetting a timer takes back what it has sent and nobody received, so that no
// stale value is ever seen.
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
		return drain(w, c.Obj, append(parts, timerOff(w, c.Obj)))
	}
	return fire(w, c, timerOf(w, alt), parts)
}

// fire: a timer goes off, moves the clock, and delivers. It can because those
// with an earlier deadline are not armed, so it reads them: of two timers, the
// stopping of the later one commutes with the firing of the earlier one.
func fire(w *World, c *Call, t *TimerLink, parts []Part) []Part {
	deadline := w.At(t.Timer).State[1]
	now := w.At(c.Aux).State[0]
	due := w.Times[deadline]
	if w.Times[now] > due {
		deadline = now
	}
	parts = append(parts, timerOff(w, t.Timer), Part{Obj: c.Aux, Effect: ClockSet, Arg: deadline, Mode: Write})
	for _, other := range w.Timers {
		if w.Times[w.At(other.Timer).State[1]] < due {
			parts = append(parts, Part{Obj: other.Timer, Mode: Read})
		}
	}
	return deliver(w, t, parts)
}

// deliver is what a firing does for whoever armed the timer. What is sent to a
// full channel is lost.
func deliver(w *World, t *TimerLink, parts []Part) []Part {
	switch ch := w.At(t.Timer).Limit - 1; {
	case t.Wakes >= 0:
		return append(parts, wake(w, t.Wakes))
	case t.Context != NoObject:
		return CancelTree(w, t.Context, parts)
	case ch < 0:
		return parts
	case caseReady(w, Case{Obj: ch, Send: true}) && w.At(ch).State[chanClosed] == 0:
		return transferBuffered(w, ch, true, parts)
	default:
		return readChannel(w, ch, parts)
	}
}

// timerOff stops a timer; its Aux says whether it was armed.
func timerOff(w *World, timer int32) Part {
	if w.At(timer).State[0] == 0 {
		return Part{Obj: timer, Mode: Read}
	}
	return Part{Obj: timer, Effect: TimerOff, Aux: 1, Mode: Write}
}

// drain is a receive of what a timer has sent, thrown away.
func drain(w *World, timer int32, parts []Part) []Part {
	if ch := w.At(timer).Limit - 1; ch >= 0 {
		return transferBuffered(w, ch, false, parts)
	}
	return parts
}
