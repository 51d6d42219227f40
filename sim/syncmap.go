package sim

import (
	"slices"

	"github.com/interleave-go/interleave/internal/object"
)

// A SyncMap is sync.Map: safe for concurrent use. The zero value is empty.
// Every call is one event on the whole map: calls that only read commute.
type SyncMap[K comparable, V comparable] struct {
	Name string
	id   ident
	m    map[K]V
	keys []K // in the order of their first store, for Range
}

// Load returns the value of a key and whether there is one.
func (m *SyncMap[K, V]) Load(g *G, key K) (V, bool) {
	m.read(g)
	v, ok := m.m[key]
	if g.watching == nil {
		showEntry(g, m.m, key)
	}
	return v, ok
}

// Store sets the value of a key.
func (m *SyncMap[K, V]) Store(g *G, key K, v V) { m.swap(g, object.Stores, key, v) }

// Swap sets the value of a key and returns the one before, if any.
func (m *SyncMap[K, V]) Swap(g *G, key K, v V) (before V, loaded bool) {
	return m.swap(g, object.Swaps, key, v)
}

func (m *SyncMap[K, V]) swap(g *G, change int32, key K, v V) (before V, loaded bool) {
	m.write(g, change)
	before, loaded = m.m[key]
	m.set(g, key, v)
	return before, loaded
}

// LoadOrStore returns the value of a key, or sets it when there is none.
func (m *SyncMap[K, V]) LoadOrStore(g *G, key K, v V) (actual V, loaded bool) {
	m.write(g, object.LoadsOrStores)
	if actual, loaded = m.m[key]; loaded {
		m.wrote(g, key)
		return actual, true
	}
	m.set(g, key, v)
	return v, false
}

// LoadAndDelete removes a key and returns its value, if any.
func (m *SyncMap[K, V]) LoadAndDelete(g *G, key K) (V, bool) {
	m.write(g, object.Deletes)
	v, ok := m.m[key]
	delete(m.m, key)
	m.wrote(g, key)
	return v, ok
}

// Delete removes a key.
func (m *SyncMap[K, V]) Delete(g *G, key K) { m.LoadAndDelete(g, key) }

// CompareAndSwap sets the value of a key if it equals old, and reports whether
// it did.
func (m *SyncMap[K, V]) CompareAndSwap(g *G, key K, old, v V) bool {
	m.write(g, object.ComparesAndSwaps)
	if before, ok := m.m[key]; !ok || before != old {
		m.wrote(g, key)
		return false
	}
	m.set(g, key, v)
	return true
}

// CompareAndDelete removes a key if its value equals old, and reports whether
// it did.
func (m *SyncMap[K, V]) CompareAndDelete(g *G, key K, old V) bool {
	m.write(g, object.ComparesAndDeletes)
	if before, ok := m.m[key]; !ok || before != old {
		m.wrote(g, key)
		return false
	}
	delete(m.m, key)
	m.wrote(g, key)
	return true
}

// Clear removes every key.
func (m *SyncMap[K, V]) Clear(g *G) {
	m.write(g, object.Clears)
	clear(m.m)
	g.wrote()
}

// Range calls f with every key and its value, each read by an event of its
// own, in the order of their first store, until f returns false. As with
// sync.Map it is no snapshot; of keys that are stored meanwhile it sees none.
func (m *SyncMap[K, V]) Range(g *G, f func(K, V) bool) {
	m.read(g)
	for _, key := range slices.Clone(m.keys) {
		if v, ok := m.Load(g, key); ok && !f(key, v) {
			return
		}
	}
}

func (m *SyncMap[K, V]) set(g *G, key K, v V) {
	if m.m == nil {
		m.m = map[K]V{}
	}
	if _, ok := m.m[key]; !ok {
		m.forget(key)
		m.keys = append(m.keys, key)
	}
	m.m[key] = v
	m.wrote(g, key)
}

// wrote ends an event that may write a key.
func (m *SyncMap[K, V]) wrote(g *G, key K) {
	showEntry(g, m.m, key)
	g.wrote()
}

// forget drops a key that was deleted before from the order.
func (m *SyncMap[K, V]) forget(key K) {
	for i, k := range m.keys {
		if k == key {
			m.keys = append(m.keys[:i], m.keys[i+1:]...)
			return
		}
	}
}

func (m *SyncMap[K, V]) read(g *G) {
	if g.watching != nil {
		g.observe(&m.id)
		return
	}
	g.check()
	g.ask(object.Load, m.watched(g), 0, 0)
}

func (m *SyncMap[K, V]) write(g *G, change int32) {
	g.check()
	g.ask(object.Modify, m.watched(g), 0, change)
}

func (m *SyncMap[K, V]) watched(g *G) int32 {
	return g.touch(&m.id, spec{kind: object.Cell, name: &m.Name, keyed: true})
}
