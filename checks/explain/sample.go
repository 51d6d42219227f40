package explain

import (
	"math/rand/v2"

	"github.com/interleave-go/interleave/sim"
)

const (
	samples      = 500   // random walks where not everything can be explored
	firstLook    = 1_000 // executions of an exploration before them
	samplesSteps = 200_000
	stickiness   = 16 // a sticky walk leaves a goroutine once in so many steps
)

// walk is a random walk behind a prefix that keeps rules. A sticky one seldom
// leaves a goroutine that can go on: long programs hardly ever pass otherwise.
type walk struct {
	sticky bool
	rules  rules
	prefix []sim.Choice
	pcg    rand.PCG
	rng    *rand.Rand
	open   []sim.Choice
}

// Pick implements sim.Scheduler.
func (w *walk) Pick(x *sim.Execution) sim.Choice {
	w.rules.advance(x)
	if x.Steps() < len(w.prefix) {
		return w.prefix[x.Steps()]
	}
	w.open = w.open[:0]
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		w.open = choicesOf(x, g, w.open)
	}
	allowed := w.open[:0]
	for _, c := range w.open {
		if w.rules.allow(x, c) {
			allowed = append(allowed, c)
		}
	}
	if len(allowed) == 0 {
		return sim.Stop
	}
	if w.sticky && w.rng.IntN(stickiness) > 0 {
		for _, c := range allowed {
			if c.G == x.Running() {
				return c
			}
		}
	}
	return allowed[w.rng.IntN(len(allowed))]
}

// search calls an exploration's visit until that returns false: with the first
// executions of the exploration, then, if there are more, with random walks,
// which go where the first executions do not, and then with all the others.
// path is nil for random walks.
func (e *exploration) search() (outcome, error) {
	whole := *e.budget
	first := min(firstLook, whole.executions)
	e.budget.executions = first
	out, err := e.run()
	e.budget.executions += whole.executions - first
	if err != nil || out.stopped || out.complete || e.budget.empty() {
		return out, err
	}
	w := &walk{rules: newRules(e.rules.constraints()), prefix: e.prefix}
	w.rng = rand.New(&w.pcg)
	for i, steps := 0, 0; i < samples && steps < samplesSteps; i++ {
		w.pcg.Seed(uint64(i), 0)
		w.rules.reset()
		w.sticky = i%2 == 0
		x := e.lab.run(w, nil)
		e.budget.take(x)
		steps += x.Steps()
		if x.Outcome != sim.Pruned && !e.visit(x, nil) {
			out.stopped = true
			return out, nil
		}
	}
	return e.run()
}

func (r *rules) constraints() []Constraint {
	var out []Constraint
	for _, k := range r.all {
		out = append(out, k.Constraint)
	}
	return out
}
