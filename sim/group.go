package sim

import (
	"runtime"

	"github.com/interleave-go/interleave/internal/object"
)

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
		e.markLimit(g)
		e.limit.Send(g, struct{}{})
	}
	e.start(g, name, f)
}

// TryGo is Go unless the limit is reached; it reports whether f was started.
func (e *Group) TryGo(g *G, name string, f func(*G) error) bool {
	if e.limit != nil {
		e.markLimit(g)
	}
	if e.limit != nil && Select(g, e.limit.OnSend(struct{}{}), Default()) == DefaultCase {
		return false
	}
	e.start(g, name, f)
	return true
}

func (e *Group) markLimit(g *G) {
	g.check()
	g.x.mark(e.limit.touch(g), inside{"group", &e.Name, "limit"})
}

func (e *Group) start(g *G, name string, f func(*G) error) {
	g.check()
	e.wg.Name = e.Name
	g.x.mark(e.wg.touch(g), inside{"group", &e.Name, ""})
	e.wg.Add(g, 1)
	g.Go(name, func(g *G) {
		defer e.done(g)
		err := f(g)
		if err == nil {
			return
		}
		g.x.mark(e.once.touch(g), inside{"group", &e.Name, "once"})
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
	once     Once // its func is the call
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
	g.check()
	f.mu.Name = f.Name
	g.x.mark(f.mu.touch(g), inside{"flight", &f.Name, ""})
	f.mu.Lock(g)
	if c, ok := f.calls[key]; ok {
		c.dups++
		f.mu.Unlock(g)
		g.ask(object.OnceEnter, c.once.touch(g), 0, 0)
		c.propagate()
		return c.v, c.err, true
	}
	c := new(flight[V])
	if f.calls == nil {
		f.calls = map[K]*flight[V]{}
	}
	under := c.once.touch(g)
	g.x.mark(under, inside{"flight", &f.Name, "call"})
	g.ask(object.OnceEnter, under, 0, 0)
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
		g.ask(object.OnceDone, c.once.touch(g), 0, 0)
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
