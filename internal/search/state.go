package search

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A StateReader reads the log of an execution and tells in which state the
// program is. Two states are the same when
//
//   - every goroutine has called the same operations and got the same results since
//     it last called Fingerprint, and gave the same number there, or never called it
//     and has done so from its start on: so much do its own variables depend on;
//   - all objects are in the same state, variables and channels included.
//
// What an operation does not return does not count: whether a lock was free at once,
// or whom a Broadcast woke. A value that holds no pointers is known by itself where
// it stands in an atomic variable, or in a plain one of an execution that keeps
// details. All others, and those in channels and pools, are known by the goroutine
// that wrote or sent them and by what that had got, since they depend on that. So
// two equal states may be taken for different ones there, never the other way round.
// Numbers that only ever grow, such as the tickets of those who queue, count from
// where the queue is served.
//
// Programs go on from equal states in the same ways.
type StateReader struct {
	x       *sim.Execution
	at      int              // events that were taken in
	marks   int              // and marks
	local   []uint64         // by goroutine: what it has got
	last    []int            // by goroutine: its last event
	woken   []int            // by goroutine: the number of events when its select was last ended by a close
	value   []uint64         // by object: what was written, see write
	unused  []uint64         // by object: its number before anybody has changed it
	waiting map[int32][]item // by buffered channel or pool: what is in it
	source  map[int]int32    // by event that received something: who had sent it
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
	objects := x.World().Objects
	r := &StateReader{x: x, local: make([]uint64, x.Goroutines()), last: make([]int, x.Goroutines()),
		woken: make([]int, x.Goroutines()), value: make([]uint64, len(objects)), unused: make([]uint64, len(objects)),
		waiting: map[int32][]item{}, source: map[int]int32{}}
	for i := range objects {
		o := objects[i]
		if o.Values != nil {
			r.value[i], _ = o.Values.Content(0)
		}
		o.State = make([]int32, o.Kind.StateSize())
		r.unused[i] = r.object(int32(i), &o)
	}
	r.fingerprints()
	return r
}

// Next takes in the next event.
func (r *StateReader) Next() {
	e := &r.x.Events()[r.at]
	r.last[e.G()] = r.at
	r.at++
	r.asked(e)
	if e.Fault == object.NoFault {
		r.changes(e)
	}
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

// asked tells a goroutine what it called, and of what that returns all but what was
// received. Of an operation that is several events the first one counts; that
// others follow shows in what is pending.
func (r *StateReader) asked(e *sim.Event) {
	g := e.G()
	switch e.Op() {
	case object.Fire:
		return // by the clock, which remembers nothing
	case object.RGranted, object.WAnnounce, object.WDrained, object.CondWake, object.WaitReturn, object.Granted,
		object.Pass, object.Resume, object.SelectParked, object.SleepEnd:
	default:
		r.learn(g, uint64(e.Op()), uint64(uint32(r.identity(e.Call.Obj))))
		r.results(e)
	}
	if e.Fault != object.NoFault {
		r.learn(g, uint64(e.Fault))
	}
}

func (r *StateReader) results(e *sim.Event) {
	switch g := e.G(); e.Op() {
	case object.Load, object.Await, object.Modify, object.CtxRead:
		r.learn(g, r.value[e.Call.Obj])
	case object.Now:
		r.learn(g, r.value[e.Call.Aux])
	case object.Len:
		r.learn(g, uint64(len(r.waiting[e.Call.Obj])))
	case object.Choose, object.PoolGet:
		r.learn(g, uint64(e.Alt))
	case object.Select:
		if e.Alt != object.CasePark {
			r.learn(g, uint64(uint32(e.Alt)))
		}
	case object.CompareAndSwap, object.TryLock, object.TryRLock, object.TryWLock, object.TryAcquire:
		r.learn(g, bit(r.has(e, object.Nothing)))
	case object.OnceEnter:
		r.learn(g, bit(r.has(e, object.OnceBegin)), r.value[e.Call.Obj])
	case object.Arm, object.Disarm:
		r.learn(g, bit(r.x.Parts(e)[0].Aux != 0 || r.has(e, object.ChanReceive)))
	case object.Cancel:
		if e.Call.Aux == object.TellsWhether {
			r.learn(g, bit(r.has(e, object.CtxCancel)))
		}
	}
}

// has reports whether an event has a part with an effect.
func (r *StateReader) has(e *sim.Event, effect object.Effect) bool {
	for _, p := range r.x.Parts(e) {
		if p.Effect == effect {
			return true
		}
	}
	return false
}

// Number is the same in equal states, of one runner, and hardly ever in others:
// it has 64 bits. w is the state of all objects now.
func (r *StateReader) Number(w *object.World, now Situation) uint64 {
	sum := uint64(0)
	for g := range int32(len(r.local)) {
		if !r.spawned(g) {
			continue
		}
		h := mixed(uint64(g), 4, r.local[g])
		if c := now.Pending(g); c != nil {
			h = mixed(h, uint64(c.Op), turn(w, c, now))
		}
		sum += h
	}
	for i := range w.Objects {
		if h := r.object(int32(i), &w.Objects[i]); h != r.unused[i] {
			sum += h
		}
	}
	return sum
}

// spawned reports whether a goroutine of the program has been spawned so far.
func (r *StateReader) spawned(g int32) bool {
	parent, born := r.x.Parent(g)
	return g == 0 || r.x.Spawned(g) && parent >= 0 && int(born) < r.at
}

// turn is what decides when a goroutine that waits may go on, beyond the state
// of the object: its place in the queue, and whether it was woken.
func turn(w *object.World, c *object.Call, now Situation) uint64 {
	switch c.Op {
	case object.RGranted:
		return placeIn(c.Arg, w.At(c.Obj).State[5])
	case object.Granted:
		return placeIn(c.Arg, w.At(c.Obj).State[2])
	case object.WaitReturn:
		return bit(w.At(c.Obj).State[2] > c.Arg)<<1 | uint64(c.Aux)
	case object.Pass:
		return placeIn(c.Arg, w.At(c.Obj).State[1])
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

// placeIn is that of a ticket in the queue, when so many have been served. All who
// have been are alike.
func placeIn(ticket, served int32) uint64 { return uint64(max(ticket-served+1, 0)) }

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
	case object.Cell, object.Clock, object.Context:
		return mixed(h, r.value[i])
	case object.Once:
		return mixed(words(h, s), r.value[i])
	case object.Timer:
		if s[0] == 0 {
			return h
		}
		return mixed(h, 1, uint64(r.x.World().Times[s[1]]))
	case object.Chan:
		h = mixed(h, uint64(s[0]))
		return offers(r.items(h, i), s[3:])
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
		return r.items(h, i)
	}
	return words(h, s)
}

func (r *StateReader) items(h uint64, obj int32) uint64 {
	for _, i := range r.waiting[obj] {
		h = mixed(h, i.value)
	}
	return h
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
