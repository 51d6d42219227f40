package kernels

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// ErrCancelled is the error of a future that was cancelled before its task
// started.
var ErrCancelled = errors.New("kernels: cancelled before it started")

// A state is where a future stands. It only moves forward: from pending to
// running and to done, or from pending to cancelled.
type state int

const (
	pending state = iota
	running
	done
	cancelled
)

// A Future is the result of a task that may not have run yet. It is made by
// [Submit]; all methods may be called from any goroutine.
//
// Invariants: the task runs at most once, and not at all when Cancel has
// reported true; value and err are written before completed is closed and never
// after; each callback runs once.
type Future[T any] struct {
	pool    *Pool
	task    func(context.Context) (T, error)
	context context.Context // of the task
	cancel  context.CancelCauseFunc
	release func() // frees what the context holds

	mu        sync.Mutex
	state     state
	callbacks []func(*Future[T])
	watchers  []*watcher[T]
	completed chan struct{} // closed when the state is done or cancelled
	value     T
	err       error
}

// Submit queues a task and gives its future. It never blocks: when the pool is
// closed or its queue full, the future is done with [ErrClosed] or
// [ErrQueueFull].
//
// When ctx is cancelled before the task has started, the future becomes
// cancelled; after, the task's context is cancelled, and it is for the task to
// heed it. A task that panics gives a [*PanicError], one that calls
// runtime.Goexit [ErrGoexit].
func Submit[T any](ctx context.Context, p *Pool, task func(context.Context) (T, error)) *Future[T] {
	f := &Future[T]{pool: p, task: task, completed: make(chan struct{})}
	f.prepare(ctx)
	if err := p.submit(f.run, true); err != nil {
		f.complete(pending, done, func() { f.err = err })
	}
	return f
}

// prepare makes the task's context.
func (f *Future[T]) prepare(ctx context.Context) {
	f.mu.Lock() // a ctx that has ended abandons the future at once, elsewhere
	defer f.mu.Unlock()
	var release func()
	f.context, f.cancel, release = f.pool.jobContext(ctx)
	unhook := context.AfterFunc(f.context, func() { f.abandon(context.Cause(f.context)) })
	f.release = func() {
		unhook()
		release()
	}
}

// run is the future's task in the pool's queue.
func (f *Future[T]) run() {
	if f.pool.base().Err() != nil {
		f.abandon(ErrClosed) // Stop's cancellation may not have come through yet
	}
	if !f.start() {
		return // cancelled, or taken by a worker that waited for it
	}
	var value T
	var err error
	finish := func() {
		f.complete(running, done, func() { f.value, f.err = value, err })
	}
	// finish is called in both ways out, because after Goexit nothing
	// but deferred calls run.
	protect(func() { value, err = f.task(f.context) }, func(e error) {
		err = e
		finish()
	})
	finish()
}

// start claims the task; false when it is not to be run.
func (f *Future[T]) start() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.state != pending {
		return false
	}
	f.state = running
	return true
}

// complete moves the future to its last state, from the state given or not at
// all, and tells those who wait. set writes the result.
func (f *Future[T]) complete(from, to state, set func()) bool {
	f.mu.Lock()
	if f.state != from {
		f.mu.Unlock()
		return false
	}
	set()
	f.state = to
	f.task = nil // so that what it holds can be collected
	close(f.completed)
	callbacks, watchers := f.callbacks, f.watchers
	f.callbacks, f.watchers = nil, nil
	// Queued under the lock: a callback that is added from now on comes later.
	for _, callback := range callbacks {
		f.pool.dispatch(func() { callback(f) })
	}
	f.mu.Unlock()
	for _, w := range watchers {
		w.notify(f)
	}
	f.release()
	return true
}

// abandon cancels the future if it has not started.
func (f *Future[T]) abandon(cause error) bool {
	return f.complete(pending, cancelled, func() {
		f.err = ErrCancelled
		if cause != nil && !errors.Is(cause, ErrCancelled) {
			f.err = fmt.Errorf("%w: %w", ErrCancelled, cause)
		}
	})
}

// Cancel keeps the task from starting and reports whether it did. When it comes
// too late for that, it cancels the task's context and reports false; the
// result is then whatever the task makes of it.
func (f *Future[T]) Cancel() bool {
	if f.abandon(nil) {
		return true
	}
	f.cancel(nil)
	return false
}

// Running reports whether the task has started and not ended.
func (f *Future[T]) Running() bool { return f.is(running) }

// Cancelled reports whether the task was cancelled before it started.
func (f *Future[T]) Cancelled() bool { return f.is(cancelled) }

func (f *Future[T]) is(s state) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state == s
}

// Done reports whether the result is there, be it a value, an error or
// [ErrCancelled].
func (f *Future[T]) Done() bool {
	select {
	case <-f.completed:
		return true
	default:
		return false
	}
}

// Completed is closed when the result is there, for use in a select.
func (f *Future[T]) Completed() <-chan struct{} { return f.completed }

// Result waits for the result. When ctx ends first, it returns the cause of
// that; the task is not disturbed.
//
// A job that waits for a future of its own pool, with the context that it got,
// runs the future's task itself if no worker has started it.
func (f *Future[T]) Result(ctx context.Context) (T, error) {
	if !f.Done() && f.pool.inside(ctx) {
		f.run()
	}
	select {
	case <-f.completed:
		return f.value, f.err
	default:
	}
	select {
	case <-f.completed:
		return f.value, f.err
	case <-ctx.Done():
		var none T
		return none, context.Cause(ctx)
	}
}

// OnDone has the callback called when the result is there, or soon when it is
// there already.
//
// All callbacks of a pool run one after another on a goroutine of the pool that
// runs nothing else: those of a future in the order in which they were added,
// those of different futures in the order in which the futures were done. No
// lock is held. A slow callback holds up other callbacks, but no job. One that
// panics is reported by [Pool.Close] and disturbs nothing. A callback must not
// call Close or Stop, which wait for it.
func (f *Future[T]) OnDone(callback func(*Future[T])) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.state == done || f.state == cancelled {
		f.pool.dispatch(func() { callback(f) })
		return
	}
	f.callbacks = append(f.callbacks, callback)
}
