package kernels

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
)

// ErrClosed is what a call on a closed pool ends with.
var ErrClosed = errors.New("kernels: the pool is closed")

// ErrQueueFull is the result of a future that found no place in the queue.
var ErrQueueFull = errors.New("kernels: the pool's queue is full")

// queueMaxDefault bounds a queue whose pool gives no bound: some 100 MB of
// futures that wait.
const queueMaxDefault = 1 << 20

// callbackPanicsMost is how many panics of callbacks a pool keeps for Close.
const callbackPanicsMost = 16

// A Pool runs jobs on a bounded number of goroutines, its workers. They start
// when they are first needed and are used again until Close.
//
// The zero value is ready. A pool must not be copied after first use, nor its
// fields changed. All methods may be called from any goroutine, except that
// Close and Stop, which wait for the jobs, must not be called from one.
//
// A job may itself use the pool: [Map], [Future.Result] and [Wait], when given
// the context that the job got, run the inner work on the job's own worker, so
// that a pool of a single worker finishes too.
type Pool struct {
	// Workers is how many jobs run at the same time. 0 means GOMAXPROCS.
	Workers int
	// QueueMax is how many futures may wait for a worker. 0 means 1,048,576.
	QueueMax int

	mu      sync.Mutex
	wake    sync.Cond // on mu: there is a task, or the pool is closed
	queue   ring[func()]
	started int // workers that were started; at most Workers
	idle    int // workers that wait on wake
	closed  bool
	context context.Context // of all jobs; cancelled by Stop
	cancel  context.CancelFunc
	live    int       // goroutines of the pool: workers, and the one of the callbacks
	alone   sync.Cond // on mu: live is 0

	callbacks      ring[func()]
	dispatching    bool
	callbackPanics []error
}

// A poolKey marks the contexts of a pool's jobs.
type poolKey struct{ pool *Pool }

// inside reports whether ctx is that of a job of the pool: whether the caller
// is a worker.
func (p *Pool) inside(ctx context.Context) bool {
	return ctx.Value(poolKey{p}) != nil
}

// size is the number of workers.
func (p *Pool) size() int {
	if p.Workers < 0 || p.QueueMax < 0 {
		panic(fmt.Sprintf("kernels: pool of %d workers with a queue of %d", p.Workers, p.QueueMax))
	}
	if p.Workers == 0 {
		return runtime.GOMAXPROCS(0)
	}
	return p.Workers
}

// begin makes the zero value ready. The caller holds mu.
func (p *Pool) begin() {
	if p.wake.L == nil {
		p.wake.L, p.alone.L = &p.mu, &p.mu
		p.context, p.cancel = context.WithCancel(context.Background())
	}
}

// submit queues a task, which must not panic. bounded applies QueueMax.
func (p *Pool) submit(task func(), bounded bool) error {
	size := p.size()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.begin()
	if p.closed {
		return ErrClosed
	}
	queueMax := p.QueueMax
	if queueMax == 0 {
		queueMax = queueMaxDefault
	}
	if bounded && p.queue.len() >= queueMax {
		return ErrQueueFull
	}
	p.queue.push(task)
	switch {
	// Workers that were woken but do not run yet count as idle, so compare
	// with the tasks that wait for them.
	case p.idle >= p.queue.len():
		p.wake.Signal()
	case p.started < size:
		p.started++
		p.spawn(p.work)
	default:
		p.wake.Signal()
	}
	return nil
}

// spawn starts a goroutine of the pool. When its body does not return, because
// it ran something that called runtime.Goexit, another takes its place. The
// caller holds mu.
func (p *Pool) spawn(body func()) {
	p.live++
	go func() {
		returned := false
		defer func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			if !returned {
				p.spawn(body)
			}
			p.live--
			if p.live == 0 {
				p.alone.Broadcast()
			}
		}()
		body()
		returned = true
	}()
}

// work is the life of a worker.
func (p *Pool) work() {
	for task := p.next(); task != nil; task = p.next() {
		task()
	}
}

// next waits for a task; nil means that the pool is closed and none is left.
func (p *Pool) next() func() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.queue.len() == 0 {
		if p.closed {
			return nil
		}
		p.idle++
		p.wake.Wait()
		p.idle--
	}
	return p.queue.pop()
}

// Close takes no more work, waits until the work that was taken and the
// callbacks are done, and ends the workers. The error tells of callbacks that
// panicked. Calling it again is harmless.
func (p *Pool) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.begin()
	p.closed = true
	p.wake.Broadcast()
	for p.live > 0 {
		p.alone.Wait()
	}
	p.cancel()
	return errors.Join(p.callbackPanics...)
}

// Stop is Close in a hurry: the contexts of running jobs are cancelled, and
// futures that wait in the queue become cancelled instead of running.
func (p *Pool) Stop() error {
	p.mu.Lock()
	p.begin()
	p.closed = true
	p.cancel()
	p.mu.Unlock()
	return p.Close()
}

// base is the context that Stop cancels.
func (p *Pool) base() context.Context {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.begin()
	return p.context
}

// jobContext is what a job gets: ctx, which Stop cancels too and which says
// that the job runs in this pool. release frees what it holds.
func (p *Pool) jobContext(ctx context.Context) (job context.Context, cancel context.CancelCauseFunc, release func()) {
	job, cancel = context.WithCancelCause(context.WithValue(ctx, poolKey{p}, true))
	unhook := context.AfterFunc(p.base(), func() { cancel(ErrClosed) })
	return job, cancel, func() {
		unhook()
		cancel(nil)
	}
}
