package object

// The words of a channel. Of a buffered one, location 0 is the head (the
// receiving end), 1 the tail (the sending end), and 2+i slot i; the offers of
// selects that have parked follow, all of them receiving when the buffer is
// empty, sending when it is full. An unbuffered one has location 0 only; its
// words count closed, senders and receivers that are parked, and their offers
// follow, senders first. An offer is two words: the goroutine, and where the
// cases of its select start, or -1.
const (
	chanClosed   = 0
	chanReceived = 1
	chanSent     = 2
	parkSenders  = 1
	parkReceives = 2
	chanOffers   = 3
)

func resolveChannel(w *World, c *Call, alt int32, parts []Part) ([]Part, Fault) {
	switch c.Op {
	case Send, Receive:
		return resolveTransfer(w, c, c.Op == Send, parts)
	case CloseChan:
		return resolveClose(w, c.Obj, parts)
	case Len:
		return readChannel(w, c.Obj, parts), NoFault
	case Resume, SelectParked:
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
		return meet(w, c.Obj, partner, parts), NoFault
	}
	if o.State[chanClosed] != 0 {
		return readChannel(w, c.Obj, parts), NoFault
	}
	return append(parts, offer(c.Obj, c.G, -1, send)), NoFault
}

// transferBuffered moves one end of the buffer. Where a select is parked at
// the other end, its own transfer is part of the same event.
func transferBuffered(w *World, ch int32, send bool, parts []Part) []Part {
	o := w.At(ch)
	head := Part{Obj: ch, Effect: ChanReceive, Mode: Write}
	tail := Part{Obj: ch, Sub: 1, Effect: ChanSend, Mode: Write}
	near, far, end := head, tail, o.State[chanReceived]
	if send {
		near, far, end = tail, head, o.State[chanSent]
	} else if o.State[chanSent] == o.State[chanReceived] {
		return readChannel(w, ch, parts)
	}
	if parts = append(parts, near); Broken != "slots" {
		parts = append(parts, Part{Obj: ch, Sub: 2 + end%o.Limit, Mode: Write})
	}
	if len(o.State) > chanOffers {
		parts = meet(w, ch, chanOffers, append(parts, far))
	}
	return parts
}

// meet completes the offer that stands at a place of the state: it is taken
// off this channel and, of a select, off all others, and its goroutine woken.
func meet(w *World, ch int32, at int, parts []Part) []Part {
	g, first := w.At(ch).State[at], w.At(ch).State[at+1]
	parts = append(withdraw(w, ch, g, parts), wake(w, g))
	return withdrawElsewhere(w, g, first, ch, parts)
}

// readChannel is what a call that changes nothing saw: both ends.
func readChannel(w *World, ch int32, parts []Part) []Part {
	parts = append(parts, Part{Obj: ch, Mode: Read})
	if w.At(ch).Kind == Chan {
		parts = append(parts, Part{Obj: ch, Sub: 1, Mode: Read})
	}
	return parts
}

// offer is the arrival at an unbuffered channel of goroutine g, whose cases,
// if any, start at cases.
func offer(ch, g, cases int32, send bool) Part {
	p := Part{Obj: ch, Effect: OfferReceive, Arg: g, Aux: cases, Mode: Write}
	if send {
		p.Effect = OfferSend
	}
	return p
}

// offerBuffered is the arrival of a select at a buffered channel. It saw both
// ends, and whoever moves the other end will see it.
func offerBuffered(ch, g, cases int32, send bool, parts []Part) []Part {
	p := offer(ch, g, cases, send)
	if !send {
		p.Sub = 1
	}
	return append(parts, p, Part{Obj: ch, Sub: 1 - p.Sub, Mode: Read})
}

// withdraw takes every offer of g off one channel.
func withdraw(w *World, ch, g int32, parts []Part) []Part {
	parts = append(parts, Part{Obj: ch, Effect: Withdraw, Arg: g, Mode: Write})
	if w.At(ch).Kind == Chan {
		parts = append(parts, Part{Obj: ch, Sub: 1, Mode: Write})
	}
	return parts
}

// withdrawElsewhere takes a parked select, whose cases start at first, off the
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
		if k.Obj != NoObject && k.Obj != here {
			parts = withdraw(w, k.Obj, g, parts)
		}
	}
	return parts
}

// firstOffer returns where the first parked sender or receiver of an
// unbuffered channel stands in the state, or -1.
func firstOffer(o *Object, send bool) int {
	s := o.State
	switch {
	case send && s[parkSenders] > 0:
		return chanOffers
	case !send && s[parkReceives] > 0:
		return chanOffers + 2*int(s[parkSenders])
	}
	return -1
}

func resolveClose(w *World, ch int32, parts []Part) ([]Part, Fault) {
	if w.At(ch).State[chanClosed] != 0 {
		return readChannel(w, ch, parts), CloseOfClosed
	}
	return closeParts(w, ch, parts), NoFault
}

// closeParts close a channel that is open: whoever is parked there goes on.
func closeParts(w *World, ch int32, parts []Part) []Part {
	o := w.At(ch)
	parts = append(parts, Part{Obj: ch, Effect: ChanClose, Mode: Write})
	if o.Kind == Chan {
		parts = append(parts, Part{Obj: ch, Sub: 1, Mode: Write})
	}
	for i := chanOffers; i < len(o.State); i += 2 {
		parts = append(parts, wake(w, o.State[i]))
		parts = withdrawElsewhere(w, o.State[i], o.State[i+1], ch, parts)
	}
	return parts
}

func applyChannel(o *Object, p Part) []int32 {
	s := o.State
	switch p.Effect {
	case ChanClose:
		s[chanClosed] = 1
		if o.Kind == Rendezvous {
			s[parkSenders], s[parkReceives] = 0, 0
		}
		return s[:chanOffers]
	case Withdraw:
		return withdrawOffers(o, p.Arg)
	case OfferReceive:
		s = append(s, p.Arg, p.Aux)
		if o.Kind == Rendezvous {
			s[parkReceives]++
		}
		return s
	}
	at := len(s) // OfferSend
	if o.Kind == Rendezvous {
		at = chanOffers + 2*int(s[parkSenders])
		s[parkSenders]++
	}
	s = append(s, 0, 0)
	copy(s[at+2:], s[at:])
	s[at], s[at+1] = p.Arg, p.Aux
	return s
}

// withdrawOffers removes every offer of goroutine g.
func withdrawOffers(o *Object, g int32) []int32 {
	s := o.State
	for i := chanOffers; i < len(s); {
		if s[i] != g {
			i += 2
			continue
		}
		switch {
		case o.Kind == Chan:
		case i < chanOffers+2*int(s[parkSenders]):
			s[parkSenders]--
		default:
			s[parkReceives]--
		}
		s = append(s[:i], s[i+2:]...)
	}
	return s
}
