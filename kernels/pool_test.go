package kernels_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/interleave-go/interleave/kernels"
)

func Example() {
	pool := kernels.Pool{Workers: 4}
	defer pool.Close()
	squares, err := kernels.Map(context.Background(), kernels.MapOptions{Pool: &pool}, []int{1, 2, 3},
		func(_ context.Context, n int) (int, error) { return n * n, nil })
	fmt.Println(squares, err)
	// Output: [1 4 9] <nil>
}

// Partial application is a closure: power with its exponent given is a job.
func ExampleMap_partialApplication() {
	power := func(exponent int) func(context.Context, int) (int, error) {
		return func(_ context.Context, base int) (int, error) {
			result := 1
			for range exponent {
				result *= base
			}
			return result, nil
		}
	}
	cubes, err := kernels.Map(context.Background(), kernels.MapOptions{}, []int{1, 2, 3}, power(3))
	fmt.Println(cubes, err)
	// Output: [1 8 27] <nil>
}

func ExampleStarMap() {
	areas, err := kernels.StarMap(context.Background(), kernels.MapOptions{},
		[]kernels.Args2[int, int]{{A: 2, B: 3}, {A: 4, B: 5}},
		func(_ context.Context, width, height int) (int, error) { return width * height, nil })
	fmt.Println(areas, err)
	// Output: [6 20] <nil>
}

func ExampleMapUnordered() {
	total := 0
	for r := range kernels.MapUnordered(context.Background(), kernels.MapOptions{}, []string{"a", "bb", "ccc"},
		func(_ context.Context, s string) (int, error) { return len(s), nil }) {
		total += r.Value
	}
	fmt.Println(total)
	// Output: 6
}

func ExampleReduce() {
	longest, err := kernels.Reduce(context.Background(), kernels.MapOptions{}, []string{"do", "re", "fa", "sol"},
		func(a, b string) string {
			if len(b) > len(a) {
				return b
			}
			return a
		})
	fmt.Println(longest, err)
	// Output: sol <nil>
}

func chunks() map[string]kernels.Chunk {
	return map[string]kernels.Chunk{
		"automatic": {},
		"guided":    {Policy: kernels.Guided},
		"fixed 1":   {Policy: kernels.Fixed},
		"fixed 7":   {Policy: kernels.Fixed, Size: 7},
		"guided 3":  {Policy: kernels.Guided, Size: 3},
	}
}

// Every item runs exactly once and its result is at its place, and no more jobs
// run at a time than there are workers, however the list is cut.
func TestMapEachItemOnce(t *testing.T) {
	t.Parallel()
	for name, chunk := range chunks() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				n, workers := rapid.IntRange(0, 300).Draw(t, "items"), rapid.IntRange(1, 5).Draw(t, "workers")
				checkEachOnce(t, n, workers, chunk)
			})
		})
	}
}

func checkEachOnce(t *rapid.T, n, workers int, chunk kernels.Chunk) {
	pool := kernels.Pool{Workers: workers}
	defer pool.Close()
	in, runs := numbers(n), make([]atomic.Int32, n)
	var atOnce atomic.Int32
	out, err := kernels.Map(context.Background(), kernels.MapOptions{Pool: &pool, Chunk: chunk}, in,
		func(_ context.Context, i int) (int, error) {
			if now := atOnce.Add(1); int(now) > workers {
				t.Errorf("%d jobs at a time, want at most %d", now, workers)
			}
			defer atOnce.Add(-1)
			runs[i].Add(1)
			return -i, nil
		})
	if err != nil {
		t.Fatalf("Map = %v, want no error", err)
	}
	for i := range out {
		if out[i] != -i || runs[i].Load() != 1 {
			t.Fatalf("item %d: result %d after %d runs, want %d after 1", i, out[i], runs[i].Load(), -i)
		}
	}
}

// A pool is used again: many calls run on the goroutines of the first.
func TestPoolReused(t *testing.T) {
	t.Parallel()
	pool := kernels.Pool{Workers: 2}
	defer pool.Close()
	for range 100 {
		out, err := kernels.Map(context.Background(), kernels.MapOptions{Pool: &pool}, []int{1, 2, 3},
			func(_ context.Context, i int) (int, error) { return i, nil })
		if err != nil || !slices.Equal(out, []int{1, 2, 3}) {
			t.Fatalf("Map = %v, %v", out, err)
		}
	}
}

// The first error ends the call: it is the one that is returned, and items that
// had not started do not run.
func TestMapFirstError(t *testing.T) {
	t.Parallel()
	pool := kernels.Pool{Workers: 2}
	defer pool.Close()
	broken := errors.New("broken")
	var ran atomic.Int32
	_, err := kernels.Map(context.Background(), kernels.MapOptions{Pool: &pool, Chunk: kernels.Chunk{Policy: kernels.Fixed}},
		make([]int, 1000), func(ctx context.Context, _ int) (int, error) {
			if ran.Add(1) == 10 {
				return 0, broken
			}
			if ran.Load() >= 10 {
				<-ctx.Done() // the error must cancel the others
				return 0, ctx.Err()
			}
			return 0, nil
		})
	var item *kernels.ItemError
	if !errors.Is(err, broken) || !errors.As(err, &item) {
		t.Errorf("Map = %v, want an ItemError of %v", err, broken)
	}
	if got := ran.Load(); got > 12 {
		t.Errorf("%d items ran, want at most 12", got)
	}
}

// With AllErrors every item runs, and the errors are in the order of the items.
func TestMapAllErrors(t *testing.T) {
	t.Parallel()
	out, err := kernels.Map(context.Background(), kernels.MapOptions{AllErrors: true}, []int{0, 1, 2, 3, 4, 5},
		func(_ context.Context, i int) (int, error) {
			switch i {
			case 1:
				return 0, errors.New("one")
			case 4:
				panic("four")
			}
			return i, nil
		})
	if want := "item 1: one\nitem 4: panic: four"; err == nil || err.Error() != want {
		t.Errorf("Map = %v, want %q", err, want)
	}
	if want := []int{0, 0, 2, 3, 0, 5}; !slices.Equal(out, want) {
		t.Errorf("Map = %v, want %v", out, want)
	}
}

// A panic becomes an error that shows where the job was.
func TestMapPanic(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	_, err := kernels.Map(context.Background(), kernels.MapOptions{}, []int{1},
		func(context.Context, int) (int, error) { return 0, panicDeep(cause) })
	var p *kernels.PanicError
	if !errors.As(err, &p) || !strings.Contains(string(p.Stack), "panicDeep") || !errors.Is(err, cause) {
		t.Errorf("Map = %v (%T), want a PanicError with panicDeep on its stack", err, err)
	}
}

func panicDeep(err error) error { panic(err) }

// A job that ends its goroutine ends the call with an error, and the pool goes
// on with all its workers.
func TestMapGoexit(t *testing.T) {
	t.Parallel()
	pool := kernels.Pool{Workers: 1}
	defer pool.Close()
	options := kernels.MapOptions{Pool: &pool, AllErrors: true}
	for range 3 {
		_, err := kernels.Map(context.Background(), options, []int{1, 2, 3}, func(context.Context, int) (int, error) {
			runtime.Goexit()
			return 0, nil
		})
		if !errors.Is(err, kernels.ErrGoexit) {
			t.Errorf("Map = %v, want ErrGoexit", err)
		}
	}
}

// Cancelling the context ends the call with its cause, also when no worker has
// come to it yet.
func TestMapCancel(t *testing.T) {
	t.Parallel()
	pool := kernels.Pool{Workers: 1}
	defer pool.Close()
	held, letGo := make(chan struct{}), make(chan struct{})
	first := kernels.Submit(context.Background(), &pool, func(context.Context) (int, error) {
		close(held)
		<-letGo
		return 0, nil
	})
	<-held
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(cause)
	_, err := kernels.Map(ctx, kernels.MapOptions{Pool: &pool}, []int{1, 2}, func(context.Context, int) (int, error) {
		t.Error("a job ran after the cancel")
		return 0, nil
	})
	if !errors.Is(err, cause) {
		t.Errorf("Map = %v, want %v", err, cause)
	}
	close(letGo)
	if _, err := first.Result(context.Background()); err != nil {
		t.Errorf("the other job's result = %v", err)
	}
}

// Cancelling amid a chunk, even the only one, is an error exactly when items
// were left out because of it.
func TestMapCancelInChunk(t *testing.T) {
	t.Parallel()
	const items = 100_000
	for _, progress := range []func(int, int){nil, func(int, int) {}} {
		ctx, cancel := context.WithCancel(context.Background())
		options := kernels.MapOptions{Chunk: kernels.Chunk{Policy: kernels.Fixed, Size: items}, Progress: progress}
		ran := 0
		_, err := kernels.Map(ctx, options, numbers(items), func(_ context.Context, i int) (int, error) {
			if ran++; i == 3 {
				cancel()
			}
			runtime.Gosched()
			return i, nil
		})
		if left := ran < items; left != errors.Is(err, context.Canceled) {
			t.Errorf("Map = %v after %d of %d items", err, ran, items)
		}
	}
}

// Jobs that use their own pool finish, even when it has a single worker.
func TestMapNested(t *testing.T) {
	t.Parallel()
	pool := kernels.Pool{Workers: 1}
	defer pool.Close()
	options := kernels.MapOptions{Pool: &pool}
	var sum func(ctx context.Context, depth int) (int, error)
	sum = func(ctx context.Context, depth int) (int, error) {
		if depth == 0 {
			return 1, nil
		}
		parts, err := kernels.Map(ctx, options, []int{depth - 1, depth - 1}, sum)
		return parts[0] + parts[1], err
	}
	out, err := kernels.Map(context.Background(), options, []int{6}, sum)
	if err != nil || out[0] != 64 {
		t.Errorf("Map = %v, %v, want [64]", out, err)
	}
}

// Progress runs on the caller's goroutine, never falls, and ends at the total.
func TestMapProgress(t *testing.T) {
	t.Parallel()
	var seen []int // not locked: the race detector would tell of another goroutine
	options := kernels.MapOptions{
		Chunk:    kernels.Chunk{Policy: kernels.Fixed},
		Progress: func(done, total int) { seen = append(seen, done*1000/total) },
	}
	_, err := kernels.Map(context.Background(), options, make([]int, 500), func(context.Context, int) (int, error) { return 0, nil })
	if err != nil || !slices.IsSorted(seen) || seen[len(seen)-1] != 1000 {
		t.Errorf("progress %v, error %v", seen, err)
	}
}

// A panic costs its own item only: the rest of the chunk still runs.
func TestMapPanicInChunk(t *testing.T) {
	t.Parallel()
	options := kernels.MapOptions{AllErrors: true, Chunk: kernels.Chunk{Policy: kernels.Fixed, Size: 10}}
	out, err := kernels.Map(context.Background(), options, numbers(10), func(_ context.Context, i int) (int, error) {
		if i == 4 {
			panic("four")
		}
		return i, nil
	})
	if want := []int{0, 1, 2, 3, 0, 5, 6, 7, 8, 9}; !slices.Equal(out, want) || err == nil {
		t.Errorf("Map = %v, %v, want %v and an error", out, err, want)
	}
}

// MapUnordered yields each result once, and the failed items last.
func TestMapUnordered(t *testing.T) {
	t.Parallel()
	for name, chunk := range chunks() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var indices, failed []int
			options := kernels.MapOptions{Chunk: chunk, AllErrors: true}
			for r := range kernels.MapUnordered(context.Background(), options, numbers(100), failAt(3, 50)) {
				if r.Err != nil {
					failed = append(failed, r.Index)
				} else {
					indices = append(indices, r.Index)
				}
			}
			slices.Sort(indices)
			if len(slices.Compact(indices)) != 98 || !slices.Equal(failed, []int{3, 50}) {
				t.Errorf("results of %d items, failed %v, want 98 and [3 50]", len(indices), failed)
			}
		})
	}
}

// failAt is a job that fails for some items.
func failAt(items ...int) func(context.Context, int) (int, error) {
	return func(_ context.Context, i int) (int, error) {
		if slices.Contains(items, i) {
			return 0, errors.New("failed")
		}
		return i, nil
	}
}

func numbers(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// Leaving the loop over the results cancels what is left.
func TestMapUnorderedBreak(t *testing.T) {
	t.Parallel()
	var ran atomic.Int64
	pool := kernels.Pool{Workers: 2}
	defer pool.Close()
	options := kernels.MapOptions{Pool: &pool, Chunk: kernels.Chunk{Policy: kernels.Fixed}}
	for range kernels.MapUnordered(context.Background(), options, numbers(1000), func(ctx context.Context, i int) (int, error) {
		if ran.Add(1) > 10 {
			<-ctx.Done()
		}
		return i, nil
	}) {
		break
	}
	if got := ran.Load(); got > 12 {
		t.Errorf("%d items ran, want at most 12", got)
	}
}

// Reduce keeps the order of the items and gives the same floats for any number
// of workers.
func TestReduce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringN(0, 3, -1), 0, 3000).Draw(t, "words")
		got, err := kernels.Reduce(context.Background(), kernels.MapOptions{}, words, func(a, b string) string { return a + b })
		if want := strings.Join(words, ""); got != want || err != nil {
			t.Fatalf("Reduce = %q, %v, want %q", got, err, want)
		}
	})
	floats := make([]float64, 10_000)
	for i := range floats {
		floats[i] = 1 / float64(i+1)
	}
	var sums []float64
	for workers := 1; workers <= 4; workers++ {
		pool := kernels.Pool{Workers: workers}
		sum, err := kernels.Reduce(context.Background(), kernels.MapOptions{Pool: &pool}, floats, func(a, b float64) float64 { return a + b })
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, sum)
		pool.Close()
	}
	if len(slices.Compact(sums)) != 1 {
		t.Errorf("sums %v, want the same for 1 to 4 workers", sums)
	}
}

// A closed pool refuses work, and closing it twice is harmless.
func TestPoolClosed(t *testing.T) {
	t.Parallel()
	var pool kernels.Pool
	pool.Close()
	if err := pool.Close(); err != nil {
		t.Errorf("second Close = %v", err)
	}
	_, err := kernels.Map(context.Background(), kernels.MapOptions{Pool: &pool}, []int{1}, func(context.Context, int) (int, error) { return 0, nil })
	if !errors.Is(err, kernels.ErrClosed) {
		t.Errorf("Map on a closed pool = %v, want ErrClosed", err)
	}
}
