package kernels_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/interleave-go/interleave/kernels"
)

// answer is a task that gives a value at once.
func answer[T any](value T) func(context.Context) (T, error) {
	return func(context.Context) (T, error) { return value, nil }
}

// held is a task that tells that it runs, and then waits to be let go or
// cancelled.
type held struct{ running, letGo chan struct{} }

func newHeld() held { return held{running: make(chan struct{}), letGo: make(chan struct{})} }

func (h held) task(ctx context.Context) (int, error) {
	close(h.running)
	select {
	case <-h.letGo:
		return 1, nil
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}

// The notebook's lesson: a cancel that comes before the start wins, and one
// that comes after says that it did not.
func ExampleFuture_Cancel() {
	pool := kernels.Pool{Workers: 1}
	defer pool.Close()
	first := newHeld()
	running := kernels.Submit(context.Background(), &pool, first.task)
	waiting := kernels.Submit(context.Background(), &pool, answer("never"))
	<-first.running

	fmt.Println("waiting job:", waiting.Cancel(), waiting.Cancelled())
	fmt.Println("running job:", running.Cancel(), running.Cancelled())
	_, err := running.Result(context.Background())
	fmt.Println(err) // the task saw that its context was cancelled
	// Output:
	// waiting job: true true
	// running job: false false
	// context canceled
}

func ExampleWait() {
	pool := kernels.Pool{Workers: 2}
	defer pool.Close()
	slow := newHeld()
	futures := []*kernels.Future[int]{
		kernels.Submit(context.Background(), &pool, slow.task),
		kernels.Submit(context.Background(), &pool, answer(2)),
	}
	first, err := kernels.Wait(context.Background(), futures, kernels.FirstDone)
	fmt.Println(len(first.Done), "done,", len(first.Pending), "pending,", err)
	close(slow.letGo)
	all, err := kernels.Wait(context.Background(), futures, kernels.AllDone)
	fmt.Println(len(all.Done), "done,", len(all.Pending), "pending,", err)
	// Output:
	// 1 done, 1 pending, <nil>
	// 2 done, 0 pending, <nil>
}

// A future goes from pending to running to done.
func TestFutureStates(t *testing.T) {
	t.Parallel()
	pool := kernels.Pool{Workers: 1}
	defer pool.Close()
	blocker, h := newHeld(), newHeld()
	kernels.Submit(context.Background(), &pool, blocker.task)
	f := kernels.Submit(context.Background(), &pool, h.task)
	check := func(when string, running, done bool) {
		t.Helper()
		if f.Running() != running || f.Done() != done || f.Cancelled() {
			t.Errorf("%s: running %v, done %v, cancelled %v, want %v, %v, false", when, f.Running(), f.Done(), f.Cancelled(), running, done)
		}
	}
	check("before the start", false, false)
	close(blocker.letGo)
	<-h.running
	check("after the start", true, false)
	close(h.letGo)
	<-f.Completed()
	check("after the end", false, true)
	if v, err := f.Result(context.Background()); v != 1 || err != nil {
		t.Errorf("Result = %v, %v, want 1", v, err)
	}
}

// Cancel against start: whichever is first, the task runs exactly when Cancel
// reported false.
func TestFutureCancelAgainstStart(t *testing.T) {
	t.Parallel()
	pool := kernels.Pool{Workers: 2}
	defer pool.Close()
	for range 2000 {
		var ran atomic.Int32
		f := kernels.Submit(context.Background(), &pool, func(context.Context) (int, error) { ran.Add(1); return 7, nil })
		var won atomic.Int32
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				if f.Cancel() {
					won.Add(1)
				}
			})
		}
		both.Wait()
		<-f.Completed()
		if won.Load()+ran.Load() != 1 || f.Cancelled() != (won.Load() == 1) {
			t.Fatalf("%d cancels won, the task ran %d times, cancelled %v", won.Load(), ran.Load(), f.Cancelled())
		}
	}
}

// A future whose context ends before its start is cancelled, with the cause.
func TestFutureContext(t *testing.T) {
	t.Parallel()
	pool := kernels.Pool{Workers: 1}
	defer pool.Close()
	blocker := newHeld()
	kernels.Submit(context.Background(), &pool, blocker.task)
	cause := errors.New("too late")
	ctx, cancel := context.WithCancelCause(context.Background())
	f := kernels.Submit(ctx, &pool, answer(1))
	cancel(cause)
	<-f.Completed() // while the only worker is busy
	_, err := f.Result(context.Background())
	if !f.Cancelled() || !errors.Is(err, kernels.ErrCancelled) || !errors.Is(err, cause) {
		t.Errorf("cancelled %v, error %v, want ErrCancelled for %v", f.Cancelled(), err, cause)
	}
	close(blocker.letGo)
}

// Result gives up with its own context and leaves the task alone.
func TestFutureResultContext(t *testing.T) {
	t.Parallel()
	pool := kernels.Pool{Workers: 1}
	defer pool.Close()
	h := newHeld()
	f := kernels.Submit(context.Background(), &pool, h.task)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := f.Result(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Result = %v, want context.Canceled", err)
	}
	close(h.letGo)
	if v, err := f.Result(context.Background()); v != 1 || err != nil {
		t.Errorf("Result = %v, %v, want 1", v, err)
	}
}

// Panics and Goexit are results, and the pool keeps its worker.
func TestFuturePanicAndGoexit(t *testing.T) {
	t.Parallel()
	pool := kernels.Pool{Workers: 1}
	defer pool.Close()
	bad := kernels.Submit(context.Background(), &pool, func(context.Context) (int, error) { panic("bad") })
	gone := kernels.Submit(context.Background(), &pool, func(context.Context) (int, error) { runtime.Goexit(); return 0, nil })
	good := kernels.Submit(context.Background(), &pool, answer(5))
	var p *kernels.PanicError
	if _, err := bad.Result(context.Background()); !errors.As(err, &p) {
		t.Errorf("panic: Result = %v, want a PanicError", err)
	}
	if _, err := gone.Result(context.Background()); !errors.Is(err, kernels.ErrGoexit) {
		t.Errorf("Goexit: Result = %v, want ErrGoexit", err)
	}
	if v, err := good.Result(context.Background()); v != 5 || err != nil {
		t.Errorf("afterwards: Result = %v, %v, want 5", v, err)
	}
}

// Callbacks run one at a time, those of a future in the order in which they
// were added; one that panics or ends its goroutine disturbs nobody and is
// reported by Close.
func TestFutureCallbacks(t *testing.T) {
	t.Parallel()
	pool := kernels.Pool{Workers: 2}
	h := newHeld()
	f := kernels.Submit(context.Background(), &pool, h.task)
	var order []int // not locked: the race detector would tell of two goroutines
	add := func(n int) {
		f.OnDone(func(f *kernels.Future[int]) {
			if !f.Done() {
				t.Error("a callback runs before its future is done")
			}
			order = append(order, n)
		})
	}
	add(1)
	f.OnDone(func(*kernels.Future[int]) { panic("callback") })
	add(2)
	f.OnDone(func(*kernels.Future[int]) { runtime.Goexit() })
	close(h.letGo)
	<-f.Completed()
	add(3)
	err := pool.Close()
	if want := []int{1, 2, 3}; !slices.Equal(order, want) {
		t.Errorf("callbacks ran in the order %v, want %v", order, want)
	}
	var p *kernels.PanicError
	if !errors.As(err, &p) || p.Value != "callback" || !errors.Is(err, kernels.ErrGoexit) {
		t.Errorf("Close = %v, want the panic and the Goexit", err)
	}
	if v, err := f.Result(context.Background()); v != 1 || err != nil {
		t.Errorf("Result = %v, %v, want 1", v, err)
	}
}

// Callbacks of different futures run in the order in which these were done.
func TestFutureCallbackOrderAcross(t *testing.T) {
	t.Parallel()
	pool := kernels.Pool{Workers: 1} // one worker: done in the order of submission
	var order []int
	for i := range 100 {
		f := kernels.Submit(context.Background(), &pool, answer(i))
		f.OnDone(func(*kernels.Future[int]) { order = append(order, i) })
	}
	pool.Close()
	// A callback added after its future was done comes later than those of
	// the futures done in between, so only the set is certain here.
	slices.Sort(order)
	if len(slices.Compact(order)) != 100 {
		t.Errorf("%d callbacks ran, want 100", len(order))
	}
}

// Wait for the first that failed ends with it, or when all are done.
func TestWaitFirstFailed(t *testing.T) {
	t.Parallel()
	pool := kernels.Pool{Workers: 2}
	defer pool.Close()
	slow := newHeld()
	broken := errors.New("broken")
	futures := []*kernels.Future[int]{
		kernels.Submit(context.Background(), &pool, slow.task),
		kernels.Submit(context.Background(), &pool, answer(1)),
		kernels.Submit(context.Background(), &pool, func(context.Context) (int, error) { return 0, broken }),
	}
	w, err := kernels.Wait(context.Background(), futures, kernels.FirstFailed)
	if err != nil || !slices.Contains(w.Done, futures[2]) || !slices.Equal(w.Pending, futures[:1]) {
		t.Errorf("Wait = %d done, %d pending, %v", len(w.Done), len(w.Pending), err)
	}
	close(slow.letGo)
	w, err = kernels.Wait(context.Background(), futures[:2], kernels.FirstFailed)
	if err != nil || len(w.Done) != 2 {
		t.Errorf("none fails: Wait = %d done, %v, want 2", len(w.Done), err)
	}
}

// Wait gives up with its context.
func TestWaitContext(t *testing.T) {
	t.Parallel()
	pool := kernels.Pool{Workers: 1}
	defer pool.Close()
	h := newHeld()
	f := kernels.Submit(context.Background(), &pool, h.task)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	w, err := kernels.Wait(ctx, []*kernels.Future[int]{f}, kernels.AllDone)
	if !errors.Is(err, context.Canceled) || len(w.Pending) != 1 {
		t.Errorf("Wait = %d pending, %v, want 1, context.Canceled", len(w.Pending), err)
	}
	close(h.letGo)
}

// AsDone yields every future once, a future that was cancelled too.
func TestAsDone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pool := kernels.Pool{Workers: rapid.IntRange(1, 3).Draw(t, "workers")}
		defer pool.Close()
		var futures []*kernels.Future[int]
		for i := range rapid.IntRange(0, 20).Draw(t, "futures") {
			f := kernels.Submit(context.Background(), &pool, answer(i))
			if rapid.Bool().Draw(t, "cancel") {
				f.Cancel()
			}
			futures = append(futures, f)
		}
		seen := map[*kernels.Future[int]]int{}
		for f := range kernels.AsDone(context.Background(), futures) {
			if !f.Done() {
				t.Fatal("a future that is not done was yielded")
			}
			seen[f]++
		}
		if len(seen) != len(futures) {
			t.Fatalf("%d of %d futures were yielded", len(seen), len(futures))
		}
	})
}

// A job that waits for futures of its own pool of one worker runs them itself.
func TestFutureNested(t *testing.T) {
	t.Parallel()
	pool := kernels.Pool{Workers: 1}
	defer pool.Close()
	var fib func(n int) func(context.Context) (int, error)
	fib = func(n int) func(context.Context) (int, error) {
		return func(ctx context.Context) (int, error) {
			if n < 2 {
				return n, nil
			}
			parts := []*kernels.Future[int]{kernels.Submit(ctx, &pool, fib(n-1)), kernels.Submit(ctx, &pool, fib(n-2))}
			if n%2 == 0 {
				if _, err := kernels.Wait(ctx, parts, kernels.AllDone); err != nil {
					return 0, err
				}
			}
			a, errA := parts[0].Result(ctx)
			b, errB := parts[1].Result(ctx)
			return a + b, errors.Join(errA, errB)
		}
	}
	if v, err := kernels.Submit(context.Background(), &pool, fib(12)).Result(context.Background()); v != 144 || err != nil {
		t.Errorf("fib(12) = %v, %v, want 144", v, err)
	}
}

// Stop cancels what runs and what waits; every future gets its result.
func TestPoolStop(t *testing.T) {
	t.Parallel()
	pool := kernels.Pool{Workers: 1}
	h := newHeld()
	running := kernels.Submit(context.Background(), &pool, h.task)
	waiting := kernels.Submit(context.Background(), &pool, answer(1))
	<-h.running
	pool.Stop()
	if _, err := running.Result(context.Background()); !errors.Is(err, kernels.ErrClosed) {
		t.Errorf("running: Result = %v, want ErrClosed", err)
	}
	if _, err := waiting.Result(context.Background()); !errors.Is(err, kernels.ErrClosed) || !waiting.Cancelled() {
		t.Errorf("waiting: Result = %v, want it cancelled by ErrClosed", err)
	}
	late := kernels.Submit(context.Background(), &pool, answer(1))
	if _, err := late.Result(context.Background()); !errors.Is(err, kernels.ErrClosed) {
		t.Errorf("late: Result = %v, want ErrClosed", err)
	}
}

// Submit against Close: a future that was taken gets a value, any other
// ErrClosed; none is lost.
func TestSubmitAgainstClose(t *testing.T) {
	t.Parallel()
	for range 200 {
		pool := kernels.Pool{Workers: 2}
		var lost atomic.Int32
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for range 10 {
					v, err := kernels.Submit(context.Background(), &pool, answer(1)).Result(context.Background())
					if v != 1 && !errors.Is(err, kernels.ErrClosed) {
						lost.Add(1)
					}
				}
			})
		}
		all.Go(func() { pool.Close() })
		all.Wait()
		if lost.Load() != 0 {
			t.Fatalf("%d results lost", lost.Load())
		}
	}
}

// A full queue refuses, at once.
func TestQueueFull(t *testing.T) {
	t.Parallel()
	pool := kernels.Pool{Workers: 1, QueueMax: 1}
	defer pool.Close()
	h := newHeld()
	kernels.Submit(context.Background(), &pool, h.task)
	<-h.running
	second := kernels.Submit(context.Background(), &pool, answer(2))
	third := kernels.Submit(context.Background(), &pool, answer(3))
	if _, err := third.Result(context.Background()); !errors.Is(err, kernels.ErrQueueFull) {
		t.Errorf("third: Result = %v, want ErrQueueFull", err)
	}
	close(h.letGo)
	if v, err := second.Result(context.Background()); v != 2 || err != nil {
		t.Errorf("second: Result = %v, %v, want 2", v, err)
	}
}

// Stop lets nothing start any more, however much waits.
func TestPoolStopStartsNothing(t *testing.T) {
	t.Parallel()
	pool := kernels.Pool{Workers: 1}
	h := newHeld()
	kernels.Submit(context.Background(), &pool, h.task)
	<-h.running
	var ran atomic.Int32
	for range 1000 {
		kernels.Submit(context.Background(), &pool, func(context.Context) (int, error) { return int(ran.Add(1)), nil })
	}
	pool.Stop()
	if got := ran.Load(); got != 0 {
		t.Errorf("%d tasks started after Stop", got)
	}
}

// As many jobs run at a time as there are workers, also after the workers were
// idle: each of these waits until all run.
func TestPoolUsesAllWorkers(t *testing.T) {
	t.Parallel()
	const workers = 3
	pool := kernels.Pool{Workers: workers}
	defer pool.Close()
	for range 20 {
		var all sync.WaitGroup
		all.Add(workers)
		var futures []*kernels.Future[int]
		for range workers {
			futures = append(futures, kernels.Submit(context.Background(), &pool, func(context.Context) (int, error) {
				all.Done()
				all.Wait()
				return 0, nil
			}))
		}
		if _, err := kernels.Wait(context.Background(), futures, kernels.AllDone); err != nil {
			t.Fatal(err)
		}
	}
}

// A job that runs while the pool closes can still use Map.
func TestMapNestedWhileClosing(t *testing.T) {
	t.Parallel()
	pool := kernels.Pool{Workers: 2}
	running := make(chan struct{})
	f := kernels.Submit(context.Background(), &pool, func(ctx context.Context) ([]int, error) {
		close(running)
		for {
			_, err := kernels.Submit(context.Background(), &pool, answer(1)).Result(context.Background())
			if errors.Is(err, kernels.ErrClosed) {
				break
			}
		}
		return kernels.Map(ctx, kernels.MapOptions{Pool: &pool}, numbers(5), failAt())
	})
	<-running
	pool.Close()
	if got, err := f.Result(context.Background()); err != nil || !slices.Equal(got, numbers(5)) {
		t.Errorf("Map = %v, %v, want %v", got, err, numbers(5))
	}
}
