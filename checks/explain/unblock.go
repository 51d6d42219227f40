package explain

import (
	"fmt"
	"slices"
	"strings"

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
		u.settled = true
		u.add("A read lock cannot be turned into a write lock, and must not be taken twice when a writer " +
			"may come in between: give it back first.")
	case object.Mutex:
		u.mutex(g, obj)
	case object.Semaphore:
		u.settled = true
		u.add("Acquire in the same order everywhere" + u.instance() + ", and release on every way out.")
	case object.Chan, object.Rendezvous:
		u.channel(g, obj)
	case object.Cond:
		return u.cond(g, obj)
	case object.WaitGroup:
		if u.say.x.World().At(obj).State[0] > u.stuckElsewhere(obj) {
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

// mutex: its holder has ended, or waits as well.
func (u *unblocking) mutex(g, obj int32) {
	x := u.say.x
	owner := x.World().At(obj).State[0] - 1
	u.settled = true
	switch {
	case owner == g:
		u.add(fmt.Sprintf("%s holds %s already: a Mutex cannot be locked twice. Let what it calls rely on the caller's lock.",
			u.say.words.who(g), u.say.words.label(obj)))
	case owner >= 0 && x.Spawned(owner) && !x.Alive(owner):
		u.add(fmt.Sprintf("Unlock %s on every way out, with a defer right after the lock: %s has ended and holds it.",
			u.say.words.label(obj), u.say.words.who(owner)))
	case owner >= 0 && !u.waitsForLock(owner):
		u.settled = false // whatever its holder waits for is the matter
	default:
		u.add("Take the locks in the same order everywhere" + u.instance() + "; or have one lock in place of all of them.")
	}
}

// instance names an order of the locks that the finding is about.
func (u *unblocking) instance() string {
	x := u.say.x
	var names []string
	for obj := range int32(len(x.World().Objects)) {
		switch x.World().At(obj).Kind {
		case object.Mutex, object.RWMutex, object.Semaphore:
			if slices.Contains(u.found.Objects, x.ObjectName(obj)) {
				names = append(names, u.say.words.label(obj))
			}
		}
	}
	if len(names) < 2 {
		return ""
	}
	slices.Sort(names)
	return ", for instance " + strings.Join(names, " before ")
}

func (u *unblocking) waitsForLock(g int32) bool {
	x := u.say.x
	return x.Alive(g) && slices.ContainsFunc(wants(x, g), func(obj int32) bool {
		if obj < 0 {
			return false
		}
		k := x.World().At(obj).Kind
		return k == object.Mutex || k == object.RWMutex || k == object.Semaphore
	})
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
	if u.say.x.World().At(obj).CloseOnly() {
		u.closes(name, obj)
		return
	}
	sends := sendsOn(u.say.x, g, obj)
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
