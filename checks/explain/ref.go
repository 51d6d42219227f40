package explain

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A Ref names an event so that it is found again in another execution, and in
// a program that was edited: by names where they are unique, and by places
// otherwise.
type Ref struct {
	Goroutine  string `json:"goroutine,omitempty"` // its name; empty where that is not unique
	Path       string `json:"path"`                // its place in the tree of spawns
	Op         string `json:"op"`
	Object     string `json:"object,omitempty"` // its name; empty where that is not unique
	Kind       string `json:"kind,omitempty"`   // of object; empty when there is none
	Ordinal    int    `json:"ordinal"`          // which object of that kind the goroutine uses, from 1
	Occurrence int    `json:"occurrence"`       // which time the goroutine does this to the object, from 1
}

// String is the event in words.
func (r Ref) String() string {
	what := r.Op
	switch {
	case r.Kind == "":
	case r.Object != "":
		what += " " + r.Object
	default:
		what += fmt.Sprintf(" %s %d", r.Kind, r.Ordinal)
	}
	if r.Occurrence > 1 {
		what = ordinal(r.Occurrence) + " " + what
	}
	return what + " by " + r.who()
}

func (r Ref) who() string {
	if r.Goroutine != "" {
		return r.Goroutine
	}
	return r.Path
}

// ordinal is a number as a place: 2nd, 3rd, 4th.
func ordinal(n int) string {
	ending := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			ending = "st"
		case 2:
			ending = "nd"
		case 3:
			ending = "rd"
		}
	}
	return fmt.Sprint(n) + ending
}

// A directory knows which names mean one thing only. Those of edited programs
// are filled from several executions.
type directory struct {
	goroutines map[string]string // name to path; empty: several
	objects    map[string]int    // name to the most objects of that name
}

func newDirectory() *directory {
	return &directory{goroutines: map[string]string{}, objects: map[string]int{}}
}

// add takes in the names of an execution.
func (d *directory) add(x *sim.Execution) {
	for g := range int32(x.Goroutines()) {
		if !x.Spawned(g) {
			continue
		}
		name, path := x.GoroutineName(g), x.Path(g)
		if other, ok := d.goroutines[name]; ok && other != path {
			path = ""
		}
		d.goroutines[name] = path
	}
	count := map[string]int{}
	for i := range x.World().Objects {
		if x.Named(int32(i)) {
			count[x.ObjectName(int32(i))]++
		}
	}
	for name, n := range count {
		d.objects[name] = max(d.objects[name], n)
	}
}

// A census counts, along an execution, which objects each goroutine uses and
// how often it does what to them: it makes the Refs.
type census struct {
	used [][]int32 // by goroutine: the objects in the order of their first use
	done []deed
	seen int
}

// A deed is something that a goroutine did.
type deed struct {
	g, obj int32
	op     string
	times  int
}

func (c *census) reset() {
	for i := range c.used {
		c.used[i] = c.used[i][:0]
	}
	c.done, c.seen = c.done[:0], 0
}

// ordinal returns the place of an object among those of its kind that a
// goroutine uses, counted from 1.
func (c *census) ordinal(x *sim.Execution, g, obj int32) int {
	n := 1
	if int(g) < len(c.used) {
		for _, o := range c.used[g] {
			if o == obj {
				return n
			}
			if x.World().At(o).Kind == x.World().At(obj).Kind {
				n++
			}
		}
	}
	return n
}

// use notes that a goroutine uses an object.
func (c *census) use(g, obj int32) {
	if obj == object.NoObject {
		return
	}
	for int(g) >= len(c.used) {
		c.used = append(c.used, nil)
	}
	for _, o := range c.used[g] {
		if o == obj {
			return
		}
	}
	c.used[g] = append(c.used[g], obj)
}

// refs returns the Ref of every event of an execution, and a func that gives
// that of an operation that is still pending.
func refs(x *sim.Execution, names *directory) ([]Ref, func(c sim.Choice) Ref) {
	c := &census{}
	out := make([]Ref, x.Steps())
	for i := range x.Events() {
		e := &x.Events()[i]
		obj := subject(x, &e.Call, e.Alt)
		out[i] = c.ref(x, &e.Call, obj, names)
		c.use(e.G(), obj)
		c.deed(e.G(), obj, e.Op().String()).times++
	}
	return out, func(at sim.Choice) Ref {
		call := x.Pending(at.G)
		return c.ref(x, call, subject(x, call, at.Alt), names)
	}
}

func (c *census) deed(g, obj int32, op string) *deed {
	for i := range c.done {
		if d := &c.done[i]; d.g == g && d.obj == obj && d.op == op {
			return d
		}
	}
	c.done = append(c.done, deed{g: g, obj: obj, op: op})
	return &c.done[len(c.done)-1]
}

func (c *census) ref(x *sim.Execution, call *object.Call, obj int32, names *directory) Ref {
	r := Ref{Path: x.Path(call.G), Op: call.Op.String(), Occurrence: c.deed(call.G, obj, call.Op.String()).times + 1}
	if name := x.GoroutineName(call.G); names.goroutines[name] == r.Path {
		r.Goroutine = name
	}
	if obj == object.NoObject {
		return r
	}
	r.Kind = x.World().At(obj).Kind.String()
	r.Ordinal = c.ordinal(x, call.G, obj)
	switch {
	case obj < 0:
		r.Object = x.Path(^obj)
		if name := x.GoroutineName(^obj); names.goroutines[name] == r.Object {
			r.Object = name
		}
	case x.Named(obj) && names.objects[x.ObjectName(obj)] == 1:
		r.Object = x.ObjectName(obj)
	}
	return r
}

// subject is the object that an operation is about: for the clock, the timer
// that it fires. The goroutine's own end is about nothing else.
func subject(x *sim.Execution, call *object.Call, alt int32) int32 {
	switch call.Op {
	case object.End:
		return object.NoObject
	case object.Fire:
		for _, t := range x.World().Timers {
			if x.World().At(t.Timer).ID == alt {
				return t.Timer
			}
		}
	}
	return call.Obj
}
