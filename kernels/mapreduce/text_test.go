package mapreduce_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/interleave-go/interleave/kernels/mapreduce"
)

func writeText(t fataler, path, text string) {
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatalf("write %s: %v", path, err)
	}
}

// readSplits reads all splits of the files.
func readSplits(paths []string, o mapreduce.TextOptions) (texts []string, offsets []int64, err error) {
	for split, err := range mapreduce.TextSplits(paths, o) {
		if err != nil {
			return nil, nil, err
		}
		text, offset, err := split.Read([]byte("kept "))
		if err != nil {
			return nil, nil, err
		}
		texts, offsets = append(texts, strings.TrimPrefix(string(text), "kept ")), append(offsets, offset)
	}
	return texts, offsets, nil
}

// The splits of a file make up the file, each is where it says, and none
// begins or ends within a word or, with Lines, a line.
func TestTextSplits(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "text")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[aéb \n\t]{0,80}`).Draw(t, "text")
		o := mapreduce.TextOptions{SplitBytes: rapid.IntRange(1, 20).Draw(t, "bytes"), Lines: rapid.Bool().Draw(t, "lines")}
		writeText(t, path, text)
		var texts []string
		var offsets []int64
		var err error
		parts := rapid.IntRange(1, 4).Draw(t, "parts")
		for i := 0; i < parts && err == nil; i++ {
			var some []string
			var where []int64
			o.Part = mapreduce.Part{Index: i, Count: parts}
			some, where, err = readSplits([]string{path}, o)
			texts, offsets = append(texts, some...), append(offsets, where...)
		}
		if got := strings.Join(texts, ""); err != nil || got != text {
			t.Fatalf("the splits are %q, %v, want %q", texts, err, text)
		}
		ends := " \n\t"
		if o.Lines {
			ends = "\n"
		}
		for i, s := range texts {
			if s == "" {
				continue
			}
			from := int(offsets[i])
			if text[from:from+len(s)] != s || from > 0 && !strings.ContainsRune(ends, rune(text[from-1])) {
				t.Fatalf("split %q at %d is in a word of %q, or elsewhere", s, from, text)
			}
		}
	})
}

// What is not a file that can be read is an error that names it.
func TestTextSplitsUnreadable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, _, err := readSplits([]string{filepath.Join(dir, "none")}, mapreduce.TextOptions{})
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "none") {
		t.Errorf("missing file: %v", err)
	}
	if _, _, err := readSplits([]string{dir}, mapreduce.TextOptions{}); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("directory: %v", err)
	}
}

// A part that does not exist is an error, and so is a part of a pipe.
func TestTextSplitsParts(t *testing.T) {
	t.Parallel()
	for _, part := range []mapreduce.Part{{Index: 1}, {Index: 2, Count: 2}, {Index: -1, Count: 2}, {Count: -1}} {
		if _, _, err := readSplits(nil, mapreduce.TextOptions{Part: part}); err == nil {
			t.Errorf("part %+v gives no error", part)
		}
	}
	_, _, err := readSplits([]string{"-"}, mapreduce.TextOptions{Part: mapreduce.Part{Count: 2}})
	if err == nil || !strings.Contains(err.Error(), "only regular files") {
		t.Errorf("standard input in parts: %v", err)
	}
}

// A word without end is an error, not a split that swallows the memory.
func TestTextSplitsLongWord(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "long")
	writeText(t, path, "a "+strings.Repeat("x", 3<<20))
	_, _, err := readSplits([]string{path}, mapreduce.TextOptions{SplitBytes: 1000})
	if err == nil || !strings.Contains(err.Error(), "longer than 1048576 bytes") {
		t.Errorf("long word: %v", err)
	}
}

// A file that got shorter since it was cut is an error.
func TestTextSplitsTruncated(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "text")
	writeText(t, path, "one two three")
	for split, err := range mapreduce.TextSplits([]string{path}, mapreduce.TextOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		writeText(t, path, "one")
		if _, _, err := split.Read(nil); err == nil || !strings.Contains(err.Error(), "unexpected EOF") {
			t.Errorf("Read = %v, want unexpected EOF", err)
		}
	}
}
