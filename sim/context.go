package sim

import (
	"context"
	"time"

	"github.com/interleave-go/interleave/internal/object"
)

// A Context is context.Context under the scheduler. Cancelling is one event,
// which cancels everything below as well.
type Context struct {
	Name     string
	id       ident
	done     Chan[struct{}]
	x        *Execution
	parent   *Context
	deadline time.Duration
	timed    bool
	detached bool // WithoutCancel: values only
	err      error
	cause    error
	key, val any
	after    []afterFunc
	timer    *timer
}

type afterFunc struct {
	f       func(*G)
	birth   birth
	stopped *bool
}

// errDeadline and errCanceled are the errors of package context.
var (
	errDeadline = context.DeadlineExceeded
	errCanceled = context.Canceled
)

// Background returns a context that is never cancelled.
func Background() *Context { return &Context{Name: "background"} }

// WithCancel returns a context below parent and the function that cancels it.
func WithCancel(g *G, parent *Context) (*Context, func(*G)) {
	c, cancel := WithCancelCause(g, parent)
	return c, func(g *G) { cancel(g, nil) }
}

// WithCancelCause is WithCancel with a cause: see Cause.
func WithCancelCause(g *G, parent *Context) (*Context, func(*G, error)) {
	c := derive(g, parent)
	return c, func(g *G, cause error) { c.cancel(g, cause) }
}

// WithTimeout returns a context that is cancelled after d of virtual time.
func WithTimeout(g *G, parent *Context, d time.Duration) (*Context, func(*G)) {
	return WithDeadline(g, parent, g.Now()+d)
}

// WithDeadline returns a context that is cancelled at a moment of virtual time.
func WithDeadline(g *G, parent *Context, at time.Duration) (*Context, func(*G)) {
	c := derive(g, parent)
	if before, ok := parent.Deadline(); ok && before <= at {
		return c, func(g *G) { c.cancel(g, nil) }
	}
	c.deadline, c.timed = at, true
	c.timer = g.newTimer(&timer{ctx: c.id.index}, nil)
	g.arm(c.timer, at-g.x.now())
	return c, func(g *G) {
		g.disarm(c.timer)
		c.cancel(g, nil)
	}
}

// WithValue returns a context below parent in which key has a value.
func WithValue(parent *Context, key, value any) *Context {
	return &Context{parent: parent, key: key, val: value}
}

// WithoutCancel returns a context with parent's values that is not cancelled
// when parent is.
func WithoutCancel(parent *Context) *Context {
	return &Context{parent: parent, detached: true}
}

// AfterFunc runs f in a goroutine of its own once the context is cancelled.
// The function that it returns prevents that and reports whether it did.
func (c *Context) AfterFunc(g *G, f func(*G)) (stop func(*G) bool) {
	g.check()
	d := derive(g, c)
	stopped := false
	d.after = append(d.after, afterFunc{f: f, birth: g.reserve(), stopped: &stopped})
	if d.err != nil {
		g.Go("", f)
		return func(*G) bool { return false }
	}
	return func(g *G) bool {
		if d.Err(g) != nil || stopped {
			return false
		}
		stopped = true
		return true
	}
}

// derive returns a context below parent, cancelled already if parent is.
// Looking at the parent is an event.
func derive(g *G, parent *Context) *Context {
	g.check()
	c := &Context{parent: parent, x: g.x, done: Chan[struct{}]{Cap: 1}}
	above := parent.canceller()
	if above != nil {
		g.ask(object.CtxRead, above.id.index, 0, 0)
	}
	x := g.x
	i := g.touch(&c.id, spec{kind: object.Context, name: &c.Name})
	link := object.ContextLink{Context: i, Parent: object.NoObject, Done: c.done.touch(g)}
	if above != nil {
		link.Parent = above.id.index
	}
	x.world.Contexts = append(x.world.Contexts, link)
	x.contexts = append(x.contexts, c)
	if above != nil && above.err != nil {
		c.err, c.cause = above.err, above.cause
		x.world.Objects[i].State[0] = 1
		x.world.Objects[link.Done].State[0] = 1
		c.done.shut = true
	}
	return c
}

// canceller is the nearest context, from c up, that can be cancelled.
func (c *Context) canceller() *Context {
	for c != nil && c.x == nil {
		if c.detached {
			return nil
		}
		c = c.parent
	}
	return c
}

// cancel cancels c and all below it.
func (c *Context) cancel(g *G, cause error) {
	g.check()
	if cause == nil {
		cause = errCanceled
	}
	e := g.ask(object.Cancel, c.id.index, 0, 0)
	if c.err == nil {
		g.x.cancelled(c, errCanceled, cause, e)
	}
}

// cancelled does what the parts of a cancelling cannot: errors, and the
// goroutines of AfterFunc.
func (x *Execution) cancelled(c *Context, err, cause error, e *Event) {
	if c.err != nil {
		return
	}
	c.err, c.cause = err, cause
	c.done.shut = true
	for _, a := range c.after {
		if !*a.stopped {
			x.spawn(a.birth.parent, a.birth.count, "", a.f, int32(len(x.events))-1)
		}
	}
	for _, d := range x.contexts {
		if d.parent.canceller() == c {
			x.cancelled(d, err, cause, e)
		}
	}
}

func (x *Execution) contextOf(obj int32) *Context {
	for _, c := range x.contexts {
		if c.id.index == obj {
			return c
		}
	}
	panic("sim: a deadline belongs to no context")
}

// Done returns a channel that is closed when the context is cancelled; nil, on
// which a receive blocks for ever, when it cannot be.
func (c *Context) Done() *Chan[struct{}] {
	if c := c.canceller(); c != nil {
		return &c.done
	}
	return nil
}

// Err returns nil until the context is cancelled, then context.Canceled or
// context.DeadlineExceeded. Looking is an event.
func (c *Context) Err(g *G) error {
	g.check()
	above := c.canceller()
	if above == nil {
		return nil
	}
	g.ask(object.CtxRead, above.id.index, 0, 0)
	return above.err
}

// Cause returns why the context was cancelled: the error given, or Err.
func (c *Context) Cause(g *G) error {
	if c.Err(g) == nil {
		return nil
	}
	return c.canceller().cause
}

// Deadline returns the earliest deadline, in virtual time, and whether there
// is one.
func (c *Context) Deadline() (time.Duration, bool) {
	for ; c != nil && !c.detached; c = c.parent {
		if c.timed {
			return c.deadline, true
		}
	}
	return 0, false
}

// Value returns the value of key in the nearest context that has one, or nil.
func (c *Context) Value(key any) any {
	for ; c != nil; c = c.parent {
		if c.key != nil && c.key == key {
			return c.val
		}
	}
	return nil
}
