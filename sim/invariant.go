package sim

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
)

// A Watched is a variable that an invariant can read: a Var, Map, SyncMap, an
// atomic or a Value.
type Watched interface{ watched(g *G) int32 }

type invariant struct {
	name  string
	obj   int32
	reads Set // of objects
	holds func(*G) bool
	g     *G // the handle that the predicate reads with
}

// Invariant has the predicate checked now and after every step that writes one
// of reads; the execution fails when it does not hold. The predicate reads
// through the handle that it is given, and only the variables listed: reading
// anything else, or writing, is a misuse. Writes of the listed variables
// become dependent on each other, so that reduction cannot hide a violation.
//
// Main declares its invariants before it starts a goroutine or a timer that starts
// one; later, or in another goroutine, it is a misuse. So an invariant is in force
// in all that may run in parallel: from when on it holds is no question of the
// schedule, of which a reduced search would not try every answer. What holds only
// from some moment on can say so by a variable that it lists; what a goroutine
// makes for itself can be checked with [G.Assert].
func (g *G) Invariant(name string, holds func(*G) bool, reads ...Watched) {
	g.check()
	x := g.x
	if g.parent >= 0 || g.spawned > 0 {
		g.misuse(object.NoObject, fmt.Sprintf("invariant %q is declared when goroutines have been started", name),
			"declare it in main, before the first Go, and the variables that it lists as well")
	}
	v := &invariant{name: name, holds: holds, obj: x.register(spec{kind: object.Invariant, name: &name})}
	x.runner.names.touched(x, g, v.obj)
	g.seen.add(v.obj)
	for _, r := range reads {
		v.reads.add(r.watched(g))
	}
	v.g = &G{id: g.id, path: g.path, name: "invariant " + name, x: x, watching: v}
	x.invariants = append(x.invariants, v)
	x.stopRepeating()
	x.checkInvariant(v, g)
}

// Watches returns the variables that an invariant lists, by its object; nothing
// for another object.
func (x *Execution) Watches(obj int32) []int32 {
	var out []int32
	for _, v := range x.invariants {
		for read := range int32(len(x.world.Objects)) {
			if v.obj == obj && v.reads.Has(read) {
				out = append(out, read)
			}
		}
	}
	return out
}

// watchedWrites appends the accesses that make writes of one invariant's
// variables dependent.
func (x *Execution) watchedWrites(parts []object.Part, first int) []object.Part {
	for _, v := range x.invariants {
		for _, p := range parts[first:] {
			if p.Mode != object.Read && p.Obj >= 0 && v.reads.Has(p.Obj) {
				parts = append(parts, object.Part{Obj: v.obj, Mode: object.Write})
				break
			}
		}
	}
	return parts
}

// checkInvariants checks those whose variables the parts wrote.
func (x *Execution) checkInvariants(parts []object.Part) {
	for _, p := range parts {
		for _, v := range x.invariants {
			if v.obj == p.Obj && !x.over {
				x.due = append(x.due, v)
			}
		}
	}
}

// wrote checks the invariants that are due, once the value of g's last event is
// in its variable.
func (g *G) wrote() {
	if x := g.x; len(x.due) > 0 {
		x.checkDue(g)
	}
}

func (x *Execution) checkDue(g *G) {
	due := x.due
	x.due = x.due[:0]
	for _, v := range due {
		x.checkInvariant(v, g)
	}
}

func (x *Execution) checkInvariant(v *invariant, g *G) {
	if x.over || x.holds(v, g) {
		return
	}
	x.fail(Failed, Failure{G: g.id, Object: v.obj, Message: fmt.Sprintf("invariant %q does not hold", v.name)})
	g.unwind()
}

// holds asks the predicate. Meanwhile its handle is the only one that may be
// used.
func (x *Execution) holds(v *invariant, g *G) bool {
	x.running, v.g.id = v.g, g.id
	defer func() {
		if x.running == v.g {
			x.running = g // else the execution is over for g
		}
	}()
	return v.holds(v.g)
}

// observe answers a read asked for by an invariant's handle: of a listed
// variable it is allowed, and is no event.
func (g *G) observe(id *ident) {
	if id.x == g.x && id.run == g.x.run && g.watching.reads.Has(id.index) {
		return
	}
	obj := int32(object.NoObject)
	if id.x == g.x && id.run == g.x.run {
		obj = id.index
	}
	g.refuse(obj)
}

// refuse answers anything else that an invariant's handle is used for.
func (g *G) refuse(obj int32) {
	x := g.x
	what := "something"
	if obj != object.NoObject {
		what = x.What(obj)
	}
	x.fail(Misused, Failure{G: g.id, Object: obj,
		Message: fmt.Sprintf("invariant %q uses %s, which it does not list, or does more than read", g.watching.name, what),
		Mend:    "list every variable that the predicate reads, and write nothing in it"})
	g.unwind()
}
