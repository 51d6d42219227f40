package main

import (
	"errors"
	"io"
	"os"
	"syscall"
)

// An output is standard output. It keeps the first error of a write, after
// which it writes nothing more, so that what prints need not look at every one.
// That nobody reads on, as behind head, is no error.
type output struct {
	to  io.Writer
	err error
}

func (o *output) Write(data []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.to.Write(data)
	if errors.Is(err, syscall.EPIPE) {
		return len(data), nil
	}
	o.err = err
	return n, err
}

// fileOf is the file that is written to, nil for another writer.
func fileOf(w io.Writer) *os.File {
	if out, ok := w.(*output); ok {
		w = out.to
	}
	file, _ := w.(*os.File)
	return file
}
