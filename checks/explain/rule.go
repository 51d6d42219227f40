package explain

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A Constraint is one condition on a schedule: an event takes place before
// another one, which must not happen as long as the first has not; or, with
// Choice set, an event goes one of the ways that are open to it.
type Constraint struct {
	First  Ref    `json:"first"`
	Then   Ref    `json:"then"`             // empty for a choice
	Choice string `json:"choice,omitempty"` // the way that First goes
}

// String is the constraint in words.
func (c Constraint) String() string {
	if c.Choice != "" {
		return c.First.String() + c.wayString()
	}
	return fmt.Sprintf("%s comes before %s", c.First, c.Then)
}

// wayString is the way that a choice goes, in words.
func (c Constraint) wayString() string {
	switch {
	case c.First.Op == object.Signal.String():
		return " wakes " + c.Choice
	case c.First.Op == object.Choose.String():
		return " gives " + c.Choice
	case c.Choice == fmt.Sprint(object.CaseDefault):
		return " takes its default"
	case c.Choice == fmt.Sprint(object.CasePark):
		return " has to wait"
	}
	return " takes case " + c.Choice
}

// A rule is a constraint that is followed along an execution.
type rule struct {
	Constraint
	first, then     endpoint
	firstAt, thenAt int // the steps at which its events took place, or -1
	dropped         bool
}

// An endpoint counts how often its event's operation took place.
type endpoint struct {
	ref   Ref
	times int
}

// count notes that the operation took place at a step; it returns the step of
// the event that is meant, which so far was at.
func (p *endpoint) count(step, at int) int {
	if p.times++; p.times == p.ref.Occurrence {
		return step
	}
	return at
}

func (p *endpoint) done() bool { return p.times >= p.ref.Occurrence }

// rules are what a schedule has to keep.
type rules struct {
	all    []rule
	census census
}

func newRules(cs []Constraint) rules {
	var r rules
	for _, c := range cs {
		r.all = append(r.all, rule{Constraint: c, first: endpoint{ref: c.First}, then: endpoint{ref: c.Then},
			firstAt: -1, thenAt: -1})
	}
	return r
}

func (r *rules) reset() {
	for i := range r.all {
		k := &r.all[i]
		k.first.times, k.then.times, k.dropped, k.firstAt, k.thenAt = 0, 0, false, -1, -1
	}
	r.census.reset()
}

// advance takes in the events that were logged since the last call.
func (r *rules) advance(x *sim.Execution) {
	if len(r.all) == 0 {
		return
	}
	for ; r.census.seen < x.Steps(); r.census.seen++ {
		e := &x.Events()[r.census.seen]
		obj := subject(x, &e.Call, e.Alt)
		for i := range r.all {
			k := &r.all[i]
			if r.matches(x, &k.first.ref, &e.Call, obj) {
				k.firstAt = k.first.count(r.census.seen, k.firstAt)
			}
			if k.Choice == "" && r.matches(x, &k.then.ref, &e.Call, obj) {
				k.thenAt = k.then.count(r.census.seen, k.thenAt)
			}
		}
		r.census.use(e.G(), obj)
	}
}

// matches reports whether a call is what a Ref names, but for its occurrence.
func (r *rules) matches(x *sim.Execution, ref *Ref, call *object.Call, obj int32) bool {
	if call.Op.String() != ref.Op {
		return false
	}
	if ref.Goroutine != "" && x.GoroutineName(call.G) != ref.Goroutine || ref.Goroutine == "" && x.Path(call.G) != ref.Path {
		return false
	}
	switch {
	case obj == object.NoObject:
		return ref.Kind == ""
	case ref.Object != "":
		return x.ObjectName(obj) == ref.Object || obj < 0 && x.Path(^obj) == ref.Object
	}
	return x.World().At(obj).Kind.String() == ref.Kind && r.census.ordinal(x, call.G, obj) == ref.Ordinal
}

// allow reports whether a choice keeps all rules.
func (r *rules) allow(x *sim.Execution, c sim.Choice) bool { return r.forbids(x, c) == nil }

// forbids returns the rule that a choice would break, or nil.
func (r *rules) forbids(x *sim.Execution, c sim.Choice) *rule {
	for i := range r.all {
		k := &r.all[i]
		if k.dropped {
			continue
		}
		call := x.Pending(c.G)
		at := &k.then
		if k.Choice != "" {
			at = &k.first
		} else if k.first.done() {
			continue
		}
		if at.times+1 != at.ref.Occurrence || !r.matches(x, &at.ref, call, subject(x, call, c.Alt)) {
			continue
		}
		if k.Choice == "" || !goes(x, call, c.Alt, k.Choice) {
			return k
		}
	}
	return nil
}

// way is an alternative as text that means the same in every execution: the
// goroutine that a signal wakes, by name where that is unique, else a number.
func way(x *sim.Execution, call *object.Call, alt int32, names *directory) string {
	if call.Op == object.Signal && alt >= 0 {
		if name := x.GoroutineName(alt); names.goroutines[name] == x.Path(alt) {
			return name
		}
		return x.Path(alt)
	}
	return fmt.Sprint(alt)
}

// goes reports whether an alternative is the way that the text says.
func goes(x *sim.Execution, call *object.Call, alt int32, text string) bool {
	if call.Op == object.Signal && alt >= 0 {
		return x.GoroutineName(alt) == text || x.Path(alt) == text
	}
	return fmt.Sprint(alt) == text
}
