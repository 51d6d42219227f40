package explain

import (
	"cmp"
	"slices"

	"github.com/interleave-go/interleave/sim"
)

// reduceShare is the share of the bound on executions of each try to do without
// some of the constraints.
const reduceShare = 1

// A reduction starts from all orders of the failing execution, which are enough
// since they leave no other, and removes what it can do without: delta
// debugging again. What was explored completely counts first, and then what was
// only tried, so that for all that is left there is a passing schedule without
// it.
type reduction struct {
	lab     *lab
	names   *directory
	prefix  []sim.Choice              // behind which it stays
	fails   func(*sim.Execution) bool // whether an execution shows what is explained
	passing []*story
	kept    []candidate
	loose   bool // a try counts that was not completed
	exact   bool // the last one that counts was completed
	spent   int  // its executions
}

// reduce looks for a cause in this way.
func (q *inquiry) reduce() (Cause, error) {
	r := &reduction{lab: q.lab, names: q.names, passing: q.stories}
	r.fails = func(x *sim.Execution) bool {
		_, fails := q.lab.look(x)
		return fails
	}
	return q.reduced(r, q.failing.all(q.objects))
}

// reduced makes a cause of what is left of the constraints.
func (q *inquiry) reduced(r *reduction, all []candidate) (Cause, error) {
	r.loose = true
	enough, err := r.enough(all)
	if err != nil || !enough {
		return Cause{Inexpressible: true, Conditions: []Condition{}, Executions: r.spent}, err
	}
	r.kept = all
	for _, r.loose = range []bool{false, true} {
		if err := r.drop(); err != nil {
			return Cause{}, err
		}
	}
	q.candidates = r.kept
	q.cause = Cause{Exact: r.exact, Executions: r.spent}
	chosen := make([]int, len(r.kept))
	for i := range chosen {
		chosen[i] = i
	}
	return q.cause, q.conditions(chosen)
}

// drop removes constraints, the least plain ones first, in ever smaller chunks.
func (r *reduction) drop() error {
	for chunk := (len(r.kept) + 1) / 2; ; chunk = (chunk + 1) / 2 {
		for at := 0; at < len(r.kept); {
			fewer := slices.Delete(slices.Clone(r.kept), at, min(at+chunk, len(r.kept)))
			enough, err := r.enough(fewer)
			if err != nil {
				return err
			}
			if enough {
				r.kept = fewer
			} else {
				at += chunk
			}
		}
		if chunk <= 1 {
			return nil
		}
	}
}

// enough reports whether every schedule that keeps the constraints shows the
// finding, as far as they could be explored.
func (r *reduction) enough(cs []candidate) (bool, error) {
	all := constraintsOf(cs)
	if slices.ContainsFunc(r.passing, func(s *story) bool { return s.keepsAll(all) }) {
		return false, nil
	}
	e := &exploration{lab: r.lab, budget: r.lab.budget(reduceShare), prefix: r.prefix, rules: newRules(all)}
	passed := false
	e.visit = func(x *sim.Execution, _ []move) bool {
		if !r.fails(x) {
			r.passing = append(r.passing, tell(x, r.names))
			passed = true
		}
		return !passed
	}
	out, err := e.search()
	if err != nil || passed || !out.complete && !r.loose {
		return false, err
	}
	r.exact, r.spent = out.complete, e.budget.spent
	return true, nil
}

func constraintsOf(cs []candidate) []Constraint {
	var out []Constraint
	for i := range cs {
		out = append(out, cs[i].every()...)
	}
	return out
}

// all returns all orders of s between events that depend on each other, the
// ways that its choices went, and, when a failure ended it, that this came
// before what the others were about to do; the least plain ones first.
func (s *story) all(objects []string) []candidate {
	var out []candidate
	known := map[Constraint]bool{}
	add := func(c candidate, ok bool) {
		if ok && !known[c.Constraint] {
			known[c.Constraint] = true
			out = append(out, c)
		}
	}
	s.pairs(func(a, b, distance int) {
		if a < len(s.index) {
			c, ok := s.order(s, a, b, objects)
			c.cost += min(distance, 3)
			add(c, ok)
		}
	})
	for i, t := range s.told {
		if i < len(s.index) && t.way != "" {
			add(candidate{Constraint: Constraint{First: t.ref, Choice: t.way}, cost: 2, first: i}, true)
		}
		if i >= len(s.index) && s.last >= 0 && t.g != s.told[s.last].g {
			c, ok := s.order(s, s.last, i, objects)
			c.cost += 32
			add(c, ok)
		}
	}
	slices.SortStableFunc(out, func(a, b candidate) int {
		return cmp.Or(b.cost-a.cost, b.first-a.first, b.second-a.second)
	})
	return out
}

// keeps reports whether a story keeps a constraint.
func (s *story) keeps(c Constraint) bool {
	first, ok := s.index[c.First]
	if c.Choice != "" {
		return !ok || s.told[first].way == c.Choice
	}
	then, took := s.index[c.Then]
	return !took || ok && first < then
}

func (s *story) keepsAll(cs []Constraint) bool {
	return !slices.ContainsFunc(cs, func(c Constraint) bool { return !s.keeps(c) })
}
