package sim

import (
	"math"
	"reflect"
	"unsafe"

	"github.com/interleave-go/interleave/internal/object"
)

// names gives objects an identity, a small number, that is the same in every
// execution in which the same access occurs. An object to which the program
// gave a name that no other has is known by that. Of the others, every goroutine
// counts those that it touches, in its own order: an object has one such name
// for each goroutine that touches it, and all names of one object have one ID.
//
// Two things are only learned on the way, and both make the ones who compare
// executions begin again (see Execution.Merged): that two names with different
// IDs mean one object, and that one name means different objects, because its
// goroutine took another way before. Such a name is refined by a hash of what
// its goroutine did until then.
type names struct {
	ids    [][]int32       // by goroutine and count: an ID, -1, or refined
	refine map[name]bool   // the names that are refined; they outlive a reset
	exact  map[exact]int32 // the IDs of refined names
	merged []int32         // the ID that an ID was merged into, or itself
	apart  [][]uint64      // IDs that different objects had in one execution
	used   []uint64        // the IDs of this execution
	takers []name          // by ID: the name by which an object got it in this execution
	known  int32           // IDs from here on are new in this execution
	given  map[string]int32
	shared map[string]bool // names given to several objects; they outlive a reset
}

// A name is the count-th object that a goroutine touches.
type name struct{ g, count int32 }

// An exact name says also what the goroutine had done before.
type exact struct {
	name
	history uint64
}

const (
	unknownID = -1
	refinedID = -2
)

// apartMax bounds the IDs whose being apart is remembered.
const apartMax = 1024

func (n *names) begin() {
	clear(n.used)
	n.known = int32(len(n.merged))
}

// reset forgets everything but which names need a history.
func (n *names) reset() {
	*n = names{refine: n.refine, shared: n.shared}
}

func (n *names) find(id int32) int32 {
	for n.merged[id] != id {
		id = n.merged[id]
	}
	return id
}

func (n *names) fresh() int32 {
	id := int32(len(n.merged))
	n.merged = append(n.merged, id)
	return id
}

// lookup returns the ID of a name, or unknownID.
func (n *names) lookup(g *G, count int32) int32 {
	for int(g.id) >= len(n.ids) {
		n.ids = append(n.ids, nil)
	}
	for int(count) >= len(n.ids[g.id]) {
		id := int32(unknownID)
		if n.refine[name{g.id, int32(len(n.ids[g.id]))}] {
			id = refinedID
		}
		n.ids[g.id] = append(n.ids[g.id], id)
	}
	id := n.ids[g.id][count]
	if id == refinedID {
		var ok bool
		if id, ok = n.exact[exact{name{g.id, count}, g.history}]; !ok {
			return unknownID
		}
	}
	if id >= 0 {
		id = n.find(id)
	}
	return id
}

func (n *names) set(g *G, count, id int32) {
	if n.ids[g.id][count] != refinedID {
		n.ids[g.id][count] = id
		return
	}
	if n.exact == nil {
		n.exact = map[exact]int32{}
	}
	n.exact[exact{name{g.id, count}, g.history}] = id
}

// touched names the object once more: g has touched it for the first time.
func (n *names) touched(x *Execution, g *G, obj int32) {
	o := &x.world.Objects[obj]
	count := g.touched
	// Mostly it is what g has called so before.
	if o.ID >= 0 && int(g.id) < len(n.ids) && int(count) < len(n.ids[g.id]) && n.ids[g.id][count] == o.ID &&
		n.merged[o.ID] == o.ID && n.takers[o.ID].g != byProgram {
		g.touched++
		return
	}
	if n.isGiven(x, obj) {
		return
	}
	g.touched++
	known := n.lookup(g, count)
	switch {
	case o.ID < 0 && known < 0:
		o.ID = n.fresh()
		n.set(g, count, o.ID)
	case o.ID < 0 && n.isUsed(known):
		// Another object has this name's ID already: one of the two got it by a
		// name that means several.
		again := n.distinguish(x, name{g.id, count})
		again = n.distinguish(x, n.takers[known]) || again
		o.ID = n.fresh()
		if !again {
			n.set(g, count, o.ID)
		}
	case o.ID < 0:
		o.ID = known
	case known < 0:
		n.set(g, count, o.ID)
		return
	case n.find(o.ID) == known:
		return
	case n.areApart(n.find(o.ID), known):
		again := n.distinguish(x, name{g.id, count})
		if !n.distinguish(x, n.takers[n.find(o.ID)]) && !again {
			n.set(g, count, o.ID)
		}
		return
	case n.find(o.ID) >= n.known:
		from := n.find(o.ID)
		n.merged[from] = known
		o.ID = known
		x.United = append(x.United, United{obj, from, known})
	default:
		n.merged[known] = n.find(o.ID)
		x.Merged = true
		return
	}
	n.use(o.ID, name{g.id, count})
}

// byProgram stands for the goroutine of a name that the program gave.
const byProgram = -1

// isGiven reports whether the object is known by the name that the program gave
// it, and sees to it that it is. A name of which there turn out to be two is of
// no use.
func (n *names) isGiven(x *Execution, obj int32) bool {
	o := &x.world.Objects[obj]
	if o.ID >= 0 {
		return n.takers[o.ID].g == byProgram
	}
	given := x.names[obj]
	if given == nil || *given == "" || n.shared[*given] {
		return false
	}
	id, ok := n.given[*given]
	switch {
	case !ok:
		if n.given == nil {
			n.given = map[string]int32{}
		}
		id = n.fresh()
		n.given[*given] = id
	case n.isUsed(id):
		if n.shared == nil {
			n.shared = map[string]bool{}
		}
		n.shared[*given] = true
		x.Merged, x.Renamed = true, true
		return false
	}
	o.ID = id
	n.use(id, name{byProgram, 0})
	return true
}

// distinguish gives a name that means several objects a history; it reports
// whether it had none so far.
func (n *names) distinguish(x *Execution, k name) bool {
	if n.refine == nil {
		n.refine = map[name]bool{}
	}
	if n.refine[k] {
		return false
	}
	n.refine[k] = true
	x.Merged, x.Renamed = true, true
	return true
}

func (n *names) isUsed(id int32) bool {
	return int(id>>6) < len(n.used) && n.used[id>>6]&(1<<(id&63)) != 0
}

// use notes that an object of this execution has the ID, by a name, apart from
// all the others.
func (n *names) use(id int32, by name) {
	for int(id) >= len(n.takers) {
		n.takers = append(n.takers, name{})
	}
	n.takers[id] = by
	for int(id>>6) >= len(n.used) {
		n.used = append(n.used, 0)
	}
	if id < apartMax {
		for int(id) >= len(n.apart) {
			n.apart = append(n.apart, nil)
		}
		for len(n.apart[id]) < len(n.used) {
			n.apart[id] = append(n.apart[id], 0)
		}
		for i, w := range n.used {
			n.apart[id][i] |= w
		}
	}
	n.used[id>>6] |= 1 << (id & 63)
}

func (n *names) areApart(a, b int32) bool {
	return n.isUsed(b) || n.apartFrom(a, b) || n.apartFrom(b, a)
}

func (n *names) apartFrom(a, b int32) bool {
	return int(a) < len(n.apart) && int(b>>6) < len(n.apart[a]) && n.apart[a][b>>6]&(1<<(b&63)) != 0
}

// mix adds what g's last event told it to its history, where names need one.
func (x *Execution) mix(g *G, e *Event) {
	label := object.Nothing
	if e.nparts > 0 {
		label = x.parts[e.parts].Effect
	}
	g.mix(uint64(e.Call.Op)<<40 ^ uint64(label)<<32 ^ uint64(uint32(e.Alt)))
}

func (g *G) mix(v uint64) {
	h := (g.history ^ v) * 0x9e3779b97f4a7c15
	g.history = h ^ h>>29
}

// learned adds a value that g has read to its history, where names need one.
func learned[T any](g *G, v T) {
	if g.x.hashing {
		g.mix(g.hashOf(any(v)))
	}
}

// pointed says of a pointer that is read or written who did so first in this
// execution, and what that goroutine had done until then: where it points
// differs from run to run. The map keeps what is pointed to, so that no other
// gets its place in memory.
func (g *G) pointed(p unsafe.Pointer) uint64 {
	h, ok := g.x.pointers[p]
	if !ok {
		if g.x.pointers == nil {
			g.x.pointers = map[unsafe.Pointer]uint64{}
		}
		h = (g.history ^ uint64(g.id)<<32) * 0x9e3779b97f4a7c15
		g.x.pointers[p] = h
		g.mix(h) // else its next one would be called the same
	}
	return h
}

// hashOf is a number for a value that a program may decide by. What lies behind
// pointers is left out.
func (g *G) hashOf(v any) uint64 {
	switch v := v.(type) {
	case int:
		return uint64(v)
	case bool:
		if v {
			return 1
		}
		return 0
	}
	return g.hashValue(reflect.ValueOf(v))
}

func (g *G) hashValue(v reflect.Value) uint64 {
	h := uint64(14695981039346656037)
	add := func(n uint64) { h = (h ^ n) * 1099511628211 }
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			add(1)
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		add(uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		add(v.Uint())
	case reflect.Float32, reflect.Float64:
		add(math.Float64bits(v.Float()))
	case reflect.String:
		for _, b := range []byte(v.String()) {
			add(uint64(b))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			add(g.hashValue(v.Field(i)))
		}
	case reflect.Array, reflect.Slice:
		for i := range v.Len() {
			add(g.hashValue(v.Index(i)))
		}
	case reflect.Interface:
		add(g.hashValue(v.Elem()))
	case reflect.Pointer, reflect.Map, reflect.Func, reflect.Chan:
		if v.IsNil() {
			add(1)
			break
		}
		add(g.pointed(v.UnsafePointer()))
	}
	return h
}
