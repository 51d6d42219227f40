package order

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// Edges says which synchronization orders events.
type Edges uint8

// The edges. HardEdges leaves out those that another schedule may turn around:
// of locks, semaphores and atomics. What they leave unordered can often happen
// in either order, and at once.
const (
	AllEdges Edges = iota
	HardEdges
)

// An Epoch is an event: the N-th of goroutine G, counted from 1. The zero Epoch
// is before everything.
type Epoch struct{ G, N int32 }

// Happens is happens-before, by Go's memory model, over the log of an
// execution: Begin, then Step with each of its events in order. The zero value
// is ready and takes all edges. It keeps its memory: nothing is allocated in
// the steady state.
//
// Where Go promises an order between an operation and some of several others
// (units of a semaphore, keys of a sync.Map, items of a pool), any of them is
// taken, so that no order that exists is missed.
type Happens struct {
	Edges Edges

	x     *sim.Execution
	width int
	// Clocks are rows of width numbers: how many events of each goroutine
	// happen before.
	rows       []int32
	used       int
	goroutines []int32   // by goroutine: its row, or noRow
	wakes      []int32   // by goroutine: the row of who woke it, or noRow
	objects    []int32   // by object: its first row, or noRow
	counts     []int32   // by object: arrivals at a barrier
	slots      [][]int32 // by object: the rows of a channel's slots that were used
}

const noRow = -1

// Begin starts over with another execution.
func (h *Happens) Begin(x *sim.Execution) {
	h.x, h.width, h.used = x, x.Goroutines(), 0
	h.goroutines = resetRows(h.goroutines, h.width)
	h.wakes = resetRows(h.wakes, h.width)
	h.objects = resetRows(h.objects, len(x.World().Objects))
	h.counts = resetRows(h.counts, len(x.World().Objects))
	for i := range h.slots {
		h.slots[i] = h.slots[i][:0]
	}
	for len(h.slots) < len(x.World().Objects) {
		h.slots = append(h.slots, nil)
	}
}

func resetRows(rows []int32, n int) []int32 {
	for len(rows) < n {
		rows = append(rows, noRow)
	}
	rows = rows[:n]
	for i := range rows {
		rows[i] = noRow
	}
	return rows
}

// Clock returns how many events of each goroutine happen before the next event
// of g. It is valid until the next call: look, do not keep.
func (h *Happens) Clock(g int32) []int32 {
	if h.goroutines[g] == noRow {
		h.goroutines[g] = h.take(1)
	}
	return h.row(h.goroutines[g])
}

// Now is the last event of g.
func (h *Happens) Now(g int32) Epoch { return Epoch{g, h.Clock(g)[g]} }

// After reports whether the next event of g happens after e.
func (h *Happens) After(g int32, e Epoch) bool { return e.N <= h.Clock(g)[e.G] }

func (h *Happens) row(i int32) []int32 {
	at := int(i) * h.width
	return h.rows[at : at+h.width]
}

// take returns the first of n rows of zeros.
func (h *Happens) take(n int) int32 {
	first := h.used
	h.used += n
	if need := h.used * h.width; need > len(h.rows) {
		h.rows = append(h.rows, make([]int32, max(need, 2*len(h.rows))-len(h.rows))...)
	}
	clear(h.rows[first*h.width : h.used*h.width])
	return int32(first)
}

// rowsOf is how many clocks an object has.
func rowsOf(o *object.Object) int {
	switch o.Kind {
	case object.RWMutex, object.Barrier:
		return 2
	}
	return 1
}

// acquire makes what comes next in clock c happen after what was released to
// the k-th clock of an object.
func (h *Happens) acquire(c []int32, obj, k int32) {
	if first := h.objects[obj]; first != noRow {
		join(c, h.row(first+k))
	}
}

// at returns the k-th clock of an object.
func (h *Happens) at(obj, k int32) int32 {
	if h.objects[obj] == noRow {
		h.objects[obj] = h.take(rowsOf(&h.x.World().Objects[obj]))
	}
	return h.objects[obj] + k
}

// slot returns the clock of a channel's slot. Slots are used in turn, so that
// those below it have theirs.
func (h *Happens) slot(ch, slot int32) int32 {
	for int32(len(h.slots[ch])) <= slot {
		h.slots[ch] = append(h.slots[ch], h.take(1))
	}
	return h.slots[ch][slot]
}

// release lets those who acquire the k-th clock of an object from now on happen
// after goroutine g, and after all who released it before.
func (h *Happens) release(g, obj, k int32) {
	to := h.at(obj, k)
	join(h.row(to), h.Clock(g))
}

// publish is release, but what was released before does not count any more.
func (h *Happens) publish(g, obj, k int32) {
	to := h.at(obj, k)
	copy(h.row(to), h.Clock(g))
}

// wake lets what the woken goroutine does next happen after g.
func (h *Happens) wake(g, woken int32) {
	h.Clock(g) // taking rows moves them
	if h.wakes[woken] == noRow {
		h.wakes[woken] = h.take(1)
	}
	copy(h.row(h.wakes[woken]), h.Clock(g))
}

// woken is a goroutine's return after a wake.
func (h *Happens) woken(g int32) {
	if h.wakes[g] != noRow {
		join(h.Clock(g), h.row(h.wakes[g]))
	}
}

func join(to, from []int32) {
	for i, n := range from {
		if n > to[i] {
			to[i] = n
		}
	}
}
