package object_test

import (
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
)

// A walk is a random run of some goroutines, each of which asks for random
// calls on a few objects, misuses included, and returns from its arrivals as
// package sim does.
type walk struct {
	w       *object.World
	pending []object.Call
	parks   []int32
	dead    []bool
	fresh   func(g int32) object.Call
	pick    func(n int) int
}

const (
	walkers = 4
)

// parity is a history in which a version holds its number modulo 2.
type parity struct{}

func (parity) Equal(version, operand int32) bool { return version%2 == operand }
func (parity) Holds(version, cond int32) bool    { return version%2 == cond }

func (parity) Text(version int32) string { return fmt.Sprint(version % 2) }

// Content implements object.Values.
func (parity) Content(version int32) (uint64, bool) { return uint64(version % 2), true }

// add registers an object and returns its index.
func (k *walk) add(kind object.Kind, limit int32, fair bool) int32 {
	o := object.Object{Kind: kind, Limit: limit, Fair: fair, ID: int32(len(k.w.Objects)),
		State: make([]int32, kind.StateSize())}
	if kind == object.Cell {
		o.Values = parity{}
	}
	k.w.Objects = append(k.w.Objects, o)
	return o.ID
}

func newWalk(pick func(n int) int) *walk {
	k := &walk{w: new(object.World), pick: pick, parks: make([]int32, walkers), dead: make([]bool, walkers)}
	for g := range walkers {
		k.w.Goroutines = append(k.w.Goroutines, object.Object{Kind: object.Goroutine, ID: int32(^g),
			State: make([]int32, object.Goroutine.StateSize())})
	}
	return k
}

// start has every goroutine announce its first call.
func (k *walk) start() {
	for g := range int32(walkers) {
		k.pending = append(k.pending, k.fresh(g))
	}
}

// step lets one enabled goroutine go on; it reports false when there is none.
func (k *walk) step() bool {
	type move struct{ g, alt int32 }
	var moves []move
	for g := range int32(walkers) {
		for _, alt := range k.alternatives(k.w, g) {
			moves = append(moves, move{g, alt})
		}
	}
	if len(moves) == 0 {
		return false
	}
	m := moves[k.pick(len(moves))]
	c := k.pending[m.g]
	parts, fault := object.Resolve(k.w, &c, m.alt, nil)
	if fault == object.NoFault {
		applyAll(k.w, parts)
	}
	k.pending[m.g] = k.next(c, m.alt, parts, fault)
	k.dead[m.g] = c.Op == object.End
	return true
}

// alternatives are those of a goroutine's pending call in a state.
func (k *walk) alternatives(w *object.World, g int32) []int32 {
	if k.dead[g] {
		return nil
	}
	return object.Alternatives(w, &k.pending[g], nil)
}

// next is the return that belongs to an arrival, or a call of the goroutine's
// own choice.
func (k *walk) next(c object.Call, alt int32, parts []object.Part, fault object.Fault) object.Call {
	if fault != object.NoFault || len(parts) == 0 {
		return k.fresh(c.G)
	}
	back := object.Call{G: c.G, Obj: c.Obj}
	switch effect := parts[0].Effect; {
	case c.Op == object.WLock:
		back.Op = object.WAnnounce
		return back
	case c.Op == object.WAnnounce && k.w.At(c.Obj).State[3] != 0:
		back.Op = object.WDrained
		return back
	case c.Op == object.CondWait:
		k.parks[c.G]++
		back.Op, back.Arg, back.Aux = object.CondWake, c.Arg, k.parks[c.G]
		return back
	case c.Op == object.Arrive && k.w.At(c.Obj).State[0] != 0:
		back.Op, back.Arg = object.Pass, k.w.At(c.Obj).State[1]
		return back
	case c.Op != object.Select && (effect == object.ArriveSend || effect == object.ArriveReceive):
		back.Op = object.Resume
		back.Arg, _ = object.Number(parts)
		if back.Aux = object.ResumesReceive; c.Op == object.Send {
			back.Aux = object.ResumesSend
		}
		return back
	case alt == object.CasePark || effect == object.OfferSend || effect == object.OfferReceive:
		k.parks[c.G]++
		back.Op, back.Arg = object.Resume, k.parks[c.G]
		if c.Op == object.Select {
			back.Op = object.SelectParked
		}
		return back
	default:
		return k.ticket(c, effect)
	}
}

// ticket is next for the returns that hold a ticket.
func (k *walk) ticket(c object.Call, effect object.Effect) object.Call {
	back := object.Call{G: c.G, Obj: c.Obj}
	switch effect {
	case object.ReaderQueued:
		back.Op, back.Arg = object.RGranted, k.w.At(c.Obj).State[5]
	case object.Enqueue:
		back.Op, back.Arg, back.Aux = object.WaitReturn, k.w.At(c.Obj).State[2], object.Waited
	case object.OnceBegin:
		back.Op = object.OnceDone
	case object.SemQueue:
		back.Op, back.Arg = object.Granted, k.w.At(c.Obj).State[1]-1
	default:
		return k.fresh(c.G)
	}
	return back
}

func applyAll(w *object.World, parts []object.Part) {
	for _, p := range parts {
		object.Apply(w.At(p.Obj), p)
	}
}

// clone copies the states; all else may be shared.
func clone(w *object.World) *object.World {
	c := *w
	c.Goroutines, c.Objects = slices.Clone(w.Goroutines), slices.Clone(w.Objects)
	for _, list := range [][]object.Object{c.Goroutines, c.Objects} {
		for i := range list {
			list[i].State = slices.Clone(list[i].State)
		}
	}
	return &c
}

// states lists every word of a world.
func states(w *object.World) (all [][]int32) {
	for _, list := range [][]object.Object{w.Goroutines, w.Objects} {
		for i := range list {
			all = append(all, list[i].State)
		}
	}
	return all
}
