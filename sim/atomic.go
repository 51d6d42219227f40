package sim

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
)

// Integer is what AtomicInt can hold.
type Integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

// An Atomic is a sequentially consistent variable of a comparable type, such
// as a pointer or a bool: sync/atomic's Pointer[T], Bool and Value. The zero
// value holds T's zero value. No operation blocks.
type Atomic[T comparable] struct {
	Name string
	cell cell[T]
}

// An AtomicInt is an Atomic of an integer type, with arithmetic.
type AtomicInt[T Integer] struct {
	Name string
	cell cell[T]
}

// Load returns the value.
func (a *Atomic[T]) Load(g *G) T { return a.cell.load(g, &a.Name) }

// Store sets the value.
func (a *Atomic[T]) Store(g *G, v T) { a.cell.store(g, &a.Name, v) }

// LoadPlain returns the value as plain Go code does that reads a variable which
// others access atomically. With an atomic write that nothing orders it is a
// data race.
func (a *Atomic[T]) LoadPlain(g *G) T { return a.cell.loadPlain(g, &a.Name) }

// StorePlain sets the value as an ordinary assignment does. With any other
// access that nothing orders it is a data race.
func (a *Atomic[T]) StorePlain(g *G, v T) { a.cell.storePlain(g, &a.Name, v) }

// Swap sets the value and returns the one before.
func (a *Atomic[T]) Swap(g *G, v T) T {
	return a.cell.modify(g, &a.Name, object.Swaps, func(T) T { return v })
}

// CompareAndSwap sets the value to v if it equals old, and reports whether it
// did. One that fails only reads.
func (a *Atomic[T]) CompareAndSwap(g *G, old, v T) bool {
	return a.cell.compareAndSwap(g, &a.Name, old, v)
}

// Load returns the value.
func (a *AtomicInt[T]) Load(g *G) T { return a.cell.load(g, &a.Name) }

// Store sets the value.
func (a *AtomicInt[T]) Store(g *G, v T) { a.cell.store(g, &a.Name, v) }

// LoadPlain returns the value as plain Go code does that reads a variable which
// others access atomically. With an atomic write that nothing orders it is a
// data race.
func (a *AtomicInt[T]) LoadPlain(g *G) T { return a.cell.loadPlain(g, &a.Name) }

// StorePlain sets the value as an ordinary assignment does. With any other
// access that nothing orders it is a data race.
func (a *AtomicInt[T]) StorePlain(g *G, v T) { a.cell.storePlain(g, &a.Name, v) }

// Swap sets the value and returns the one before.
func (a *AtomicInt[T]) Swap(g *G, v T) T {
	return a.cell.modify(g, &a.Name, object.Swaps, func(T) T { return v })
}

// CompareAndSwap sets the value to v if it equals old, and reports whether it
// did. One that fails only reads.
func (a *AtomicInt[T]) CompareAndSwap(g *G, old, v T) bool {
	return a.cell.compareAndSwap(g, &a.Name, old, v)
}

// Add adds delta and returns the sum.
func (a *AtomicInt[T]) Add(g *G, delta T) T {
	return a.cell.modify(g, &a.Name, object.AddsTo, func(v T) T { return v + delta }) + delta
}

// And sets the value to its bitwise and with mask, and returns the one before.
func (a *AtomicInt[T]) And(g *G, mask T) T {
	return a.cell.modify(g, &a.Name, object.Ands, func(v T) T { return v & mask })
}

// Or sets the value to its bitwise or with mask, and returns the one before.
func (a *AtomicInt[T]) Or(g *G, mask T) T {
	return a.cell.modify(g, &a.Name, object.Ors, func(v T) T { return v | mask })
}

// An Awaitable is an atomic variable whose value can be awaited.
type Awaitable[T comparable] interface {
	await(g *G, cond func(T) bool) T
}

// Await blocks until cond holds of the variable's value, and returns that
// value: one read, instead of a loop that spins. The condition must depend on
// its argument alone.
func Await[T comparable](g *G, a Awaitable[T], cond func(T) bool) T { return a.await(g, cond) }

//lint:ignore U1000 it is called as an Awaitable
func (a *Atomic[T]) await(g *G, cond func(T) bool) T { return a.cell.await(g, &a.Name, cond) }

//lint:ignore U1000 it is called as an Awaitable
func (a *AtomicInt[T]) await(g *G, cond func(T) bool) T { return a.cell.await(g, &a.Name, cond) }

func (a *Atomic[T]) watched(g *G) int32    { return a.cell.touch(g, &a.Name) }
func (a *AtomicInt[T]) watched(g *G) int32 { return a.cell.touch(g, &a.Name) }

// A cell is the variable inside an atomic.
type cell[T comparable] struct {
	id   ident
	v    T
	hist *history[T]
}

// history is the values of a cell by version, and the conditions that are
// awaited of it. It is kept by the Runner and used again.
type history[T comparable] struct {
	values   []T
	operands []T
	conds    []func(T) bool
}

// Equal implements object.Values.
func (h *history[T]) Equal(version, operand int32) bool {
	return h.values[version] == h.operands[operand]
}

// Holds implements object.Values.
func (h *history[T]) Holds(version, cond int32) bool { return h.conds[cond](h.values[version]) }

// Text implements object.Values.
func (h *history[T]) Text(version int32) string { return fmt.Sprint(h.values[version]) }

// Content implements object.Values.
func (h *history[T]) Content(version int32) (uint64, bool) { return contentOf(h.values[version]) }

func (c *cell[T]) touch(g *G, name *string) int32 {
	x := g.x
	if c.id.x == x && c.id.run == x.run && c.id.self == &c.id {
		return g.meet(c.id.index)
	}
	i := g.touch(&c.id, spec{kind: object.Cell, name: name})
	if x.world.Objects[i].Values == nil {
		c.hist = historyOf[T](x.runner, i)
		c.hist.values = append(c.hist.values, c.v)
		x.world.Objects[i].Values = c.hist
	}
	return i
}

// historyOf returns an empty history for object i, the one of an earlier
// execution if it has the same type.
func historyOf[T comparable](r *Runner, i int32) *history[T] {
	for int(i) >= len(r.histories) {
		r.histories = append(r.histories, nil)
	}
	h, ok := r.histories[i].(*history[T])
	if !ok {
		h = new(history[T])
		r.histories[i] = h
	}
	h.values, h.operands, h.conds = h.values[:0], h.operands[:0], h.conds[:0]
	return h
}

func (c *cell[T]) load(g *G, name *string) T {
	if g.watching != nil {
		g.observe(&c.id)
		return c.v
	}
	g.check()
	g.ask(object.Load, c.touch(g, name), 0, 0)
	show(g, c.v)
	return c.v
}

func (c *cell[T]) store(g *G, name *string, v T) {
	g.check()
	g.ask(object.Store, c.touch(g, name), 0, 0)
	c.set(g, v)
}

func (c *cell[T]) loadPlain(g *G, name *string) T {
	if g.watching != nil {
		g.observe(&c.id)
		return c.v
	}
	g.check()
	g.ask(object.Load, c.touchPlain(g, name), 0, object.OfPlainMemory)
	show(g, c.v)
	return c.v
}

func (c *cell[T]) storePlain(g *G, name *string, v T) {
	g.check()
	g.ask(object.Store, c.touchPlain(g, name), 0, object.OfPlainMemory)
	c.set(g, v)
}

func (c *cell[T]) touchPlain(g *G, name *string) int32 {
	i := c.touch(g, name)
	g.x.world.Objects[i].Plain = true
	return i
}

// modify sets the value to f of it and returns the one before. The change is what f
// does, as in the Aux of a Modify.
func (c *cell[T]) modify(g *G, name *string, change int32, f func(T) T) T {
	g.check()
	g.ask(object.Modify, c.touch(g, name), 0, change)
	before := c.v
	learned(g, before)
	c.set(g, f(before))
	return before
}

func (c *cell[T]) compareAndSwap(g *G, name *string, old, v T) bool {
	g.check()
	i := c.touch(g, name)
	c.hist.operands = append(c.hist.operands, old)
	e := g.ask(object.CompareAndSwap, i, int32(len(c.hist.operands)-1), 0)
	if e.Wrote < 0 {
		show(g, c.v)
		return false
	}
	c.set(g, v)
	return true
}

func (c *cell[T]) await(g *G, name *string, cond func(T) bool) T {
	g.check()
	i := c.touch(g, name)
	c.hist.conds = append(c.hist.conds, cond)
	g.ask(object.Await, i, int32(len(c.hist.conds)-1), 0)
	show(g, c.v)
	return c.v
}

func (c *cell[T]) set(g *G, v T) {
	c.v = v
	c.hist.values = append(c.hist.values, v)
	g.x.changed(c.id.index)
	show(g, v)
	g.wrote()
}
