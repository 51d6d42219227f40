package object

// resolveMutex: only the holder's identity is kept, since Go lets any
// goroutine unlock a Mutex. A TryLock that fails only reads.
func resolveMutex(s []int32, c *Call, parts []Part) ([]Part, Fault) {
	held := s[0] != 0
	switch {
	case c.Op == Unlock && !held:
		return append(parts, Part{Obj: c.Obj, Mode: Write}), UnlockOfUnlocked
	case c.Op == Unlock:
		return append(parts, Part{Obj: c.Obj, Effect: Free, Mode: Write}), NoFault
	case held:
		return append(parts, Part{Obj: c.Obj, Mode: Read}), NoFault
	}
	return append(parts, Part{Obj: c.Obj, Effect: Take, Arg: c.G + 1, Mode: Write}), NoFault
}

// unlockBoth: the second mutex is looked at only if the first one was locked.
func unlockBoth(w *World, c *Call, parts []Part) ([]Part, Fault) {
	one := Call{Op: Unlock, G: c.G, Obj: c.Obj}
	parts, fault := resolveMutex(w.At(one.Obj).State, &one, parts)
	if fault != NoFault {
		return parts, fault
	}
	if one.Obj = c.Arg; c.Arg == c.Obj {
		return parts, UnlockOfUnlocked
	}
	return resolveMutex(w.At(one.Obj).State, &one, parts)
}
