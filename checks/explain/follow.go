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
	r := Replay{Renamed: []string{}, Diverged: []Divergence{}, Other: []string{}}
	adapted := l.adapt(orders, &r)
	l.same = Evidence{Kind: adapted.Kind, Objects: adapted.Objects}.key()
	choices, err := l.keep(adapted.Constraints, &r)
	if err != nil {
		return r, fmt.Errorf("follow the orders of a %s: %w", orders.Kind, err)
	}
	r.Kept = len(adapted.Constraints) - len(r.Diverged)
	x := l.run(&repeat{choices: choices}, nil)
	found, ok := l.look(x)
	r.There, r.Summary = ok, found.Summary
	r.others(l, x)
	if !ok {
		if choices, err = l.searchUnder(adapted.Constraints, choices, &r); err != nil {
			return r, fmt.Errorf("follow the orders of a %s: %w", orders.Kind, err)
		}
	}
	if r.There {
		r.Summary = l.inDetail(choices, r.Summary)
	}
	r.Schedule, err = l.schedule(choices)
	switch {
	case err != nil || !l.opt.Certify:
	case r.There:
		r.Certificate = &Certificate{Summary: r.Summary, Schedule: r.Schedule, Other: []string{}}
	default:
		r.Certificate, err = l.certify(adapted.Constraints)
	}
	return r, err
}

// inDetail is what the finding of a schedule is with the values that were read
// and written, which only an execution with details has.
func (l *lab) inDetail(choices []sim.Choice, summary string) string {
	if found, ok := l.look(l.detailed(choices, nil)); ok {
		return found.Summary
	}
	return summary
}

// keep returns a schedule that keeps all constraints, one that shows the
// finding if there is any; otherwise one that drops what stands in the way.
func (l *lab) keep(cs []Constraint, r *Replay) ([]sim.Choice, error) {
	g := newGuide(cs)
	x := l.run(g, nil)
	choices := search.Choices(x)
	r.Diverged = append(g.dropped, unmet(x, cs, g.dropped)...)
	slices.SortStableFunc(r.Diverged, func(a, b Divergence) int {
		return slices.Index(cs, a.Constraint) - slices.Index(cs, b.Constraint)
	})
	if len(g.dropped) == 0 {
		return choices, nil
	}
	// The guide takes the first way. Another one may keep everything.
	e := &exploration{lab: l, budget: l.budget(keepShare), rules: newRules(cs)}
	e.visit = func(x *sim.Execution, _ []move) bool {
		if !x.Outcome.Complete() || len(unmet(x, cs, nil)) > 0 {
			return true
		}
		_, shows := l.look(x)
		if shows || len(r.Diverged) > 0 {
			choices, r.Diverged = search.Choices(x), nil
		}
		return !shows
	}
	_, err := e.run()
	return choices, err
}

// keepShare is the share of the bound on executions that looking for a schedule
// which keeps all constraints may use.
const keepShare = 1

// unmet lists the constraints of which an event never came up. That the later
// one is still pending in the end is what a deadlock is made of.
func unmet(x *sim.Execution, cs []Constraint, but []Divergence) []Divergence {
	r := newRules(cs)
	r.advance(x)
	var out []Divergence
	for i := range r.all {
		k := &r.all[i]
		d := Divergence{Constraint: k.Constraint, Step: -1}
		switch {
		case slices.ContainsFunc(but, func(d Divergence) bool { return d.Constraint == k.Constraint }):
		case k.firstAt < 0:
			d.Why = fmt.Sprintf("there is no %s", k.First)
			out = append(out, d)
		case k.Choice == "" && k.thenAt < 0 && !failed(x) && !r.isPending(x, &k.Then):
			d.Why = fmt.Sprintf("there is no %s", k.Then)
			out = append(out, d)
		}
	}
	return out
}

// isPending reports whether some goroutine still waits to do what ref says.
func (r *rules) isPending(x *sim.Execution, ref *Ref) bool {
	for g := range int32(x.Goroutines()) {
		if x.Alive(g) && r.matches(x, ref, x.Pending(g), subject(x, x.Pending(g), 0)) {
			return true
		}
	}
	return false
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
