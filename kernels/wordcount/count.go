package wordcount

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"github.com/interleave-go/interleave/kernels/mapreduce"
)

// Options say how words are counted. The zero value is ready.
type Options struct {
	mapreduce.Options
	// Text says how the files are cut.
	Text mapreduce.TextOptions
	// Progress is called with the bytes done so far, by one goroutine at a
	// time, but not always the same. nil means no calls.
	Progress func(bytes int64)
}

// Count yields the words of the files and how often each occurs, in the order
// of the words. The last element has the error, if there is one, as
// [mapreduce.Run] has it.
func Count(ctx context.Context, paths []string, o Options) iter.Seq2[mapreduce.Pair[string, int], error] {
	c := &counting{progress: o.Progress}
	job := mapreduce.Job[mapreduce.TextSplit, string, int, int]{
		Map:     c.count,
		Combine: func(a, b int) int { return a + b },
		Reduce:  mapreduce.Only[string, int],
		Keep:    strings.Clone,
	}
	return mapreduce.Run(ctx, job, mapreduce.TextSplits(paths, o.Text), o.Options)
}

// A counting is one call of Count.
type counting struct {
	buffers  sync.Pool // of *[]byte
	progress func(bytes int64)
	mu       sync.Mutex
	done     int64
}

// count emits the words of a split.
func (c *counting) count(_ context.Context, split mapreduce.TextSplit, emit func(string, int)) error {
	buffer, _ := c.buffers.Get().(*[]byte)
	if buffer == nil {
		buffer = new([]byte)
	}
	defer c.buffers.Put(buffer)
	text, offset, err := split.Read((*buffer)[:0])
	if err != nil {
		return err
	}
	*buffer = text
	if !utf8.Valid(text) {
		return fmt.Errorf("%s: invalid UTF-8 at byte %d", split.Path, offset+firstInvalid(text))
	}
	// The words are parts of the buffer, which the next split overwrites. The
	// job's Keep copies those that stay, a tiny share; copying the buffer into a
	// string would be the only memory that is allocated per split.
	words(unsafe.String(unsafe.SliceData(text), len(text)), emit)
	c.report(int64(len(text)))
	return nil
}

func (c *counting) report(bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done += bytes
	if c.progress != nil {
		c.progress(c.done)
	}
}

// firstInvalid is the place of the first byte that is not UTF-8.
func firstInvalid(text []byte) int64 {
	at := 0
	for at < len(text) {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return int64(at)
}

// words emits each word of valid UTF-8.
func words(text string, emit func(string, int)) {
	start := -1 // of the word that at is in
	for at := 0; at < len(text); {
		size, space := 1, false
		if c := text[at]; c < utf8.RuneSelf {
			space = c == ' ' || c-'\t' < 5
		} else {
			var r rune
			r, size = utf8.DecodeRuneInString(text[at:])
			space = unicode.IsSpace(r)
		}
		switch {
		case space && start >= 0:
			emit(text[start:at], 1)
			start = -1
		case !space && start < 0:
			start = at
		}
		at += size
	}
	if start >= 0 {
		emit(text[start:], 1)
	}
}
