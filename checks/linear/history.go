package linear

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/interleave-go/interleave/sim"
)

// A history is what one sim.History recorded in an execution. Calls next to each
// other commute, and so do returns: they stand in the order of their goroutines,
// so that equal histories look equal.
type history struct {
	object int32
	ops    []operation // in the order of their calls
	events []event
}

type operation struct {
	sim.Operation
	call, ret int // places in events; ret is -1 when it has not returned
}

// An event is the call or the return of an operation.
type event struct {
	op  int
	ret bool
}

// historiesOf returns an execution's histories, in the order of their first
// calls.
func historiesOf(x *sim.Execution) []*history {
	var out []*history
	for _, o := range x.Operations() {
		i := slices.IndexFunc(out, func(h *history) bool { return h.object == o.History })
		if i < 0 {
			i = len(out)
			out = append(out, &history{object: o.History})
		}
		out[i].ops = append(out[i].ops, operation{Operation: o})
	}
	for _, h := range out {
		h.arrange()
	}
	return out
}

// A moment is an event of a history before it has its place.
type moment struct {
	step int
	op   *operation
	ret  bool
}

// arrange puts the events in order, and numbers the operations by it.
func (h *history) arrange() {
	var all []moment
	for i := range h.ops {
		o := &h.ops[i]
		all = append(all, moment{o.Call, o, false})
		if !o.Pending() {
			all = append(all, moment{o.Return, o, true})
		}
	}
	slices.SortFunc(all, func(a, b moment) int { return a.step - b.step })
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && all[to].ret == all[from].ret {
			to++
		}
		slices.SortStableFunc(all[from:to], func(a, b moment) int { return int(a.op.G - b.op.G) })
		from = to
	}
	var ops []operation
	number := map[*operation]int{}
	h.events = h.events[:0]
	for i, m := range all {
		if !m.ret {
			number[m.op] = len(ops)
			o := operation{Operation: m.op.Operation, call: i, ret: -1}
			ops = append(ops, o)
		} else {
			ops[number[m.op]].ret = i
		}
		h.events = append(h.events, event{number[m.op], m.ret})
	}
	h.ops = ops
}

// before returns the history up to an event, without what comes after it: some
// operations are pending then.
func (h *history) before(n int) *history {
	cut := &history{object: h.object, events: h.events[:n]}
	for _, o := range h.ops {
		if o.call >= n {
			break
		}
		if o.ret >= n {
			o.ret, o.Return, o.Output = -1, -1, nil
		}
		cut.ops = append(cut.ops, o)
	}
	return cut
}

// with returns the history with another result of an operation.
func (h *history) with(op int, out any) *history {
	c := *h
	c.ops = slices.Clone(h.ops)
	c.ops[op].Output = out
	return &c
}

// without returns the history as if nobody knew the result of an operation.
func (h *history) without(op int) *history {
	c := *h
	c.ops = slices.Clone(h.ops)
	c.ops[op].ret, c.ops[op].Return = -1, -1
	return &c
}

// pending reports whether an operation has not returned.
func (h *history) pending() bool { return len(h.events) < 2*len(h.ops) }

// goroutines are those that called something, in the order of their numbers.
func (h *history) goroutines() []int32 {
	var gs []int32
	for _, o := range h.ops {
		if !slices.Contains(gs, o.G) {
			gs = append(gs, o.G)
		}
	}
	slices.Sort(gs)
	return gs
}

// values numbers inputs and outputs, so that histories are compared quickly.
type values struct {
	known map[any]int32
	texts map[string]int32
}

// number is the same for equal values. Values that Go cannot compare are told
// apart by how fmt prints them.
func (v *values) number(x any) int32 {
	if v.known == nil {
		v.known, v.texts = map[any]int32{}, map[string]int32{}
	}
	if x == nil || reflect.ValueOf(x).Comparable() {
		n, ok := v.known[x]
		if !ok {
			n = int32(len(v.known) + len(v.texts))
			v.known[x] = n
		}
		return n
	}
	text := fmt.Sprintf("%T %#v", x, x)
	n, ok := v.texts[text]
	if !ok {
		n = int32(len(v.known) + len(v.texts))
		v.texts[text] = n
	}
	return n
}

// key is the history as bytes: the same for histories that differ in nothing
// that counts.
func (v *values) key(h *history, to []byte) []byte {
	put := func(n int32) { to = append(to, byte(n), byte(n>>8), byte(n>>16), byte(n>>24)) }
	for _, e := range h.events {
		o := &h.ops[e.op]
		if e.ret {
			put(int32(^e.op))
			put(v.number(o.Output))
		} else {
			put(o.G)
			put(v.number(o.Input))
		}
	}
	return to
}
