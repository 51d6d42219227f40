package sim

import "runtime"

// A Group is errgroup.Group: goroutines that work on one task and return
// errors. The zero value has no limit and no context.
type Group struct {
	Name   string
	wg     WaitGroup
	once   Once
	err    error
	cancel func(*G, error)
	limit  *Chan[struct{}]
}

// WithContext returns a Group and a context that is cancelled when a member
// fails or Wait returns.
func WithContext(g *G, parent *Context) (*Group, *Context) {
	c, cancel := WithCancelCause(g, parent)
	return &Group{cancel: cancel}, c
}

// SetLimit bounds the members that run at a time; negative means no bound. It
// panics while members run.
func (e *Group) SetLimit(n int) {
	if e.limit != nil && len(e.limit.buf) > e.limit.head {
		panic("errgroup: modify limit while goroutines in the group are still active")
	}
	e.limit = nil
	if n >= 0 {
		e.limit = NewChan[struct{}](n)
	}
}

// Go runs f in a goroutine; it blocks while the limit is reached. The first
// error is kept.
func (e *Group) Go(g *G, name string, f func(*G) error) {
	if e.limit != nil {
		e.limit.Send(g, struct{}{})
	}
	e.start(g, name, f)
}

// TryGo is Go unless the limit is reached; it reports whether f was started.
func (e *Group) TryGo(g *G, name string, f func(*G) error) bool {
	if e.limit != nil && Select(g, e.limit.OnSend(struct{}{}), Default()) == DefaultCase {
		return false
	}
	e.start(g, name, f)
	return true
}

func (e *Group) start(g *G, name string, f func(*G) error) {
	e.wg.Name = e.Name
	e.wg.Add(g, 1)
	g.Go(name, func(g *G) {
		defer e.done(g)
		err := f(g)
		if err == nil {
			return
		}
		e.once.Do(g, func() {
			e.err = err
			if e.cancel != nil {
				e.cancel(g, err)
			}
		})
	})
}

func (e *Group) done(g *G) {
	if e.limit != nil {
		e.limit.Receive(g)
	}
	e.wg.Done(g)
}

// Wait blocks until every member has ended, and returns the first error.
func (e *Group) Wait(g *G) error {
	e.wg.Wait(g)
	if e.cancel != nil {
		e.cancel(g, e.err)
	}
	return e.err
}

// A Flight is singleflight.Group: calls with one key at a time are one call.
// The zero value is ready.
type Flight[K comparable, V any] struct {
	Name  string
	mu    Mutex
	calls map[K]*flight[V]
}

type flight[V any] struct {
	wg       WaitGroup
	v        V
	err      error
	dups     int
	returned bool
	panicked any // what the call panicked with; without it, it called Goexit
}

// Do calls f unless a call with this key is under way; then it waits for that
// one and returns its results. shared reports whether they went to more than
// one caller. When the call panics or calls Goexit, so do all who waited.
func (f *Flight[K, V]) Do(g *G, key K, call func(*G) (V, error)) (v V, err error, shared bool) {
	f.mu.Name = f.Name
	f.mu.Lock(g)
	if c, ok := f.calls[key]; ok {
		c.dups++
		f.mu.Unlock(g)
		c.wg.Wait(g)
		c.propagate()
		return c.v, c.err, true
	}
	c := new(flight[V])
	if f.calls == nil {
		f.calls = map[K]*flight[V]{}
	}
	c.wg.Add(g, 1)
	f.calls[key] = c
	f.mu.Unlock(g)
	f.lead(g, key, c, call)
	return c.v, c.err, c.dups > 0
}

// lead makes the call that others may wait for.
func (f *Flight[K, V]) lead(g *G, key K, c *flight[V], call func(*G) (V, error)) {
	defer func() {
		if g.x.over {
			return
		}
		if !c.returned {
			c.panicked = recover()
		}
		f.mu.Lock(g)
		c.wg.Done(g)
		if f.calls[key] == c {
			delete(f.calls, key)
		}
		f.mu.Unlock(g)
		if c.panicked != nil {
			panic(c.panicked)
		}
	}()
	c.v, c.err = call(g)
	c.returned = true
}

// propagate ends a caller that waited as the call itself ended.
func (c *flight[V]) propagate() {
	switch {
	case c.returned:
	case c.panicked != nil:
		panic(c.panicked)
	default:
		runtime.Goexit()
	}
}

// Forget lets the next Do of a key start a call of its own.
func (f *Flight[K, V]) Forget(g *G, key K) {
	f.mu.Lock(g)
	delete(f.calls, key)
	f.mu.Unlock(g)
}
