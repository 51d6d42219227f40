package mapreduce

import (
	"cmp"
	"math"
	"slices"
	"unsafe"
)

// A record is one pair and where it came from. With Combine, input and seq
// are 0.
type record[K cmp.Ordered, V any] struct {
	key   K
	value V
	input uint64 // the ordinal of the input
	seq   uint64 // the ordinal of the pair in its worker's table
}

// compare orders records of one table.
func (r *record[K, V]) compare(other *record[K, V]) int {
	if c := cmp.Compare(r.key, other.key); c != 0 {
		return c
	}
	if c := cmp.Compare(r.input, other.input); c != 0 {
		return c
	}
	return cmp.Compare(r.seq, other.seq)
}

// A table collects the pairs of one worker, then gives them in order.
//
// Invariants: with Combine, index has the place in values of each key that was
// added, and records is empty until sort; without, records has all pairs.
type table[K cmp.Ordered, V any] struct {
	combine func(a, b V) V // nil keeps every value
	keep    func(K) K
	size    func(K, V) int
	index   map[K]uint32
	values  []V // apart from the keys, so that many fit into the cache
	records []record[K, V]
	bytes   int64 // by estimate
}

func newTable[K cmp.Ordered, V any](combine func(a, b V) V, keep func(K) K, size func(K, V) int) *table[K, V] {
	return &table[K, V]{combine: combine, keep: keep, size: size, index: make(map[K]uint32)}
}

// add collects a pair of an input.
func (t *table[K, V]) add(key K, value V, input uint64) {
	if t.combine != nil {
		if at, ok := t.index[key]; ok {
			t.values[at] = t.combine(t.values[at], value)
			return
		}
	}
	key = t.keep(key)
	t.bytes += t.pairBytes() + int64(t.size(key, value))
	if t.combine == nil {
		t.records = append(t.records, record[K, V]{key: key, value: value, input: input, seq: uint64(len(t.records))})
		return
	}
	t.index[key] = uint32(len(t.values))
	t.values = append(t.values, value)
}

// pairBytes is what a pair takes without what it refers to: growing slices are
// on average a quarter empty, and maps are two thirds full.
func (t *table[K, V]) pairBytes() int64 {
	var r record[K, V]
	bytes := int64(unsafe.Sizeof(r)) * 4 / 3
	if t.combine != nil {
		bytes += (int64(unsafe.Sizeof(r.key))+5)*3/2 + int64(unsafe.Sizeof(r.value))*4/3
	}
	return bytes + 8 // what the allocator rounds up
}

// full reports whether the table has its share of the memory, or as many values
// as the index can name.
func (t *table[K, V]) full(share int64) bool {
	return share > 0 && t.bytes >= share || len(t.values) == math.MaxUint32
}

// sort puts the records in order. Nothing may be added between it and reset.
func (t *table[K, V]) sort() {
	if t.combine != nil {
		t.records = slices.Grow(t.records, len(t.index))
		for key, at := range t.index {
			t.records = append(t.records, record[K, V]{key: key, value: t.values[at]})
		}
	}
	slices.SortFunc(t.records, func(a, b record[K, V]) int { return a.compare(&b) })
}

// reset empties the table and keeps its memory.
func (t *table[K, V]) reset() {
	clear(t.index)
	clear(t.values) // so that what they refer to can be collected
	clear(t.records)
	t.values, t.records = t.values[:0], t.records[:0]
	t.bytes = 0
}

// release gives up all memory but the sorted records.
func (t *table[K, V]) release() { t.index, t.values = nil, nil }

// from are the records of a sorted table from a key on, nil for all.
func (t *table[K, V]) from(key *K) []record[K, V] {
	if key == nil {
		return t.records
	}
	at, _ := slices.BinarySearchFunc(t.records, *key, func(r record[K, V], key K) int { return cmp.Compare(r.key, key) })
	return t.records[at:]
}
