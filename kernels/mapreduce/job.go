package mapreduce

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
)

// WorkersMost bounds the number of workers.
const WorkersMost = 1024

// A Job says what to do. Map and Reduce are required.
type Job[In any, K cmp.Ordered, V, Out any] struct {
	// Map emits pairs for one input. It runs on several goroutines at a time;
	// emit must be called on the one that Map was called on, before it
	// returns.
	Map func(ctx context.Context, in In, emit func(K, V)) error
	// Combine makes one value of two of the same key. It must be commutative
	// and associative. nil keeps every value.
	Combine func(a, b V) V
	// Reduce makes the result of a key. values can be ranged over once; with
	// Combine it is a single value. It runs on several goroutines at a time.
	Reduce func(key K, values iter.Seq[V]) (Out, error)

	// Keep makes a copy of a key that lives on after Map has returned, for
	// keys that are parts of the input. It is called once for each key that
	// is new to a table. nil keeps the key itself.
	Keep func(K) K
	// Size is what a pair takes in memory beyond the size of its two types.
	// nil counts the bytes of keys and values that are strings.
	Size func(K, V) int
	// KeyCodec and ValueCodec write pairs to disk. The zero value is one that
	// is built in, for strings, booleans, integers and floats.
	KeyCodec   Codec[K]
	ValueCodec Codec[V]
}

// Options say with what a job is done. The zero value is ready.
type Options struct {
	// Workers is how many goroutines work. 0 means GOMAXPROCS.
	Workers int
	// MemoryMax is how many bytes the tables, the buffers and the results that
	// wait to be yielded may take together, by estimate, the garbage
	// collector's headroom included. 0 means no bound: nothing is spilled, and
	// no codec is needed.
	MemoryMax int64
	// Partitions is how many ranges the keys are cut into. 0 means as many as
	// the workers and the memory call for.
	Partitions int
	// TempDir is where runs are written. "" means the system's.
	TempDir string
	// Stats is filled in when the results are through. nil means that nobody
	// wants to know.
	Stats *Stats

	create func() (spillFile, error) // nil means a temporary file; for tests
}

// Stats says what a run took.
type Stats struct {
	Inputs       int   `json:"inputs"`
	SpilledRuns  int   `json:"spilled_runs"`
	SpilledBytes int64 `json:"spilled_bytes"`
	Partitions   int   `json:"partitions"`
}

// A Pair is one result.
type Pair[K cmp.Ordered, Out any] struct {
	Key   K
	Value Out
}

// Only is a Reduce function for jobs with Combine: the result is the value.
func Only[K cmp.Ordered, V any](_ K, values iter.Seq[V]) (V, error) {
	var only V
	for v := range values {
		only = v
	}
	return only, nil
}

// Slice are the inputs of a list.
func Slice[In any](list []In) iter.Seq2[In, error] {
	return func(yield func(In, error) bool) {
		for _, in := range list {
			if !yield(in, nil) {
				return
			}
		}
	}
}

func (o Options) withDefaults() Options {
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.create == nil {
		o.create = func() (spillFile, error) { return newTempFile(o.TempDir) }
	}
	if o.Stats == nil {
		o.Stats = &Stats{}
	}
	*o.Stats = Stats{}
	return o
}

func (o Options) check() error {
	if o.Workers < 0 || o.MemoryMax < 0 || o.Partitions < 0 {
		return fmt.Errorf("map-reduce with %d workers, %d bytes and %d partitions: none can be negative", o.Workers, o.MemoryMax, o.Partitions)
	}
	if o.Workers > WorkersMost {
		return fmt.Errorf("map-reduce with %d workers: at most %d are possible", o.Workers, WorkersMost)
	}
	return nil
}

// tableShare is what the table of one worker may take, 0 for no bound: a quarter
// of the memory for all tables, which the garbage collector's headroom doubles;
// the rest is for buffers and results.
func (o Options) tableShare() int64 {
	if o.MemoryMax == 0 {
		return 0
	}
	return max(1, o.MemoryMax/4/int64(o.Workers))
}

// withDefaults fills in what is nil.
func (j Job[In, K, V, Out]) withDefaults() Job[In, K, V, Out] {
	if j.Keep == nil {
		j.Keep = func(k K) K { return k }
	}
	if j.Size == nil {
		j.Size = stringBytes[K, V]()
	}
	if j.KeyCodec.Append == nil && j.KeyCodec.Decode == nil {
		j.KeyCodec = builtinCodec[K]()
	}
	if j.ValueCodec.Append == nil && j.ValueCodec.Decode == nil {
		j.ValueCodec = builtinCodec[V]()
	}
	return j
}

func (j Job[In, K, V, Out]) check(o Options) error {
	if j.Map == nil || j.Reduce == nil {
		return errors.New("map-reduce: a job needs both Map and Reduce")
	}
	if o.MemoryMax > 0 {
		return errors.Join(checkCodec("KeyCodec", j.KeyCodec), checkCodec("ValueCodec", j.ValueCodec))
	}
	return nil
}

func checkCodec[T any](field string, c Codec[T]) error {
	if c.Append == nil || c.Decode == nil {
		var v T
		return fmt.Errorf("map-reduce: a bound of memory needs the job's %s, because none is built in for %T", field, v)
	}
	return nil
}

// stringBytes counts the bytes of strings.
func stringBytes[K, V any]() func(K, V) int {
	length := any(func(s string) int { return len(s) })
	key, _ := length.(func(K) int)
	value, _ := length.(func(V) int)
	return func(k K, v V) int {
		n := 0
		if key != nil {
			n += key(k)
		}
		if value != nil {
			n += value(v)
		}
		return n
	}
}
