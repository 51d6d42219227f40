package order

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// Step takes in the next event, number step of the log.
func (h *Happens) Step(e *sim.Event, step int) {
	g := e.G()
	if e.Op() == object.Fire {
		h.fire(e, step)
		return
	}
	c := h.Clock(g)
	c[g]++
	if e.Fault != object.NoFault {
		return
	}
	switch e.Op() {
	case object.Spawn:
		h.born(g, e.Child)
	case object.Join:
		ended := h.Clock(^e.Call.Obj) // it stays as it was
		join(h.Clock(g), ended)
	case object.Load, object.Store, object.Modify, object.CompareAndSwap, object.Await:
		h.cell(c, e)
	case object.Resume:
		h.resume(g, e)
	case object.SelectParked, object.SleepEnd:
		h.woken(g)
	case object.Send, object.Receive, object.Select:
		h.channel(g, e)
	case object.Cancel:
		h.effects(g, e)
		h.spawned(g, step)
	default:
		h.special(g, e)
		h.effects(g, e)
	}
}

// born lets a goroutine that is spawned now happen after its parent.
func (h *Happens) born(parent, child int32) {
	if child >= 0 {
		h.Clock(parent)
		to := h.Clock(child)
		copy(to, h.Clock(parent))
	}
}

// spawned finds the goroutines that an event spawned on the side, as a timer
// or a cancelling does.
func (h *Happens) spawned(g int32, step int) {
	for child := range int32(h.width) {
		if _, born := h.x.Parent(child); int(born) == step && h.x.Spawned(child) {
			h.born(g, child)
		}
	}
}

// cell: atomics are sequentially consistent, and whoever observes the effect
// of an operation happens after it. A store hides what was there before, so
// nobody observes that any more. Plain accesses order nothing: who reads
// atomically what was stored plainly happens after nobody.
func (h *Happens) cell(c []int32, e *sim.Event) {
	obj := e.Call.Obj
	switch {
	case h.Edges == HardEdges:
	case e.Call.Plain():
		if first := h.objects[obj]; first != noRow && e.Op() == object.Store {
			clear(h.row(first))
		}
	default:
		if e.Op() != object.Store {
			h.acquire(c, obj, 0)
		}
		if e.Wrote >= 0 {
			h.publish(e.G(), obj, 0)
		}
	}
}

// special is what events do that have no effect on a state.
func (h *Happens) special(g int32, e *sim.Event) {
	obj := e.Call.Obj
	switch e.Op() {
	case object.CondWake:
		h.woken(g)
	case object.RGranted:
		h.lock(g, obj, rwUnlocked)
	case object.WDrained:
		h.lock(g, obj, rwReadUnlocked)
	case object.Granted:
		h.lock(g, obj, 0)
	case object.WaitReturn, object.LatchWait, object.CtxRead:
		h.acquire(h.Clock(g), obj, 0)
	case object.Pass:
		h.acquire(h.Clock(g), obj, barrierTripped)
	case object.Wait, object.OnceEnter:
		if h.x.Parts(e)[0].Effect == object.Nothing {
			h.acquire(h.Clock(g), obj, 0)
		}
	}
}

// The clocks of a RWMutex and of a barrier.
const (
	rwUnlocked     = 0
	rwReadUnlocked = 1

	barrierArrived = 0
	barrierTripped = 1
)

// effects is what an event does by changing states.
func (h *Happens) effects(g int32, e *sim.Event) {
	for _, p := range h.x.Parts(e) {
		switch p.Effect {
		case object.Nothing:
		case object.Wake:
			h.wake(g, ^p.Obj)
		case object.Take, object.ReaderIn, object.WriterIn, object.SemTake:
			h.lock(g, p.Obj, rwUnlocked)
		case object.WriterAnnounced:
			h.lock(g, p.Obj, rwReadUnlocked)
		case object.WriterTry:
			h.lock(g, p.Obj, rwUnlocked)
			h.lock(g, p.Obj, rwReadUnlocked)
		case object.Free, object.WriterOut, object.SemGive:
			h.unlock(g, p.Obj, rwUnlocked)
		case object.ReaderOut:
			h.unlock(g, p.Obj, rwReadUnlocked)
		case object.Count:
			if p.Arg < 0 {
				h.release(g, p.Obj, 0)
			}
		case object.LatchDown, object.PoolIn:
			h.release(g, p.Obj, 0)
		case object.PoolOut:
			h.acquire(h.Clock(g), p.Obj, 0)
		case object.OnceEnd, object.CtxCancel, object.ChanClose, object.TimerArm:
			h.publish(g, p.Obj, 0)
		case object.BarrierIn:
			h.arrive(g, p.Obj)
		}
	}
}

func (h *Happens) lock(g, obj, k int32) {
	if h.Edges != HardEdges {
		h.acquire(h.Clock(g), obj, k)
	}
}

func (h *Happens) unlock(g, obj, k int32) {
	if h.Edges != HardEdges {
		h.release(g, obj, k)
	}
}

// arrive: those who pass happen after all arrivals of their round. The last to
// arrive passes at once, and the next round begins.
func (h *Happens) arrive(g, obj int32) {
	h.release(g, obj, barrierArrived)
	h.counts[obj] = max(h.counts[obj], 0) + 1
	if h.counts[obj] < h.x.World().Objects[obj].Limit {
		return
	}
	h.counts[obj] = 0
	arrived := h.row(h.at(obj, barrierArrived))
	join(h.Clock(g), arrived)
	copy(h.row(h.at(obj, barrierTripped)), arrived)
	clear(arrived)
}

// channel is a send, a receive or a select. One that parks orders nothing yet,
// nor does a default.
func (h *Happens) channel(g int32, e *sim.Event) {
	ch := e.Call.Obj
	if e.Op() == object.Select {
		if e.Alt < 0 {
			return
		}
		ch = h.x.World().Cases[e.Call.Cases+e.Alt].Obj
	}
	parts := h.x.Parts(e)
	if parts[0].Effect == object.ArriveSend || parts[0].Effect == object.ArriveReceive {
		h.arrived(g, e)
		return
	}
	h.transfer(g, ch, parts)
}

// arrived is a send or receive on an unbuffered channel that goes on by number, or
// a select that meets one. Of two who have arrived each resumes after the other.
func (h *Happens) arrived(g int32, e *sim.Event) {
	switch {
	case e.Partner < 0:
	case e.Op() == object.Select:
		h.meet(g, e.Partner, noRow)
	default:
		h.wake(g, e.Partner)
		h.wake(e.Partner, g)
	}
}

// resume is the return of a send or receive that has waited. By number, it happens
// after the arrival of its partner, or after the close.
func (h *Happens) resume(g int32, e *sim.Event) {
	if e.Call.Aux != 0 && e.Partner < 0 {
		h.acquire(h.Clock(g), e.Call.Obj, 0)
		return
	}
	h.woken(g)
}

// transfer: a send happens before its receive completes. On a channel of
// capacity n > 0 the k-th receive happens before the (k+n)-th send completes,
// which is the next use of its slot; on an unbuffered one a receive happens
// before its send completes. A receive that finds the channel closed happens
// after the close.
func (h *Happens) transfer(g, ch int32, parts []object.Part) {
	if parts[0].Effect == object.Nothing {
		h.acquire(h.Clock(g), ch, 0)
		return
	}
	slot := int32(noRow)
	for _, p := range parts {
		switch {
		case p.Obj == ch && p.Sub >= 2:
			h.Clock(g) // taking rows moves them
			slot = h.slot(ch, p.Sub-2)
			c := h.Clock(g)
			join(c, h.row(slot))
			copy(h.row(slot), c)
		case p.Effect == object.Wake:
			h.meet(g, ^p.Obj, slot)
		}
	}
}

// meet is a transfer whose partner has parked: its part took place as well, on
// a buffered channel through the same slot.
func (h *Happens) meet(g, partner, slot int32) {
	if slot == noRow {
		h.Clock(partner)
		c := h.Clock(g)
		join(c, h.Clock(partner))
		h.wake(g, partner)
		return
	}
	h.wake(g, partner)
	h.Clock(partner)
	join(h.row(slot), h.Clock(partner))
}

// fire is the firing of a timer. It happens after the arming, and not after
// the firings of other timers: the clock is no goroutine in whose order they
// would stand.
func (h *Happens) fire(e *sim.Event, step int) {
	g := e.G()
	parts := h.x.Parts(e)
	clear(h.Clock(g))
	h.acquire(h.Clock(g), parts[0].Obj, 0)
	for i, p := range parts {
		switch p.Effect {
		case object.ChanSend:
			h.transfer(g, p.Obj, parts[i:])
			return
		case object.Wake:
			h.wake(g, ^p.Obj)
		case object.CtxCancel, object.ChanClose:
			h.publish(g, p.Obj, 0)
		}
	}
	h.spawned(g, step)
}
