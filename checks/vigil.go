package checks

import (
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// A vigil is what a goroutine does in vain, since it last got on:
//
//   - it makes an attempt that fails, until the attempt succeeds, or it gets what
//     it had tried for in another way;
//   - it waits on a condition variable, is woken, and waits on it again;
//   - it reads a variable that it has read already.
//
// Of the last two nothing is left once it has changed something; taking and
// freeing locks to look does not count.
type vigil struct {
	x      *sim.Execution
	victim int32
	from   int // the event after which it has not got on
	tries  []tryCount
	passed []way // by which it got on
	proved bool  // by forEver: the state recurs
}

// A tryCount is how often something was in vain since the goroutine got on.
type tryCount struct {
	obj   int32
	op    object.Op
	fails int
	step  int // of the last time, or of the first one
	many  int // the event with which it was so often enough
}

// A way is what a goroutine read before it got on.
type way struct{ object, text string }

// keepVigil follows a goroutine through an execution that keeps details.
func keepVigil(x *sim.Execution, victim int32) *vigil {
	v := &vigil{x: x, victim: victim}
	if victim < 0 {
		return v
	}
	marks, events := x.Marks(), x.Events()
	for i := range events {
		for ; len(marks) > 0 && marks[0].Step <= i; marks = marks[1:] {
			if marks[0].Progress && marks[0].G == victim {
				v.getOn(i)
			}
		}
		if events[i].G() == victim {
			v.event(&events[i], i)
		}
	}
	return v
}

// getOn forgets what was in vain. When the goroutine had only looked, it was what
// it read last that let it go on.
func (v *vigil) getOn(at int) {
	last := -1
	for i, t := range v.tries {
		if t.op == object.Load && (last < 0 || t.step > v.tries[last].step) {
			last = i
		}
	}
	if last >= 0 && v.waits() {
		w := way{v.x.ObjectName(v.tries[last].obj), v.x.Text(v.tries[last].step)}
		if !slices.Contains(v.passed, w) {
			v.passed = append(v.passed, w)
		}
	}
	v.from, v.tries = at, v.tries[:0]
}

func (v *vigil) event(e *sim.Event, step int) {
	switch e.Op() {
	case object.Yield, object.CondWake, object.Lock, object.Unlock, object.RLock, object.RGranted, object.RUnlock,
		object.WLock, object.WAnnounce, object.WDrained, object.WUnlock:
		if v.gets(e) {
			v.getOn(step + 1)
		}
		return
	case object.Load, object.CondWait:
		v.again(e.Call.Obj, e.Op(), step)
		return
	}
	switch {
	case mayFail(e.Op()) && attemptFailed(v.x, e):
		v.again(firstObject(v.x, e), e.Op(), step)
		v.fail(step)
	case mayFail(e.Op()):
		v.tries = slices.DeleteFunc(v.tries, func(t tryCount) bool { return t.op == object.Load })
		v.getOn(step + 1)
	case e.Op() == object.End || v.gets(e) || v.waits() && changesAny(v.x, e):
		v.getOn(step + 1)
	}
}

// again notes that the goroutine does something that it may do in vain: it was
// in vain when it is done again.
func (v *vigil) again(obj int32, op object.Op, step int) {
	k := slices.IndexFunc(v.tries, func(t tryCount) bool { return t.obj == obj && t.op == op })
	if k < 0 {
		v.tries = append(v.tries, tryCount{obj: obj, op: op, step: step})
		return
	}
	t := &v.tries[k]
	t.fails++
	t.step = step
	if t.fails == livelockRounds {
		t.many = step
	}
}

// fail counts the first attempt that fails as well.
func (v *vigil) fail(step int) {
	for i := range v.tries {
		if t := &v.tries[i]; t.step == step && t.fails == 0 {
			t.fails = 1
		}
	}
}

// waits reports whether the goroutine waits by reading or on a condition
// variable, and not by attempts.
func (v *vigil) waits() bool {
	return !slices.ContainsFunc(v.tries, func(t tryCount) bool { return mayFail(t.op) })
}

// gets reports whether an event changes an object that the goroutine has tried
// to have.
func (v *vigil) gets(e *sim.Event) bool {
	return slices.ContainsFunc(v.x.Parts(e), func(p object.Part) bool {
		return p.Effect != object.Nothing && slices.ContainsFunc(v.tries, func(t tryCount) bool {
			return t.obj == p.Obj && mayFail(t.op)
		})
	})
}

func firstObject(x *sim.Execution, e *sim.Event) int32 {
	if e.Op() == object.Select {
		return firstCase(x, e)
	}
	return e.Call.Obj
}

// most is what was in vain most often: an attempt before a wait before a read.
func (v *vigil) most() tryCount {
	rank := func(t tryCount) int {
		switch {
		case mayFail(t.op):
			return 3
		case t.op == object.CondWait:
			return 2
		}
		return 1
	}
	return slices.MaxFunc(v.tries, func(a, b tryCount) int {
		if r := rank(a) - rank(b); r != 0 && (a.fails >= livelockRounds) == (b.fails >= livelockRounds) {
			return r
		}
		return a.fails - b.fails
	})
}

// inVain reports whether something was in vain often enough, or the goroutine
// waits on a condition variable and nobody wakes it for half of the execution.
func (v *vigil) inVain() bool {
	if len(v.tries) == 0 {
		return false
	}
	if v.most().fails >= livelockRounds {
		return true
	}
	c := v.x.Pending(v.victim)
	return c.Op == object.CondWake && !v.x.Enabled().Has(v.victim) && v.tries[len(v.tries)-1].op == object.CondWait &&
		v.most().step < v.x.Steps()/2
}

// needsNoWayOn reports whether it is known without a way on that the goroutine
// would go on if it could: it makes attempts.
func (v *vigil) needsNoWayOn() bool { return mayFail(v.most().op) }

// forEver returns the number of events after which it is plain that the vigil
// can go on for ever, or that there were many fair rounds, and says which. It is
// negative when others do not get on, or the schedule is not fair.
func (v *vigil) forEver() (to int, proof string) {
	if l := v.lap(); l != nil {
		v.proved = true
		return l.to, fmt.Sprintf("; the state is the same after every %d steps: it can go on for ever", l.steps())
	}
	rounds, end := v.rounds()
	if rounds < livelockRounds || !v.othersGetOn(end) {
		return -1, ""
	}
	return end, fmt.Sprintf("; %d fair rounds, which is no proof that it goes on for ever", rounds)
}

// lap is a part of the vigil after which the state is the same, or nil.
func (v *vigil) lap() *lap {
	if !fingerprinted(v.x) {
		return nil
	}
	f := lapFinder{states: search.ReadStates(v.x), fairness: watchFairness(v.x), seen: map[uint64]int{}, ignoreProgress: true}
	for f.at < v.from {
		f.step()
	}
	clear(f.seen)
	for {
		if l := f.look(); l != nil && v.othersGetOn(l.to) || f.at == v.x.Steps() {
			return l
		}
		f.step()
	}
}

// rounds counts the fair rounds of the vigil: in each of them everybody has run
// who could have. It stops when there are enough, and what is in vain was so
// often enough.
func (v *vigil) rounds() (rounds, end int) {
	f := watchFairness(v.x)
	for f.at < v.from {
		f.step()
	}
	began := f.at
	for f.at < v.x.Steps() && (rounds < livelockRounds || f.at <= v.shows()) {
		f.step()
		if f.fairSince(began) {
			rounds++
			began = f.at
		}
	}
	return rounds, f.at
}

// shows is the event that shows what is in vain.
func (v *vigil) shows() int {
	if t := v.most(); t.fails >= livelockRounds {
		return t.many
	}
	return v.most().step
}

// last is the last event before another one at which something is in vain.
func (v *vigil) last(before int) int {
	for i := before - 1; i > v.from; i-- {
		e := &v.x.Events()[i]
		if e.G() == v.victim && e.Op() == v.most().op && firstObject(v.x, e) == v.most().obj {
			return i
		}
	}
	return v.shows()
}

// othersGetOn reports whether somebody else changes something in the second half
// of the vigil, up to an event.
func (v *vigil) othersGetOn(to int) bool {
	for i := (v.from + to) / 2; i < to; i++ {
		if e := &v.x.Events()[i]; e.G() != v.victim && changesAny(v.x, e) {
			return true
		}
	}
	return false
}
