package search

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// changes notes what an event changes, and tells those who receive something.
func (r *StateReader) changes(e *sim.Event) {
	closed := int32(object.NoObject)
	for _, p := range r.x.Parts(e) {
		switch p.Effect {
		case object.ChanSend, object.ChanReceive:
			r.transfer(e, p)
		case object.ChanClose:
			closed = p.Obj
		case object.Wake:
			r.endedByClose(^p.Obj, closed)
		default:
			r.change(e, p)
		}
	}
	r.arrived(e)
}

// change is what a part does that concerns no channel.
func (r *StateReader) change(e *sim.Event, p object.Part) {
	switch p.Effect {
	case object.SetVersion:
		r.write(e, p.Obj)
	case object.PoolIn:
		r.waiting[p.Obj] = append(r.waiting[p.Obj], r.sent(e, e.G()))
	case object.PoolOut:
		items := r.waiting[p.Obj]
		r.received(e.G(), items[len(items)-1])
		r.waiting[p.Obj] = items[:len(items)-1]
	case object.CtxCancel:
		r.value[p.Obj] = r.reason(e, p.Obj)
	case object.ClockSet:
		r.value[p.Obj] = mixed(2, uint64(r.x.World().Times[p.Arg]))
	case object.OnceEnd:
		r.value[p.Obj] = r.from(e.G())
	}
}

// from stands for a value that goroutine g writes or sends now: it depends on what
// g has got.
func (r *StateReader) from(g int32) uint64 { return mixed(3, uint64(g), r.local[g]) }

// write notes what a variable holds, and of a map what all who wrote it had got.
func (r *StateReader) write(e *sim.Event, obj int32) {
	o := &r.x.World().Objects[obj]
	var content uint64
	var known bool
	switch {
	case o.Keyed:
		r.value[obj] = mixed(r.value[obj], r.from(e.G()))
		return
	case o.Values != nil:
		content, known = o.Values.Content(e.Wrote)
	default:
		content, known = r.x.Content(r.at - 1)
	}
	if !known {
		content = r.from(e.G())
	}
	r.value[obj] = content
}

// reason is why a context is cancelled.
func (r *StateReader) reason(e *sim.Event, obj int32) uint64 {
	switch {
	case e.Op() == object.Fire:
		return 1
	case r.x.HasCause(obj):
		return r.from(e.G())
	}
	return 2
}

// transfer passes on what is sent over a channel. Where somebody waits at its
// other end, the two transfers are one event.
func (r *StateReader) transfer(e *sim.Event, p object.Part) {
	from, to := e.G(), e.G()
	if partner := r.partner(e); partner >= 0 && r.sends(e) {
		to = partner
	} else if partner >= 0 {
		from = partner
	}
	queue := r.waiting[p.Obj]
	switch unbuffered := r.x.World().Objects[p.Obj].Kind == object.Rendezvous; {
	case unbuffered && p.Effect == object.ChanReceive: // with the send
	case unbuffered:
		r.took(from, p.Obj, true)
		r.took(to, p.Obj, false)
		r.received(to, r.sent(e, from))
	case p.Effect == object.ChanSend:
		r.took(from, p.Obj, true)
		r.waiting[p.Obj] = append(queue, r.sent(e, from))
	case len(queue) > 0:
		r.took(to, p.Obj, false)
		if e.Op() != object.Arm && e.Op() != object.Disarm { // which throw it away
			r.received(to, queue[0])
		}
		r.waiting[p.Obj] = queue[1:]
	}
}

// sent is what a goroutine sends, or the clock: the time.
func (r *StateReader) sent(e *sim.Event, from int32) item {
	if e.Op() == object.Fire {
		return item{r.value[e.Call.Aux], from}
	}
	return item{r.from(from), from}
}

// An item is what somebody has sent or put somewhere, as a number.
type item struct {
	value uint64
	from  int32
}

// received tells a goroutine what it has received, by its last event.
func (r *StateReader) received(g int32, i item) {
	r.learn(g, i.value)
	r.source[r.last[g]] = i.from
}

// took tells a goroutine which case of its select has taken place, if it waits in
// one: the first that sends, or receives, on the channel.
func (r *StateReader) took(g, ch int32, send bool) {
	r.tookCase(g, func(k object.Case) bool { return k.Obj == ch && k.Send == send })
}

func (r *StateReader) tookCase(g int32, isIt func(object.Case) bool) {
	e := &r.x.Events()[r.last[g]]
	if e.Op() != object.Select || e.Alt != object.CasePark {
		return
	}
	for i, k := range r.x.World().Cases[e.Call.Cases : e.Call.Cases+e.Call.CaseCount] {
		if isIt(k) {
			r.learn(g, uint64(i))
			return
		}
	}
}

// endedByClose tells a goroutine that the close of a channel, if one was closed, has
// ended its select. Of several that are closed at once the first one counts.
func (r *StateReader) endedByClose(g, ch int32) {
	if ch != object.NoObject && r.woken[g] != r.at {
		r.woken[g] = r.at
		r.tookCase(g, func(k object.Case) bool { return k.Obj == ch })
	}
}

// arrived passes on what one of two goroutines sends that go on by number, when
// both have arrived.
func (r *StateReader) arrived(e *sim.Event) {
	if e.Partner < 0 || e.Op() == object.Resume {
		return
	}
	switch r.x.Parts(e)[0].Effect {
	case object.ArriveSend:
		r.received(e.Partner, r.sent(e, e.G()))
	case object.ArriveReceive:
		r.received(e.G(), r.sent(e, e.Partner))
	}
}

// partner is the goroutine whose wait an event ends, or -1.
func (r *StateReader) partner(e *sim.Event) int32 {
	for _, p := range r.x.Parts(e) {
		if p.Effect == object.Wake {
			return ^p.Obj
		}
	}
	return -1
}

func (r *StateReader) sends(e *sim.Event) bool {
	if e.Op() == object.Select {
		return e.Alt >= 0 && r.x.World().Cases[e.Call.Cases+e.Alt].Send
	}
	return e.Op() == object.Send || e.Op() == object.Fire
}
