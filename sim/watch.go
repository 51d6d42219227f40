package sim

import "github.com/interleave-go/interleave/internal/object"

// watchers are the goroutines whose pending operation depends on one object.
// Those whose operations are alike (all that want to lock a mutex) become
// enabled and disabled together, as a set; the others are asked one by one.
type watchers struct {
	groups [2]group
	others []*G
}

type group struct {
	op      object.Op
	ready   bool
	used    bool
	members Set
}

// alike are the operations that are enabled for everybody or for nobody.
func alike(op object.Op) bool {
	switch op {
	case object.Lock, object.WLock, object.OnceEnter, object.LatchWait, object.Join,
		object.Send, object.Receive, object.WDrained:
		return true
	}
	return false
}

func (w *watchers) reset() {
	for i := range w.groups {
		k := &w.groups[i]
		if !k.used {
			break // they are used in order
		}
		k.used = false
		clear(k.members)
	}
	w.others = w.others[:0]
}

// group returns the group of an operation, or nil when it has none and both
// are taken.
func (w *watchers) group(op object.Op) *group {
	for i := range w.groups {
		k := &w.groups[i]
		if k.used && k.op == op {
			return k
		}
		if !k.used {
			k.used, k.op = true, op
			return k
		}
	}
	return nil
}

// watchersOf returns the watchers of an object: a goroutine keeps its own, in
// slots of negative index.
func (x *Execution) watchersOf(obj int32) *watchers {
	if obj < 0 {
		return &x.gs[^obj].watchers
	}
	return &x.watch[obj]
}

// announce finds out whether g's pending operation is enabled, and has it
// asked again whenever something that it depends on changes.
func (x *Execution) announce(g *G) {
	if g.call.Op == object.Yield {
		g.watches = true
		x.announceYield(g)
		return
	}
	ready := object.Ready(&x.world, &g.call)
	x.setEnabled(g, ready)
	if ready && g.call.Op == object.Join {
		return // and so it stays
	}
	g.watches = true
	if alike(g.call.Op) {
		if k := x.watchersOf(g.call.Obj).group(g.call.Op); k != nil {
			k.members.add(g.id)
			k.ready = ready
			return
		}
	}
	x.eachWatched(g, func(obj int32) {
		w := x.watchersOf(obj)
		w.others = append(w.others, g)
	})
}

// unwatch ends what announce began.
func (x *Execution) unwatch(g *G) {
	g.watches = false
	if g.call.Op == object.Yield {
		x.dropYield(g)
		return
	}
	if alike(g.call.Op) {
		if k := x.watchersOf(g.call.Obj).group(g.call.Op); k != nil && k.members.Has(g.id) {
			k.members.remove(g.id)
			x.enabled.add(g.id)
			return
		}
	}
	x.eachWatched(g, func(obj int32) { x.watchersOf(obj).drop(g) })
	x.enabled.add(g.id)
}

func (w *watchers) drop(g *G) {
	for i, h := range w.others {
		if h == g {
			last := len(w.others) - 1
			w.others[i] = w.others[last]
			w.others = w.others[:last]
			return
		}
	}
}

// eachWatched calls f with every object that decides whether g's pending
// operation is enabled.
func (x *Execution) eachWatched(g *G, f func(obj int32)) {
	c := &g.call
	switch c.Op {
	case object.Resume:
		if c.Aux != 0 {
			f(c.Obj)
		} else {
			f(^g.id)
		}
	case object.SelectParked, object.SleepEnd:
		f(^g.id)
	case object.CondWake:
		f(^g.id)
		if c.Arg >= 0 {
			f(c.Arg)
		}
	case object.Select:
		for i, k := range x.world.Cases[c.Cases : c.Cases+c.CaseCount] {
			if k.Obj != object.NoObject && !listedBefore(x.world.Cases[c.Cases:], i) {
				f(k.Obj)
			}
		}
	default:
		f(c.Obj)
	}
}

func listedBefore(cases []object.Case, i int) bool {
	for _, k := range cases[:i] {
		if k.Obj == cases[i].Obj {
			return true
		}
	}
	return false
}

func (x *Execution) setEnabled(g *G, on bool) {
	if on {
		x.enabled.add(g.id)
	} else {
		x.enabled.remove(g.id)
	}
}

// changed re-evaluates everybody who waits for an object.
func (x *Execution) changed(obj int32) {
	w := x.watchersOf(obj)
	for i := range w.groups {
		k := &w.groups[i]
		if !k.used {
			break // they are used in order
		}
		if !k.members.Empty() {
			x.regroup(k, obj)
		}
	}
	for _, g := range w.others {
		x.setEnabled(g, g.call.Op == object.Fire && x.mayFire() || g.call.Op != object.Fire && object.Ready(&x.world, &g.call))
	}
}

func (x *Execution) regroup(k *group, obj int32) {
	call := object.Call{Op: k.op, Obj: obj}
	if ready := object.Ready(&x.world, &call); ready != k.ready {
		k.ready = ready
		x.enabled.put(k.members, ready)
	}
}
