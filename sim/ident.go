package sim

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
)

// An ident ties a user's object to its execution. Its zero value is an object
// that nobody has touched.
type ident struct {
	self  *ident // where it was first touched: another place is a copy
	x     *Execution
	run   uint32
	index int32
}

// A spec says what an object is when it is first touched.
type spec struct {
	kind  object.Kind
	name  *string
	limit int32
	fair  bool
	plain bool
	keyed bool
}

// touch returns the index of an object in g's execution. The first touch of an
// execution registers it, the first by g gives it one more of its names.
func (g *G) touch(id *ident, s spec) int32 {
	x := g.x
	if id.x == x && id.run == x.run && id.self == id {
		return g.meet(id.index)
	}
	if id.x != nil {
		x.checkStamp(g, id, s)
	} else {
		*id = ident{self: id, x: x, run: x.run, index: x.register(s)}
	}
	return g.meet(id.index)
}

// meet notes that g has touched an object of the execution.
func (g *G) meet(obj int32) int32 {
	if !g.seen.Has(obj) {
		g.seen.add(obj)
		g.x.runner.names.touched(g.x, g, obj)
	}
	return obj
}

// checkStamp refuses objects of another execution, and copies.
func (x *Execution) checkStamp(g *G, id *ident, s spec) {
	if id.x == x && id.run == x.run && id.self == id {
		return
	}
	f := Failure{G: g.id, Object: object.NoObject}
	name := "a " + s.kind.String()
	if s.name != nil && *s.name != "" {
		name = *s.name
	}
	switch {
	case id.x != x || id.run != x.run:
		f.Message = fmt.Sprintf("%s outlives its execution: it was used in an earlier one", name)
		f.Mend = "declare it inside the program's func, so that every execution starts with a new one"
	case id.self != id:
		f.Message = fmt.Sprintf("%s is a copy of an object that was used before", name)
		f.Mend = "pass a pointer to it"
		f.Object = id.index
	default:
		return
	}
	x.fail(Misused, f)
	g.unwind()
}

// register adds an object to the execution.
func (x *Execution) register(s spec) int32 {
	i := int32(len(x.world.Objects))
	if int(i) < cap(x.world.Objects) {
		x.world.Objects = x.world.Objects[:i+1]
		x.watch = x.watch[:i+1]
		x.watch[i].reset()
	} else {
		x.world.Objects = append(x.world.Objects, object.Object{})
		x.watch = append(x.watch[:i], make([]watchers, cap(x.world.Objects)-int(i))...)[:i+1]
	}
	o := &x.world.Objects[i]
	o.Kind, o.Limit, o.Fair, o.Plain, o.Keyed, o.ID, o.Values = s.kind, s.limit, s.fair, s.plain, s.keyed, -1, nil
	o.State = append(o.State[:0], zeroState[:s.kind.StateSize()]...)
	o.Base = x.locations
	x.locations += o.Locations()
	x.names = append(x.names, s.name)
	x.insides = append(x.insides, inside{})
	return i
}

var zeroState [8]int32
