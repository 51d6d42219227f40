package shard_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/kernels/shard"
)

type job struct {
	Numbers uint64 `json:"numbers"`
}

// add is a Combine that adds numbers.
func add(_ json.RawMessage, payloads []json.RawMessage) (any, error) {
	sum := uint64(0)
	for _, p := range payloads {
		var part uint64
		if err := json.Unmarshal(p, &part); err != nil {
			return nil, err
		}
		sum += part
	}
	return sum, nil
}

// part is the shard of the job that adds the numbers below n.
func part(t testing.TB, s shard.Shard, n uint64) shard.Named {
	t.Helper()
	sum := uint64(0)
	from, to := s.Range(n)
	for i := from; i < to; i++ {
		sum += i
	}
	file, err := shard.New(s, "sum", job{n}, sum)
	if err != nil {
		t.Fatal(err)
	}
	return shard.Named{Name: s.String(), File: file}
}

func Example() {
	type job struct{ Numbers int }
	first, _ := shard.New(shard.Shard{Index: 0, Count: 2}, "sum", job{6}, 0+1+2)
	second, _ := shard.New(shard.Shard{Index: 1, Count: 2}, "sum", job{6}, 3+4+5)
	whole, err := shard.Merge([]shard.Named{{Name: "b", File: second}, {Name: "a", File: first}}, add)
	fmt.Println(string(whole.Payload), err)
	_, err = shard.Merge([]shard.Named{{Name: "b", File: second}}, add)
	fmt.Println(err)
	// Output:
	// 15 <nil>
	// merge: missing shard: 0/2 (1 of 2 are there)
}

// Merging the shards of a job, in any order, gives the bytes of the unsharded
// job's file.
func TestMergedIsUnsharded(t *testing.T) {
	t.Parallel()
	want := part(t, shard.Shard{Index: 0, Count: 1}, 100).File.Encode()
	for _, count := range []int{1, 2, 3, 7, 100, 130} {
		var files []shard.Named
		for i := range count {
			files = append(files, part(t, shard.Shard{Index: count - 1 - i, Count: count}, 100))
		}
		merged, err := shard.Merge(files, add)
		if err != nil {
			t.Fatal(err)
		}
		if got := merged.Encode(); !bytes.Equal(got, want) {
			t.Errorf("%d shards: %s, want %s", count, got, want)
		}
	}
}

// Merge refuses what is not exactly the shards of one job.
func TestMergeRefuses(t *testing.T) {
	t.Parallel()
	of := func(i, n int) shard.Named { return part(t, shard.Shard{Index: i, Count: n}, 100) }
	foreign := part(t, shard.Shard{Index: 1, Count: 2}, 99)
	kind, err := shard.New(shard.Shard{Index: 1, Count: 2}, "product", job{100}, 1)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		files []shard.Named
		want  error
	}{
		"none":        {nil, shard.ErrMissing},
		"missing":     {[]shard.Named{of(0, 3), of(2, 3)}, shard.ErrMissing},
		"repeated":    {[]shard.Named{of(0, 2), of(1, 2), of(0, 2)}, shard.ErrRepeated},
		"other job":   {[]shard.Named{of(0, 2), foreign}, shard.ErrForeign},
		"other kind":  {[]shard.Named{of(0, 2), {Name: "x", File: kind}}, shard.ErrForeign},
		"other count": {[]shard.Named{of(0, 2), of(1, 3)}, shard.ErrForeign},
	}
	for name, test := range tests {
		if _, err := shard.Merge(test.files, add); !errors.Is(err, test.want) {
			t.Errorf("%s: error %v, want %v", name, err, test.want)
		}
	}
}

// Every change of one byte of a file, and every cut, is noticed.
func TestDamageIsNoticed(t *testing.T) {
	t.Parallel()
	data := part(t, shard.Shard{Index: 1, Count: 2}, 100).File.Encode()
	for i := range len(data) - 1 {
		if _, err := shard.Decode(data[:i]); !errors.Is(err, shard.ErrDamaged) {
			t.Errorf("cut to %d bytes: error %v", i, err)
		}
		for _, flip := range []byte{1, 0x10, 0x80} {
			damaged := bytes.Clone(data)
			damaged[i] ^= flip
			if file, err := shard.Decode(damaged); err == nil && !bytes.Equal(file.Encode(), data) {
				t.Errorf("byte %d: %q accepted", i, damaged)
			}
		}
	}
	if _, err := shard.Decode(append(bytes.Clone(data), data...)); !errors.Is(err, shard.ErrDamaged) {
		t.Errorf("two files in one: error %v", err)
	}
}

// A file that was written is read back the same.
func TestWriteRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "part.json")
	file := part(t, shard.Shard{Index: 1, Count: 2}, 100).File
	if err := file.Write(path); err != nil {
		t.Fatal(err)
	}
	got, err := shard.Read(path)
	if err != nil || !bytes.Equal(got.Encode(), file.Encode()) {
		t.Errorf("got %s, %v", got.Encode(), err)
	}
	if err := os.WriteFile(path, []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := shard.Read(path); !errors.Is(err, shard.ErrDamaged) || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v, want one that names the file", err)
	}
}

// A shard is read from the flag and from what the schedulers set.
func TestParse(t *testing.T) {
	t.Parallel()
	kubernetes := map[string]string{"JOB_COMPLETION_INDEX": "3"}
	slurm := map[string]string{"SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_TASK_COUNT": "5", "SLURM_ARRAY_TASK_MIN": "0"}
	fromOne := map[string]string{"SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_TASK_COUNT": "5", "SLURM_ARRAY_TASK_MIN": "1"}
	tests := []struct {
		text  string
		set   map[string]string
		want  shard.Shard
		fails string
	}{
		{"0/1", nil, shard.Shard{Index: 0, Count: 1}, ""},
		{"3/8", slurm, shard.Shard{Index: 3, Count: 8}, ""},
		{"auto/8", kubernetes, shard.Shard{Index: 3, Count: 8}, ""},
		{"auto", kubernetes, shard.Shard{}, "auto/n"},
		{"auto/3", kubernetes, shard.Shard{}, "index is not between"},
		{"auto", slurm, shard.Shard{Index: 2, Count: 5}, ""},
		{"auto/9", slurm, shard.Shard{Index: 2, Count: 9}, ""},
		{"auto", fromOne, shard.Shard{}, "begins at 1"},
		{"auto", nil, shard.Shard{}, "neither"},
		{"8/8", nil, shard.Shard{}, "between 0 and 7"},
		{"-1/8", nil, shard.Shard{}, "between 0 and 7"},
		{"0/0", nil, shard.Shard{}, "number of shards"},
		{"x/2", nil, shard.Shard{}, "not an index"},
		{"1/", nil, shard.Shard{}, "not a number"},
		{"3", nil, shard.Shard{}, "want i/n"},
	}
	for _, test := range tests {
		got, err := shard.Parse(test.text, func(name string) (string, bool) {
			value, isSet := test.set[name]
			return value, isSet
		})
		if test.fails == "" && (err != nil || got != test.want) {
			t.Errorf("%s with %v: %v, %v", test.text, test.set, got, err)
		}
		if test.fails != "" && (err == nil || !strings.Contains(err.Error(), test.fails)) {
			t.Errorf("%s with %v: error %v, want one with %q", test.text, test.set, err, test.fails)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(part(f, shard.Shard{Index: 1, Count: 2}, 100).File.Encode())
	f.Add([]byte(`{"format":"interleave shard 1"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := shard.Decode(data)
		if err != nil {
			return
		}
		again, err := shard.Decode(file.Encode())
		if err != nil || !bytes.Equal(again.Encode(), file.Encode()) {
			t.Errorf("%q: read back as %q, %v", data, again.Encode(), err)
		}
	})
}
