package mapreduce_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/interleave-go/interleave/kernels"
	"github.com/interleave-go/interleave/kernels/mapreduce"
)

type results = []mapreduce.Pair[string, []string]

// trace is a job whose results tell where each value came from, in order.
func trace() mapreduce.Job[[]string, string, string, []string] {
	return mapreduce.Job[[]string, string, string, []string]{
		Map: func(_ context.Context, words []string, emit func(string, string)) error {
			for i, w := range words {
				emit(w, fmt.Sprintf("%s%d", w, i))
			}
			return nil
		},
		Reduce: func(_ string, values iter.Seq[string]) ([]string, error) { return slices.Collect(values), nil },
	}
}

// serial is what a job comes to by definition: one table, one goroutine.
func serial(inputs [][]string) results {
	values := map[string][]string{}
	for _, words := range inputs {
		for i, w := range words {
			values[w] = append(values[w], fmt.Sprintf("%s%d", w, i))
		}
	}
	var list results
	for key, v := range values {
		list = append(list, mapreduce.Pair[string, []string]{Key: key, Value: v})
	}
	slices.SortFunc(list, func(a, b mapreduce.Pair[string, []string]) int { return strings.Compare(a.Key, b.Key) })
	return list
}

func drawOptions(t *rapid.T, dir string) mapreduce.Options {
	return mapreduce.Options{
		Workers:    rapid.IntRange(1, 4).Draw(t, "workers"),
		MemoryMax:  rapid.SampledFrom([]int64{0, 1, 2000, 100_000}).Draw(t, "memory"),
		Partitions: rapid.IntRange(0, 5).Draw(t, "partitions"),
		TempDir:    dir,
		Stats:      &mapreduce.Stats{},
	}
}

func drawInputs(t *rapid.T) [][]string {
	return rapid.SliceOfN(rapid.SliceOfN(rapid.StringMatching(`[a-d]{0,2}`), 0, 60), 0, 30).Draw(t, "inputs")
}

// The results are those of the definition, in the same order, for any number of
// workers, bound of memory and number of partitions; no file is left.
func TestRunExact(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		inputs, o := drawInputs(t), drawOptions(t, dir)
		got, err := mapreduce.Collect(mapreduce.Run(context.Background(), trace(), mapreduce.Slice(inputs), o))
		if want := serial(inputs); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("Run = %v, %v, want %v", got, err, want)
		}
		if o.MemoryMax == 1 && len(got) > 0 && o.Stats.SpilledRuns == 0 {
			t.Fatal("nothing was spilled")
		}
		checkEmpty(t, dir)
	})
}

// The same with a Combine function.
func TestRunCombineExact(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	job := mapreduce.Job[[]string, string, int, int]{
		Map: func(_ context.Context, words []string, emit func(string, int)) error {
			for i, w := range words {
				emit(w, i)
			}
			return nil
		},
		Combine: sum,
		Reduce:  mapreduce.Only[string, int],
	}
	rapid.Check(t, func(t *rapid.T) {
		inputs, o := drawInputs(t), drawOptions(t, dir)
		want := map[string]int{}
		for _, words := range inputs {
			for i, w := range words {
				want[w] += i
			}
		}
		got, err := mapreduce.Collect(mapreduce.Run(context.Background(), job, mapreduce.Slice(inputs), o))
		if err != nil || len(got) != len(want) {
			t.Fatalf("Run = %v, %v, want %v", got, err, want)
		}
		for i, p := range got {
			if p.Value != want[p.Key] || i > 0 && got[i-1].Key >= p.Key {
				t.Fatalf("Run = %v, want %v in the order of the keys", got, want)
			}
		}
		checkEmpty(t, dir)
	})
}

type fataler interface{ Fatalf(string, ...any) }

func checkEmpty(t fataler, dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) > 0 {
		t.Fatalf("left in the directory for temporary files: %v, %v", entries, err)
	}
}

// More runs than are merged at once go through several levels.
func TestRunLevels(t *testing.T) {
	t.Parallel()
	inputs := make([][]string, 5000)
	for i := range inputs {
		inputs[i] = []string{fmt.Sprintf("%04d", i*37%1000)}
	}
	o := mapreduce.Options{Workers: 1, MemoryMax: 1, TempDir: t.TempDir(), Stats: &mapreduce.Stats{}}
	got, err := mapreduce.Collect(mapreduce.Run(context.Background(), trace(), mapreduce.Slice(inputs), o))
	if err != nil || !reflect.DeepEqual(got, serial(inputs)) || o.Stats.SpilledRuns != 5000 {
		t.Errorf("Run = %d pairs, %v, %d runs, want 1000 pairs of 5000 runs", len(got), err, o.Stats.SpilledRuns)
	}
	checkEmpty(t, o.TempDir)
}

// countFiles is a file system for runs: it counts what is open, and its writes
// fail after some bytes.
type countFiles struct {
	dir    string
	open   int
	budget int
}

type countedFile struct {
	*os.File
	files *countFiles
}

func (c *countFiles) create() (mapreduce.SpillFile, error) {
	f, err := os.CreateTemp(c.dir, "run")
	c.open++
	return &countedFile{File: f, files: c}, err
}

func (f *countedFile) Write(b []byte) (int, error) {
	if f.files.budget -= len(b); f.files.budget < 0 {
		return 0, errors.New("no space left on device")
	}
	return f.File.Write(b)
}

func (f *countedFile) Close() error {
	f.files.open--
	return errors.Join(f.File.Close(), os.Remove(f.Name()))
}

// A disk that is full while spilling, at any moment, gives its error, and the
// files are removed.
func TestRunDiskFull(t *testing.T) {
	t.Parallel()
	inputs := make([][]string, 300)
	for i := range inputs {
		inputs[i] = []string{fmt.Sprint(i)}
	}
	for budget := 0; budget < 5000; budget += 500 {
		files := &countFiles{dir: t.TempDir(), budget: budget}
		o := mapreduce.Options{Workers: 1, MemoryMax: 1}.WithSpillFiles(files.create)
		_, err := mapreduce.Collect(mapreduce.Run(context.Background(), trace(), mapreduce.Slice(inputs), o))
		if err == nil || !strings.Contains(err.Error(), "spill to disk: no space left on device") {
			t.Errorf("after %d bytes: error %v, want no space left", budget, err)
		}
		if files.open != 0 {
			t.Errorf("after %d bytes: %d files are left open", budget, files.open)
		}
		checkEmpty(t, files.dir)
	}
}

// A directory for temporary files that is not there is an error.
func TestRunNoTempDir(t *testing.T) {
	t.Parallel()
	o := mapreduce.Options{MemoryMax: 1, TempDir: t.TempDir() + "/none"}
	_, err := mapreduce.Collect(mapreduce.Run(context.Background(), trace(), mapreduce.Slice([][]string{{"a"}}), o))
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Run = %v, want that there is no such directory", err)
	}
}

// Errors and panics of every function come out as the one error, and the files
// are removed.
func TestRunErrors(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	var p *kernels.PanicError
	inputs := mapreduce.Slice([][]string{{"a"}, {"b"}, {"c"}})
	tests := map[string]struct {
		change func(*mapreduce.Job[[]string, string, string, []string])
		inputs iter.Seq2[[]string, error]
		is     func(error) bool
	}{
		"map": {change: func(j *mapreduce.Job[[]string, string, string, []string]) {
			j.Map = func(context.Context, []string, func(string, string)) error { return broken }
		}, is: func(err error) bool { return errors.Is(err, broken) }},
		"map panics": {change: func(j *mapreduce.Job[[]string, string, string, []string]) {
			j.Map = func(context.Context, []string, func(string, string)) error { panic("map") }
		}, is: func(err error) bool { return errors.As(err, &p) }},
		"reduce": {change: func(j *mapreduce.Job[[]string, string, string, []string]) {
			j.Reduce = func(string, iter.Seq[string]) ([]string, error) { return nil, broken }
		}, is: func(err error) bool { return errors.Is(err, broken) && strings.HasPrefix(err.Error(), "reduce a: ") }},
		"reduce panics": {change: func(j *mapreduce.Job[[]string, string, string, []string]) {
			j.Reduce = func(string, iter.Seq[string]) ([]string, error) { panic("reduce") }
		}, is: func(err error) bool { return errors.As(err, &p) }},
		"no map": {change: func(j *mapreduce.Job[[]string, string, string, []string]) { j.Map = nil },
			is: func(err error) bool { return strings.Contains(err.Error(), "needs both") }},
		"inputs": {inputs: func(yield func([]string, error) bool) { _ = yield([]string{"a"}, nil) && yield(nil, broken) },
			is: func(err error) bool { return errors.Is(err, broken) }},
		"inputs panic": {inputs: func(func([]string, error) bool) { panic("inputs") },
			is: func(err error) bool { return errors.As(err, &p) }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			job := trace()
			if test.change != nil {
				test.change(&job)
			}
			if test.inputs == nil {
				test.inputs = inputs
			}
			o := mapreduce.Options{Workers: 2, MemoryMax: 1, TempDir: t.TempDir()}
			_, err := mapreduce.Collect(mapreduce.Run(context.Background(), job, test.inputs, o))
			if err == nil || !test.is(err) {
				t.Errorf("Run = %v (%T)", err, err)
			}
			checkEmpty(t, o.TempDir)
		})
	}
}

// A type without a codec is refused before anything is read, and only when it
// could be spilled.
func TestRunNoCodec(t *testing.T) {
	t.Parallel()
	type pair struct{ a, b int }
	job := mapreduce.Job[int, int, pair, int]{
		Map:    func(_ context.Context, n int, emit func(int, pair)) error { emit(n, pair{n, n}); return nil },
		Reduce: func(key int, _ iter.Seq[pair]) (int, error) { return key, nil },
	}
	got, err := mapreduce.Collect(mapreduce.Run(context.Background(), job, mapreduce.Slice([]int{2, 1}), mapreduce.Options{}))
	if err != nil || len(got) != 2 {
		t.Errorf("without a bound: %v, %v", got, err)
	}
	_, err = mapreduce.Collect(mapreduce.Run(context.Background(), job, mapreduce.Slice([]int{2, 1}), mapreduce.Options{MemoryMax: 1 << 20}))
	if err == nil || !strings.Contains(err.Error(), "ValueCodec") {
		t.Errorf("with a bound: %v, want that a ValueCodec is missing", err)
	}
}

// A context that ends ends the run with its cause, and leaving the loop over
// the results early leaves nothing behind.
func TestRunEndsEarly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	endless := func(yield func([]string, error) bool) {
		for i := 0; yield([]string{fmt.Sprint(i)}, nil); i++ {
			if i == 100 {
				cancel(cause)
			}
		}
	}
	o := mapreduce.Options{Workers: 2, MemoryMax: 1, TempDir: dir}
	if _, err := mapreduce.Collect(mapreduce.Run(ctx, trace(), endless, o)); !errors.Is(err, cause) {
		t.Errorf("Run = %v, want %v", err, cause)
	}
	for _, err := range mapreduce.Run(context.Background(), trace(), mapreduce.Slice([][]string{{"a", "b", "c"}}), o) {
		if err != nil {
			t.Error(err)
		}
		break
	}
	checkEmpty(t, dir)
}

// Reading a run gives what was written, and any other bytes give an error or
// records, but no panic and no memory beyond their size.
func FuzzReadRun(f *testing.F) {
	seed, err := mapreduce.WriteRun([]mapreduce.Pair[string, int]{{Key: "", Value: 0}, {Key: "a", Value: -1}, {Key: strings.Repeat("b", 300), Value: 1 << 40}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add(seed[:len(seed)-1])
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 1, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		pairs, err := mapreduce.ReadRun(data)
		if err != nil {
			return
		}
		written, err := mapreduce.WriteRun(pairs)
		if err != nil {
			t.Fatal(err)
		}
		again, err := mapreduce.ReadRun(written)
		if err != nil || !slices.Equal(again, pairs) {
			t.Fatalf("read %v, wrote it, read %v, %v", pairs, again, err)
		}
	})
}
