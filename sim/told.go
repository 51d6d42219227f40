package sim

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
)

// Who is what a reader calls goroutine g, once the execution has ended: its name,
// and behind that its path where another goroutine has the same name.
func (x *Execution) Who(g int32) string {
	name := x.GoroutineName(g)
	for other := range int32(len(x.gs)) {
		if other != g && x.Spawned(other) && x.GoroutineName(other) == name {
			return name + " (" + x.Path(g) + ")"
		}
	}
	return name
}

// What is what a reader calls an object, once the execution has ended: its name,
// or else its kind and its place among those of that kind without a name. The
// channel that a context's Done returns is called so.
func (x *Execution) What(obj int32) string {
	switch {
	case obj == object.NoObject || x.Named(obj):
		return x.ObjectName(obj)
	case obj < 0:
		return x.Who(^obj)
	}
	if ctx := x.ContextOf(obj); ctx >= 0 {
		return "the Done of " + x.What(ctx)
	}
	kind := x.kindOf(obj)
	before, all := 1, 0
	for o := range int32(len(x.world.Objects)) {
		if x.kindOf(o) != kind || x.Named(o) || x.ContextOf(o) >= 0 {
			continue
		}
		all++
		if o < obj {
			before++
		}
	}
	if all == 1 {
		return "the " + kind
	}
	return fmt.Sprintf("%s %d", kind, before)
}

// kindOf is the kind of an object in a word.
func (x *Execution) kindOf(obj int32) string {
	o := &x.world.Objects[obj]
	if o.Keyed {
		return "map"
	}
	return o.Kind.String()
}

// ContextOf is the context whose Done a channel is, or -1.
func (x *Execution) ContextOf(obj int32) int32 {
	for _, link := range x.world.Contexts {
		if link.Done == obj {
			return link.Context
		}
	}
	return -1
}
