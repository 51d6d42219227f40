package sim

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
)

// A Goroutine is what Go returns: a goroutine to wait for.
type Goroutine struct {
	g   *G
	run uint32
}

// Name returns its name, or its path in the tree of spawns.
func (h *Goroutine) Name() string { return h.g.Name() }

// Join blocks until the goroutine has ended.
func (h *Goroutine) Join(g *G) {
	g.check()
	if h.g.x != g.x || h.run != g.x.run {
		g.misuse(object.NoObject, "the handle of a goroutine of another execution is joined",
			"keep handles inside the program's func")
	}
	g.ask(object.Join, ^h.g.id, 0, 0)
}

// Go starts a goroutine that runs body. The name is for people; empty means
// that its path is shown. The body's handle is its own: it must not use its
// parent's.
func (g *G) Go(name string, body func(*G)) *Goroutine {
	g.check()
	x := g.x
	if !x.room(g) {
		g.unwind()
	}
	b := g.reserve()
	e := g.ask(object.Spawn, object.NoObject, 0, 0)
	if e.Child >= 0 { // as in the execution before
		return x.runner.handle(x.begin(x.gs[e.Child], name, body, g.id, g.last))
	}
	child := x.spawn(b.parent, b.count, name, body, g.last)
	e.Child = child.id
	return x.runner.handle(child)
}

// handlesKept is how many handles a Runner gives out before it gives out the first one
// again.
const handlesKept = 4096

// handle returns a handle that is nobody's in this execution, nor in the last ones: a
// program may keep one for longer than it should, which Join notices. To make new ones
// each time costs a tenth of what a short execution takes.
func (r *Runner) handle(g *G) *Goroutine {
	if r.handed == len(r.handles) {
		if r.handed = 0; len(r.handles) < handlesKept {
			r.handles = make([]Goroutine, max(64, 2*len(r.handles)))
		}
	}
	if r.handles[r.handed].run == g.x.run { // all are of this execution
		r.handles, r.handed = make([]Goroutine, handlesKept), 0
	}
	h := &r.handles[r.handed]
	r.handed++
	h.g, h.run = g, g.x.run
	return h
}

// room reports whether one more goroutine may be spawned; otherwise the
// execution is over.
func (x *Execution) room(g *G) bool {
	if x.spawned < x.opt.GoroutinesMax {
		return true
	}
	x.fail(TooMany, Failure{G: g.id, Object: object.NoObject,
		Message: fmt.Sprintf("more than %d goroutines", x.opt.GoroutinesMax)})
	return false
}

// reserve takes the next place among g's children.
func (g *G) reserve() birth {
	b := birth{g.id, g.spawned}
	g.spawned++
	return b
}

// Choose returns a number from 0 to n-1: every one of them is explored. n must
// be positive.
func (g *G) Choose(n int) int {
	g.check()
	if n <= 0 {
		g.misuse(object.NoObject, fmt.Sprintf("Choose(%d): nothing to choose from", n), "ask for at least one")
	}
	e := g.ask(object.Choose, object.NoObject, int32(n), 0)
	return int(e.Alt)
}

// Assert ends the execution as failed unless ok. It is not an event: what it
// looks at must have been read before.
func (g *G) Assert(ok bool, format string, args ...any) {
	g.check()
	if ok {
		return
	}
	g.x.fail(Failed, Failure{G: g.id, Object: object.NoObject, Message: fmt.Sprintf(format, args...)})
	g.unwind()
}

// Note writes a line into the log. The line is made only when the execution
// keeps details.
func (g *G) Note(format string, args ...any) {
	g.check()
	if g.x.detail {
		g.x.notes = append(g.x.notes, Note{Step: len(g.x.events), G: g.id, Text: fmt.Sprintf(format, args...)})
	}
}

// Label names what the goroutine does from here on, in the log. It is kept only
// when the execution keeps details.
func (g *G) Label(label string) {
	g.check()
	if g.x.detail {
		g.x.notes = append(g.x.notes, Note{Step: len(g.x.events), G: g.id, Text: label, Label: true})
	}
}

// misuse ends the execution.
func (g *G) misuse(obj int32, message, mend string) {
	g.x.fail(Misused, Failure{G: g.id, Object: obj, Message: message, Mend: mend})
	g.unwind()
}

// extended are the operations of which extend may complete the parts.
var extended = [256]bool{object.Yield: true, object.Arm: true, object.Fire: true}

// extend completes the parts of a call, from first on, with what only the
// execution knows.
func (x *Execution) extend(g *G, parts []object.Part, first int) []object.Part {
	switch g.call.Op {
	case object.Yield:
		parts = x.yieldParts(g, parts)
	case object.Arm, object.Fire:
		parts = x.resolveClock(g, parts, first)
	}
	if len(x.invariants) > 0 {
		parts = x.watchedWrites(parts, first)
	}
	return parts
}

// A Misuse is the value of the panic by which Go answers some misuses: a
// program may recover from it.
type Misuse struct {
	Fault   object.Fault
	Message string
	object  int32
	site    Site
}

// Error makes a Misuse a runtime error in all but name.
func (m *Misuse) Error() string { return m.Message }

// fault answers a call that is a misuse: by a panic that the program may
// recover from, or by the end of the execution, as Go does.
func (x *Execution) fault(g *G, e *Event) {
	obj := e.Call.Obj
	if e.Call.Op == object.Select {
		obj = x.world.Cases[e.Call.Cases+e.Alt].Obj
	}
	if parts := x.Parts(e); e.Call.Op == object.UnlockBoth {
		obj = parts[len(parts)-1].Obj // of the mutexes that are looked at, the last one is not locked
	}
	x.blame(g, e.Fault, obj)
}

// blame answers a misuse of an object.
func (x *Execution) blame(g *G, fault object.Fault, obj int32) {
	f := Failure{G: g.id, Object: obj, Fault: fault, Message: fault.String(), Site: x.here()}
	if obj != object.NoObject {
		f.Message = fmt.Sprintf("%v: %s", fault, x.What(obj))
	}
	if fault.Recoverable() {
		x.failures = append(x.failures, f)
		panic(&Misuse{Fault: fault, Message: f.Message, object: obj, site: f.Site})
	}
	x.fail(Misused, f)
}

// panicked ends the execution because nobody recovered from a panic.
func (x *Execution) panicked(g *G, c *coroutine) {
	if m, ok := c.value.(*Misuse); ok {
		x.fail(Misused, Failure{G: g.id, Object: m.object, Fault: m.Fault, Message: m.Message, Stack: c.stack, Site: m.site})
		return
	}
	x.fail(Panicked, Failure{G: g.id, Object: object.NoObject, Message: fmt.Sprint(c.value), Stack: c.stack, Site: c.site})
}
