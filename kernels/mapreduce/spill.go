package mapreduce

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
)

// fanIn is how many runs of one level there are before they are merged into
// one of the next level, which bounds the files and the buffers of a merge.
const fanIn = 64

// A spillFile is written to the end, then read at any place. Close removes it.
type spillFile interface {
	io.Writer
	io.ReaderAt
	io.Closer
}

// A tempFile has no name any more while it is used, where the system allows
// that, so that nothing is left of it when the process is killed.
type tempFile struct {
	*os.File
	removed bool
}

func newTempFile(dir string) (spillFile, error) {
	f, err := os.CreateTemp(dir, "interleave-mapreduce-*")
	if err != nil {
		return nil, err
	}
	return &tempFile{File: f, removed: os.Remove(f.Name()) == nil}, nil
}

func (f *tempFile) Close() error {
	err := f.File.Close()
	if !f.removed {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}

// A spiller keeps the runs of one worker.
//
// Invariants: all runs of a level are older than those of the levels below it,
// and stand in the order in which they were made; a level has fewer than fanIn
// runs between two calls.
type spiller[K cmp.Ordered, V any] struct {
	encoding encoding[K, V]
	combine  func(a, b V) V
	create   func() (spillFile, error)
	buffer   int // bytes per run that is read
	levels   []level[K]
	runs     int   // written, merged ones not counted
	bytes    int64 // written by tables
}

// A level has its runs in one file.
type level[K cmp.Ordered] struct {
	file spillFile // nil while there are no runs
	end  int64
	runs []run[K]
}

// spill writes a sorted table as a run.
func (s *spiller[K, V]) spill(records []record[K, V]) error {
	r, err := s.write(0, &memorySource[K, V]{records: records})
	if err != nil {
		return err
	}
	s.runs++
	s.bytes += r.to - r.from
	return s.compact()
}

// write adds a run to a level.
func (s *spiller[K, V]) write(at int, from source[K, V]) (run[K], error) {
	for len(s.levels) <= at {
		s.levels = append(s.levels, level[K]{})
	}
	l := &s.levels[at]
	if l.file == nil {
		file, err := s.create()
		if err != nil {
			return run[K]{}, fmt.Errorf("spill to disk: %w", err)
		}
		l.file, l.end = file, 0
	}
	w := newRunWriter(s.encoding, l.file, l.end)
	var r record[K, V]
	for {
		ok, err := from.next(&r)
		if err != nil {
			return run[K]{}, err
		}
		if !ok {
			break
		}
		if err := w.write(&r); err != nil {
			return run[K]{}, err
		}
	}
	done, err := w.finish()
	if err == nil {
		l.runs = append(l.runs, done)
		l.end = done.to
	}
	return done, err
}

// compact merges the runs of each level that is full.
func (s *spiller[K, V]) compact() error {
	for at := 0; at < len(s.levels) && len(s.levels[at].runs) >= fanIn; at++ {
		var sources []source[K, V]
		for _, r := range s.levels[at].runs {
			sources = append(sources, s.encoding.open(r, nil, s.buffer))
		}
		merged, err := newMerger(sources)
		if err != nil {
			return err
		}
		if _, err := s.write(at+1, &combiner[K, V]{in: merged, combine: s.combine}); err != nil {
			return err
		}
		full := &s.levels[at]
		file := full.file
		*full = level[K]{}
		if err := file.Close(); err != nil {
			return fmt.Errorf("remove what was spilled: %w", err)
		}
	}
	return nil
}

// all are the runs, the oldest first.
func (s *spiller[K, V]) all() []run[K] {
	var runs []run[K]
	for at := len(s.levels) - 1; at >= 0; at-- {
		runs = append(runs, s.levels[at].runs...)
	}
	return runs
}

// close removes the files.
func (s *spiller[K, V]) close() error {
	var errs []error
	for _, l := range s.levels {
		if l.file != nil {
			errs = append(errs, l.file.Close())
		}
	}
	s.levels = nil
	return errors.Join(errs...)
}
