package explain

import (
	"cmp"
	"maps"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// A story is what a cause needs to know of an execution.
type story struct {
	told  []told
	index map[Ref]int     // of events that took place
	uses  map[int][]usage // by location, in the order of the events
	last  int             // the event at which a failure ended it, or -1
	open  []sim.Choice
}

// told is an event, or an operation that was still pending at the end.
type told struct {
	ref     Ref
	g       int32
	way     string // the alternative, where there can be several
	objects []string
}

type usage struct {
	event int
	mode  object.Mode
}

func tell(x *sim.Execution, names *directory) *story {
	s := &story{index: map[Ref]int{}, uses: map[int][]usage{}, last: -1, open: search.Choices(x)}
	done, pending := refs(x, names)
	for i := range x.Events() {
		e := &x.Events()[i]
		t := told{ref: done[i], g: e.G()}
		if e.Op().Chooses() && e.Op() != object.Fire {
			t.way = way(x, &e.Call, e.Alt, names)
		}
		for _, p := range x.Parts(e) {
			if p.Mode != object.None {
				l := locationOf(x, p)
				s.uses[l] = append(s.uses[l], usage{i, p.Mode})
				t.objects = append(t.objects, x.ObjectName(p.Obj))
			}
		}
		s.told = append(s.told, t)
		s.index[done[i]] = i
	}
	if failed(x) {
		s.last = x.Steps() - 1
	}
	for g := range int32(x.Goroutines()) {
		if x.Alive(g) && x.Pending(g).Op != object.Start {
			s.pend(x, pending(sim.Choice{G: g}), g)
		}
	}
	return s
}

// failed reports whether an execution was ended by what one goroutine did,
// whatever the others still had to do.
func failed(x *sim.Execution) bool {
	return x.Outcome == sim.Panicked || x.Outcome == sim.Failed || x.Outcome == sim.Misused
}

// pend adds an operation that never took place: it would have come after all
// that happened to its objects.
func (s *story) pend(x *sim.Execution, ref Ref, g int32) {
	at := len(s.told)
	t := told{ref: ref, g: g}
	for _, obj := range wants(x, g) {
		o := x.World().At(obj)
		for sub := range o.Locations() {
			l := int(o.Base + sub)
			s.uses[l] = append(s.uses[l], usage{at, object.Write})
		}
		t.objects = append(t.objects, x.ObjectName(obj))
	}
	s.told = append(s.told, t)
}

// wants lists the objects that goroutine g's pending operation is about.
func wants(x *sim.Execution, g int32) []int32 {
	c := x.Pending(g)
	var out []int32
	if c.Op == object.Select || c.Op == object.SelectParked {
		for _, k := range x.World().Cases[c.Cases : c.Cases+c.CaseCount] {
			if k.Obj != object.NoObject {
				out = append(out, k.Obj)
			}
		}
		return out
	}
	if obj := subject(x, c, 0); obj != object.NoObject {
		out = append(out, obj)
	}
	return out
}

// pairsMax bounds the pairs of events that are looked at in one execution.
const pairsMax = 20_000

// A candidate is a constraint that tells a failing execution from a passing one.
type candidate struct {
	Constraint
	cost          int          // how much a reader has to know to understand it
	first, second int          // its events in the failing execution
	again         []Constraint // the same in further laps of a livelock
}

// every returns the constraint and those of further laps.
func (c *candidate) every() []Constraint { return append([]Constraint{c.Constraint}, c.again...) }

// breaks returns the constraints that s keeps and other breaks, the plainest
// first. objects are those of the finding.
func (s *story) breaks(other *story, objects []string) []candidate {
	var out []candidate
	add := func(a, b, distance int) {
		if c, ok := s.order(other, a, b, objects); ok {
			c.cost += min(distance, 3)
			out = append(out, c)
		}
	}
	other.pairs(func(b, a, distance int) { add(a, b, distance) })
	s.pairs(func(a, b, distance int) {
		if c, ok := s.absence(other, a, b, objects); ok {
			c.cost += min(distance, 3)
			out = append(out, c)
		}
	})
	out = append(out, s.endings(other)...)
	out = append(out, s.choices(other)...)
	slices.SortStableFunc(out, func(a, b candidate) int {
		return cmp.Or(a.cost-b.cost, a.first-b.first, a.second-b.second)
	})
	return out
}

// pairs calls f with pairs of events of different goroutines whose order
// matters, in that order, and with how many accesses of the same place lie
// between them.
func (s *story) pairs(f func(first, second, distance int)) {
	n := 0
	for _, l := range slices.Sorted(maps.Keys(s.uses)) {
		at := s.uses[l]
		for j := range at {
			for i := j - 1; i >= 0 && n < pairsMax; i-- {
				if s.told[at[i].event].g != s.told[at[j].event].g && object.Conflict(at[i].mode, at[j].mode) {
					n++
					f(at[i].event, at[j].event, j-i-1)
				}
			}
		}
	}
}

// absence is the constraint that event a of s comes before its event b,
// provided that other has b and not a.
func (s *story) absence(other *story, a, b int, objects []string) (candidate, bool) {
	if _, ok := s.index[s.told[a].ref]; !ok {
		return candidate{}, false
	}
	_, hasA := other.index[s.told[a].ref]
	_, hasB := other.index[s.told[b].ref]
	if hasA || !hasB {
		return candidate{}, false
	}
	return s.order(s, a, b, objects)
}

// order is the constraint that event a of other comes before its event b,
// provided that s keeps it: in other, b came first.
func (s *story) order(other *story, a, b int, objects []string) (candidate, bool) {
	first, ok := s.index[other.told[a].ref]
	if !ok {
		return candidate{}, false
	}
	second, ok := s.index[other.told[b].ref]
	if !ok {
		second = len(s.told)
	}
	if second < first {
		return candidate{}, false
	}
	c := candidate{first: first, second: second}
	c.First, c.Then = other.told[a].ref, other.told[b].ref
	if !overlap(other.told[a].objects, objects) || !overlap(other.told[b].objects, objects) {
		c.cost += 4
	}
	if !slices.ContainsFunc(s.told, func(t told) bool { return t.ref == c.Then }) {
		c.cost += 2
	}
	c.cost += plainness(c.First.Op) + plainness(c.Then.Op)
	if wait := object.CondWait.String(); c.First.Op == wait && c.Then.Op == wait && c.First.Kind == object.Cond.String() {
		c.cost += 6 // which of two waits first matters only for whom a signal wakes
	}
	return c, true
}

// plainness is what an operation costs a reader: that a lock is taken says more
// than that it is freed, and the life of goroutines is seldom the matter.
func plainness(op string) int {
	switch op {
	case object.Spawn.String(), object.End.String(), object.Join.String():
		return 8
	case object.Unlock.String(), object.RUnlock.String(), object.Release.String():
		return 4
	}
	return 0
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// endings: when a failure cut other short, everything that s did and other did
// not could have come before that.
func (s *story) endings(other *story) []candidate {
	var out []candidate
	if other.last < 0 {
		return nil
	}
	end := other.told[other.last]
	for i, t := range s.told[:len(s.index)] {
		if _, ok := other.index[t.ref]; !ok && t.g != end.g {
			if c, ok := s.order(&story{told: []told{t, end}}, 0, 1, nil); ok {
				c.first, c.cost = i, c.cost+32
				out = append(out, c)
			}
		}
	}
	return out
}

// choices: the ways that events of s went and other's did not.
func (s *story) choices(other *story) []candidate {
	var out []candidate
	for i, t := range s.told[:len(s.index)] {
		j, ok := other.index[t.ref]
		if ok && t.way != "" && other.told[j].way != t.way {
			out = append(out, candidate{Constraint: Constraint{First: t.ref, Choice: t.way}, cost: 2, first: i})
		}
	}
	return out
}
