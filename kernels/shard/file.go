package shard

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/interleave-go/interleave/internal/atomicfile"
)

// format names the layout of a file. It changes when the layout does.
const format = "interleave shard 1"

// ErrDamaged is what a file ends with that is not as it was written.
var ErrDamaged = errors.New("damaged shard file")

// A File is one shard's result. Its zero value is not valid: use New.
type File struct {
	Format  string          `json:"format"`
	Kind    string          `json:"kind"`
	Job     json.RawMessage `json:"job"`
	Index   int             `json:"shard"`
	Count   int             `json:"shards"`
	Payload json.RawMessage `json:"payload"`
	Digest  string          `json:"digest"` // SHA-256 of the other fields
}

// New is a shard's result. job and payload are written as JSON; equal jobs must
// be written equally.
func New(s Shard, kind string, job, payload any) (File, error) {
	if err := s.check(); err != nil {
		return File{}, err
	}
	f := File{Format: format, Kind: kind, Index: s.Index, Count: s.Count}
	var err error
	if f.Job, err = json.Marshal(job); err != nil {
		return File{}, fmt.Errorf("shard of kind %s: job: %w", kind, err)
	}
	if f.Payload, err = json.Marshal(payload); err != nil {
		return File{}, fmt.Errorf("shard of kind %s: payload: %w", kind, err)
	}
	f.Digest = f.digest()
	return f, nil
}

// Shard is the part of the job that the file holds.
func (f File) Shard() Shard { return Shard{Index: f.Index, Count: f.Count} }

// digest is taken over the compact JSON of the file without a digest.
func (f File) digest() string {
	f.Digest = ""
	data, err := json.Marshal(f)
	if err != nil {
		panic(fmt.Sprintf("shard: a checked file cannot be written as JSON: %v", err))
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Encode is the file's content.
func (f File) Encode() []byte {
	data, err := json.Marshal(f)
	if err != nil {
		panic(fmt.Sprintf("shard: a checked file cannot be written as JSON: %v", err))
	}
	return append(data, '\n')
}

// Write writes the file, whole or not at all.
func (f File) Write(path string) error { return atomicfile.Write(path, f.Encode()) }

// Decode reads what Encode wrote and checks it.
func Decode(data []byte) (File, error) {
	var f File
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f); err != nil {
		return File{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return File{}, fmt.Errorf("%w: something follows its end", ErrDamaged)
	}
	if f.Format != format {
		return File{}, fmt.Errorf("%w: format %q, want %q", ErrDamaged, f.Format, format)
	}
	if f.Digest != f.digest() {
		return File{}, fmt.Errorf("%w: its digest is not that of its content", ErrDamaged)
	}
	if err := f.Shard().check(); err != nil {
		return File{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return f, nil
}

// Read reads and checks a file.
func Read(path string) (File, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return File{}, fmt.Errorf("read shard: %w", err)
	}
	f, err := Decode(data)
	if err != nil {
		return File{}, fmt.Errorf("read shard %s: %w", path, err)
	}
	return f, nil
}
