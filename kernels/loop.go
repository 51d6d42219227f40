package kernels

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// MapOptions say how a list is worked through. The zero value is ready.
type MapOptions struct {
	// Pool runs the jobs. nil means a pool of GOMAXPROCS workers that lives
	// as long as the call.
	Pool *Pool
	// Chunk says how many items a worker takes at once. The zero value means
	// automatically.
	Chunk Chunk
	// AllErrors runs every item, whatever the others came to, and joins the
	// errors in the order of the items. Without it the first error ends the
	// call: the jobs' contexts are cancelled and no further item starts.
	AllErrors bool
	// Progress is called on the goroutine that made the call, with the number
	// of items done, which never falls, and of all items. It may be slow:
	// calls are left out then. nil means no calls.
	Progress func(done, total int)
}

// An ItemError says which item of a list an error belongs to.
type ItemError struct {
	Index int
	Err   error // what the job returned, a *PanicError or ErrGoexit
}

func (e *ItemError) Error() string { return fmt.Sprintf("item %d: %v", e.Index, e.Err) }

// Unwrap is the job's own error.
func (e *ItemError) Unwrap() error { return e.Err }

// A loop is one call that works through the items 0 to total-1.
//
// Every item is accounted for once, as done or as skipped; open counts those
// that are not yet, and finished is closed when it reaches 0. So the call never
// waits for a helper that has not started.
type loop struct {
	options MapOptions
	pool    *Pool
	body    func(*span) // works through the span, or up to where the loop stopped
	serve   func()      // is called on the caller's goroutine when there is news

	context  context.Context
	cancel   context.CancelCauseFunc
	cutter   cutter
	stopped  atomic.Bool
	open     atomic.Int64
	done     atomic.Int64
	finished chan struct{}
	news     chan struct{}

	mu   sync.Mutex
	errs []*ItemError
}

func newLoop(options MapOptions, total int) *loop {
	l := &loop{options: options, pool: options.Pool, serve: func() {}}
	if l.pool == nil {
		l.pool = &Pool{}
	}
	l.cutter = cutter{chunk: options.Chunk.withDefaults(), workers: l.pool.size(), total: total}
	l.open.Store(int64(total))
	l.finished = make(chan struct{})
	l.news = make(chan struct{}, 1)
	return l
}

// run works through the items and waits for them.
func (l *loop) run(ctx context.Context) error {
	if l.cutter.total == 0 {
		return nil
	}
	if l.options.Pool == nil {
		defer l.pool.Close()
	}
	inside := l.pool.inside(ctx)
	var release func()
	l.context, l.cancel, release = l.pool.jobContext(ctx)
	defer release()
	defer context.AfterFunc(l.context, l.stop)()
	// Whatever ends this call, no job outlives it.
	defer func() {
		l.stop()
		<-l.finished
	}()
	if err := l.enlist(inside); err != nil {
		return err
	}
	l.wait(inside)
	return l.err()
}

// enlist queues the helpers. A caller that is a worker is one of them itself.
func (l *loop) enlist(inside bool) error {
	helpers := min(l.cutter.workers, l.cutter.total)
	if inside {
		helpers--
	}
	for range helpers {
		err := l.pool.submit(func() { l.help(func() {}) }, false)
		// A pool that closes still ends its running jobs, and they can do
		// without helpers.
		if err != nil && !inside {
			return err
		}
	}
	return nil
}

// wait serves the caller until all items are accounted for.
func (l *loop) wait(inside bool) {
	if inside {
		l.help(l.serve)
	}
	for {
		select {
		case <-l.news:
			l.serve()
		case <-l.finished:
			l.serve()
			return
		}
	}
}

// help works through chunk after chunk, and calls between after each of them.
func (l *loop) help(between func()) {
	h := helper{loop: l}
	defer h.flush() // deferred, because a job may end this goroutine
	for h.step() {
		between()
	}
}

// A helper works through chunk after chunk. It keeps its accounts to itself
// until it ends, or until the end of a chunk when there is progress to show:
// so the workers share nothing but the cutter.
type helper struct {
	loop    *loop
	taker   taker
	span    span
	taken   int // items that are not yet booked
	skipped int // of these
}

// step works through one chunk; false when there was none.
func (h *helper) step() bool {
	h.span = h.loop.cutter.take(&h.taker)
	if h.span.at == h.span.end {
		return false
	}
	h.taken += h.span.end - h.span.at
	for h.span.at < h.span.end && !h.loop.stopped.Load() {
		h.attempt()
	}
	h.leave()
	if h.loop.options.Progress != nil {
		h.flush()
	}
	return true
}

// leave counts as skipped what is left of the chunk.
func (h *helper) leave() {
	h.skipped += h.span.end - h.span.at
	h.span.at = h.span.end
}

// flush books what was done.
func (h *helper) flush() {
	h.leave() // a chunk that a job's Goexit ended
	h.loop.account(h.taken, h.skipped)
	h.taken, h.skipped = 0, 0
}

// attempt works through the span up to its end, or up to a panic.
func (h *helper) attempt() {
	returned := false
	defer func() {
		if !returned {
			h.loop.fail(h.span.at, panicked(recover()))
			h.span.at++
		}
	}()
	h.loop.body(&h.span)
	returned = true
}

// account books items.
func (l *loop) account(items, skipped int) {
	if items == 0 {
		return
	}
	l.done.Add(int64(items - skipped))
	l.tell()
	if l.open.Add(-int64(items)) == 0 {
		close(l.finished)
	}
}

// tell wakes the caller.
func (l *loop) tell() {
	select {
	case l.news <- struct{}{}:
	default:
	}
}

// fail books an item's error and ends the loop if one is enough.
func (l *loop) fail(index int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	goexit := errors.Is(err, ErrGoexit)
	if !l.options.AllErrors && l.context.Err() != nil {
		return // a consequence of the first error, or of the caller's cancel
	}
	item := &ItemError{Index: index, Err: err}
	l.errs = append(l.errs, item)
	if goexit || !l.options.AllErrors {
		l.cancel(item)
		l.stop()
	}
}

// stop skips the items that nobody has taken.
func (l *loop) stop() {
	if !l.stopped.CompareAndSwap(false, true) {
		return
	}
	left := l.cutter.drain()
	l.account(left, left)
}

// err is what the call came to. All items are accounted for.
func (l *loop) err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	slices.SortFunc(l.errs, func(a, b *ItemError) int { return cmp.Compare(a.Index, b.Index) })
	var all []error
	for _, err := range l.errs {
		all = append(all, err)
	}
	var item *ItemError
	cause := context.Cause(l.context)
	if int(l.done.Load()) < l.cutter.total && !errors.As(cause, &item) {
		all = append(all, cause)
	}
	if len(all) == 1 {
		return all[0]
	}
	return errors.Join(all...)
}

// progress is a serve function that reports the items done.
func (l *loop) progress() {
	if l.options.Progress != nil {
		l.options.Progress(int(l.done.Load()), l.cutter.total)
	}
}
