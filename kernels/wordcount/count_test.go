package wordcount_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/interleave-go/interleave/kernels/mapreduce"
	"github.com/interleave-go/interleave/kernels/wordcount"
)

func Example() {
	dir, err := os.MkdirTemp("", "wordcount-example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "rose.txt")
	if err := os.WriteFile(path, []byte("a rose is a rose\n"), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	for pair, err := range wordcount.Count(context.Background(), []string{path}, wordcount.Options{}) {
		fmt.Println(pair.Key, pair.Value, err)
	}
	// Output:
	// a 2 <nil>
	// is 1 <nil>
	// rose 2 <nil>
}

// Words are counted as the plain loop counts them, whatever the white space,
// the workers, the splits and the bound of memory.
func TestCountAsPlain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		var paths []string
		var all strings.Builder
		for i := range rapid.IntRange(0, 3).Draw(t, "files") {
			text := rapid.StringMatching("[ab\u00e9\u00a0\u2003\u3000\u0085 \n\v]{0,200}").Draw(t, "text")
			path := filepath.Join(dir, fmt.Sprint(i))
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			paths = append(paths, path)
			all.WriteString(text + "\n")
		}
		o := wordcount.Options{Text: mapreduce.TextOptions{SplitBytes: rapid.IntRange(1, 300).Draw(t, "split")}}
		o.Workers = rapid.IntRange(1, 3).Draw(t, "workers")
		o.MemoryMax = rapid.SampledFrom([]int64{0, 1, 5000}).Draw(t, "memory")
		want, err := wordcount.Plain(strings.NewReader(all.String()))
		if err != nil {
			t.Fatal(err)
		}
		got, err := mapreduce.Collect(wordcount.Count(context.Background(), paths, o))
		if err != nil || len(got) != len(want) {
			t.Fatalf("Count = %v, %v, want %v", got, err, want)
		}
		for _, p := range got {
			if want[p.Key] != p.Value {
				t.Fatalf("Count = %v, want %v", got, want)
			}
		}
	})
}

// Invalid UTF-8 is an error that names the file and the byte.
func TestCountInvalid(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bad")
	text := strings.Repeat("good \u00e9 ", 100) + "b\xffd " + strings.Repeat("more ", 100)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := mapreduce.Collect(wordcount.Count(context.Background(), []string{path}, wordcount.Options{Text: mapreduce.TextOptions{SplitBytes: 64}}))
	if want := fmt.Sprintf("%s: invalid UTF-8 at byte %d", path, strings.IndexByte(text, 0xff)); err == nil || err.Error() != want {
		t.Errorf("Count = %v, want %s", err, want)
	}
}

// Progress ends at the size of the files.
func TestCountProgress(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(path, []byte(strings.Repeat("word ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	var last int64
	o := wordcount.Options{Text: mapreduce.TextOptions{SplitBytes: 100}, Progress: func(bytes int64) { last = bytes }}
	if _, err := mapreduce.Collect(wordcount.Count(context.Background(), []string{path}, o)); err != nil || last != 5000 {
		t.Errorf("progress ended at %d, %v, want 5000", last, err)
	}
}
