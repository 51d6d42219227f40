package explain

import (
	"cmp"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// livelock is the kind of finding that goes on for ever.
const livelock = "livelock"

// A lasso is a livelock as a reader wants it: what leads to it, and one lap of
// what then repeats.
type lasso struct {
	lab     *lab
	choices []sim.Choice // as long as it takes until the judge is sure, and two laps more
	from    int          // where the first lap begins
	lap     int          // how many steps it has
	turns   [][]turn     // by goroutine: what it does in a lap
	key     string       // of the finding
}

// A turn is an event as far as it has to be the same in the next lap.
type turn struct {
	op     object.Op
	obj    int32
	alt    int32
	effect object.Effect
}

func turnOf(x *sim.Execution, e *sim.Event) turn {
	t := turn{op: e.Op(), obj: e.Call.Obj}
	if parts := x.Parts(e); len(parts) > 0 {
		t.effect = parts[0].Effect
	}
	if e.Op() != object.Yield {
		t.alt = e.Alt
	}
	return t
}

// lassoLapsMin is how many times what is called a lap has to be seen.
const lassoLapsMin = 3

// lassoOf returns the livelock of choices, or of the steps that everybody takes
// in turn when that is shorter; nil when nothing repeats.
func (l *lab) lassoOf(choices []sim.Choice) *lasso {
	best := l.coil(l.run(&repeat{choices: choices}, nil))
	for quantum := 1; quantum <= 4; quantum++ {
		other := l.coil(l.run(&search.Lockstep{Quantum: quantum}, nil))
		if other != nil && (best == nil || other.from+other.lap < best.from+best.lap) {
			best = other
		}
	}
	return best
}

// coil finds the shortest beginning and lap of a livelock in an execution that
// shows it.
func (l *lab) coil(x *sim.Execution) *lasso {
	found, ok := l.look(x)
	if !ok || len(found.Steps) == 0 {
		return nil
	}
	end := slices.Max(found.Steps) + 1
	s := &lasso{lab: l, key: found.key()}
	for lap := 1; lap <= end/lassoLapsMin; lap++ {
		from := end - lap
		for from > 0 && x.Events()[from-1].G() == x.Events()[from-1+lap].G() &&
			turnOf(x, &x.Events()[from-1]) == turnOf(x, &x.Events()[from-1+lap]) {
			from--
		}
		if end-from >= lassoLapsMin*lap && (s.lap == 0 || from+lap < s.from+s.lap) {
			s.from, s.lap = from, lap
		}
	}
	if s.lap == 0 {
		return nil
	}
	s.choices = search.Choices(x)[:end]
	for range 2 * s.lap {
		s.choices = append(s.choices, s.choices[len(s.choices)-s.lap])
	}
	s.turns = make([][]turn, x.Goroutines())
	for i := s.from; i < s.from+s.lap; i++ {
		e := &x.Events()[i]
		s.turns[e.G()] = append(s.turns[e.G()], turnOf(x, e))
	}
	return s
}

// once is the schedule up to the end of the first lap.
func (s *lasso) once() []sim.Choice { return s.choices[:s.from+s.lap] }

// fill explains a livelock.
func (s *lasso) fill(e *Explanation) (err error) {
	l := s.lab
	l.opt.StepsMax = len(s.choices)
	e.Horizon = len(s.choices)
	found, ok := l.look(l.detailed(s.choices, nil))
	if !ok {
		return errNotShown
	}
	for i, at := range found.Steps {
		found.Steps[i] = s.from + (at-s.from)%s.lap
	}
	size, _ := l.measure(s.once())
	e.Shrunk = Shrunk{Preemptions: size.preemptions, Steps: size.steps}
	if e.Cause, err = s.cause(); err != nil {
		return err
	}
	e.Critical = Critical{Step: -1}
	if e.Schedule, err = l.schedule(s.choices); err != nil {
		return err
	}
	err = e.show(l, s.once(), found)
	e.Table.Lap, e.Table.Laps = s.lap, (len(s.choices)-s.from)/s.lap
	return err
}

// complete is the lab in which only executions pass that have ended.
func (s *lasso) complete() *lab {
	l := *s.lab
	l.endless = false
	return &l
}

// cause looks for orders within a lap and from one to the next such that, kept
// in two laps, all that goroutines do in these is what they did before.
func (s *lasso) cause() (Cause, error) {
	l := *s.lab
	x := l.run(&repeat{choices: s.choices[:s.from+3*s.lap]}, nil)
	names := newDirectory()
	names.add(x)
	q := &inquiry{lab: s.complete(), names: names, failing: tell(x, names), prefix: s.choices[:s.from]}
	l.opt.StepsMax = s.from + 2*s.lap
	r := &reduction{lab: &l, names: names, prefix: q.prefix, fails: s.repeats}
	return q.reduced(r, s.orders(q.failing))
}

// repeats reports whether everybody does behind the prefix what it does in a lap.
func (s *lasso) repeats(x *sim.Execution) bool {
	next := make([]int, x.Goroutines())
	for i := s.from; i < x.Steps(); i++ {
		e := &x.Events()[i]
		g := e.G()
		if int(g) >= len(s.turns) || len(s.turns[g]) == 0 || turnOf(x, e) != s.turns[g][next[g]%len(s.turns[g])] {
			return false
		}
		next[g]++
	}
	return x.Outcome == sim.OverSteps
}

// orders returns the orders between events that depend on each other, of which
// the first is in the first lap and the second at most one lap later, each with
// the same order of the next lap.
func (s *lasso) orders(told *story) []candidate {
	var out []candidate
	told.pairs(func(a, b, distance int) {
		if a < s.from || a >= s.from+s.lap || b-a > s.lap || b >= len(told.index) {
			return
		}
		c, ok := told.order(told, a, b, nil)
		if !ok || slices.ContainsFunc(out, func(k candidate) bool { return k.Constraint == c.Constraint }) {
			return
		}
		c.cost += min(distance, 3)
		if b+s.lap < len(told.index) {
			next, _ := told.order(told, a+s.lap, b+s.lap, nil)
			c.again = append(c.again, next.Constraint)
		}
		out = append(out, c)
	})
	slices.SortStableFunc(out, func(a, b candidate) int {
		return cmp.Or(b.cost-a.cost, b.first-a.first, b.second-a.second)
	})
	return out
}
