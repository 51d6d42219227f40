package object

// Alternatives of a Select that are not one of its cases.
const (
	CaseDefault = -1 // the default case
	CasePark    = -2 // no case is ready: park
)

// A Case is one case of a Select.
type Case struct {
	Obj  int32 // the channel, or NoObject for a nil channel
	Send bool
}

// CasesEnd is the object of the Case that ends the cases of one call.
const CasesEnd = NoObject + 1

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

// unbuffered reports whether a case is on an unbuffered channel, where parking
// can be seen.
func unbuffered(w *World, k Case) bool {
	return k.Obj != NoObject && w.At(k.Obj).Kind == Rendezvous
}

// selectReady: a Select with an unbuffered case can always arrive, and one
// with a default can always take it. One whose channels are all buffered waits
// without being seen, as a send or a receive there does.
func selectReady(w *World, c *Call) bool {
	if c.Default {
		return true
	}
	for _, k := range w.cases(c) {
		if unbuffered(w, k) || caseReady(w, k) {
			return true
		}
	}
	return false
}

func selectAlternatives(w *World, c *Call, alts []int32) []int32 {
	none, parks := true, false
	for i, k := range w.cases(c) {
		parks = parks || unbuffered(w, k)
		if caseReady(w, k) {
			alts = append(alts, int32(i))
			none = false
		}
	}
	switch {
	case none && c.Default:
		return append(alts, CaseDefault)
	case none && parks:
		return append(alts, CasePark)
	}
	return alts
}

// resolveSelect: the case that is taken, and a read of every other channel
// that is listed, since its becoming ready would have given another choice.
// Parking offers every case; the partner who takes one of them up withdraws
// the others in the same event.
func resolveSelect(w *World, c *Call, alt int32, parts []Part) ([]Part, Fault) {
	fault := NoFault
	taken := int32(NoObject)
	if alt >= 0 {
		k := w.cases(c)[alt]
		taken = k.Obj
		call := Call{Op: Select, G: c.G, Obj: k.Obj}
		parts, fault = resolveTransfer(w, &call, k.Send, parts)
	}
	for _, k := range w.cases(c) {
		switch {
		case k.Obj == NoObject || alt != CasePark && Broken == "others":
		case k.Obj == taken:
			parts = readFarEnd(w, k, w.cases(c)[alt], parts)
		case alt != CasePark:
			parts = readChannel(w, k.Obj, parts)
		default:
			parts = park(w, k.Obj, c.G, c.Cases, k.Send, parts)
		}
	}
	return parts, fault
}

// readFarEnd is what a select saw of the channel that it uses where another case is
// for the other direction, since whoever moves the other end of a buffer decides
// whether that case is ready.
func readFarEnd(w *World, other, taken Case, parts []Part) []Part {
	if other.Send == taken.Send || w.At(taken.Obj).Kind != Chan {
		return parts
	}
	_, far := ends(taken.Obj, taken.Send)
	return append(parts, Part{Obj: far.Obj, Sub: far.Sub, Mode: Read})
}
