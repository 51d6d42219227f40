package checks

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// Bounds of the attempts to make one predicted cycle deadlock: executions that
// are steered into it, and executions of a search for all there is.
const (
	steeredMax  = 100
	completeMax = 5_000
)

// follow confirms or refutes what was predicted, and adds notes to the report.
func (j *lockOrderJudge) follow(e *exploration, r search.Result) []Finding {
	var found []Finding
	if !r.Stopped {
		j.predictApart()
	}
	for _, p := range j.predictions {
		verdict, why := LockOpen, ""
		switch {
		case e.hasDeadlock(p):
			verdict = LockConfirmed
		case r.Stopped: // what was found is what counts
		case r.Complete:
			verdict, why = LockRefuted, "it cannot deadlock: everything was explored"
		default:
			var f Finding
			if verdict, why, f = j.confirm(e, p); verdict == LockConfirmed {
				found = append(found, f)
			}
		}
		if why != "" {
			j.note(p.text + ": " + why)
		}
		j.graph.Cycles = append(j.graph.Cycles, LockCycle{Edges: p.edges(), Verdict: verdict})
	}
	e.report.Notes = append(e.report.Notes, j.said...)
	if len(j.graph.Edges) > 0 {
		e.report.LockGraph = &j.graph
	}
	return found
}

// edges are those of the graph that the prediction is made of.
func (p *prediction) edges() []int {
	var out []int
	for _, a := range p.cycle {
		out = append(out, a.edge)
	}
	return out
}

// hasDeadlock reports whether a deadlock of these goroutines was found already.
func (e *exploration) hasDeadlock(p prediction) bool {
	return slices.ContainsFunc(e.report.Findings, func(f Finding) bool { return p.isIn(f) })
}

// isIn reports whether a finding is the predicted deadlock.
func (p *prediction) isIn(f Finding) bool {
	return (f.Kind == Deadlock || f.Kind == PartialDeadlock) && containsAll(f.Goroutines, p.goroutines) && containsAll(f.Objects, p.locks)
}

func containsAll(all, some []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}

// confirm steers the program into a cycle, as DeadlockFuzzer does (Joshi, Park,
// Sen, Naik: PLDI 2009): whoever is about to ask for its lock of the cycle is
// held back until the others are there, too. If that does not lead to the
// deadlock, everything is explored, as far as the bound goes.
func (j *lockOrderJudge) confirm(e *exploration, p prediction) (LockVerdict, string, Finding) {
	ways, err := p.ways(e)
	if err != nil {
		return LockOpen, "not looked at: " + err.Error(), Finding{}
	}
	r := sim.NewRunner()
	defer r.Close()
	for attempt := range uint64(steeredMax) {
		if e.opt.Interrupt != nil && e.opt.Interrupt() != "" {
			return LockOpen, "not looked at: there was no time left", Finding{}
		}
		d := &director{rng: rand.New(rand.NewPCG(e.opt.Seed, attempt))}
		if d.targets = targetsOf(r, e, ways, p); d.targets == nil {
			break
		}
		x := r.Run(e.program, sim.Options{Scheduler: d, StepsMax: e.opt.StepsMax, Time: e.opt.Time, Watch: e.opt.watch()})
		if f, ok := p.confirmed(x); ok {
			return LockConfirmed, "", f
		}
	}
	if p.apart {
		return LockOpen, fmt.Sprintf("no execution shows all of it, and it did not deadlock in %d attempts to bring it about", steeredMax), Finding{}
	}
	return j.exhaust(e, p)
}

// ways are the executions in which the asks of a prediction were seen, one for
// each ask.
func (p *prediction) ways(e *exploration) ([]search.Schedule, error) {
	var out []search.Schedule
	for i, a := range p.cycle {
		if i > 0 && len(a.steps) > 0 && &a.steps[0] == &p.cycle[i-1].steps[0] {
			out = append(out, out[i-1])
			continue
		}
		if len(a.steps) == 0 {
			return nil, errors.New("there are too many orders of locks to remember how each came about")
		}
		s, err := search.Record(e.program, a.steps, e.searchOptions())
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// exhaust explores everything.
func (j *lockOrderJudge) exhaust(e *exploration, p prediction) (LockVerdict, string, Finding) {
	opt := e.searchOptions()
	opt.Time, opt.Budget = search.TimeOfReplay(opt.Time), search.Budget{}
	opt.Strategy, opt.ExecutionsMax, opt.Workers = search.Optimal, completeMax, 1
	opt.Checkpoint, opt.Resume = search.Checkpoint{}, nil
	var f Finding
	found := false
	r, err := search.Run(e.program, opt, func(x *sim.Execution) bool {
		f, found = p.confirmed(x)
		return !found
	})
	switch {
	case found:
		return LockConfirmed, "", f
	case err == nil && r.Complete:
		return LockRefuted, fmt.Sprintf("it cannot deadlock: all %d traces were explored", r.Executions), Finding{}
	}
	return LockOpen, fmt.Sprintf("it did not deadlock in %d attempts to bring it about, and there is too much to explore it all", steeredMax), Finding{}
}

// confirmed returns the finding of an execution that ended in the predicted
// deadlock.
func (p *prediction) confirmed(x *sim.Execution) (Finding, bool) {
	for _, f := range (endingJudge{}).Judge(x) {
		if p.isIn(f) {
			f.Kind = LockOrder
			f.Summary = p.text + ": brought about by a directed schedule, they deadlock: " + f.Summary
			f.steps = search.Steps(x, x.Steps())
			return f, true
		}
	}
	return Finding{}, false
}

// A target is one ask of a cycle: which goroutine asks for which lock while it
// holds which, by their numbers in a runner.
type target struct{ g, holds, asks int32 }

// targetsOf runs the executions in which the asks were seen once more, to learn
// what their parts are called in this runner.
func targetsOf(r *sim.Runner, e *exploration, ways []search.Schedule, p prediction) []target {
	out := make([]target, len(p.cycle))
	var x *sim.Execution
	for i, known := range p.cycle {
		if i == 0 || &known.steps[0] != &p.cycle[i-1].steps[0] {
			follow, lost := search.Follow(ways[i])
			x = r.Run(e.program, sim.Options{Scheduler: follow, StepsMax: e.opt.StepsMax, Time: e.opt.Time, Watch: e.opt.watch()})
			if lost() != nil {
				return nil
			}
		}
		a, events := known.ask, x.Events()
		out[i] = target{g: events[a.to.step].G(), holds: lockID(x, &events[a.from.step].Call), asks: lockID(x, &events[a.to.step].Call)}
	}
	return out
}

// lockID is the identity of the lock that a call asks for, or -1.
func lockID(x *sim.Execution, c *object.Call) int32 {
	obj := c.Obj
	switch c.Op {
	case object.CondWake:
		obj = c.Arg
	case object.Lock, object.TryLock, object.WLock, object.TryWLock, object.RLock, object.TryRLock, object.RGranted, object.OnceEnter:
	default:
		return -1
	}
	if obj < 0 {
		return -1
	}
	return x.World().At(obj).ID
}

// director walks at random, but holds back who is about to ask for its lock of
// a cycle.
type director struct {
	targets []target
	rng     *rand.Rand
	ready   []int32
	waiting []int32
	alts    []int32
}

// Pick implements sim.Scheduler.
func (d *director) Pick(x *sim.Execution) sim.Choice {
	d.ready, d.waiting = d.ready[:0], d.waiting[:0]
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		if d.holdsBack(x, g) {
			d.waiting = append(d.waiting, g)
		} else {
			d.ready = append(d.ready, g)
		}
	}
	from := d.ready
	if len(from) == 0 {
		from = d.waiting
	}
	c := sim.Choice{G: from[d.rng.IntN(len(from))]}
	if x.Pending(c.G).Op.Chooses() {
		d.alts = x.Alternatives(c.G, d.alts[:0])
		c.Alt = d.alts[d.rng.IntN(len(d.alts))]
	}
	return c
}

func (d *director) holdsBack(x *sim.Execution, g int32) bool {
	for _, t := range d.targets {
		if t.g == g && lockID(x, x.Pending(g)) == t.asks && holdsLock(x, g, t.holds) {
			return true
		}
	}
	return false
}

// holdsLock reports whether g holds the lock of an ID. Of a Once that is
// running it may be anybody.
func holdsLock(x *sim.Execution, g, id int32) bool {
	objects := x.World().Objects
	for i := range objects {
		o := &objects[i]
		if o.ID != id || !isLock(o.Kind) {
			continue
		}
		switch o.Kind {
		case object.Mutex:
			return o.State[0] == g+1
		case object.RWMutex:
			return o.State[0] == g+1 || slices.Contains(o.Readers(), g)
		}
		return true
	}
	return false
}
