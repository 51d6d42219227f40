package kernels

// A ring is a queue that grows as needed and reuses its memory. Its zero value
// is empty.
type ring[T any] struct {
	slots []T // the length is 0 or a power of two
	first int
	count int
}

func (r *ring[T]) len() int { return r.count }

func (r *ring[T]) push(v T) {
	if r.count == len(r.slots) {
		grown := make([]T, max(8, 2*len(r.slots)))
		n := copy(grown, r.slots[r.first:])
		copy(grown[n:], r.slots[:r.first])
		r.slots, r.first = grown, 0
	}
	r.slots[(r.first+r.count)&(len(r.slots)-1)] = v
	r.count++
}

// pop takes the oldest element; the ring must not be empty.
func (r *ring[T]) pop() T {
	v := r.slots[r.first]
	clear(r.slots[r.first : r.first+1]) // so that it can be collected
	r.first = (r.first + 1) & (len(r.slots) - 1)
	r.count--
	return v
}
