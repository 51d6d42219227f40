package counters

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// A Way is a way of counting.
type Way int

// The ways, from the wrong one to the one that shares least.
const (
	Plain   Way = iota // an integer, incremented by all without any care
	Mutex              // an integer behind a lock
	Atomic             // one atomic integer
	Sharded            // an atomic integer per worker, side by side
	Padded             // an atomic integer per worker, each on its own cache line
	Merged             // a local integer per worker, added up at the end
)

// Ways are the ways that this program can run: all, or all but Plain in a
// program that was built with the race detector.
func Ways() []Way {
	if !plainBuilt {
		return []Way{Mutex, Atomic, Sharded, Padded, Merged}
	}
	return []Way{Plain, Mutex, Atomic, Sharded, Padded, Merged}
}

func (w Way) names() []string {
	return []string{"plain", "mutex", "atomic", "sharded", "padded", "merged"}
}

// String is the way's name in lower case.
func (w Way) String() string {
	if w < Plain || w > Merged {
		return fmt.Sprintf("Way(%d)", int(w))
	}
	return w.names()[w]
}

// MarshalText writes the name.
func (w Way) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// ParseWay is the way of that name.
func ParseWay(name string) (Way, error) {
	for i, known := range Plain.names() {
		if name == known {
			return Way(i), nil
		}
	}
	return 0, fmt.Errorf("no way of counting is called %q: there are plain, mutex, atomic, sharded, padded and merged", name)
}

// A counter is one counter in use.
type counter interface {
	// add increments so many times, one by one, for a worker.
	add(worker, times int)
	// total is what was counted, read when all workers have ended.
	total() int64
}

// newCounter makes a counter for so many workers.
func (w Way) newCounter(workers int) (counter, error) {
	switch w {
	case Plain:
		return newPlain()
	case Mutex:
		return &mutexCounter{}, nil
	case Atomic:
		return &atomicCounter{}, nil
	case Sharded:
		return &shardedCounter{cells: make([]atomic.Int64, workers)}, nil
	case Padded:
		return &paddedCounter{cells: make([]paddedCell, workers)}, nil
	case Merged:
		return &mergedCounter{}, nil
	}
	return nil, fmt.Errorf("no such way of counting: %v", w)
}

type mutexCounter struct {
	mu sync.Mutex
	n  int64
}

func (c *mutexCounter) add(_, times int) {
	for range times {
		c.mu.Lock()
		c.n++
		c.mu.Unlock()
	}
}

func (c *mutexCounter) total() int64 { return c.n }

type atomicCounter struct{ n atomic.Int64 }

func (c *atomicCounter) add(_, times int) {
	for range times {
		c.n.Add(1)
	}
}

func (c *atomicCounter) total() int64 { return c.n.Load() }

type shardedCounter struct{ cells []atomic.Int64 }

func (c *shardedCounter) add(worker, times int) {
	cell := &c.cells[worker]
	for range times {
		cell.Add(1)
	}
}

func (c *shardedCounter) total() int64 {
	total := int64(0)
	for i := range c.cells {
		total += c.cells[i].Load()
	}
	return total
}

// A paddedCell fills two cache lines of 64 bytes: processors that fetch lines
// in pairs would otherwise still pass them back and forth.
type paddedCell struct {
	n atomic.Int64
	_ [120]byte
}

type paddedCounter struct{ cells []paddedCell }

func (c *paddedCounter) add(worker, times int) {
	cell := &c.cells[worker].n
	for range times {
		cell.Add(1)
	}
}

func (c *paddedCounter) total() int64 {
	total := int64(0)
	for i := range c.cells {
		total += c.cells[i].n.Load()
	}
	return total
}

type mergedCounter struct{ n atomic.Int64 }

func (c *mergedCounter) add(_, times int) {
	local := int64(0)
	for range times {
		local++
	}
	c.n.Add(local)
}

func (c *mergedCounter) total() int64 { return c.n.Load() }
