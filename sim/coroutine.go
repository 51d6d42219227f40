package sim

import (
	"iter"
	"runtime"
	"runtime/debug"
	"slices"
)

// A coroutine runs the bodies of goroutines one after the other. It is kept
// across executions: making one costs several times what a switch costs.
type coroutine struct {
	resume func() (struct{}, bool)
	stop   func()
	yield  func(struct{}) bool

	g        *G
	resumed  bool // it runs, or waits for one that it resumed
	returned bool // the body returned or panicked, rather than calling Goexit
	panicked bool
	value    any // that it panicked with, if it did
	stack    []byte
	site     Site // where it panicked, with details
	dying    bool // Goexit is under way: whoever resumes it is killed with it
}

// unwinding is what operations panic with when the execution is over.
type unwinding struct{}

func newCoroutine() *coroutine {
	c := new(coroutine)
	next, stop := iter.Pull(func(yield func(struct{}) bool) {
		c.yield = yield
		c.work()
	})
	c.resume, c.stop = next, stop
	return c
}

// takeOver goes on with the goroutine that was picked, if that has not begun: it
// needs no switch. Otherwise the coroutine is free for another one.
func (c *coroutine) takeOver() bool {
	x := c.g.x
	c.g.co = nil
	if next := x.next; !x.over && !x.settling && next.state == unstarted && next.co == nil {
		c.g, next.co = next, c
		x.running = next
		return true
	}
	c.g = nil
	x.runner.idle = append(x.runner.idle, c)
	return false
}

// coroutine returns one that is free.
func (r *Runner) coroutine() *coroutine {
	if last := len(r.idle) - 1; last >= 0 {
		c := r.idle[last]
		r.idle = r.idle[:last]
		return c
	}
	c := newCoroutine()
	r.coroutines = append(r.coroutines, c)
	return c
}

// work runs bodies until the coroutine is stopped. A Goexit runs the deferred half
// only.
func (c *coroutine) work() {
	defer c.exited()
	for more := true; more; more = c.takeOver() || c.yield(struct{}{}) {
		c.returned, c.panicked = false, false
		c.guarded()
		c.returned = true
		c.finish()
	}
}

// guarded runs the body and keeps what it panicked with. That a Goexit is under
// way cannot be seen here: a panic in a deferred call may hide it.
func (c *coroutine) guarded() {
	normal := false
	defer func() {
		if normal {
			return
		}
		if r := recover(); r != nil {
			c.panicked, c.value = true, r
			if c.g.x.detail {
				c.stack, c.site = debug.Stack(), siteOf(callSite())
			}
		}
	}()
	c.g.body(c.g)
	normal = true
}

// exited ends a body that called Goexit. Going on with the Goexit would kill
// the goroutine that resumed us, so the coroutine waits for reap.
func (c *coroutine) exited() {
	if c.returned {
		return
	}
	c.finish()
	c.dying = true
	c.yield(struct{}{})
}

// finish turns the way in which the body ended into an end or a failure.
func (c *coroutine) finish() {
	g := c.g
	x := g.x
	if x.over {
		return
	}
	if c.panicked && g.state != halted {
		x.panicked(g, c)
	}
	if g.state != halted {
		if !x.over {
			g.end()
		}
		return
	}
	if x.settling {
		return
	}
	x.schedule(nil)
}

// reap lets a dying coroutine complete its Goexit, on a goroutine made to be
// killed by it.
func (c *coroutine) reap() {
	c.g.co = nil
	r := c.g.x.runner
	r.coroutines = slices.DeleteFunc(r.coroutines, func(d *coroutine) bool { return d == c })
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.resume()
	}()
	<-done
}

// exitCoroutine ends a body that goes on asking for operations while it is
// being unwound.
func exitCoroutine() { runtime.Goexit() }
