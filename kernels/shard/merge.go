package shard

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// What Merge refuses.
var (
	ErrMissing  = errors.New("missing shard")
	ErrRepeated = errors.New("repeated shard")
	ErrForeign  = errors.New("shard of another job")
)

// Combine brings the payloads of all shards together, in the order of the
// shards. It must check what it can of them: a digest only shows that a file is
// as it was written.
type Combine func(job json.RawMessage, payloads []json.RawMessage) (payload any, err error)

// A Named is a file and the name to call it by in errors.
type Named struct {
	Name string
	File File
}

// Merge brings all shards of one job together, given in any order. The result
// is shard 0 of 1.
func Merge(files []Named, combine Combine) (File, error) {
	if len(files) == 0 {
		return File{}, fmt.Errorf("merge: %w: no files", ErrMissing)
	}
	ordered, err := order(files)
	if err != nil {
		return File{}, fmt.Errorf("merge: %w", err)
	}
	first := ordered[0].File
	payloads := make([]json.RawMessage, len(ordered))
	for i, n := range ordered {
		payloads[i] = n.File.Payload
	}
	payload, err := combine(first.Job, payloads)
	if err != nil {
		return File{}, fmt.Errorf("merge: %w", err)
	}
	return New(Shard{Index: 0, Count: 1}, first.Kind, first.Job, payload)
}

// order puts the files in the order of their shards and checks that they are
// all shards of one job, each of them once.
func order(files []Named) ([]Named, error) {
	reference := files[0]
	ordered := make([]Named, reference.File.Count)
	for _, n := range files {
		if err := sameJob(reference, n); err != nil {
			return nil, err
		}
		if other := ordered[n.File.Index]; other.Name != "" {
			return nil, fmt.Errorf("%w: %v is in %s and in %s", ErrRepeated, n.File.Shard(), other.Name, n.Name)
		}
		ordered[n.File.Index] = n
	}
	for i, n := range ordered {
		if n.Name == "" {
			return nil, fmt.Errorf("%w: %v (%d of %d are there)", ErrMissing,
				Shard{Index: i, Count: len(ordered)}, len(files), len(ordered))
		}
	}
	return ordered, nil
}

func sameJob(a, b Named) error {
	switch {
	case a.File.Kind != b.File.Kind:
		return fmt.Errorf("%w: %s is of kind %s, %s of kind %s", ErrForeign, a.Name, a.File.Kind, b.Name, b.File.Kind)
	case !bytes.Equal(a.File.Job, b.File.Job):
		return fmt.Errorf("%w: %s is of job %s, %s of job %s", ErrForeign, a.Name, a.File.Job, b.Name, b.File.Job)
	case a.File.Count != b.File.Count:
		return fmt.Errorf("%w: %s is one of %d, %s one of %d", ErrForeign, a.Name, a.File.Count, b.Name, b.File.Count)
	}
	return nil
}
