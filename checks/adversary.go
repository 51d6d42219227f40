package checks

import (
	"maps"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// adversary schedules a program against one goroutine: that gets a turn when its
// attempt fails, or when it is not at an attempt, and no variable has a value
// with which it got on before; the others take theirs, one after the other. It is
// fair as long as there is such a turn once for each turn of all others: whether
// there is shows in the log.
type adversary struct {
	path   string
	ways   []way             // by which the goroutine got on
	first  map[string]string // by the name of a variable: its value before anybody wrote it
	victim int32
	last   int32 // of the others
	turns  int   // of the others, since the victim's last one
	others []int32
	seen   int               // events that were looked at
	value  map[string]string // by the name of a variable, where it is known
}

// learn notes by which values the goroutine got on in an execution; it reports
// whether there are new ones.
func (a *adversary) learn(x *sim.Execution) bool {
	known := len(a.ways)
	a.firsts(x)
	for g := range int32(x.Goroutines()) {
		if !x.Spawned(g) || x.Path(g) != a.path {
			continue
		}
		for _, w := range keepVigil(x, g).passed {
			if !slices.Contains(a.ways, w) {
				a.ways = append(a.ways, w)
			}
		}
	}
	return len(a.ways) > known
}

// firsts notes what is read of variables before anybody has written them.
func (a *adversary) firsts(x *sim.Execution) {
	if a.first == nil {
		a.first = map[string]string{}
	}
	met := make([]bool, len(x.World().Objects))
	for i := range x.Events() {
		e := &x.Events()[i]
		if obj := e.Call.Obj; obj >= 0 && !met[obj] {
			met[obj] = true
			if e.Op() == object.Load {
				a.first[x.ObjectName(obj)] = x.Text(i)
			}
		}
	}
}

// knows reports whether the goroutine got on once by something that it reads in
// a vigil.
func (a *adversary) knows(v *vigil) bool {
	return slices.ContainsFunc(v.tries, func(t tryCount) bool {
		name := v.x.ObjectName(t.obj)
		return t.op == object.Load && slices.ContainsFunc(a.ways, func(w way) bool { return w.object == name })
	})
}

// Pick implements sim.Scheduler.
func (a *adversary) Pick(x *sim.Execution) sim.Choice {
	if x.Steps() == 0 {
		a.victim, a.last, a.turns, a.seen, a.value = -1, -1, 0, 0, maps.Clone(a.first)
	}
	a.look(x)
	a.others = a.others[:0]
	canRun := false
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		if x.Path(g) == a.path {
			a.victim, canRun = g, true
			continue
		}
		a.others = append(a.others, g)
	}
	if canRun && (len(a.others) == 0 || a.turns >= len(a.others) && a.harmless(x)) {
		a.turns = 0
		return sim.Choice{G: a.victim, Alt: x.FirstAlternative(a.victim)}
	}
	a.turns++
	a.last = a.following(x)
	return sim.Choice{G: a.last, Alt: x.FirstAlternative(a.last)}
}

// look notes the values of variables.
func (a *adversary) look(x *sim.Execution) {
	for ; a.seen < x.Steps(); a.seen++ {
		e := &x.Events()[a.seen]
		if text := x.Text(a.seen); text != "" && e.Call.Obj >= 0 {
			a.value[x.ObjectName(e.Call.Obj)] = text
		}
	}
}

// harmless reports whether the victim's next step gets it nowhere. Where a
// variable has a value with which it got on, every step may: by a lock that it
// takes it would keep the others from changing that.
func (a *adversary) harmless(x *sim.Execution) bool {
	for _, w := range a.ways {
		if a.value[w.object] == w.text {
			return false
		}
	}
	call := x.Pending(a.victim)
	if !mayFail(call.Op) {
		return true
	}
	alt := x.FirstAlternative(a.victim)
	if call.Op == object.Select {
		return alt == object.CaseDefault
	}
	parts := x.Preview(a.victim, alt, nil)
	return parts[0].Effect == object.Nothing
}

// following is the one of the others whose turn it is.
func (a *adversary) following(x *sim.Execution) int32 {
	k := slices.Index(a.others, a.last)
	return a.others[(k+1)%len(a.others)]
}
