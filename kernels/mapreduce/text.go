package mapreduce

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
)

// unitMost is how long a word, or a line, may be: what is searched for the end
// of a split.
const unitMost = 1 << 20

// TextOptions say how text is cut into splits. The zero value is ready.
type TextOptions struct {
	// SplitBytes is about how large a split is. 0 means 1 MiB.
	SplitBytes int
	// Lines cuts at newlines only. Without it, cuts are made at any ASCII white
	// space.
	Lines bool
	// Part takes one even part of each file only; the parts of a file make up
	// the file. The zero value means the whole.
	Part Part
}

// A Part is one of Count even parts, counted from 0.
type Part struct{ Index, Count int }

// of is where in so many bytes the part begins and ends.
func (p Part) of(size int64) (from, to int64) {
	count := int64(max(1, p.Count))
	start := func(i int64) int64 { return i*(size/count) + min(i, size%count) }
	return start(int64(p.Index)), start(int64(p.Index) + 1)
}

func (p Part) check() error {
	if p.Count < 0 || p.Index < 0 || p.Index >= max(1, p.Count) {
		return fmt.Errorf("there is no part %d of %d", p.Index, p.Count)
	}
	return nil
}

func (o TextOptions) withDefaults() TextOptions {
	if o.SplitBytes <= 0 {
		o.SplitBytes = 1 << 20
	}
	return o
}

// isEnd reports whether a split may end with the byte.
func (o TextOptions) isEnd(c byte) bool {
	if o.Lines {
		return c == '\n'
	}
	return c == ' ' || c >= '\t' && c <= '\r'
}

// end is the place after the first end in text, or -1.
func (o TextOptions) end(text []byte) int {
	if o.Lines {
		return bytes.IndexByte(text, '\n') + 1
	}
	return bytes.IndexFunc(text, func(r rune) bool { return r < 0x80 && o.isEnd(byte(r)) }) + 1
}

// A TextSplit is a part of a file that begins and ends between two words, or
// two lines. Its zero value is empty. The splits of a file make up the file.
type TextSplit struct {
	Path    string
	Offset  int64 // of the part to look at; the text may begin a little later
	options TextOptions
	size    int64  // of the part
	total   int64  // size of the file
	data    []byte // of a file that can only be read once
}

// TextSplits are the splits of files, in the order of the paths. Regular files
// are read by whoever calls [TextSplit.Read], so by many at a time; pipes and
// terminals are read here. The path "-" is standard input.
func TextSplits(paths []string, o TextOptions) iter.Seq2[TextSplit, error] {
	o = o.withDefaults()
	return func(yield func(TextSplit, error) bool) {
		if err := o.Part.check(); err != nil {
			yield(TextSplit{}, err)
			return
		}
		for _, path := range paths {
			if !splitFile(path, o, yield) {
				return
			}
		}
	}
}

// splitFile yields the splits of a file; false when there are to be no more.
func splitFile(path string, o TextOptions, yield func(TextSplit, error) bool) bool {
	info, err := statText(path)
	switch {
	case err != nil:
		return yield(TextSplit{}, err)
	case info == nil && o.Part.Count > 1:
		return yield(TextSplit{}, fmt.Errorf("%s: only regular files can be taken in parts", path))
	case info == nil:
		return splitPipe(path, o, yield)
	}
	from, to := o.Part.of(info.Size())
	for at := from; at < to; at += int64(o.SplitBytes) {
		s := TextSplit{Path: path, Offset: at, options: o, total: info.Size()}
		s.size = min(int64(o.SplitBytes), to-at)
		if !yield(s, nil) {
			return false
		}
	}
	return true
}

// statText is what is known of a regular file; nil for one that can only be
// read from its start to its end.
func statText(path string) (os.FileInfo, error) {
	if path == "-" {
		return nil, nil
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s is a directory", path)
	case !info.Mode().IsRegular():
		return nil, nil
	}
	return info, nil
}

func splitPipe(path string, o TextOptions, yield func(TextSplit, error) bool) bool {
	if path == "-" {
		return splitReader(TextSplit{Path: path, options: o}, os.Stdin, yield)
	}
	f, err := os.Open(path)
	if err != nil {
		return yield(TextSplit{}, err)
	}
	defer f.Close()
	return splitReader(TextSplit{Path: path, options: o}, f, yield)
}

// splitReader reads splits one after another.
func splitReader(s TextSplit, in io.Reader, yield func(TextSplit, error) bool) bool {
	var rest []byte
	for {
		data := make([]byte, s.options.SplitBytes)
		n, err := io.ReadFull(in, data)
		over := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !over {
			return yield(TextSplit{}, fmt.Errorf("read %s: %w", s.Path, err))
		}
		rest = append(rest, data[:n]...)
		cut := len(rest)
		for !over && cut > 0 && !s.options.isEnd(rest[cut-1]) {
			cut--
		}
		if cut == 0 && len(rest) > unitMost {
			return yield(TextSplit{}, s.tooLong(s.Offset))
		}
		if cut > 0 {
			s.data = rest[:cut:cut]
			if !yield(s, nil) {
				return false
			}
			s.Offset += int64(cut)
			rest = bytes.Clone(rest[cut:])
		}
		if over {
			return true
		}
	}
}

func (s TextSplit) tooLong(at int64) error {
	what := "word"
	if s.options.Lines {
		what = "line"
	}
	return fmt.Errorf("%s: the %s at byte %d is longer than %d bytes", s.Path, what, at, unitMost)
}

// Read appends the text of the split to a buffer and says where in the file it
// begins. A file that changes while it is read can give an error or a mixture.
func (s TextSplit) Read(buffer []byte) (text []byte, offset int64, err error) {
	if s.data != nil {
		return append(buffer, s.data...), s.Offset, nil
	}
	if s.size == 0 {
		return buffer, s.Offset, nil
	}
	f, err := os.Open(s.Path)
	if err != nil {
		return buffer, 0, err
	}
	defer f.Close()
	return s.readFrom(f, buffer)
}

// readFrom reads the split. Both its ends are moved on to the end of the word
// that they fall into; looking at the byte before tells whether they do.
func (s TextSplit) readFrom(f io.ReaderAt, buffer []byte) ([]byte, int64, error) {
	from := max(0, s.Offset-1)
	kept := len(buffer)
	buffer, err := s.extend(f, buffer, from, s.Offset+s.size)
	if err != nil {
		return buffer, 0, err
	}
	start := 0
	if s.Offset > 0 {
		if start = s.options.end(buffer[kept:]); start == 0 {
			return buffer[:kept], s.Offset, nil // all inside one word, which another split has
		}
	}
	for to := s.Offset + s.size; to < s.total && !s.options.isEnd(buffer[len(buffer)-1]); {
		more := min(to+4096, s.total)
		at := len(buffer)
		if buffer, err = s.extend(f, buffer, to, more); err != nil {
			return buffer, 0, err
		}
		if end := s.options.end(buffer[at:]); end > 0 {
			buffer = buffer[:at+end]
			break
		}
		if to = more; to-s.Offset-s.size > unitMost {
			return buffer, 0, s.tooLong(s.Offset + s.size)
		}
	}
	text := append(buffer[:kept], buffer[kept+start:]...)
	return text, from + int64(start), nil
}

// extend appends the bytes of the file from one place to another.
func (s TextSplit) extend(f io.ReaderAt, buffer []byte, from, to int64) ([]byte, error) {
	at := len(buffer)
	buffer = append(buffer, make([]byte, to-from)...)
	n, err := f.ReadAt(buffer[at:], from)
	if int64(n) == to-from {
		return buffer, nil
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return buffer[:at], fmt.Errorf("read %s at byte %d: %w", s.Path, from, err)
}
