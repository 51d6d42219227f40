package kernels

import (
	"context"
	"iter"
	"sync"
	"sync/atomic"
)

// Map calls the job for each item of in and returns the results in the same
// order, whatever order the jobs ended in. It waits for all jobs that started.
//
// The error is an [*ItemError], all of them joined with AllErrors, or the cause
// of ctx when that kept items from running. Items that failed or did not run
// have the zero value.
func Map[In, Out any](ctx context.Context, o MapOptions, in []In, job func(context.Context, In) (Out, error)) ([]Out, error) {
	m := &mapping[In, Out]{loop: newLoop(o, len(in)), in: in, out: make([]Out, len(in)), job: job}
	m.loop.serve = m.loop.progress
	m.loop.body = m.body
	return m.out, m.loop.run(ctx)
}

// A mapping is one call of Map.
type mapping[In, Out any] struct {
	loop *loop
	in   []In
	out  []Out
	job  func(context.Context, In) (Out, error)
}

// body works through a chunk. Its own index, and s.at only written, take the
// memory out of the chain from item to item: 1 ns of the 3 that an empty item
// took.
func (m *mapping[In, Out]) body(s *span) {
	ctx, job, at := m.loop.context, m.job, s.at
	in, out := m.in[at:s.end], m.out[at:s.end]
	for i, item := range in {
		s.at = at + i // before the job, which may panic
		if m.loop.stopped.Load() {
			return
		}
		v, err := job(ctx, item)
		out[i] = v
		if err != nil {
			m.loop.fail(s.at, err)
		}
	}
	s.at = s.end
}

// A Result is what became of one item.
type Result[Out any] struct {
	Index int // of the item; -1 for the error of the call as a whole
	Value Out
	Err   error
}

// MapUnordered calls the job for each item of in and yields the results as they
// come, on the goroutine that loops over them. Leaving the loop early cancels
// what is left and waits for the jobs that run. The errors come last: one per
// item that failed, then with index -1 that of the call as a whole if items
// were skipped and no item is to blame.
//
// Results that the loop has not come to yet are kept, so that a slow loop never
// holds up a worker.
func MapUnordered[In, Out any](ctx context.Context, o MapOptions, in []In, job func(context.Context, In) (Out, error)) iter.Seq[Result[Out]] {
	return func(yield func(Result[Out]) bool) {
		u := &unordered[In, Out]{loop: newLoop(o, len(in)), in: in, job: job, yield: yield}
		u.loop.serve = u.serve
		u.loop.body = u.body
		err := u.loop.run(ctx)
		u.yieldErrors(err)
	}
}

// unordered is one call of MapUnordered.
type unordered[In, Out any] struct {
	loop   *loop
	in     []In
	job    func(context.Context, In) (Out, error)
	yield  func(Result[Out]) bool
	ended  bool        // the loop over the results was left
	hungry atomic.Bool // the loop over the results waits
	mu     sync.Mutex
	ready  []Result[Out]
}

// body works through a chunk.
func (u *unordered[In, Out]) body(s *span) {
	var batch []Result[Out]
	defer func() { u.deliver(batch) }() // also when a job panics
	for ; s.at < s.end && !u.loop.stopped.Load(); s.at++ {
		v, err := u.job(u.loop.context, u.in[s.at])
		if err != nil {
			u.loop.fail(s.at, err)
			continue
		}
		batch = append(batch, Result[Out]{Index: s.at, Value: v})
		if u.hungry.Load() {
			u.deliver(batch)
			batch = nil
		}
	}
}

func (u *unordered[In, Out]) deliver(batch []Result[Out]) {
	if len(batch) == 0 {
		return
	}
	u.mu.Lock()
	u.ready = append(u.ready, batch...)
	u.mu.Unlock()
	u.hungry.Store(false)
	u.loop.tell()
}

// serve yields what is ready.
func (u *unordered[In, Out]) serve() {
	u.loop.progress()
	u.mu.Lock()
	ready := u.ready
	u.ready = nil
	u.mu.Unlock()
	for _, r := range ready {
		if u.ended {
			return
		}
		if !u.yield(r) {
			u.ended = true
			u.loop.stop() // before those that wait for the cancel ask for more
			u.loop.cancel(context.Canceled)
		}
	}
	u.hungry.Store(true)
}

func (u *unordered[In, Out]) yieldErrors(err error) {
	for _, item := range u.loop.errs {
		if u.ended {
			return
		}
		u.ended = !u.yield(Result[Out]{Index: item.Index, Err: item.Err})
	}
	if !u.ended && len(u.loop.errs) == 0 && err != nil {
		u.yield(Result[Out]{Index: -1, Err: err})
	}
}
