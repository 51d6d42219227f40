package mapreduce

import (
	"cmp"
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

// A table collects the pairs of one worker.
//
// Invariant, with Combine: index has the place in records of each key.
type table[K cmp.Ordered, V any] struct {
	combine func(a, b V) V // nil keeps every value
	keep    func(K) K
	size    func(K, V) int
	index   map[K]uint32
	records []record[K, V]
	bytes   int64 // by estimate
}

func newTable[K cmp.Ordered, V any](combine func(a, b V) V, keep func(K) K, size func(K, V) int) *table[K, V] {
	return &table[K, V]{combine: combine, keep: keep, size: size, index: make(map[K]uint32)}
}

// add collects a pair of an input.
func (t *table[K, V]) add(key K, value V, input uint64) {
	if t.combine == nil {
		t.insert(record[K, V]{key: t.keep(key), value: value, input: input, seq: uint64(len(t.records))})
		return
	}
	if at, ok := t.index[key]; ok {
		r := &t.records[at]
		r.value = t.combine(r.value, value)
		return
	}
	key = t.keep(key)
	t.index[key] = uint32(len(t.records))
	t.insert(record[K, V]{key: key, value: value})
}

func (t *table[K, V]) insert(r record[K, V]) {
	t.records = append(t.records, r)
	t.bytes += t.recordBytes() + int64(t.size(r.key, r.value))
}

// recordBytes is what a record takes without what it refers to: growing slices
// are on average a quarter empty, and maps are two thirds full.
func (t *table[K, V]) recordBytes() int64 {
	var r record[K, V]
	bytes := int64(unsafe.Sizeof(r)) * 4 / 3
	if t.combine != nil {
		bytes += (int64(unsafe.Sizeof(r.key)) + 5) * 3 / 2
	}
	return bytes + 8 // what the allocator rounds up
}

// full reports whether the table has its share of the memory, or as many
// records as the index can name.
func (t *table[K, V]) full(share int64) bool {
	return share > 0 && t.bytes >= share || len(t.records) == 1<<32-1
}

// sort puts the records in order. After it, nothing may be added before reset.
func (t *table[K, V]) sort() {
	slices.SortFunc(t.records, func(a, b record[K, V]) int { return a.compare(&b) })
}

// reset empties the table and keeps its memory.
func (t *table[K, V]) reset() {
	clear(t.index)
	clear(t.records) // so that what they refer to can be collected
	t.records = t.records[:0]
	t.bytes = 0
}

// from are the records of a sorted table from a key on, nil for all.
func (t *table[K, V]) from(key *K) []record[K, V] {
	if key == nil {
		return t.records
	}
	at, _ := slices.BinarySearchFunc(t.records, *key, func(r record[K, V], key K) int { return cmp.Compare(r.key, key) })
	return t.records[at:]
}
