package mapreduce

import (
	"bytes"
	"io"
)

// SpillFile is what tests put in the place of a temporary file.
type SpillFile interface {
	io.Writer
	io.ReaderAt
	io.Closer
}

// WithSpillFiles replaces the temporary files.
func (o Options) WithSpillFiles(create func() (SpillFile, error)) Options {
	o.create = func() (spillFile, error) { return create() }
	return o
}

// ReadRun reads the bytes of a run, to fuzz the reader.
func ReadRun(data []byte) ([]Pair[string, int], error) {
	e := encoding[string, int]{key: builtinCodec[string](), value: builtinCodec[int]()}
	r := run[string]{file: fixedFile{bytes.NewReader(data)}, to: int64(len(data))}
	reader := e.open(r, nil, 4096)
	var list []Pair[string, int]
	for {
		var rec record[string, int]
		ok, err := reader.next(&rec)
		if !ok || err != nil {
			return list, err
		}
		list = append(list, Pair[string, int]{Key: rec.key, Value: rec.value})
	}
}

// WriteRun is the inverse of ReadRun.
func WriteRun(pairs []Pair[string, int]) ([]byte, error) {
	var b bytes.Buffer
	e := encoding[string, int]{key: builtinCodec[string](), value: builtinCodec[int]()}
	w := newRunWriter(e, bufferFile{&b}, 0)
	for _, p := range pairs {
		if err := w.write(&record[string, int]{key: p.Key, value: p.Value}); err != nil {
			return nil, err
		}
	}
	_, err := w.finish()
	return b.Bytes(), err
}

type fixedFile struct{ *bytes.Reader }

func (fixedFile) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
func (fixedFile) Close() error              { return nil }

type bufferFile struct{ *bytes.Buffer }

func (bufferFile) ReadAt([]byte, int64) (int, error) { return 0, io.EOF }
func (bufferFile) Close() error                      { return nil }
