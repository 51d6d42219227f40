package object

// Sends and receives on an unbuffered channel are numbered at their end, from 0:
// the k-th send meets the k-th receive. A send that arrives is a change of the
// tail and of slot k, a receive one of the head and of slot k. The two changes of
// the slot commute: whichever side is first, both go on when both have arrived,
// each by a [Resume] that reads the slot, and only then know how it went.
//
// A select is parked at several channels, and whoever takes it up at one of them
// withdraws it from the others: that is one event. So those who meet a parked
// select change both ends and wake it. Whoever arrives behind it at the same end
// cannot know its number yet, since the select may be withdrawn: it makes an offer
// as the select does, and is woken.
//
// The words of the state are those of every channel, then the number of offers by
// senders, then the offers: those of senders, those of receivers, each in the order
// of arrival. Of those at one end, the ones that go by number come first; they are
// at one end only, and as many as the one end is ahead of the other.
const (
	meetSenders = 3
	meetOffers  = 4
)

// How an offer ends that is not of a select.
const (
	byWake   = -1 // its partner, or a close, wakes the goroutine
	byNumber = -2 // it sees that its partner has arrived, or a close
)

// meetSlots is how many slots an unbuffered channel has. Numbers that are so far
// apart share one, which makes more dependent than there has to be.
const meetSlots = 8

// The Aux of a Resume that goes by number; its Arg is the number. Of one that
// waits to be woken it is 0.
const (
	ResumesSend    = 1
	ResumesReceive = 2
)

// transferUnbuffered is a send or a receive on an unbuffered channel that is open.
func transferUnbuffered(w *World, c *Call, send bool, parts []Part) []Part {
	o := w.At(c.Obj)
	near, far := ends(c.Obj, send)
	partner := firstOffer(o, !send)
	switch {
	case partner >= 0 && o.State[partner+1] != byNumber:
		return meet(w, c.Obj, partner, append(parts, near, far))
	case partner < 0 && queued(o, send):
		return append(parts, offer(c.Obj, c.G, byWake, send))
	}
	number := o.State[chanReceived]
	near.Effect, near.Arg = ArriveReceive, c.G
	if send {
		number, near.Effect = o.State[chanSent], ArriveSend
	}
	slot := Part{Obj: c.Obj, Sub: chanSlot + number%meetSlots, Arg: number, Mode: Plus}
	switch {
	case c.Op == Select: // does not park, and goes on at once
		slot.Mode = Write
		return append(parts, near, slot, Part{Obj: c.Obj, Sub: far.Sub, Mode: Write})
	case Broken == "numbers":
		slot.Mode = None
	}
	return append(parts, near, slot)
}

// Number returns the number that a send or a receive has got by arriving at an
// unbuffered channel, given its parts, and whether that is what it did: a select
// takes a number and goes on.
func Number(parts []Part) (number int32, ok bool) {
	if e := parts[0].Effect; e != ArriveSend && e != ArriveReceive || parts[1].Mode == Write {
		return 0, false
	}
	return parts[1].Arg, true
}

// queued reports whether the last offer at an end is one that is to be woken.
func queued(o *Object, send bool) bool {
	s := o.State
	last := len(s) - 2
	if send {
		last = meetOffers + 2*int(s[meetSenders]) - 2
	}
	return firstOffer(o, send) >= 0 && s[last+1] != byNumber
}

// firstOffer returns where the first parked sender or receiver of an unbuffered
// channel stands in the state, or -1.
func firstOffer(o *Object, send bool) int {
	senders := int(o.State[meetSenders])
	switch receivers := meetOffers + 2*senders; {
	case send && senders > 0:
		return meetOffers
	case !send && receivers < len(o.State):
		return receivers
	}
	return -1
}

// Waiting returns how many senders and receivers are parked at an unbuffered
// channel.
func (o *Object) Waiting() (senders, receivers int) {
	senders = int(o.State[meetSenders])
	return senders, (len(o.State)-meetOffers)/2 - senders
}

// arrive counts a send or a receive by goroutine g, which takes the offer of its
// partner away, or makes one.
func arrive(o *Object, g int32, send bool) []int32 {
	if send {
		o.State[chanSent]++
	} else {
		o.State[chanReceived]++
	}
	if partner := firstOffer(o, !send); partner >= 0 && o.State[partner+1] == byNumber {
		return removeOffer(o, partner)
	}
	return insertOffer(o, g, byNumber, send)
}

// releaseNumbered are the slots of those who wait by number, which a close lets
// go on.
func releaseNumbered(o *Object, ch int32, parts []Part) []Part {
	if o.Kind != Rendezvous || Broken == "closes" {
		return parts
	}
	from, to := o.State[chanReceived], o.State[chanSent]
	if from > to {
		from, to = to, from
	}
	for k := from; k < min(to, from+meetSlots); k++ {
		parts = append(parts, Part{Obj: ch, Sub: chanSlot + k%meetSlots, Mode: Write})
	}
	return parts
}

// resolveResume is the return of a send or a receive that has arrived before.
func resolveResume(w *World, c *Call, parts []Part) ([]Part, Fault) {
	if c.Aux == 0 {
		return append(parts, wokenPart(c.G)), NoFault
	}
	slot := Part{Obj: c.Obj, Sub: chanSlot + c.Arg%meetSlots, Mode: Read}
	if Broken == "returns" {
		slot.Mode = None
	}
	parts = append(parts, slot)
	if o := w.At(c.Obj); c.Aux == ResumesSend && o.State[chanClosed] != 0 && !o.Met(c) {
		return parts, SendOnClosed
	}
	return parts, NoFault
}

// resumes reports whether a Resume can take place.
func resumes(w *World, c *Call) bool {
	if c.Aux == 0 {
		return woken(w, c.G, c.Arg)
	}
	o := w.At(c.Obj)
	return o.State[chanClosed] != 0 || o.Met(c)
}

// Met reports whether the partner of a Resume that goes by number has arrived.
func (o *Object) Met(c *Call) bool {
	if c.Aux == ResumesSend {
		return o.State[chanReceived] > c.Arg
	}
	return o.State[chanSent] > c.Arg
}
