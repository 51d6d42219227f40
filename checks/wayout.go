package checks

import (
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// stuck reports whether those who go round in a lap are kept from getting on,
// which nobody has proved.
//
// Where the lap changes something, each one who changes it must have a way out:
// from some event of the lap on it ends, or says that there is progress, when
// the others pause, and it differs from its lap soon. So what keeps it in there
// is what the others do. Somebody who works for ever has no way out, and
// somebody who is busy with a loop of many turns does not differ for long.
//
// Where the lap changes nothing, as when two poll for each other, nobody must
// have a way out: only whoever remembers turns could, and there the others do
// not matter. And main must not have ended, since in Go all would have ended
// then.
func (p *prober) stuck(x *sim.Execution, l *lap) bool {
	w := wayOuts{prober: p, lap: l, choices: search.Choices(x)[:l.to], events: map[int32][]deed{}}
	var writers []int32
	for i := l.from; i < l.to; i++ {
		e := &x.Events()[i]
		if len(w.events[e.G()]) == 0 {
			w.members = append(w.members, e.G())
		}
		w.events[e.G()] = append(w.events[e.G()], deedOf(x, e))
		if changesAny(x, e) && !slices.Contains(writers, e.G()) {
			writers = append(writers, e.G())
		}
	}
	if len(writers) == 0 {
		return isThere(x, 0, l.from) && !slices.ContainsFunc(w.members, func(g int32) bool { return w.leaves(g) != staysInLap })
	}
	for _, g := range writers {
		if !w.exists(g) {
			return false
		}
	}
	return true
}

// wayOuts looks for ways out of a lap.
type wayOuts struct {
	*prober
	lap     *lap
	choices []sim.Choice // that lead to its end
	members []int32
	events  map[int32][]deed // by goroutine: what it does in the lap
}

// A deed is what a goroutine does, as far as others can see it.
type deed struct {
	op     object.Op
	obj    int32
	effect object.Effect
}

func deedOf(x *sim.Execution, e *sim.Event) deed {
	d := deed{op: e.Op(), obj: e.Call.Obj}
	if parts := x.Parts(e); len(parts) > 0 {
		d.effect = parts[0].Effect
	}
	return d
}

// How a goroutine leaves a lap.
const (
	staysInLap = iota
	leavesSoon // it differs from the lap before it has gone round twice
	leavesLate // by what it remembers
)

const (
	fromMax  = 100 // how many events of a lap are tried to leave from
	lostMax  = 8   // and how often a goroutine may differ and not get out
	lapsSoon = 2   // how many times round are soon
)

// exists reports whether a goroutine has a way out.
func (w *wayOuts) exists(g int32) bool {
	lost := 0
	for at := w.lap.from; at < w.lap.to && at < w.lap.from+fromMax && lost < lostMax; at++ {
		a := w.alone(g, at, false)
		if a.how() == leavesSoon {
			return true
		}
		if a.differs {
			lost++
		}
	}
	return false
}

// leaves lets a goroutine run on alone from the start of the lap, for as long as
// the bound on steps allows.
func (w *wayOuts) leaves(g int32) int { return w.alone(g, w.lap.from, true).how() }

func (w *wayOuts) alone(g int32, at int, patient bool) *alone {
	a := &alone{g: g, seen: at, mine: w.events[g], patient: patient}
	for _, c := range w.choices[w.lap.from:at] {
		if c.G == g {
			a.past++
		}
	}
	x := w.runner.Run(w.program, sim.Options{Scheduler: a, Prefix: w.choices[:at], StepsMax: w.stepsMax(), Time: w.opt.Time,
		Watch: w.watch})
	a.note(x)
	return a
}

// alone lets one goroutine run, and others only when it cannot. It stops when
// that goroutine has got on, or stays in its lap.
type alone struct {
	g       int32
	mine    []deed // what it does in the lap
	past    int    // of these, done before
	taken   int    // done since
	patient bool   // lets it go round for as long as it likes
	differs bool   // it has left the lap
	out     bool   // it has ended, or said that there is progress
	seen    int    // events that were looked at
}

func (a *alone) how() int {
	switch {
	case a.out && a.differs:
		return leavesSoon
	case a.out:
		return leavesLate
	}
	return staysInLap
}

// note looks at what has happened since it was called last.
func (a *alone) note(x *sim.Execution) {
	from := a.seen
	for ; a.seen < x.Steps(); a.seen++ {
		e := &x.Events()[a.seen]
		if e.G() != a.g {
			continue
		}
		same := deedOf(x, e) == a.mine[(a.past+a.taken)%len(a.mine)]
		a.differs = a.differs || !same && a.taken < lapsSoon*len(a.mine)
		a.taken++
		a.out = a.out || e.Op() == object.End
	}
	marks := x.Marks()
	for i := len(marks) - 1; i >= 0 && marks[i].Step > from; i-- {
		a.out = a.out || marks[i].G == a.g && marks[i].Progress
	}
}

// Pick implements sim.Scheduler.
func (a *alone) Pick(x *sim.Execution) sim.Choice {
	a.note(x)
	if a.out || !a.patient && !a.differs && a.taken >= lapsSoon*len(a.mine) {
		return sim.Stop
	}
	g := a.g
	if !x.Enabled().Has(g) {
		g = x.First()
	}
	return sim.Choice{G: g, Alt: x.FirstAlternative(g)}
}
