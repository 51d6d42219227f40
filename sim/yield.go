package sim

import "github.com/interleave-go/interleave/internal/object"

// Yield lets others run. In a loop it says that going on is of no use until
// something changes: the goroutine runs again only when something that it read
// since its last Yield was written, or, once, when nothing else can run. A
// goroutine that read nothing since then may go on at any time. To wait for a
// WaitGroup is not to read it: nobody learns from that whether to wait again.
func (g *G) Yield() {
	g.check()
	g.ask(object.Yield, object.NoObject, 0, 0)
	g.yielded = g.last
}

// eachRead calls f with every access by which g's events since its last Yield
// read an object, and the event; it stops when f returns false. It follows the
// goroutine's own events back, so programs that never yield pay nothing. The arrival of
// a Wait, or its return, commutes with Adds in most programs, so that no yield may
// depend on which came first: neither counts.
func (x *Execution) eachRead(g *G, f func(p object.Part, step int32) bool) {
	for step := g.last; step > g.yielded; step = x.events[step].before {
		if op := x.events[step].Op(); op == object.Wait || op == object.WaitReturn {
			continue
		}
		for _, p := range x.Parts(&x.events[step]) {
			if p.Mode == object.Read && p.Obj >= 0 && !f(p, step) {
				return
			}
		}
	}
}

// wokenBy reports whether an event of another goroutine writes a location that
// g read since its last Yield, up to the event.
func (x *Execution) wokenBy(g *G, step int32) bool {
	e := &x.events[step]
	if e.G() == g.id {
		return false
	}
	found := false
	for _, w := range x.Parts(e) {
		if w.Mode <= object.Read {
			continue
		}
		x.eachRead(g, func(p object.Part, read int32) bool {
			found = read < step && p.Obj == w.Obj && p.Sub == w.Sub
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

// wrote lets those go on who yield until an event. What a misuse accesses
// counts as written, though it changes nothing.
func (x *Execution) wrote(step int32) {
	for _, g := range x.yielding {
		if x.wokenBy(g, step) {
			x.goOn(g)
		}
	}
}

// writtenSince reports whether an object that g read at an event was written
// later, so that g need not wait.
func (x *Execution) writtenSince(g *G, obj, read int32) bool {
	if x.clock != nil && obj == x.clock.obj && x.ticked > read {
		return true
	}
	for step := int32(len(x.events)) - 1; step > read; step-- {
		if x.wokenBy(g, step) {
			return true
		}
	}
	return false
}

// clockMoved does the same for the clock, which moves between events under
// CostTime.
func (x *Execution) clockMoved() {
	x.ticked = int32(len(x.events))
	for _, g := range x.yielding {
		x.eachRead(g, func(p object.Part, _ int32) bool {
			if p.Obj == x.clock.obj {
				x.goOn(g)
			}
			return p.Obj != x.clock.obj
		})
	}
}

func (x *Execution) goOn(g *G) {
	g.passed = false
	x.enabled.add(g.id)
}

// announceYield enables a yield that read nothing, or of which something has
// been written meanwhile.
func (x *Execution) announceYield(g *G) {
	any, changed := false, false
	x.eachRead(g, func(p object.Part, step int32) bool {
		any = true
		changed = x.writtenSince(g, p.Obj, step)
		return !changed
	})
	x.setEnabled(g, !any || changed)
	g.quietAt = -1
	x.yielding = append(x.yielding, g)
	if changed {
		g.passed = false
	}
}

func (x *Execution) dropYield(g *G) {
	for i, h := range x.yielding {
		if h == g {
			x.yielding = append(x.yielding[:i], x.yielding[i+1:]...)
			break
		}
	}
	x.enabled.add(g.id)
}

// quiesce is asked when nothing is enabled: goroutines that yielded may go on
// once, then the clock may move. It reports whether something is enabled now.
func (x *Execution) quiesce() bool {
	any := false
	for _, g := range x.yielding {
		if !g.passed {
			g.passed, g.quietAt = true, int32(len(x.events))
			x.enabled.add(g.id)
			any = true
		}
	}
	if any {
		return true
	}
	if x.clock == nil || !object.Ready(&x.world, &x.clock.g.call) || !x.isAwaited() {
		return false
	}
	x.clock.g.quietAt = int32(len(x.events))
	x.enabled.add(x.clock.g.id)
	return true
}

// yieldParts appends the reads that a yield stands for: it is ordered after
// the write that let it go on.
func (x *Execution) yieldParts(g *G, parts []object.Part) []object.Part {
	x.eachRead(g, func(p object.Part, _ int32) bool {
		parts = append(parts, object.Part{Obj: p.Obj, Sub: p.Sub, Mode: object.Read})
		return true
	})
	return parts
}

// isQuiescent reports whether g's pending operation is enabled only because
// nothing else was.
func (x *Execution) isQuiescent(g *G) bool {
	switch g.call.Op {
	case object.Yield:
		return g.passed
	case object.Fire:
		return x.opt.Time == LazyTime && !object.Due(&x.world, int64(x.now()))
	}
	return false
}
