package kernels

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"unsafe"
)

// ErrUnsupported is what worker processes and shared memory end with on systems
// other than Linux and macOS.
var ErrUnsupported = errors.New("worker processes with shared memory need Linux or macOS")

// wordBytes is the size of a word of shared memory.
const wordBytes = 8

// A Memory is a region that processes share: words, all 0 in the beginning. It
// has no name in the file system, so that nothing is left behind however the
// processes end.
type Memory struct {
	file  *os.File
	words []atomic.Int64
	data  []byte // the same memory
}

// NewMemory makes a region. It must be closed.
func NewMemory(words int) (*Memory, error) {
	if words < 1 {
		return nil, fmt.Errorf("shared memory of %d words: below 1", words)
	}
	file, err := newSharedFile()
	if err != nil {
		return nil, fmt.Errorf("shared memory: %w", err)
	}
	if err := file.Truncate(int64(words) * wordBytes); err != nil {
		return nil, errors.Join(fmt.Errorf("shared memory of %d words: %w", words, err), file.Close())
	}
	memory, err := mapMemory(file, words)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return memory, nil
}

func mapMemory(file *os.File, words int) (*Memory, error) {
	data, err := mapFile(file, words*wordBytes)
	if err != nil {
		return nil, fmt.Errorf("map shared memory of %d words: %w", words, err)
	}
	// A mapping begins on a page, so the words are aligned, and an atomic.Int64
	// is nothing but its word.
	first := (*atomic.Int64)(unsafe.Pointer(unsafe.SliceData(data)))
	return &Memory{file: file, words: unsafe.Slice(first, words), data: data}, nil
}

// Close gives the region back. Values, arrays and locks of it must not be used
// any more. The system frees the memory when no process has it any more.
func (m *Memory) Close() error {
	if err := errors.Join(unmapFile(m.data), m.file.Close()); err != nil {
		return fmt.Errorf("close shared memory: %w", err)
	}
	m.data, m.words = nil, nil
	return nil
}

// Words is the size of the region; that of nil is 0.
func (m *Memory) Words() int {
	if m == nil {
		return 0
	}
	return len(m.words)
}

// Value is one word of the region.
func (m *Memory) Value(word int) Value { return Value{word: &m.words[word]} }

// Array is n words of the region.
func (m *Memory) Array(from, n int) Array { return Array{words: m.words[from : from+n : from+n]} }

// A Value is a number that processes share. Each of its methods is one atomic
// step; two of them in a row are not.
type Value struct{ word *atomic.Int64 }

// Load reads the value.
func (v Value) Load() int64 { return v.word.Load() }

// Store writes the value.
func (v Value) Store(n int64) { v.word.Store(n) }

// Add adds to the value and returns the sum.
func (v Value) Add(n int64) int64 { return v.word.Add(n) }

// CompareAndSwap writes the value if it is what was expected, and reports
// whether it was.
func (v Value) CompareAndSwap(old, new int64) bool { return v.word.CompareAndSwap(old, new) }

// An Array is numbers that processes share.
type Array struct{ words []atomic.Int64 }

// Len is the number of values.
func (a Array) Len() int { return len(a.words) }

// At is one value.
func (a Array) At(i int) Value { return Value{word: &a.words[i]} }

// Sum adds all values up, one after another: while others write, it is the sum
// of no moment.
func (a Array) Sum() int64 {
	sum := int64(0)
	for i := range a.words {
		sum += a.words[i].Load()
	}
	return sum
}
