package object

// The words of a channel, buffered or not. Location 0 is the head (the receiving
// end), 1 the tail (the sending end), and 2+i slot i. The offers of those who have
// parked follow the words: at a buffered channel selects only, all of them
// receiving when the buffer is empty, sending when it is full; for an unbuffered
// one see rendezvous.go. An offer is two words: the goroutine, and where the
// cases of its select start, or how it ends.
const (
	chanClosed   = 0
	chanReceived = 1
	chanSent     = 2
	chanOffers   = 3
)

// Where the two ends of a channel are.
const (
	chanHead = 0
	chanTail = 1
	chanSlot = 2 // the first slot
)

func resolveChannel(w *World, c *Call, alt int32, parts []Part) ([]Part, Fault) {
	switch c.Op {
	case Send, Receive:
		return resolveTransfer(w, c, c.Op == Send, parts)
	case CloseChan:
		return resolveClose(w, c.Obj, parts)
	case Len:
		return readChannel(w, c.Obj, parts), NoFault
	case Resume:
		return resolveResume(w, c, parts)
	case SelectParked:
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
	case o.State[chanClosed] != 0:
		return readChannel(w, c.Obj, parts), NoFault
	}
	return transferUnbuffered(w, c, send, parts), NoFault
}

// ends returns the part that moves the own end of a send or a receive, and that of
// its partner.
func ends(ch int32, send bool) (near, far Part) {
	head := Part{Obj: ch, Sub: chanHead, Effect: ChanReceive, Mode: Write}
	tail := Part{Obj: ch, Sub: chanTail, Effect: ChanSend, Mode: Write}
	if send {
		return tail, head
	}
	return head, tail
}

// transferBuffered moves one end of the buffer. Where a select is parked at
// the other end, its own transfer is part of the same event.
func transferBuffered(w *World, ch int32, send bool, parts []Part) []Part {
	o := w.At(ch)
	near, far := ends(ch, send)
	end := o.State[chanSent]
	if !send {
		if end = o.State[chanReceived]; o.State[chanSent] == end {
			return readChannel(w, ch, parts)
		}
	}
	if parts = append(parts, near); Broken != "slots" {
		parts = append(parts, Part{Obj: ch, Sub: chanSlot + end%o.Limit, Mode: Write})
	}
	if len(o.State) > chanOffers {
		parts = meet(w, ch, chanOffers, append(parts, far))
	}
	return parts
}

// meet completes the offer that stands at a place of the state: it is taken
// off this channel and, of a select, off all others, and its goroutine woken.
// Both ends of this channel are among the accesses already.
func meet(w *World, ch int32, at int, parts []Part) []Part {
	g, first := w.At(ch).State[at], w.At(ch).State[at+1]
	parts = append(parts, Part{Obj: ch, Effect: Withdraw, Arg: g}, wake(w, g))
	return withdrawElsewhere(w, g, first, ch, parts)
}

// readChannel is what a call that changes nothing saw: both ends.
func readChannel(w *World, ch int32, parts []Part) []Part {
	parts = append(parts, Part{Obj: ch, Sub: chanHead, Mode: Read})
	if !w.At(ch).CloseOnly() {
		parts = append(parts, Part{Obj: ch, Sub: chanTail, Mode: Read})
	}
	return parts
}

// offer is the arrival of goroutine g at a channel, to be woken by its partner;
// its cases, if any, start at cases. It changes the end at which it waits.
func offer(ch, g, cases int32, send bool) Part {
	p := Part{Obj: ch, Sub: chanHead, Effect: OfferReceive, Arg: g, Aux: cases, Mode: Write}
	if send {
		p.Sub, p.Effect = chanTail, OfferSend
	}
	return p
}

// park is the arrival of a select at a channel. It saw both ends, and whoever
// moves the other end will see it. Where nothing is sent, it does not matter who
// else has arrived: a close wakes all.
func park(w *World, ch, g, cases int32, send bool, parts []Part) []Part {
	p := offer(ch, g, cases, send)
	if w.At(ch).CloseOnly() {
		p.Sub, p.Mode = chanTail, Plus
	}
	if parts = append(parts, p); Broken != "park" {
		parts = append(parts, Part{Obj: ch, Sub: chanTail - p.Sub, Mode: Read})
	}
	return parts
}

// withdraw takes every offer of g off one channel.
func withdraw(w *World, ch, g int32, parts []Part) []Part {
	if w.At(ch).CloseOnly() {
		return append(parts, Part{Obj: ch, Sub: chanTail, Effect: Withdraw, Arg: g, Mode: Plus})
	}
	return append(parts, Part{Obj: ch, Sub: chanHead, Effect: Withdraw, Arg: g, Mode: Write},
		Part{Obj: ch, Sub: chanTail, Mode: Write})
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

func resolveClose(w *World, ch int32, parts []Part) ([]Part, Fault) {
	if w.At(ch).State[chanClosed] != 0 {
		return readChannel(w, ch, parts), CloseOfClosed
	}
	return closeParts(w, ch, parts), NoFault
}

// closeParts close a channel that is open: whoever is parked there goes on.
func closeParts(w *World, ch int32, parts []Part) []Part {
	o := w.At(ch)
	parts = append(parts, Part{Obj: ch, Sub: chanHead, Effect: ChanClose, Mode: Write},
		Part{Obj: ch, Sub: chanTail, Mode: Write})
	parts = releaseNumbered(o, ch, parts)
	for i := o.offers(); i < len(o.State); i += 2 {
		if o.State[i+1] != byNumber {
			parts = append(parts, wake(w, o.State[i]))
			parts = withdrawElsewhere(w, o.State[i], o.State[i+1], ch, parts)
		}
	}
	return parts
}

func applyChannel(o *Object, p Part) []int32 {
	switch p.Effect {
	case ChanClose:
		o.State[chanClosed] = 1
		if o.Kind == Rendezvous {
			o.State[meetSenders] = 0
		}
		return o.State[:o.offers()]
	case Withdraw:
		return withdrawOffers(o, p.Arg)
	case ArriveSend, ArriveReceive:
		return arrive(o, p.Arg, p.Effect == ArriveSend)
	}
	return insertOffer(o, p.Arg, p.Aux, p.Effect == OfferSend)
}

// offers is where the offers start in the state.
func (o *Object) offers() int {
	if o.Kind == Rendezvous {
		return meetOffers
	}
	return chanOffers
}

// insertOffer adds an offer behind those of its end; where nothing is sent, the order
// is that of goroutines.
func insertOffer(o *Object, g, ends int32, send bool) []int32 {
	s := o.State
	at := len(s)
	for o.CloseOnly() && at > chanOffers && s[at-2] > g {
		at -= 2
	}
	if o.Kind == Rendezvous && send {
		at = meetOffers + 2*int(s[meetSenders])
		s[meetSenders]++
	}
	s = append(s, 0, 0)
	copy(s[at+2:], s[at:])
	s[at], s[at+1] = g, ends
	return s
}

// withdrawOffers removes every offer of goroutine g.
func withdrawOffers(o *Object, g int32) []int32 {
	for i := o.offers(); i < len(o.State); {
		if o.State[i] == g {
			o.State = removeOffer(o, i)
		} else {
			i += 2
		}
	}
	return o.State
}

// removeOffer removes the offer at a place of the state.
func removeOffer(o *Object, at int) []int32 {
	s := o.State
	if o.Kind == Rendezvous && at < meetOffers+2*int(s[meetSenders]) {
		s[meetSenders]--
	}
	return append(s[:at], s[at+2:]...)
}
