package search

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A StateReader reads the log of an execution and tells in which state the
// program is. Two states are the same when
//
//   - every goroutine has got the same results since it last called
//     Fingerprint, and gave the same number there, or never called it and has got
//     the same results from its start on: so much do its own variables depend on;
//   - all objects are in the same state, variables and channels included.
//
// Of a plain variable the value is known only in an execution that keeps details;
// in others it is known by what its last writer had got, since the value depends
// on that. So two equal states may be taken for different ones there, never the
// other way round. Numbers that only ever grow, such as the tickets of those who
// queue, count from where the queue is served.
//
// Programs go on from equal states in the same ways.
type StateReader struct {
	x       *sim.Execution
	at      int                // events that were taken in
	marks   int                // and marks
	known   []bool             // by goroutine: it was spawned
	local   []uint64           // by goroutine: what it has got
	value   []uint64           // by object: what was written, see write
	waiting map[int32][]uint64 // by buffered channel: what is in it
}

// A Situation is what can happen next in a state.
type Situation interface {
	// Pending is what a goroutine is about to do; nil when it does not exist or
	// has ended.
	Pending(g int32) *object.Call
	// Enabled reports whether that can take place now.
	Enabled(g int32) bool
}

// ReadStates starts before the first event of an execution.
func ReadStates(x *sim.Execution) *StateReader {
	r := &StateReader{x: x, known: make([]bool, x.Goroutines()), local: make([]uint64, x.Goroutines()),
		value: make([]uint64, len(x.World().Objects)), waiting: map[int32][]uint64{}}
	r.known[0] = true
	for i := range r.value {
		if o := &x.World().Objects[i]; o.Values != nil {
			r.value[i] = hashOf(o.Values.Text(0))
		}
	}
	r.fingerprints()
	return r
}

// Next takes in the next event.
func (r *StateReader) Next() {
	e := &r.x.Events()[r.at]
	g := e.G()
	r.at++
	if e.Op() == object.Spawn {
		r.known[e.Child] = true
	}
	before := r.local[g]
	r.learn(g, uint64(e.Op()), uint64(uint32(r.identity(e.Call.Obj))), uint64(uint32(e.Alt)))
	r.results(e)
	for _, p := range r.x.Parts(e) {
		if e.Op() != object.Wait { // who waits does not learn whether it had to
			r.learn(g, uint64(p.Effect))
		}
		if e.Fault == object.NoFault {
			r.change(e, p, before)
		}
	}
	r.arrived(e)
	r.fingerprints()
}

// fingerprints forgets what those goroutines have got who said what they
// remember of it.
func (r *StateReader) fingerprints() {
	marks := r.x.Marks()
	for ; r.marks < len(marks) && marks[r.marks].Step <= r.at; r.marks++ {
		if m := marks[r.marks]; !m.Progress {
			r.local[m.G] = mixed(1, m.Fingerprint)
		}
	}
}

func (r *StateReader) learn(g int32, results ...uint64) {
	r.local[g] = mixed(r.local[g], results...)
}

// results tells a goroutine what it reads.
func (r *StateReader) results(e *sim.Event) {
	switch e.Op() {
	case object.Load, object.Await, object.Modify, object.PoolGet, object.CtxRead, object.Now:
		if e.Call.Obj >= 0 {
			r.learn(e.G(), r.value[e.Call.Obj])
		}
	case object.Len:
		if e.Call.Obj >= 0 {
			r.learn(e.G(), uint64(len(r.waiting[e.Call.Obj])))
		}
	}
}

// change books what a part of an event changes. local is what its goroutine had
// got before: what it sends depends on that.
func (r *StateReader) change(e *sim.Event, p object.Part, local uint64) {
	switch p.Effect {
	case object.SetVersion:
		r.write(e, p.Obj)
	case object.PoolIn:
		r.value[p.Obj] = mixed(r.value[p.Obj], local)
	case object.CtxCancel:
		r.value[p.Obj] = 1
	case object.ClockSet:
		r.value[p.Obj] = mixed(2, uint64(r.x.World().Times[p.Arg]))
	case object.TimerArm, object.TimerOff:
		r.learn(e.G(), uint64(p.Aux))
	case object.ChanSend:
		if r.x.World().Objects[p.Obj].Kind == object.Rendezvous {
			return // see meet
		}
		if partner := r.partner(e); partner >= 0 && !r.sends(e) {
			local = r.local[partner]
		}
		r.waiting[p.Obj] = append(r.waiting[p.Obj], local)
	case object.ChanReceive:
		to := e.G()
		if partner := r.partner(e); partner >= 0 && r.sends(e) {
			to = partner
		}
		if queue := r.waiting[p.Obj]; len(queue) > 0 {
			r.learn(to, queue[0], uint64(uint32(r.identity(p.Obj))))
			r.waiting[p.Obj] = queue[1:]
		}
	case object.Wake:
		r.meet(e, ^p.Obj, local)
	}
}

// write notes what a variable holds: the value, or what its last writer had got,
// and of a map what all of them had.
func (r *StateReader) write(e *sim.Event, obj int32) {
	o := &r.x.World().Objects[obj]
	switch {
	case o.Values != nil:
		r.value[obj] = hashOf(o.Values.Text(e.Wrote))
	case o.Keyed:
		r.value[obj] = mixed(r.value[obj], r.local[e.G()], uint64(e.G()))
	case r.x.Text(r.at-1) != "":
		r.value[obj] = hashOf(r.x.Text(r.at - 1))
	default:
		r.value[obj] = mixed(3, r.local[e.G()], uint64(e.G()))
	}
}

// meet passes on what one of two goroutines sends over an unbuffered channel.
// Whoever had waited learns on which channel it was.
func (r *StateReader) meet(e *sim.Event, partner int32, local uint64) {
	switch e.Op() {
	case object.Send, object.Receive, object.Select:
		obj := r.channel(e)
		if obj < 0 {
			return
		}
		unbuffered := r.x.World().Objects[obj].Kind == object.Rendezvous
		switch {
		case unbuffered && r.sends(e):
			r.learn(partner, local)
		case unbuffered:
			r.learn(e.G(), r.local[partner])
		}
		r.learn(partner, uint64(uint32(r.identity(obj))))
	case object.CloseChan, object.Cancel, object.Fire:
		r.learn(partner, uint64(uint32(r.identity(e.Call.Obj))), uint64(e.Op()))
	}
}

// arrived passes on what one of two goroutines sends that go on by number, when
// both have arrived.
func (r *StateReader) arrived(e *sim.Event) {
	parts := r.x.Parts(e)
	if e.Partner < 0 || e.Op() == object.Resume || parts[0].Effect != object.ArriveSend && parts[0].Effect != object.ArriveReceive {
		return
	}
	from, to := e.G(), e.Partner
	if parts[0].Effect == object.ArriveReceive {
		from, to = to, from
	}
	r.learn(to, r.local[from])
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

// channel is the one over which an event communicates.
func (r *StateReader) channel(e *sim.Event) int32 {
	if e.Op() != object.Select {
		return e.Call.Obj
	}
	if e.Alt < 0 {
		return object.NoObject
	}
	return r.x.World().Cases[e.Call.Cases+e.Alt].Obj
}

func (r *StateReader) sends(e *sim.Event) bool {
	if e.Op() == object.Select {
		return e.Alt >= 0 && r.x.World().Cases[e.Call.Cases+e.Alt].Send
	}
	return e.Op() == object.Send
}

// Number is the same in equal states, of one runner, and hardly ever in others:
// it has 64 bits. w is the state of all objects now.
func (r *StateReader) Number(w *object.World, now Situation) uint64 {
	sum := uint64(0)
	for g, known := range r.known {
		if !known {
			continue
		}
		h := mixed(uint64(g), 4, r.local[g])
		if c := now.Pending(int32(g)); c != nil {
			h = mixed(h, turn(w, c, now))
		}
		sum += h
	}
	for i := range w.Objects {
		sum += r.object(int32(i), &w.Objects[i])
	}
	return sum
}

// turn is what decides when a goroutine that waits may go on, beyond the state
// of the object: its place in the queue, and whether it was woken.
func turn(w *object.World, c *object.Call, now Situation) uint64 {
	switch c.Op {
	case object.RGranted:
		return uint64(uint32(c.Arg - w.At(c.Obj).State[5]))
	case object.Granted:
		return uint64(uint32(c.Arg - w.At(c.Obj).State[2]))
	case object.WaitReturn:
		return bit(w.At(c.Obj).State[2] > c.Arg)<<1 | uint64(c.Aux)
	case object.Pass:
		return uint64(uint32(c.Arg - w.At(c.Obj).State[1]))
	case object.Resume:
		if c.Aux != 0 {
			return bit(w.At(c.Obj).Met(c)) // its place is that of its offer
		}
		return bit(w.Goroutines[c.G].State[1] >= c.Arg)
	case object.SelectParked, object.SleepEnd:
		return bit(w.Goroutines[c.G].State[1] >= c.Arg)
	case object.CondWake:
		return bit(w.Goroutines[c.G].State[1] >= c.Aux)
	case object.Yield:
		return bit(now.Enabled(c.G))
	}
	return 0
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// object is the state of an object as a number.
func (r *StateReader) object(i int32, o *object.Object) uint64 {
	h := mixed(5, uint64(uint32(o.ID)))
	s := o.State
	switch o.Kind {
	case object.Cell:
		return mixed(h, r.value[i])
	case object.Chan:
		h = mixed(h, uint64(s[0]))
		return offers(mixed(h, r.waiting[i]...), s[3:])
	case object.Rendezvous:
		return offers(mixed(h, uint64(s[0]), uint64(s[3])), s[4:])
	case object.RWMutex:
		return words(words(h, s[:5]), s[6:])
	case object.Semaphore:
		return words(mixed(h, uint64(s[0]), uint64(s[1]-s[2])), s[3:])
	case object.WaitGroup:
		return words(h, s[:2])
	case object.Barrier:
		return words(h, s[:1])
	case object.Pool:
		return mixed(words(h, s), r.value[i])
	}
	return words(h, s)
}

// offers are those who wait at a channel, and how; where the cases of their
// selects are kept does not matter.
func offers(h uint64, s []int32) uint64 {
	for i := 0; i < len(s); i += 2 {
		h = mixed(h, uint64(s[i]), uint64(uint32(min(s[i+1], 0))))
	}
	return h
}

func words(h uint64, s []int32) uint64 {
	for _, w := range s {
		h = mixed(h, uint64(uint32(w)))
	}
	return h
}

// identity is an object's ID, the same in all runs of a runner.
func (r *StateReader) identity(obj int32) int32 {
	if obj < 0 {
		return obj
	}
	return r.x.World().Objects[obj].ID
}

// mixed adds numbers to a hash (the finalizer of SplitMix64; Steele, Lea and
// Flood, OOPSLA 2014).
func mixed(h uint64, numbers ...uint64) uint64 {
	for _, n := range numbers {
		h = (h ^ n) + 0x9e3779b97f4a7c15
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		h ^= h >> 31
	}
	return h
}

// hashOf is FNV-1a of a text.
func hashOf(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}
