package object

// CondNobody is the alternative of a Signal for which nobody waits.
const CondNobody = -1

// resolveCond: a wait is two events, "enqueue and unlock" and "woken and lock
// again". A Signal wakes any one of the waiters: its alternatives.
func resolveCond(w *World, c *Call, alt int32, parts []Part) ([]Part, Fault) {
	switch c.Op {
	case CondWait:
		parts = append(parts, Part{Obj: c.Obj, Effect: CondAdd, Arg: c.G, Mode: Write})
		if c.Arg < 0 {
			return parts, NoFault
		}
		unlock := Call{Op: Unlock, G: c.G, Obj: c.Arg}
		parts, fault := resolveMutex(w.At(c.Arg).State, &unlock, parts)
		if fault != NoFault {
			fault = UnlockInWait
		}
		return parts, fault
	case CondWake:
		parts = append(parts, wokenPart(c.G))
		if c.Arg >= 0 {
			parts = append(parts, Part{Obj: c.Arg, Effect: Take, Arg: c.G + 1, Mode: Write})
		}
		return parts, NoFault
	case Signal:
		if alt == CondNobody {
			return append(parts, Part{Obj: c.Obj, Mode: Read}), NoFault
		}
		return append(parts, Part{Obj: c.Obj, Effect: CondRemove, Arg: alt, Mode: Write}, wake(w, alt)), NoFault
	}
	waiting := w.At(c.Obj).State
	if len(waiting) == 0 {
		return append(parts, Part{Obj: c.Obj, Mode: Read}), NoFault
	}
	parts = append(parts, Part{Obj: c.Obj, Effect: CondClear, Mode: Write})
	for _, g := range waiting {
		parts = append(parts, wake(w, g))
	}
	return parts, NoFault
}

// wake is the part that wakes goroutine g: location 1 of its object. A close
// of two channels at once may find one select on both: it is woken once.
func wake(w *World, g int32) Part {
	return Part{Obj: ^g, Sub: 1, Effect: Wake, Arg: w.Goroutines[g].State[1] + 1, Mode: Write}
}

// wokenPart is what a goroutine that has been woken reads.
func wokenPart(g int32) Part { return Part{Obj: ^g, Sub: 1, Mode: Read} }

func applyCond(s []int32, p Part) []int32 {
	switch p.Effect {
	case CondAdd:
		return append(s, p.Arg)
	case CondClear:
		return s[:0]
	}
	for i, g := range s {
		if g == p.Arg {
			return append(s[:i], s[i+1:]...)
		}
	}
	return s
}
