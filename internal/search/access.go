package search

import (
	"github.com/interleave-go/interleave/internal/object"
)

// An access is one part of a step, in a form that can be compared with steps of
// other executions: its location is numbered by the object's identity.
type access struct {
	loc  int32
	arg  int32 // of an Add to a WaitGroup: see refine
	mode object.Mode
}

// dependent reports whether the order of two steps matters.
func dependent(a, b []access) bool {
	for i := range a {
		for j := range b {
			if a[i].loc == b[j].loc && object.Conflict(a[i].mode, b[j].mode) {
				return true
			}
		}
	}
	return false
}

// A footprint sums up the accesses of some steps: the locations that they read and
// those that they change, by the last six bits of their numbers.
type footprint struct{ reads, writes uint64 }

func (f *footprint) add(acc []access) {
	for i := range acc {
		if bit := locationBit(acc[i].loc); acc[i].mode == object.Read {
			f.reads |= bit
		} else {
			f.writes |= bit
		}
	}
}

// locationBit is the bit that stands for a location.
func locationBit(loc int32) uint64 { return 1 << (loc & 63) }

func (f *footprint) join(o footprint) {
	f.reads |= o.reads
	f.writes |= o.writes
}

// meets is false only of steps that are independent of each other.
func (f footprint) meets(o footprint) bool {
	return f.writes&(o.reads|o.writes)|f.reads&o.writes != 0
}

// A locator numbers locations. Channels have one location per end and slot under
// the slot relation; under the channel relation a buffered channel has a single one,
// and the two ends of an unbuffered one are the same.
type locator struct {
	relation Relation
	next     int32
	objects  []int32 // by ID: the number of location 0, or -1
	others   map[int32]int32
	uses     groupUse    // what is known so far
	group    GroupReader // scratch
}

// locate returns the number of the location that a part accesses.
func (l *locator) locate(w *object.World, p *object.Part) int32 {
	if p.Obj < 0 {
		return goroutineLocation(^p.Obj, p.Sub)
	}
	o := &w.Objects[p.Obj]
	sub := p.Sub
	if l.relation == ChannelRelation && (o.Kind == object.Chan || o.Kind == object.Rendezvous && sub < 2) {
		sub = 0
	}
	return l.base(o) + sub
}

// goroutineLocation is the number of one of a goroutine's two locations: negative,
// since those of objects count from 0.
func goroutineLocation(g, sub int32) int32 { return -1 - (2*g + sub) }

func (l *locator) base(o *object.Object) int32 {
	id := o.ID
	if id >= 1<<20 || id < 0 {
		return l.rare(o)
	}
	for int(id) >= len(l.objects) {
		l.objects = append(l.objects, -1)
	}
	if l.objects[id] < 0 {
		l.objects[id] = l.next
		l.next += o.Locations()
	}
	return l.objects[id]
}

// rare numbers objects whose identity is not a small number, such as the clock.
func (l *locator) rare(o *object.Object) int32 {
	if l.others == nil {
		l.others = map[int32]int32{}
	}
	base, ok := l.others[o.ID]
	if !ok {
		base = l.next
		l.others[o.ID] = base
		l.next += o.Locations()
	}
	return base
}

// append adds the accesses of parts.
func (l *locator) append(w *object.World, parts []object.Part, to []access) []access {
	for i := range parts {
		p := &parts[i]
		if p.Mode == object.None {
			continue
		}
		a := access{loc: l.locate(w, p), mode: p.Mode}
		if p.Effect == object.Count {
			a.arg = p.Arg
		}
		to = append(to, a)
	}
	return to
}
