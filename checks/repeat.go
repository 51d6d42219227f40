package checks

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// repeatedLap returns the first lap of an execution that is fair, without
// progress, and gone round livelockRounds times or more, one after the other:
// the same goroutines do the same things with the same results. With details
// kept, the values of plain variables have to be the same as well; those of
// atomics always have. Nil when there is none.
//
// That is less than a state that recurs: nothing is known of what goroutines
// remember.
func repeatedLap(x *sim.Execution) *lap {
	r := repetition{x: x, last: map[uint64]int{}, signs: make([]uint64, 0, x.Steps())}
	marks := x.Marks()
	for at := range x.Events() {
		sign := r.sign(at)
		for ; len(marks) > 0 && marks[0].Step <= at; marks = marks[1:] {
			sign = sign*31 + marks[0].Fingerprint + 1
			if marks[0].Progress {
				r.restart()
			}
		}
		switch x.Events()[at].Op() {
		case object.End, object.Spawn:
			r.restart()
		}
		r.add(sign)
		if l := r.lap(); l != nil {
			if l.isFair(x) {
				return l
			}
			r.restart()
		}
	}
	return nil
}

// repeatWindow is how many events are compared at a time. A period is taken for
// what lies between one of their sequences and its return.
const repeatWindow = 16

// repetition finds the part of a sequence that repeats itself.
type repetition struct {
	x      *sim.Execution
	signs  []uint64       // of the events, one number each
	since  int            // there was progress
	last   map[uint64]int // where a sequence of events ended last
	period int
	run    int // how many sequences in a row came back after a period
}

func (r *repetition) restart() {
	clear(r.last)
	r.since, r.period, r.run = len(r.signs), 0, 0
}

// sign is the same for events that do the same with the same results.
func (r *repetition) sign(step int) uint64 {
	e := &r.x.Events()[step]
	h := uint64(14695981039346656037)
	add := func(n uint64) { h = (h ^ n) * 1099511628211 }
	add(uint64(e.G()))
	add(uint64(e.Op()))
	add(uint64(uint32(e.Call.Obj)))
	add(uint64(uint32(e.Alt)))
	for _, p := range r.x.Parts(e) {
		add(uint64(p.Effect))
		add(uint64(uint32(p.Obj)))
	}
	text := r.x.Text(step)
	if text == "" && e.Call.Obj >= 0 {
		if values := r.x.World().Objects[e.Call.Obj].Values; values != nil && e.Read >= 0 {
			text = values.Text(max(e.Read, e.Wrote))
		}
	}
	for i := range len(text) {
		add(uint64(text[i]))
	}
	return h
}

// add takes in the next event.
func (r *repetition) add(sign uint64) {
	r.signs = append(r.signs, sign)
	if len(r.signs)-r.since < repeatWindow {
		return
	}
	h := uint64(0)
	for _, s := range r.signs[len(r.signs)-repeatWindow:] {
		h = (h ^ s) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	before, again := r.last[h]
	r.last[h] = len(r.signs)
	switch period := len(r.signs) - before; {
	case !again:
		r.period, r.run = 0, 0
	case period == r.period:
		r.run++
	default:
		r.period, r.run = period, 1
	}
}

// lap returns the part that repeats itself, once it has done so often enough.
func (r *repetition) lap() *lap {
	if r.run == 0 {
		return nil
	}
	length := r.run - 1 + repeatWindow + r.period
	if length < (livelockRounds+1)*r.period {
		return nil
	}
	from := len(r.signs) - length
	return &lap{from: from, to: from + r.period}
}

// shown is the number of events that show a lap: once when it is proved without
// details, as often as repeatedLap wants to see it otherwise.
func (l *lap) shown() int {
	if l.proved && !l.detailed || l.loose {
		return l.to
	}
	return l.from + (livelockRounds+1)*l.steps()
}

// isFair reports whether whoever could run in a lap ran, and whether all of it
// can be done again.
func (l *lap) isFair(x *sim.Execution) bool {
	f := watchFairness(x)
	for f.at < l.from {
		f.step()
	}
	for f.at < l.to {
		if !f.repeatable() {
			return false
		}
		f.step()
	}
	return f.fairSince(l.from)
}

// repeatsToTheEnd reports whether a lap is gone round again and again until the
// execution is cut, and nobody says in between that there is progress.
func (l *lap) repeatsToTheEnd(x *sim.Execution) bool {
	if x.Outcome != sim.OverSteps {
		return false
	}
	for _, m := range x.Marks() {
		if m.Progress && m.Step > l.from {
			return false
		}
	}
	r := repetition{x: x}
	for at := l.to; at < x.Steps(); at++ {
		if r.sign(at) != r.sign(at-l.steps()) {
			return false
		}
	}
	return true
}
