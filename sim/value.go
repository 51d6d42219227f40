package sim

import (
	"reflect"

	"github.com/interleave-go/interleave/internal/object"
)

// A Value is sync/atomic's Value: the zero value holds nothing, and every
// value stored must have one type. Storing nil or another type panics. No
// operation blocks.
type Value struct {
	Name string
	cell cell[any]
}

// Load returns the value, or nil when nothing was stored.
func (a *Value) Load(g *G) any { return a.cell.load(g, &a.Name) }

// Store sets the value.
func (a *Value) Store(g *G, v any) { a.replace(g, v, object.Store, 0) }

// Swap sets the value and returns the one before.
func (a *Value) Swap(g *G, v any) any { return a.replace(g, v, object.Modify, object.Swaps) }

// replace sets the value unless its type is not that of the one before, which
// is known only when the event takes place.
func (a *Value) replace(g *G, v any, op object.Op, change int32) any {
	g.check()
	verb := func() string { return (&object.Call{Op: op, Aux: change}).Verb() }
	if v == nil {
		panic("sync/atomic: " + verb() + " of nil value into Value")
	}
	g.ask(op, a.watched(g), 0, change)
	before := a.cell.v
	if before != nil && !sameType(before, v) {
		a.cell.set(g, before)
		panic("sync/atomic: " + verb() + " of inconsistently typed value into Value")
	}
	a.cell.set(g, v)
	return before
}

// CompareAndSwap sets the value to v if it equals old, and reports whether it
// did. It panics when v is nil, or of another type than old or the value.
func (a *Value) CompareAndSwap(g *G, old, v any) bool {
	g.check()
	switch {
	case v == nil:
		panic("sync/atomic: compare and swap of nil value into Value")
	case old != nil && !sameType(old, v):
		panic("sync/atomic: compare and swap of inconsistently typed values")
	}
	done := a.cell.compareAndSwap(g, &a.Name, old, v)
	if !done && a.cell.v != nil && !sameType(a.cell.v, v) {
		panic("sync/atomic: compare and swap of inconsistently typed value into Value")
	}
	return done
}

func (a *Value) watched(g *G) int32 { return a.cell.touch(g, &a.Name) }

func sameType(a, b any) bool { return reflect.TypeOf(a) == reflect.TypeOf(b) }
