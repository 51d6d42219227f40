package mapreduce

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// indexBytes is about how far apart the keys are that a run's index has.
const indexBytes = 32 << 10

// A run is a sorted list of records in a file: for each, the lengths of key and
// value and the ordinal of the input, as varints, then the key and the value.
type run[K cmp.Ordered] struct {
	file  spillFile
	from  int64
	to    int64
	index []mark[K] // of the first record, and of one in each indexBytes
}

// A mark says where in the file the record of a key begins.
type mark[K cmp.Ordered] struct {
	key K
	at  int64
}

// An encoding writes and reads records.
type encoding[K cmp.Ordered, V any] struct {
	key   Codec[K]
	value Codec[V]
}

// A runWriter writes one run to the end of a file.
type runWriter[K cmp.Ordered, V any] struct {
	encoding encoding[K, V]
	out      *bufio.Writer
	run      run[K]
	key, val []byte // reused
}

func newRunWriter[K cmp.Ordered, V any](e encoding[K, V], file spillFile, at int64) *runWriter[K, V] {
	return &runWriter[K, V]{encoding: e, out: bufio.NewWriterSize(file, 64<<10), run: run[K]{file: file, from: at, to: at}}
}

func (w *runWriter[K, V]) write(r *record[K, V]) error {
	if n := len(w.run.index); n == 0 || w.run.to-w.run.index[n-1].at >= indexBytes {
		w.run.index = append(w.run.index, mark[K]{key: r.key, at: w.run.to})
	}
	w.key = w.encoding.key.Append(w.key[:0], r.key)
	w.val = w.encoding.value.Append(w.val[:0], r.value)
	var head [3 * binary.MaxVarintLen64]byte
	n := binary.PutUvarint(head[:], uint64(len(w.key)))
	n += binary.PutUvarint(head[n:], uint64(len(w.val)))
	n += binary.PutUvarint(head[n:], r.input)
	for _, part := range [][]byte{head[:n], w.key, w.val} {
		if _, err := w.out.Write(part); err != nil {
			return fmt.Errorf("spill to disk: %w", err)
		}
		w.run.to += int64(len(part))
	}
	return nil
}

// finish completes the run.
func (w *runWriter[K, V]) finish() (run[K], error) {
	if err := w.out.Flush(); err != nil {
		return run[K]{}, fmt.Errorf("spill to disk: %w", err)
	}
	return w.run, nil
}

// A runReader reads the records of a run from some place on.
type runReader[K cmp.Ordered, V any] struct {
	encoding encoding[K, V]
	in       *bufio.Reader
	left     int64 // bytes
	buffer   []byte
}

// open reads the run from the last mark whose key is below the one given, or
// from the start when there is none.
func (e encoding[K, V]) open(r run[K], below *K, bufferBytes int) *runReader[K, V] {
	at := r.from
	if below != nil {
		// Records of one key may stand on both sides of a mark of that key.
		n, _ := slices.BinarySearchFunc(r.index, *below, func(m mark[K], key K) int { return cmp.Compare(m.key, key) })
		if n > 0 {
			at = r.index[n-1].at
		}
	}
	section := io.NewSectionReader(r.file, at, r.to-at)
	return &runReader[K, V]{encoding: e, in: bufio.NewReaderSize(section, bufferBytes), left: r.to - at}
}

// next reads a record; false at the end of the run.
func (r *runReader[K, V]) next(into *record[K, V]) (bool, error) {
	if r.left == 0 {
		return false, nil
	}
	if err := r.read(into); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return false, fmt.Errorf("read what was spilled: %w", err)
	}
	return true, nil
}

func (r *runReader[K, V]) read(into *record[K, V]) error {
	var head [3]uint64
	for i := range head {
		v, err := binary.ReadUvarint(r.in)
		if err != nil {
			return err
		}
		head[i] = v
		r.left -= int64(uvarintLen(v))
	}
	key, value := head[0], head[1]
	// Compared one by one: their sum may not fit. left is below 0 when the
	// numbers ran into the next run.
	if r.left < 0 || key > uint64(r.left) || value > uint64(r.left)-key {
		return fmt.Errorf("a record of %d and %d bytes where %d are left", key, value, r.left)
	}
	r.left -= int64(key + value)
	if uint64(cap(r.buffer)) < key+value {
		r.buffer = make([]byte, key+value)
	}
	buffer := r.buffer[:key+value]
	if _, err := io.ReadFull(r.in, buffer); err != nil {
		return err
	}
	return r.decode(into, buffer[:key], buffer[key:], head[2])
}

func (r *runReader[K, V]) decode(into *record[K, V], key, value []byte, input uint64) (err error) {
	into.input = input
	if into.key, err = r.encoding.key.Decode(key); err != nil {
		return fmt.Errorf("key: %w", err)
	}
	if into.value, err = r.encoding.value.Decode(value); err != nil {
		return fmt.Errorf("value: %w", err)
	}
	return nil
}

// uvarintLen is how many bytes a varint takes.
func uvarintLen(v uint64) int {
	n := 1
	for ; v >= 0x80; v >>= 7 {
		n++
	}
	return n
}
