package object

// cases returns the cases of a Select.
func (w *World) cases(c *Call) []Case { return w.Cases[c.Cases : c.Cases+c.CaseCount] }

// caseReady reports whether a case could take place now, without parking.
func caseReady(w *World, k Case) bool {
	if k.Obj == NoObject {
		return false
	}
	o := w.At(k.Obj)
	s := o.State
	switch {
	case s[chanClosed] != 0:
		return true
	case o.Kind == Rendezvous:
		return firstOffer(o, !k.Send) >= 0
	case k.Send:
		return s[chanSent]-s[chanReceived] < o.Limit
	}
	return s[chanSent] > s[chanReceived]
}

// selectReady: a Select with an unbuffered case can always arrive, and one
// with a default can always take it.
func selectReady(w *World, c *Call) bool {
	if c.Op == SelectParked && woken(w, c.G, c.Arg) || c.Default {
		return true
	}
	for _, k := range w.cases(c) {
		if caseReady(w, k) || c.Op == Select && k.Obj != NoObject && w.At(k.Obj).Kind == Rendezvous {
			return true
		}
	}
	return false
}

func selectAlternatives(w *World, c *Call, alts []int32) []int32 {
	if c.Op == SelectParked && woken(w, c.G, c.Arg) {
		return append(alts, CaseResume)
	}
	none, parks := true, false
	for i, k := range w.cases(c) {
		parks = parks || k.Obj != NoObject && w.At(k.Obj).Kind == Rendezvous
		if caseReady(w, k) {
			alts = append(alts, int32(i))
			none = false
		}
	}
	switch {
	case none && c.Default:
		return append(alts, CaseDefault)
	case none && parks && c.Op == Select:
		return append(alts, CasePark)
	}
	return alts
}

// resolveSelect: the case that is taken, and a read of every other channel
// that is listed, since its becoming ready would have given another choice.
func resolveSelect(w *World, c *Call, alt int32, parts []Part) ([]Part, Fault) {
	if alt == CaseResume {
		return append(parts, wokenPart(c.G)), NoFault
	}
	fault := NoFault
	taken := int32(NoObject)
	if alt >= 0 {
		k := w.cases(c)[alt]
		taken = k.Obj
		call := Call{G: c.G, Obj: k.Obj}
		parts, fault = resolveTransfer(w, &call, k.Send, parts)
		if c.Op == SelectParked {
			parts = withdrawElsewhere(w, c.G, c.Cases, taken, parts)
		}
	}
	for _, k := range w.cases(c) {
		switch {
		case k.Obj == NoObject || k.Obj == taken:
		case w.At(k.Obj).Kind != Rendezvous:
			parts = readChannel(w, k.Obj, parts)
		case alt == CasePark:
			parts = append(parts, offer(k.Obj, c.G, c.Cases, k.Send))
		case c.Op == Select:
			parts = readChannel(w, k.Obj, parts)
		}
	}
	return parts, fault
}
