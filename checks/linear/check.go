package linear

import (
	"reflect"
	"slices"

	"github.com/anishathalye/porcupine"
)

// A checker decides whether the operations of a history can be put in an order
// that explains their results.
type checker struct {
	spec      spec
	criterion Criterion
	stepsMax  int

	// stuck is set when nothing can run any more: what has not returned must then
	// be what has to wait; all of that, or one operation.
	stuck bool
	only  int // -1: all

	steps int // of the model, in this check
	// watched is an operation whose possible outcomes are collected, or -1.
	watched  int
	outcomes []any
	panicked any // what the model panicked with
}

// catch keeps a panic of the model: porcupine runs it in a goroutine of its own,
// where nobody could recover from it.
func (c *checker) catch(ok *bool) {
	if r := recover(); r != nil {
		*ok, c.panicked = false, r
	}
}

// rethrow panics as the model did.
func (c *checker) rethrow() {
	if r := c.panicked; r != nil {
		c.panicked = nil
		panic(r)
	}
}

// A verdict is what is known of a history.
type verdict uint8

const (
	explained   verdict = iota // there is such an order
	unexplained                // there is none
	undecided                  // the bound was hit, or there are too many operations
)

// state is what porcupine searches: all states that the object can be in, and
// what the criterion remembers. Several are possible when an operation has
// several outcomes, or has not returned, so that nobody knows which one.
type state struct {
	possible []any
	order    order
	returned int // operations that have their place and have returned
}

// check searches for an order of the history's operations.
func (c *checker) check(h *history) verdict {
	if c.tooLarge(h) {
		return undecided
	}
	c.steps = 0
	ok := porcupine.CheckOperations(c.model(h), c.operations(h))
	c.rethrow()
	if c.steps > c.stepsMax {
		return undecided
	}
	if !ok {
		return unexplained
	}
	return explained
}

// tooLarge: the linearizations of many operations are bounded by steps alone,
// the other criteria keep numbers in fixed arrays.
func (c *checker) tooLarge(h *history) bool {
	return c.criterion != Linearizable && (len(h.goroutines()) > clientsMax || len(h.ops) > operationsMax)
}

// operations are those of the history as porcupine wants them. Their input is
// their number, since the model looks them up. Every time occurs once: equal
// times would count as concurrent. An operation that has not returned does so
// after all others; under criteria without real time, all are called first.
func (c *checker) operations(h *history) []porcupine.Operation {
	clients := h.goroutines()
	out := make([]porcupine.Operation, 0, len(h.ops))
	for i, o := range h.ops {
		p := porcupine.Operation{ClientId: slices.Index(clients, o.G), Input: i, Call: int64(o.call), Return: int64(o.ret)}
		if o.ret < 0 {
			p.Return = int64(len(h.events) + i)
		}
		if c.criterion != Linearizable {
			p.Call, p.Return = int64(i), int64(len(h.ops)+i)
		}
		out = append(out, p)
	}
	return out
}

// model is the checker's for one history.
func (c *checker) model(h *history) porcupine.Model {
	clients := h.goroutines()
	index, count := positions(h)
	returned := len(h.events) - len(h.ops)
	return porcupine.Model{
		Init: func() any {
			return state{possible: []any{c.spec.init()}, order: order{open: -1}}
		},
		Step: func(from, input, _ any) (ok bool, to any) {
			defer c.catch(&ok)
			s, i := from.(state), input.(int)
			o := &h.ops[i]
			order, ok := c.criterion.place(s.order, slices.Index(clients, o.G), index[i], count[o.G]-1)
			if c.steps++; !ok || c.steps > c.stepsMax {
				return false, s
			}
			if o.ret >= 0 {
				s.returned++
			} else if c.stuck && s.returned < returned {
				return false, s
			}
			s.possible, s.order = c.after(s.possible, i, o), order
			return len(s.possible) > 0, s
		},
		Equal: func(a, b any) bool { return c.equal(a.(state), b.(state)) },
	}
}

// positions are the places of operations among those of their goroutines, and
// how many each of these has.
func positions(h *history) (index []int, count map[int32]int) {
	count = map[int32]int{}
	for _, o := range h.ops {
		index = append(index, count[o.G])
		count[o.G]++
	}
	return index, count
}

// after are the states that can follow when operation i takes place now. One
// that has not returned may not have taken place at all.
func (c *checker) after(possible []any, i int, o *operation) []any {
	var next []any
	add := func(s any) {
		if !slices.ContainsFunc(next, func(t any) bool { return c.spec.equal(s, t) }) {
			next = append(next, s)
		}
	}
	for _, s := range possible {
		outcomes := c.spec.step(s, o.Input)
		if c.stuck && o.ret < 0 {
			if len(outcomes) == 0 || c.only >= 0 && c.only != i {
				add(s)
			}
			continue
		}
		if o.ret < 0 {
			add(s)
		}
		for _, out := range outcomes {
			if i == c.watched {
				c.collect(out.Output)
			}
			if o.ret < 0 || reflect.DeepEqual(out.Output, o.Output) {
				add(out.State)
			}
		}
	}
	return next
}

func (c *checker) collect(out any) {
	if !slices.ContainsFunc(c.outcomes, func(o any) bool { return reflect.DeepEqual(o, out) }) {
		c.outcomes = append(c.outcomes, out)
	}
}

func (c *checker) equal(a, b state) bool {
	if a.order != b.order || a.returned != b.returned || len(a.possible) != len(b.possible) {
		return false
	}
	for _, s := range a.possible {
		if !slices.ContainsFunc(b.possible, func(t any) bool { return c.spec.equal(s, t) }) {
			return false
		}
	}
	return true
}

// A reason is why a history has no order: the operation whose result does not
// fit, and the results that would.
type reason struct {
	op      int // -1: no single one is to blame
	instead []any
	waits   []int // no result is wrong, but these wait for ever and need not
}

// why finds the reason: the first result, in the order of returns, up to which
// nothing is left to explain what was seen. Under the criteria without real
// time what comes later can explain what was before, so it is the first one
// that would do with another result.
func (c *checker) why(h *history) reason {
	for n, e := range h.events {
		if !e.ret {
			continue
		}
		with := h
		if c.criterion == Linearizable {
			if with = h.before(n + 1); c.check(with) != unexplained {
				continue
			}
		} else if c.check(h.without(e.op)) != explained {
			continue
		}
		return reason{op: e.op, instead: c.instead(with, e.op)}
	}
	return reason{op: -1}
}

// rest judges the operations that have not returned and never will: it names
// those that need not wait, each by itself, or all where none is to blame alone.
func (c *checker) rest(h *history) (verdict, reason) {
	c.stuck, c.only = true, -1
	defer func() { c.stuck = false }()
	v := c.check(h)
	if v != unexplained {
		return v, reason{}
	}
	var alone, all []int
	for i := range h.ops {
		if h.ops[i].ret >= 0 {
			continue
		}
		all = append(all, i)
		if c.only = i; c.check(h) == unexplained {
			alone = append(alone, i)
		}
	}
	if len(alone) == 0 {
		alone = all
	}
	return v, reason{op: -1, waits: alone}
}

// instead are the results of an operation with which the others can be
// explained. The search that fails has tried it everywhere, and so has seen all
// its outcomes.
func (c *checker) instead(h *history, op int) []any {
	c.watched, c.outcomes = op, nil
	c.check(h)
	c.watched = -1
	return slices.DeleteFunc(c.outcomes, func(out any) bool { return c.check(h.with(op, out)) != explained })
}
