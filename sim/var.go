package sim

import (
	"github.com/interleave-go/interleave/internal/object"
)

// A Var is plain memory: two accesses of it by different goroutines, one of
// them a store, with nothing that orders them, are a data race. Every access
// is a scheduling point. The zero value holds T's zero value.
type Var[T any] struct {
	Name string
	id   ident
	v    T
}

// Load returns the value.
func (v *Var[T]) Load(g *G) T {
	if g.watching != nil {
		g.observe(&v.id)
		return v.v
	}
	g.check()
	g.ask(object.Load, v.watched(g), 0, object.OfPlainMemory)
	show(g, v.v)
	return v.v
}

// Store sets the value.
func (v *Var[T]) Store(g *G, value T) {
	g.check()
	g.ask(object.Store, v.watched(g), 0, object.OfPlainMemory)
	v.v = value
	show(g, value)
	g.wrote()
}

func (v *Var[T]) watched(g *G) int32 {
	return g.touch(&v.id, spec{kind: object.Cell, name: &v.Name, plain: true})
}

// A Map is a plain map: reading and writing it concurrently is a data race, as
// it is for Go's own. The zero value is an empty map that can be written.
type Map[K comparable, V any] struct {
	Name string
	id   ident
	m    map[K]V
}

// Load returns the value of a key and whether there is one.
func (m *Map[K, V]) Load(g *G, key K) (V, bool) {
	m.read(g)
	v, ok := m.m[key]
	if g.watching == nil {
		learned(g, v)
		showEntry(g, m.m, key)
	}
	return v, ok
}

// Len returns the number of keys.
func (m *Map[K, V]) Len(g *G) int {
	m.read(g)
	return len(m.m)
}

// Store sets the value of a key.
func (m *Map[K, V]) Store(g *G, key K, v V) {
	m.write(g)
	if m.m == nil {
		m.m = map[K]V{}
	}
	m.m[key] = v
	learned(g, v)
	showEntry(g, m.m, key)
	g.wrote()
}

// Delete removes a key.
func (m *Map[K, V]) Delete(g *G, key K) {
	m.write(g)
	delete(m.m, key)
	showEntry(g, m.m, key)
	g.wrote()
}

func (m *Map[K, V]) read(g *G) {
	if g.watching != nil {
		g.observe(&m.id)
		return
	}
	g.check()
	g.ask(object.Load, m.watched(g), 0, object.OfPlainMemory)
}

func (m *Map[K, V]) write(g *G) {
	g.check()
	g.ask(object.Store, m.watched(g), 0, object.OfPlainMemory)
}

func (m *Map[K, V]) watched(g *G) int32 {
	return g.touch(&m.id, spec{kind: object.Cell, name: &m.Name, plain: true, keyed: true})
}
