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
	after    func(*G) // of AfterFunc: what cancelling spawns
	birth    birth
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
	now := g.Now()
	return withDeadline(g, parent, now+d, now)
}

// WithDeadline returns a context that is cancelled at a moment of virtual time:
// at once when that has passed.
func WithDeadline(g *G, parent *Context, at time.Duration) (*Context, func(*G)) {
	return withDeadline(g, parent, at, g.Now())
}

func withDeadline(g *G, parent *Context, at, now time.Duration) (*Context, func(*G)) {
	c := derive(g, parent)
	cancel := func(g *G) { c.cancel(g, nil) }
	if before, ok := parent.Deadline(); c.err != nil || ok && before <= at {
		return c, cancel
	}
	c.deadline, c.timed = at, true
	if at <= now {
		c.end(g, errDeadline, errDeadline)
		return c, cancel
	}
	t := g.newTimer(&timer{chanOf: -1, ctx: c.id.index}, nil)
	g.x.linkOf(c).Timer = t.obj
	g.arm(t, at-now)
	if c.err != nil { // cancelled with its parent before the timer was armed
		g.disarm(t)
	}
	return c, cancel
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
// The function that it returns prevents that and reports whether it did: it
// races with the cancelling, and with other calls of itself, as in Go.
func (c *Context) AfterFunc(g *G, f func(*G)) (stop func(*G) bool) {
	g.check()
	d := derive(g, c)
	if d.err != nil {
		g.Go("", f)
		return func(*G) bool { return false }
	}
	d.after, d.birth = f, g.reserve()
	return func(g *G) bool { return d.end(g, nil, nil) }
}

// derive returns a context below parent, cancelled already if parent is.
// Looking at the parent is an event.
func derive(g *G, parent *Context) *Context {
	g.check()
	if parent == nil {
		panic("cannot create context from nil parent")
	}
	c := &Context{parent: parent, x: g.x, done: Chan[struct{}]{CloseOnly: true}}
	above := parent.canceller()
	link := object.ContextLink{Parent: object.NoObject, Timer: object.NoObject}
	if above != nil {
		link.Parent = above.touch(g)
		g.ask(object.CtxRead, link.Parent, 0, 0)
	}
	link.Context, link.Done = c.touch(g), c.done.touch(g)
	if above != nil && above.err != nil {
		link.Parent = object.NoObject
	}
	g.x.world.Contexts = append(g.x.world.Contexts, link)
	g.x.contexts = append(g.x.contexts, c)
	if above != nil && above.err != nil {
		c.end(g, above.err, above.cause)
	}
	return c
}

func (c *Context) touch(g *G) int32 {
	return g.touch(&c.id, spec{kind: object.Context, name: &c.Name})
}

// linkOf returns what the world knows of a context.
func (x *Execution) linkOf(c *Context) *object.ContextLink {
	for i := range x.world.Contexts {
		if link := &x.world.Contexts[i]; link.Context == c.id.index {
			return link
		}
	}
	panic("sim: a context is not part of its execution")
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
	c.end(g, errCanceled, cause)
}

// end is the event that cancels c and all below it; it reports whether c was
// not cancelled before. Without an error it only stops an AfterFunc.
func (c *Context) end(g *G, err, cause error) bool {
	g.check()
	aux := int32(0)
	if err == nil {
		aux = object.TellsWhether
	}
	g.ask(object.Cancel, c.touch(g), 0, aux)
	if c.err != nil {
		return false
	}
	if err == nil {
		c.after, err, cause = nil, errCanceled, errCanceled
	}
	g.x.cancelled(c, err, cause)
	return true
}

// cancelled does what the parts of a cancelling cannot: errors, and the
// goroutines of AfterFunc.
func (x *Execution) cancelled(c *Context, err, cause error) {
	if c.err != nil {
		return
	}
	c.err, c.cause = err, cause
	c.done.closed()
	if c.after != nil && x.room(x.gs[x.Running()]) {
		x.spawn(c.birth.parent, c.birth.count, "", c.after, int32(len(x.events))-1)
	}
	for _, d := range x.contexts {
		if d.parent.canceller() == c {
			x.cancelled(d, err, cause)
		}
	}
}

// HasCause reports whether the context of an object, which was cancelled, was given
// a cause that is not just its error.
func (x *Execution) HasCause(obj int32) bool {
	c := x.contextOf(obj)
	return c.err != errCanceled && c.err != errDeadline || c.cause != c.err
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
	g.ask(object.CtxRead, above.touch(g), 0, 0)
	if above.err == nil {
		g.tell("open")
	} else {
		g.tell(above.err)
	}
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
