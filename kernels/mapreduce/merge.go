package mapreduce

import (
	"cmp"
	"container/heap"
)

// A source gives records in order: by key, then by input.
type source[K cmp.Ordered, V any] interface {
	// next reads the next record; false when there is none left.
	next(into *record[K, V]) (bool, error)
}

// A memorySource gives the records of a sorted table.
type memorySource[K cmp.Ordered, V any] struct{ records []record[K, V] }

//lint:ignore U1000 it is called as a source
func (s *memorySource[K, V]) next(into *record[K, V]) (bool, error) {
	if len(s.records) == 0 {
		return false, nil
	}
	*into, s.records = s.records[0], s.records[1:]
	return true, nil
}

// A merger is a source that merges sources. Records of the same key and input
// come in the order of their sources.
type merger[K cmp.Ordered, V any] struct{ heads heads[K, V] }

// A head is the next record of a source.
type head[K cmp.Ordered, V any] struct {
	record record[K, V]
	from   source[K, V]
	place  int // of the source
}

func newMerger[K cmp.Ordered, V any](sources []source[K, V]) (*merger[K, V], error) {
	m := &merger[K, V]{}
	for place, s := range sources {
		h := &head[K, V]{from: s, place: place}
		ok, err := s.next(&h.record)
		if err != nil {
			return nil, err
		}
		if ok {
			m.heads = append(m.heads, h)
		}
	}
	heap.Init(&m.heads)
	return m, nil
}

//lint:ignore U1000 it is called as a source
func (m *merger[K, V]) next(into *record[K, V]) (bool, error) {
	if len(m.heads) == 0 {
		return false, nil
	}
	first := m.heads[0]
	*into = first.record
	ok, err := first.from.next(&first.record)
	switch {
	case err != nil:
		return false, err
	case ok:
		heap.Fix(&m.heads, 0)
	default:
		heap.Pop(&m.heads)
	}
	return true, nil
}

// heads is a heap.Interface.
type heads[K cmp.Ordered, V any] []*head[K, V]

func (h heads[K, V]) Len() int      { return len(h) }
func (h heads[K, V]) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *heads[K, V]) Push(x any)   { *h = append(*h, x.(*head[K, V])) }

func (h heads[K, V]) Less(i, j int) bool {
	a, b := h[i], h[j]
	if c := cmp.Compare(a.record.key, b.record.key); c != 0 {
		return c < 0
	}
	if c := cmp.Compare(a.record.input, b.record.input); c != 0 {
		return c < 0
	}
	return a.place < b.place
}

func (h *heads[K, V]) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return last
}

// A combiner is a source that gives one record for each key of another, or
// all of them when there is no combine function.
type combiner[K cmp.Ordered, V any] struct {
	in      source[K, V]
	combine func(a, b V) V
	ahead   record[K, V]
	have    bool // ahead is a record that was read and not given yet
}

//lint:ignore U1000 it is called as a source
func (c *combiner[K, V]) next(into *record[K, V]) (bool, error) {
	if c.combine == nil {
		return c.in.next(into)
	}
	if !c.have {
		if ok, err := c.in.next(&c.ahead); !ok || err != nil {
			return false, err
		}
	}
	*into, c.have = c.ahead, false
	for {
		ok, err := c.in.next(&c.ahead)
		if !ok || err != nil {
			return err == nil, err
		}
		if cmp.Compare(c.ahead.key, into.key) != 0 {
			c.have = true
			return true, nil
		}
		into.value = c.combine(into.value, c.ahead.value)
	}
}
