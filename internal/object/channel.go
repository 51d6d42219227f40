package object

// The words of a channel. Of a buffered one, location 0 is the head (the
// receiving end), 1 the tail (the sending end), and 2+i slot i. An unbuffered
// one has location 0 only; its words count closed, senders and receivers that
// are parked, and an offer of two words follows for each, senders first: the
// goroutine and where its cases start, or -1.
const (
	chanClosed   = 0
	chanReceived = 1
	chanSent     = 2
	parkSenders  = 1
	parkReceives = 2
	parkOffers   = 3
)

// Alternatives of a Select that are not one of its cases.
const (
	CaseDefault = -1 // the default case
	CasePark    = -2 // no case is ready: park
	CaseResume  = -3 // another goroutine has completed it while it was parked
)

// A Case is one case of a Select.
type Case struct {
	Obj  int32 // the channel, or NoObject for a nil channel
	Send bool
}

func resolveChannel(w *World, c *Call, alt int32, parts []Part) ([]Part, Fault) {
	switch c.Op {
	case Send, Receive:
		return resolveTransfer(w, c, c.Op == Send, parts)
	case CloseChan:
		return resolveClose(w, c.Obj, parts)
	case Len:
		return readChannel(w, c.Obj, parts), NoFault
	case Resume:
		return append(parts, wokenPart(c.G)), NoFault
	}
	return resolveSelect(w, c, alt, parts)
}

// resolveTransfer is a send or a receive that can take place, or the arrival
// of one that has to wait for its partner.
func resolveTransfer(w *World, c *Call, send bool, parts []Part) ([]Part, Fault) {
	o := w.At(c.Obj)
	switch {
	case o.State[chanClosed] != 0 && send:
		return readChannel(w, c.Obj, parts), SendOnClosed
	case o.Kind == Chan:
		return transferBuffered(w, c.Obj, send, parts), NoFault
	}
	if partner := firstOffer(o, !send); partner >= 0 {
		parts = append(parts, withdraw(c.Obj, o.State[partner]), wake(o.State[partner]))
		return withdrawElsewhere(w, o.State[partner], o.State[partner+1], c.Obj, parts), NoFault
	}
	if o.State[chanClosed] != 0 {
		return readChannel(w, c.Obj, parts), NoFault
	}
	return append(parts, offer(c.Obj, c.G, -1, send)), NoFault
}

func transferBuffered(w *World, ch int32, send bool, parts []Part) []Part {
	o := w.At(ch)
	end, effect, sub := o.State[chanReceived], ChanReceive, int32(0)
	if send {
		end, effect, sub = o.State[chanSent], ChanSend, 1
	} else if o.State[chanSent] == o.State[chanReceived] {
		return readChannel(w, ch, parts)
	}
	return append(parts, Part{Obj: ch, Sub: sub, Effect: effect, Mode: Write},
		Part{Obj: ch, Sub: 2 + end%o.Limit, Mode: Write})
}

// readChannel is what a call that changes nothing saw: both ends.
func readChannel(w *World, ch int32, parts []Part) []Part {
	parts = append(parts, Part{Obj: ch, Mode: Read})
	if w.At(ch).Kind == Chan {
		parts = append(parts, Part{Obj: ch, Sub: 1, Mode: Read})
	}
	return parts
}

// offer is the arrival of goroutine g, whose cases, if any, start at cases.
func offer(ch, g, cases int32, send bool) Part {
	p := Part{Obj: ch, Effect: OfferReceive, Arg: g, Aux: cases, Mode: Write}
	if send {
		p.Effect = OfferSend
	}
	return p
}

func withdraw(ch, g int32) Part { return Part{Obj: ch, Effect: Withdraw, Arg: g, Mode: Write} }

// firstOffer returns where the first parked sender or receiver stands in the
// state, or -1.
func firstOffer(o *Object, send bool) int {
	s := o.State
	switch {
	case o.Kind != Rendezvous:
		return -1
	case send && s[parkSenders] > 0:
		return parkOffers
	case !send && s[parkReceives] > 0:
		return parkOffers + 2*int(s[parkSenders])
	}
	return -1
}

// withdrawElsewhere takes a parked Select, whose cases start at first, off the
// other channels where it waits. The cases of a call end with one of object
// CasesEnd.
func withdrawElsewhere(w *World, g, first, here int32, parts []Part) []Part {
	if first < 0 {
		return parts
	}
	for _, k := range w.Cases[first:] {
		if k.Obj == CasesEnd {
			break
		}
		if k.Obj != NoObject && k.Obj != here && w.At(k.Obj).Kind == Rendezvous {
			parts = append(parts, withdraw(k.Obj, g))
		}
	}
	return parts
}

// CasesEnd is the object of the Case that ends the cases of one call.
const CasesEnd = NoObject + 1

func resolveClose(w *World, ch int32, parts []Part) ([]Part, Fault) {
	o := w.At(ch)
	switch {
	case o.State[chanClosed] != 0:
		return readChannel(w, ch, parts), CloseOfClosed
	case o.Kind == Chan:
		return append(parts, closeParts(ch)...), NoFault
	}
	parts = append(parts, Part{Obj: ch, Effect: ChanClose, Mode: Write})
	for i := parkOffers; i < len(o.State); i += 2 {
		parts = append(parts, wake(o.State[i]))
		parts = withdrawElsewhere(w, o.State[i], o.State[i+1], ch, parts)
	}
	return parts, NoFault
}

func applyChannel(o *Object, p Part) []int32 {
	s := o.State
	switch p.Effect {
	case ChanClose:
		s[chanClosed] = 1
		if o.Kind == Rendezvous {
			s[parkSenders], s[parkReceives] = 0, 0
			s = s[:parkOffers]
		}
	case OfferSend:
		at := parkOffers + 2*int(s[parkSenders])
		s = append(s, 0, 0)
		copy(s[at+2:], s[at:])
		s[at], s[at+1] = p.Arg, p.Aux
		s[parkSenders]++
	case OfferReceive:
		s = append(s, p.Arg, p.Aux)
		s[parkReceives]++
	case Withdraw:
		s = withdrawOffers(s, p.Arg)
	}
	return s
}

// withdrawOffers removes every offer of goroutine g.
func withdrawOffers(s []int32, g int32) []int32 {
	for i := parkOffers; i < len(s); {
		if s[i] != g {
			i += 2
			continue
		}
		if i < parkOffers+2*int(s[parkSenders]) {
			s[parkSenders]--
		} else {
			s[parkReceives]--
		}
		s = append(s[:i], s[i+2:]...)
	}
	return s
}
