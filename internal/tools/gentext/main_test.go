package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// The same flags give the same bytes, at least as many as asked for, in lines of so
// many words, and frequent words are frequent.
func TestWrite(t *testing.T) {
	o := options{bytes: 100_000, vocabulary: 1000, seed: 7}
	var one, two bytes.Buffer
	if err := o.write(&one); err != nil {
		t.Fatal(err)
	}
	if err := o.write(&two); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("the same flags give other bytes", err)
	}
	o.seed++
	var other bytes.Buffer
	if err := o.write(&other); err != nil || bytes.Equal(one.Bytes(), other.Bytes()) {
		t.Error("another seed gives the same bytes", err)
	}
	if n := one.Len(); n < 100_000 || n > 100_100 {
		t.Errorf("%d bytes", n)
	}
	counts, most := map[string]int{}, 0
	lines := bytes.Split(one.Bytes(), []byte("\n"))
	for i, line := range lines {
		words := bytes.Fields(line)
		if i < len(lines)-1 && len(words) != wordsPerLine {
			t.Errorf("line %d has %d words", i+1, len(words))
		}
		for _, w := range words {
			counts[string(w)]++
			most = max(most, counts[string(w)])
		}
	}
	if len(counts) < 200 || len(counts) > 1000 || most < 1000 {
		t.Errorf("%d different words, the most frequent one %d times", len(counts), most)
	}
}

// What cannot be written is refused, and what is there stays.
func TestRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(path, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, o := range []options{{bytes: 0, vocabulary: 10}, {bytes: 10, vocabulary: 1}} {
		if writeFile(path, o) == nil {
			t.Errorf("%+v is accepted", o)
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "kept" {
		t.Errorf("the file holds %q (%v)", got, err)
	}
	if writeFile("", options{bytes: 10, vocabulary: 10}) == nil {
		t.Error("no file is accepted")
	}
}
