package explain

import (
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// Orders are the cause of a finding, to be looked for in a program that may
// have been edited since.
type Orders struct {
	Kind        string
	Objects     []string
	Constraints []Constraint
}

// A Replay says what became of a finding in a program that may have been
// edited.
type Replay struct {
	// There says that the finding is still there, and Summary what it is now.
	There   bool   `json:"there"`
	Summary string `json:"summary"`
	// Kept are the constraints that were followed, Renamed what stands for a
	// name that the program no longer has, Diverged the constraints that could
	// not be followed.
	Kept     int          `json:"kept"`
	Renamed  []string     `json:"renamed"`
	Diverged []Divergence `json:"diverged"`
	// Other are findings of another kind, or about other objects, in the same
	// execution.
	Other []string `json:"other"`
	// Searched counts the executions under the constraints that were tried
	// beyond the first.
	Searched int `json:"searched"`
	// All says that these were all schedules which keep the constraints.
	All bool `json:"all"`
	// Schedule is that of the execution that was judged.
	Schedule search.Schedule `json:"-"`
	// Token is Schedule as a line of text, when the caller makes tokens.
	Token string `json:"token,omitempty"`
	// Certificate is there when it was asked for.
	Certificate *Certificate `json:"certificate,omitempty"`
}

// Follow runs the program so that the constraints are kept as far as they
// apply, and says whether the finding is still there: in that execution, or in
// another one that keeps them. The finding is the same when its kind is, and
// its objects are, but for those that got another name.
func Follow(program func(*sim.G), judge Judge, orders Orders, opt Options) (Replay, error) {
	l := newLab(program, judge, opt.withDefaults())
	defer l.close()
	var r Replay
	adapted := l.adapt(orders, &r)
	l.same = Evidence{Kind: adapted.Kind, Objects: adapted.Objects}.key()
	x, d := l.guided(adapted.Constraints)
	r.Diverged = d
	r.Kept = len(adapted.Constraints) - len(d)
	choices := search.Choices(x)
	found, ok := l.look(x)
	r.There, r.Summary = ok, found.Summary
	r.others(l, x)
	if !ok {
		var err error
		if choices, err = l.searchUnder(adapted.Constraints, choices, &r); err != nil {
			return r, fmt.Errorf("follow the orders of a %s: %w", orders.Kind, err)
		}
	}
	var err error
	if r.Schedule, err = l.schedule(choices); err == nil && l.opt.Certify {
		r.Certificate, err = l.certify(adapted.Constraints)
	}
	return r, err
}

// guided runs the program along constraints and returns where it could not.
func (l *lab) guided(cs []Constraint) (*sim.Execution, []Divergence) {
	g := newGuide(cs)
	x := l.run(g, nil)
	g.rules.advance(x)
	out := g.dropped
	for i := range g.rules.all {
		k := &g.rules.all[i]
		if d, lost := k.missing(); lost && !k.dropped {
			out = append(out, d)
		}
	}
	slices.SortStableFunc(out, func(a, b Divergence) int { return place(cs, a.Constraint) - place(cs, b.Constraint) })
	return x, out
}

// place is where a constraint stands among all.
func place(cs []Constraint, c Constraint) int { return slices.Index(cs, c) }

// missing says which event of a rule never came up. That the later one did not
// is what a deadlock is made of; that the earlier one did not is a divergence.
func (k *rule) missing() (Divergence, bool) {
	d := Divergence{Constraint: k.Constraint, Step: -1}
	if k.firstAt >= 0 {
		return d, false
	}
	d.Why = fmt.Sprintf("there is no %s", k.First)
	return d, true
}

// others lists what else the judge found.
func (r *Replay) others(l *lab, x *sim.Execution) {
	for _, e := range l.judge(x) {
		if e.key() != l.same && !slices.Contains(r.Other, e.Kind+": "+e.Summary) {
			r.Other = append(r.Other, e.Kind+": "+e.Summary)
		}
	}
}

// searchUnder looks for the finding in all schedules that keep those of the
// constraints that could be followed.
func (l *lab) searchUnder(cs []Constraint, choices []sim.Choice, r *Replay) ([]sim.Choice, error) {
	kept := slices.DeleteFunc(slices.Clone(cs), func(c Constraint) bool {
		return slices.ContainsFunc(r.Diverged, func(d Divergence) bool { return d.Constraint == c })
	})
	e := &exploration{lab: l, budget: l.budget(1), rules: newRules(kept)}
	unknown := 0
	e.visit = func(x *sim.Execution, _ []move) bool {
		found, ok := l.look(x)
		if ok {
			r.There, r.Summary, choices = true, found.Summary, search.Choices(x)
		} else if !x.Outcome.Complete() {
			unknown++
		}
		return !ok
	}
	out, err := e.run()
	r.Searched = e.budget.spent
	r.All = out.complete && unknown == 0
	return choices, err
}
