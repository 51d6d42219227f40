package linear

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// CheckOptions say which programs Check makes up. The zero value makes 100, of
// two or three goroutines with up to three operations each.
type CheckOptions struct {
	// Seed of the plans: the same one makes the same plans.
	Seed uint64
	// PlansMax is how many plans are made up; 0 means 100.
	PlansMax int
	// GoroutinesMax bounds the goroutines of a plan, which has at least two; 0
	// means 3.
	GoroutinesMax int
	// OperationsMax bounds the operations of each of them; 0 means 3.
	OperationsMax int
	// AroundMax bounds the operations before the goroutines, and those after them;
	// 0 means 2, a negative number means none.
	AroundMax int
	// ExecutionsMax bounds the executions of one plan; 0 means 20,000.
	ExecutionsMax int
	// Strategy is one of checks.Strategies; empty means optimal, which explores
	// every plan exhaustively as far as ExecutionsMax allows.
	Strategy string
	// Judges makes those that look at every execution beside the one of the model;
	// nil means checks.Judges. That goroutines wait for ever is not held against
	// operations that have to wait by the model.
	Judges func() []checks.Judge
	// Judge says how histories are judged. Its Object is not used.
	Judge Options
}

func (o CheckOptions) withDefaults() CheckOptions {
	set := func(n *int, def int) {
		if *n == 0 {
			*n = def
		}
	}
	set(&o.PlansMax, 100)
	set(&o.GoroutinesMax, 3)
	set(&o.OperationsMax, 3)
	set(&o.AroundMax, 2)
	set(&o.ExecutionsMax, 20_000)
	o.AroundMax = max(o.AroundMax, 0)
	o.GoroutinesMax = max(o.GoroutinesMax, 2)
	o.Judge.Object = ""
	if o.Strategy == "" {
		o.Strategy = "optimal"
	}
	if o.Judges == nil {
		o.Judges = checks.Judges
	}
	return o
}

// size grows with the plans: small ones come first.
func (o CheckOptions) size(plan int) size {
	grow := func(to int) int { return min(to, 1+plan*to/o.PlansMax) }
	return size{goroutines: 1 + grow(o.GoroutinesMax-1), each: grow(max(o.OperationsMax, 1)), around: o.AroundMax}
}

// A Trial is what Check has to say.
type Trial[I any] struct {
	Plans      int // that were explored, those of the shrinking not included
	Complete   int // of Plans: those of which everything was explored
	Executions int
	Histories  int // that differ
	Undecided  int // histories that hit a bound, see Judge.Tally
	// Failed says whether something was found; what follows is then filled in.
	Failed bool
	// Drawn is the plan that failed first, Plan what is left of it: when Minimal,
	// it fails no more with any one operation left out.
	Drawn, Plan Plan[I]
	Minimal     bool
	// Finding is the one of Plan. Its token leads to it by the fewest preemptions
	// that were found.
	Finding checks.Finding
	// Program is Plan as a program, for checks.Explain and checks.ReplayToken.
	Program func(*sim.G)
}

// Check makes up small concurrent programs out of the model's operations, and
// explores each of them. object makes the object under test in main, and may
// use it there. Check ends with the first program in which something is found,
// be it by the model or by another judge, and makes it as small as it can. The
// error says that it could not run: the model has no operations, or a program
// is not deterministic.
func Check[S, I, O any](model Model[S, I, O], object func(g *sim.G) Object[I, O], opt CheckOptions) (Trial[I], error) {
	t := &trials[I]{opt: opt.withDefaults()}
	if len(model.Draw)+len(model.DrawOwner)+len(model.DrawTogether) == 0 {
		return t.Trial, fmt.Errorf("check the model %q: %w", model.Name, errNoOperations)
	}
	name := model.Name
	if name == "" {
		name = "object"
	}
	t.program = func(p Plan[I]) func(*sim.G) { return Program(p, name, object) }
	t.judge = func() *Judge { return NewJudge(model, t.opt.Judge) }
	if err := t.run(draws[I]{model.Draw, model.DrawOwner, model.DrawTogether}); err != nil {
		return t.Trial, fmt.Errorf("check the model %q: %w", model.Name, err)
	}
	return t.Trial, nil
}

var errNoOperations = errors.New("it has no operations to draw: see Model.Draw")

// trials are a Check under way.
type trials[I any] struct {
	Trial[I]
	opt     CheckOptions
	program func(Plan[I]) func(*sim.G)
	judge   func() *Judge
}

func (t *trials[I]) run(d draws[I]) error {
	seen := map[string]bool{}
	for i := range t.opt.PlansMax {
		plan := d.plan(rand.New(rand.NewPCG(t.opt.Seed, uint64(i))), t.opt.size(i))
		if seen[plan.String()] {
			continue
		}
		seen[plan.String()] = true
		o, err := t.try(plan, "")
		if err != nil {
			return err
		}
		t.Plans++
		if o.complete {
			t.Complete++
		}
		if o.failed {
			t.Failed, t.Drawn = true, plan
			return t.shrink(plan, o)
		}
	}
	return nil
}

// tried is what came out of a plan.
type tried struct {
	failed, complete bool
	finding          checks.Finding
}

// try explores a plan up to the first finding, of a kind unless that is empty.
func (t *trials[I]) try(p Plan[I], kind checks.Kind) (tried, error) {
	j := t.judge()
	r, err := checks.Explore(t.program(p), checks.Options{Strategy: t.opt.Strategy, Seed: t.opt.Seed,
		ExecutionsMax: t.opt.ExecutionsMax, Primary: kind, Judges: t.judges(j)})
	if err != nil {
		return tried{}, fmt.Errorf("explore the plan\n%v: %w", p, err)
	}
	t.Executions += r.Executions
	t.Histories += j.Tally().Distinct
	t.Undecided += j.Tally().Undecided
	o := tried{complete: r.Complete}
	for _, f := range r.Findings {
		if !o.failed && (kind == "" || f.Kind == kind) {
			o.failed, o.finding = true, f
		}
	}
	return o, nil
}
