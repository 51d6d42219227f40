package kernels

import (
	"context"
	"iter"
	"slices"
	"sync"
)

// A WaitFor says what [Wait] waits for. Its zero value is AllDone.
type WaitFor int

// What can be waited for. A cancelled future counts as failed.
const (
	AllDone   WaitFor = iota // until every future is done
	FirstDone                // until one future is done
	// FirstFailed is until one future is done with an error, or all are done.
	FirstFailed
)

// Waited is how the futures stood when the waiting ended, each list in the
// order of the call.
type Waited[T any] struct {
	Done    []*Future[T]
	Pending []*Future[T] // those that are not done
}

// Wait waits for futures. The error is the cause of ctx when that ended the
// waiting; the futures go on in any case. A job that waits for futures of its
// own pool runs those that no worker has started itself, in their order, until
// it need not wait any longer.
func Wait[T any](ctx context.Context, futures []*Future[T], until WaitFor) (Waited[T], error) {
	w := &watcher[T]{until: until, left: len(futures), over: make(chan struct{})}
	if len(futures) == 0 {
		return Waited[T]{}, nil
	}
	watchAll(futures, w)
	defer unwatchAll(futures, w)
	err := w.wait(ctx, futures)
	var result Waited[T]
	for _, f := range futures {
		if f.Done() {
			result.Done = append(result.Done, f)
		} else {
			result.Pending = append(result.Pending, f)
		}
	}
	return result, err
}

// AsDone yields the futures in the order in which they are done, those first
// that are done already, in the order of the call. It ends early when ctx ends.
func AsDone[T any](ctx context.Context, futures []*Future[T]) iter.Seq[*Future[T]] {
	return func(yield func(*Future[T]) bool) {
		left := slices.Clone(futures)
		w := &watcher[T]{until: AllDone, left: len(left), over: make(chan struct{}), news: make(chan struct{}, 1)}
		watchAll(left, w)
		defer unwatchAll(left, w)
		for yielded := 0; yielded < len(futures); {
			for _, f := range w.take() {
				yielded++
				if !yield(f) {
					return
				}
			}
			if yielded < len(futures) && !w.more(ctx, left) {
				return
			}
		}
	}
}

// A watcher is told of futures as they are done.
type watcher[T any] struct {
	until WaitFor
	over  chan struct{} // closed when the waiting is over
	news  chan struct{} // has an element when ready is not empty; nil if nobody takes

	mu     sync.Mutex
	left   int // futures that are not done
	ready  []*Future[T]
	closed bool
}

// notify is called once for each future, after it is done.
func (w *watcher[T]) notify(f *Future[T]) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.left--
	satisfied := w.left == 0 || w.until == FirstDone || w.until == FirstFailed && f.err != nil
	if satisfied && !w.closed {
		w.closed = true
		close(w.over)
	}
	if w.news == nil {
		return
	}
	w.ready = append(w.ready, f)
	select {
	case w.news <- struct{}{}:
	default:
	}
}

func (w *watcher[T]) take() []*Future[T] {
	w.mu.Lock()
	defer w.mu.Unlock()
	ready := w.ready
	w.ready = nil
	return ready
}

// wait ends when the watcher is satisfied or ctx ends.
func (w *watcher[T]) wait(ctx context.Context, futures []*Future[T]) error {
	for _, f := range futures {
		if w.isOver() {
			return nil
		}
		if f.pool.inside(ctx) {
			f.run()
		}
	}
	if w.isOver() { // rather than the error of a ctx that has ended too
		return nil
	}
	select {
	case <-w.over:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (w *watcher[T]) isOver() bool {
	select {
	case <-w.over:
		return true
	default:
		return false
	}
}

// more waits for news; false when ctx ends first. A job of the pool makes the
// news itself when it can.
func (w *watcher[T]) more(ctx context.Context, futures []*Future[T]) bool {
	for _, f := range futures {
		if len(w.news) == 0 && f.pool.inside(ctx) {
			f.run()
		}
	}
	select {
	case <-w.news:
		return true
	case <-ctx.Done():
		return false
	}
}

func watchAll[T any](futures []*Future[T], w *watcher[T]) {
	for _, f := range futures {
		f.watch(w)
	}
}

func (f *Future[T]) watch(w *watcher[T]) {
	f.mu.Lock()
	if f.state == pending || f.state == running {
		f.watchers = append(f.watchers, w)
		f.mu.Unlock()
		return
	}
	f.mu.Unlock()
	w.notify(f)
}

// unwatchAll forgets the watcher, so that waiting again and again for a future
// that is never done does not pile up memory.
func unwatchAll[T any](futures []*Future[T], w *watcher[T]) {
	for _, f := range futures {
		f.mu.Lock()
		f.watchers = slices.DeleteFunc(f.watchers, func(other *watcher[T]) bool { return other == w })
		f.mu.Unlock()
	}
}
