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

// A reader reads histories out of executions, in memory that it uses again:
// what it returns is valid until it reads the next one.
type reader struct {
	histories []*history
	used      int
	moments   []moment
	ordered   []operation
	numbers   []int
}

// read returns an execution's histories, in the order of their first calls.
func (r *reader) read(x *sim.Execution) []*history {
	r.used = 0
	for _, o := range x.Operations() {
		h := r.of(o.History)
		h.ops = append(h.ops, operation{Operation: o})
	}
	for _, h := range r.histories[:r.used] {
		r.arrange(h)
	}
	return r.histories[:r.used]
}

// of returns the history that an object records.
func (r *reader) of(object int32) *history {
	for _, h := range r.histories[:r.used] {
		if h.object == object {
			return h
		}
	}
	if r.used == len(r.histories) {
		r.histories = append(r.histories, new(history))
	}
	h := r.histories[r.used]
	r.used++
	h.object, h.ops = object, h.ops[:0]
	return h
}

// A moment is an event of a history before it has its place.
type moment struct {
	step, op int
	g        int32
	ret      bool
}

// arrange puts the events in order, and numbers the operations by it.
func (r *reader) arrange(h *history) {
	all := r.moments[:0]
	for i := range h.ops {
		o := &h.ops[i]
		all = append(all, moment{o.Call, i, o.G, false})
		if !o.Pending() {
			all = append(all, moment{o.Return, i, o.G, true})
		}
	}
	slices.SortFunc(all, func(a, b moment) int { return a.step - b.step })
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && all[to].ret == all[from].ret {
			to++
		}
		slices.SortStableFunc(all[from:to], func(a, b moment) int { return int(a.g - b.g) })
		from = to
	}
	r.moments = all
	r.number(h)
}

// number gives the operations their numbers, and the events their places.
func (r *reader) number(h *history) {
	r.numbers = slices.Grow(r.numbers[:0], len(h.ops))[:len(h.ops)]
	ops := r.ordered[:0]
	h.events = h.events[:0]
	for i, m := range r.moments {
		if !m.ret {
			r.numbers[m.op] = len(ops)
			ops = append(ops, operation{Operation: h.ops[m.op].Operation, call: i, ret: -1})
		} else {
			ops[r.numbers[m.op]].ret = i
		}
		h.events = append(h.events, event{r.numbers[m.op], m.ret})
	}
	h.ops, r.ordered = ops, h.ops
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
	plain map[reflect.Type]bool // that Go can compare, whatever they hold
}

// number is the same for equal values. Values that Go cannot compare are told
// apart by how fmt prints them.
func (v *values) number(x any) int32 {
	if v.known == nil {
		v.known, v.texts, v.plain = map[any]int32{}, map[string]int32{}, map[reflect.Type]bool{}
	}
	if x == nil || v.isPlain(reflect.TypeOf(x)) {
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

func (v *values) isPlain(t reflect.Type) bool {
	plain, ok := v.plain[t]
	if !ok {
		plain = plainType(t)
		v.plain[t] = plain
	}
	return plain
}

// plainType reports whether Go can compare all values of a type: an interface
// can hold others.
func plainType(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Interface:
		return false
	case reflect.Array:
		return plainType(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if !plainType(t.Field(i).Type) {
				return false
			}
		}
		return true
	}
	return t.Comparable()
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
