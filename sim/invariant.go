package sim

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
)

// A Watched is a variable that an invariant can read.
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
func (g *G) Invariant(name string, holds func(*G) bool, reads ...Watched) {
	g.check()
	x := g.x
	v := &invariant{name: name, holds: holds, obj: x.register(spec{kind: object.Invariant, name: &name})}
	x.runner.names.touched(x, g, v.obj)
	g.seen.add(v.obj)
	for _, r := range reads {
		v.reads.add(r.watched(g))
	}
	v.g = &G{id: g.id, path: g.path, name: "invariant " + name, x: x, watching: v}
	x.invariants = append(x.invariants, v)
	x.checkInvariant(v, g)
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

// checkDue checks invariants once the step's value is in its variable.
func (x *Execution) checkDue(g *G) {
	for _, v := range x.due {
		x.checkInvariant(v, g)
	}
	x.due = x.due[:0]
}

func (x *Execution) checkInvariant(v *invariant, g *G) {
	if x.over || v.holds(v.g) {
		return
	}
	x.fail(Failed, Failure{G: g.id, Object: v.obj, Message: fmt.Sprintf("invariant %q does not hold", v.name)})
	g.unwind()
}

// observe answers an operation asked for by an invariant's handle: a read of a
// listed variable is allowed and is no event.
func (g *G) observe(obj int32, read bool) {
	if read && g.watching.reads.Has(obj) {
		return
	}
	x := g.x
	user := x.running
	x.fail(Misused, Failure{G: user.id, Object: obj,
		Message: fmt.Sprintf("invariant %q uses %s, which it does not list", g.watching.name, x.ObjectName(obj)),
		Mend:    "list every variable that the predicate reads, and write nothing in it"})
	user.unwind()
}
