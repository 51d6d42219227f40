package kernels

import (
	"fmt"
	"sync/atomic"
	"time"
)

// A ChunkPolicy says how many items a worker takes at once. Its zero value is
// Automatic.
type ChunkPolicy int

// The policies. Taking a chunk costs some 50 ns, and more when many workers
// take at the same time; items of a chunk that is too large leave the other
// workers idle at the end.
const (
	// Automatic begins with the smallest chunk. A worker doubles its chunks
	// while they take less than 0.2 ms, up to what Guided would give, and
	// halves them when they take more than 0.4 ms.
	Automatic ChunkPolicy = iota
	// Guided gives each time a share of what is left, 1/(2 × workers).
	Guided
	// Fixed gives chunks of one size.
	Fixed
)

// chunkTime is how long an automatic chunk should take: long against taking it,
// short against what a person waits for.
const chunkTime = 200 * time.Microsecond

// A Chunk says how a list is cut. Its zero value is automatic chunks.
type Chunk struct {
	Policy ChunkPolicy
	// Size is the size of a fixed chunk, and the smallest of the others. 0
	// means 1.
	Size int
}

func (c Chunk) withDefaults() Chunk {
	if c.Size < 0 || c.Policy < Automatic || c.Policy > Fixed {
		panic(fmt.Sprintf("kernels: chunk policy %d with size %d", c.Policy, c.Size))
	}
	c.Size = max(1, c.Size)
	return c
}

// A span is one chunk: the items from at up to end. at moves on as they are
// worked through, so that after a panic it tells which item it was.
type span struct{ at, end int }

// A cutter hands out the items 0 to total-1 in chunks, each item once.
type cutter struct {
	chunk   Chunk
	workers int
	total   int
	cursor  atomic.Int64 // the first item that was not handed out; from total on, there is none
}

// A taker is one worker's side of a cutter.
type taker struct {
	size  int // of the last chunk; 0 before the first
	since time.Time
}

// take gives the next chunk; an empty one when there is none left.
func (c *cutter) take(t *taker) span {
	want := c.chunk.Size
	switch c.chunk.Policy {
	case Fixed:
		// One addition, which never fails, where the others must look first.
		end := int(c.cursor.Add(int64(want)))
		return span{at: min(end-want, c.total), end: min(end, c.total)}
	case Automatic:
		want = t.grow(want)
	}
	for {
		at := int(c.cursor.Load())
		if at >= c.total {
			return span{}
		}
		size := min(c.limit(want, c.total-at), c.total-at)
		if c.cursor.CompareAndSwap(int64(at), int64(at+size)) {
			t.size = size
			return span{at: at, end: at + size}
		}
	}
}

// limit is the size of a guided or automatic chunk for a worker that wants some and with so many
// items left.
func (c *cutter) limit(want, left int) int {
	share := max(c.chunk.Size, left/(2*c.workers))
	if c.chunk.Policy == Guided {
		return share
	}
	return min(want, share)
}

// grow is the size that an automatic chunk should have after the last one.
func (t *taker) grow(smallest int) int {
	now := time.Now()
	took := now.Sub(t.since)
	t.since = now
	switch {
	case t.size == 0:
		return smallest
	case took < chunkTime:
		return 2 * t.size
	case took > 2*chunkTime:
		return max(smallest, t.size/2)
	default:
		return t.size
	}
}

// drain takes all that is left and says how many items that was.
func (c *cutter) drain() int {
	return c.total - min(int(c.cursor.Swap(int64(c.total))), c.total)
}
