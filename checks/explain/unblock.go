package explain

import (
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// unblocking says what would let those go on who are blocked for ever.
type unblocking struct {
	*adviser
	out []string
	// settled says that the advice goes to the root: a cycle of locks, a signal
	// for the wrong one.
	settled bool
}

func (u *unblocking) advise() []string {
	x := u.say.x
	var unsignalled []int32
	for g := range int32(x.Goroutines()) {
		if !x.Alive(g) || x.Pending(g).Op == object.Start {
			continue
		}
		for _, obj := range wants(x, g) {
			if obj >= 0 && !u.object(g, obj) {
				unsignalled = append(unsignalled, obj)
			}
		}
	}
	if len(u.out) == 0 && len(unsignalled) > 0 {
		u.add(fmt.Sprintf("Signal or broadcast %s after every change of what is waited for.", u.say.words.label(unsignalled[0])))
	}
	return u.out
}

func (u *unblocking) add(text string) {
	if !slices.Contains(u.out, text) {
		u.out = append(u.out, text)
	}
}

// object advises on what goroutine g waits for; it reports false for a
// condition that nobody has signalled, which may be the fault of others.
func (u *unblocking) object(g, obj int32) bool {
	switch u.say.x.World().At(obj).Kind {
	case object.RWMutex:
		u.rwmutex(g, obj)
	case object.Mutex:
		u.mutex(g, obj)
	case object.Semaphore:
		u.settled = true
		o, asked := u.say.x.World().At(obj), u.say.x.Pending(g)
		if asked.Op == object.Acquire && asked.Arg > o.Limit {
			u.add(fmt.Sprintf("Let %s ask for at most %d of %s, which is all that there is, or give it a larger N.", u.say.words.who(g), o.Limit,
				u.say.words.label(obj)))
			return true
		}
		u.add("Acquire in the same order everywhere" + u.instance() + ", and release on every way out.")
	case object.Chan, object.Rendezvous:
		u.channel(g, obj)
	case object.Cond:
		return u.cond(g, obj)
	case object.WaitGroup:
		if text := u.startedLater(g, obj); text != "" {
			u.settled = true
			u.add(text)
		} else if u.say.x.World().At(obj).State[0] > u.stuckElsewhere(obj) {
			u.add("Call Add once for every goroutine before it starts, and Done on every way out of it: defer it.")
		}
	case object.Latch, object.Barrier:
		u.add("Count exactly as many as will arrive, before they start, and arrive on every way out.")
	}
	return true
}

// stuckElsewhere counts those who wait for something else than an object: they
// may be the ones whom those wait for who wait for it.
func (u *unblocking) stuckElsewhere(obj int32) int32 {
	x, n := u.say.x, int32(0)
	for g := range int32(x.Goroutines()) {
		if x.Alive(g) && x.Spawned(g) && !slices.Contains(wants(x, g), obj) {
			n++
		}
	}
	return n
}

// channel: the other side has given up, or does not come.
func (u *unblocking) channel(g, obj int32) {
	if u.say.x.World().At(obj).Nil() {
		u.settled = true
		u.add(fmt.Sprintf("Make the channel with NewChan before %s uses it, or do not use it while it is nil: a nil channel blocks for "+
			"ever, and so does its case of a select.", u.say.words.who(g)))
		return
	}
	name := u.say.words.label(obj)
	if what, of := u.say.x.InsideOf(obj); what == "limit" {
		if u.memberOf(g, obj) {
			u.settled = true
			u.add(fmt.Sprintf("Do not call Go of %s in a member, which has a place itself until it ends: use TryGo, a larger limit, or "+
				"another Group.", of))
		}
		return
	}
	if u.say.x.World().At(obj).CloseOnly() {
		u.closes(name, obj)
		return
	}
	sends := sendsOn(u.say.x, g, obj)
	if t := u.say.x.TimerBehind(obj); t >= 0 && !sends {
		u.unarmed(t)
		return
	}
	for i := range u.say.x.Events() {
		if e := u.event(i); e.Op() == object.Select && e.Alt == object.CaseDefault && listed(u.say.x, &e.Call, obj, !sends) {
			other := "send"
			if sends {
				other = "receive"
			}
			u.settled = true
			u.add(fmt.Sprintf("Let %s wait for the other side instead of giving up: a plain %s, without a default; "+
				"or give %s room for the value.", u.step(i), other, name))
			return
		}
	}
	if sends {
		u.add(fmt.Sprintf("Make sure that somebody receives from %s as often as is sent, or that nobody has to: room for every value "+
			"in a buffer, or a select with a done channel or a context that ends the wait.", name))
		return
	}
	u.add(fmt.Sprintf("Make sure that somebody still sends on %s or closes it: a close after the last send, on every way out, "+
		"or a select with a done channel or a context that ends the wait.", name))
}

// unarmed: a timer that does not fire any more.
func (u *unblocking) unarmed(timer int32) {
	x, name := u.say.x, u.say.words.label(timer)
	stop := -1
	for i := range x.Events() {
		if e := u.event(i); e.Call.Obj == timer && (e.Op() == object.Disarm || e.Op() == object.Arm) {
			stop = -1
			if e.Op() == object.Disarm {
				stop = i
			}
		}
	}
	switch {
	case x.World().At(timer).State[0] != 0:
	case stop >= 0 && x.Ticks(timer):
		u.spoken = append(u.spoken, stop)
		u.add(fmt.Sprintf("Do not receive from the channel of %s once it is stopped (step %d): Stop does not close it. Let a done channel "+
			"or a context end the wait, in a select.", name, stop))
	case stop >= 0:
		u.spoken = append(u.spoken, stop)
		u.add(fmt.Sprintf("Do not receive from the channel of %s after Stop (step %d): since Go 1.23 there is nothing to drain, "+
			"whatever Stop has returned.", name, stop))
	default:
		u.add(fmt.Sprintf("A timer fires once: Reset %s before its channel is received from again, or use a ticker.", name))
	}
}

// startedLater: one who waits for a WaitGroup has added more to it at once than it has
// started goroutines since, and those have all called Done.
func (u *unblocking) startedLater(g, obj int32) string {
	x := u.say.x
	added, started, waited := int32(0), int32(0), -1
	for i := range x.Events() {
		switch e := u.event(i); {
		case e.G() == g && e.Op() == object.Add && e.Call.Obj == obj && e.Call.Arg > 1:
			added, started = e.Call.Arg, 0
		case e.G() == g && e.Op() == object.Spawn && added > 0:
			started++
		case e.G() == g && e.Op() == object.Wait && e.Call.Obj == obj:
			waited = i
		}
	}
	if waited < 0 || started == 0 || started >= added || x.World().At(obj).State[0] != added-started || u.stuckElsewhere(obj) > 0 {
		return ""
	}
	u.spoken = append(u.spoken, waited)
	return fmt.Sprintf("Let %s wait for %s (step %d) only when all are started, behind the loop that starts them: it has added %d and started %d. Or let it add only as many as there are.",
		u.say.words.who(g), u.say.words.label(obj), waited, added, started)
}

// closes: what only ends by being closed, or cancelled, has to be.
func (u *unblocking) closes(name string, obj int32) {
	if ctx := u.say.x.ContextOf(obj); ctx >= 0 {
		u.add(fmt.Sprintf("Make sure that %s is cancelled on every way out: defer its cancel function right after it is made.", u.say.words.label(ctx)))
		return
	}
	u.add(fmt.Sprintf("Make sure that %s is closed on every way out, also those of an error: defer the close.", name))
}

// sendsOn reports whether goroutine g waits to send on a channel.
func sendsOn(x *sim.Execution, g, obj int32) bool {
	call := x.Pending(g)
	switch call.Op {
	case object.Select, object.SelectParked:
		return listed(x, call, obj, true)
	case object.Resume:
		return parkedOn(x, call) == object.Send.String()
	}
	return call.Op == object.Send
}

// listed reports whether a select has a case for a channel.
func listed(x *sim.Execution, call *object.Call, obj int32, send bool) bool {
	return slices.Contains(x.World().Cases[call.Cases:call.Cases+call.CaseCount], object.Case{Obj: obj, Send: send})
}
