package explain

import (
	"errors"
	"slices"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// A Cause is what makes a finding happen: constraints such that every schedule
// that keeps all of them shows the finding, and for each of them a schedule
// that keeps the others and does not. No constraints: every schedule fails.
type Cause struct {
	Conditions []Condition `json:"conditions"`
	// Exact says that all schedules which keep the constraints were explored.
	// Otherwise Executions of them were tried, and all of those failed.
	Exact bool `json:"exact"`
	// Fewest says that no smaller set of constraints is enough.
	Fewest bool `json:"fewest"`
	// Executions counts those of the last try, the ones that showed nothing new
	// included.
	Executions int `json:"executions"`
	// Inexpressible says that no constraints were found that are enough, not even
	// all orders of the failing execution: there are no conditions then.
	Inexpressible bool `json:"inexpressible"`
}

// Constraints are those of the conditions.
func (c Cause) Constraints() []Constraint {
	var out []Constraint
	for _, k := range c.Conditions {
		out = append(out, k.Constraint)
	}
	return out
}

// passing are the schedules that break one of the conditions, and pass.
func (c Cause) passing() [][]sim.Choice {
	var out [][]sim.Choice
	for _, k := range c.Conditions {
		if k.without != nil {
			out = append(out, k.without)
		}
	}
	return out
}

// A Condition is a constraint that is necessary.
type Condition struct {
	Constraint
	// Text is the constraint in words, as the table names things. FirstStep and
	// ThenStep are where its events are in the table, -1 for one that is not.
	Text      string `json:"text"`
	FirstStep int    `json:"first_step"`
	ThenStep  int    `json:"then_step"`
	// Without is a schedule that breaks this constraint, keeps the others, and
	// does not show the finding. But are the kinds of other findings in it: none
	// wherever a schedule without any was found.
	Without search.Schedule `json:"-"`
	But     []string        `json:"but,omitempty"`
	// Passing are the events of Without that matter, in their order, and Absent
	// says which events of the constraint it does not have.
	Passing []Stretch `json:"passing"`
	Absent  []string  `json:"absent,omitempty"`
	// Token is Without as a line of text, when the caller makes tokens.
	Token string `json:"token,omitempty"`

	without []sim.Choice
}

// A Stretch is what one goroutine does in a row.
type Stretch struct {
	Goroutine string   `json:"goroutine"`
	Events    []string `json:"events"`
}

// triesShare is the share of the bound on executions of each search for a
// passing schedule.
const triesShare = 1

// roundsMax bounds how many passing schedules a cause is made to exclude.
const roundsMax = 300

// inquiry looks for the cause of one failing execution. It takes the fewest
// constraints that exclude all passing schedules known so far, looks for a
// passing schedule that keeps them, and starts again with that one as well:
// implicit hitting sets, after Moreno-Centeno and Karp, "The implicit hitting
// set approach to solve combinatorial optimization problems", Operations
// Research 2013.
type inquiry struct {
	lab     *lab
	names   *directory
	failing *story
	objects []string
	prefix  []sim.Choice // behind which passing schedules are looked for

	candidates []candidate
	number     map[Constraint]int // of a candidate
	sets       [][]int            // by passing schedule: the candidates that it breaks
	stories    []*story           // the passing schedules
	cause      Cause
}

var errNotShown = errors.New("the schedule does not show the finding")

// findCause returns the cause of the finding that choices lead to.
func (l *lab) findCause(choices []sim.Choice) (Cause, error) {
	x := l.run(&repeat{choices: choices}, nil)
	found, ok := l.look(x)
	if !ok {
		return Cause{}, errNotShown
	}
	q := &inquiry{lab: l, names: newDirectory(), objects: found.Objects, number: map[Constraint]int{}}
	q.names.add(x)
	q.failing = tell(x, q.names)
	return q.run()
}

func (q *inquiry) run() (Cause, error) {
	for range roundsMax {
		chosen, fewest := q.cover()
		q.cause.Fewest = fewest
		again, err := q.try(chosen)
		if err != nil {
			return q.cause, err
		}
		if q.cause.Inexpressible {
			break
		}
		if !again {
			return q.cause, q.conditions(chosen)
		}
	}
	return q.reduce()
}

// cover returns the fewest candidates that exclude all passing schedules known
// so far, and whether there are no fewer.
func (q *inquiry) cover() ([]int, bool) {
	c := &cover{sets: q.sets, cost: func(n int) int { return q.candidates[n].cost }}
	return c.smallest()
}

// try looks for a passing schedule that keeps the chosen constraints; it
// reports whether there was one that they can be made to exclude.
func (q *inquiry) try(chosen []int) (again bool, err error) {
	e := &exploration{lab: q.lab, budget: q.lab.budget(triesShare), rules: newRules(q.constraints(chosen))}
	var pass *story
	e.visit = func(x *sim.Execution, _ []move) bool {
		if _, fails := q.lab.look(x); fails {
			return true
		}
		pass = tell(x, q.names)
		return false
	}
	out, err := e.search()
	if err != nil {
		return false, err
	}
	q.cause.Executions = e.budget.spent
	q.cause.Exact = out.complete
	q.cause.Fewest = q.cause.Fewest && q.cause.Exact
	if pass == nil {
		return false, nil
	}
	q.cause.Inexpressible = !q.exclude(pass)
	return !q.cause.Inexpressible, nil
}

// exclude adds a passing schedule; it reports false when nothing tells it from
// the failing one.
func (q *inquiry) exclude(pass *story) bool {
	var set []int
	for _, c := range q.failing.breaks(pass, q.objects) {
		n, ok := q.number[c.Constraint]
		if !ok {
			n = len(q.candidates)
			q.number[c.Constraint] = n
			q.candidates = append(q.candidates, c)
		}
		if !slices.Contains(set, n) {
			set = append(set, n)
		}
	}
	if len(set) == 0 {
		return false
	}
	q.sets = append(q.sets, set)
	q.stories = append(q.stories, pass)
	return true
}

func (q *inquiry) constraints(chosen []int) []Constraint {
	var out []Constraint
	for _, n := range chosen {
		out = append(out, q.candidates[n].Constraint)
	}
	return out
}

// conditions gives each of the chosen constraints, in the order of the failing
// execution, a passing schedule that breaks only it.
func (q *inquiry) conditions(chosen []int) error {
	slices.SortFunc(chosen, func(a, b int) int { return q.candidates[a].first - q.candidates[b].first })
	q.cause.Conditions = []Condition{}
	for i, n := range chosen {
		k := Condition{Constraint: q.candidates[n].Constraint}
		w, err := q.without(slices.Delete(slices.Clone(chosen), i, i+1), n)
		if err == nil && w != nil {
			k.But, k.without = w.but, w.choices
			k.Without, err = q.lab.schedule(w.choices)
		}
		if err != nil {
			return err
		}
		q.cause.Conditions = append(q.cause.Conditions, k)
	}
	return nil
}

// without returns a schedule that keeps the other constraints but not one, and
// does not show the finding: the best of those that were met on the way and
// those that it looks for.
func (q *inquiry) without(others []int, but int) (*witness, error) {
	kept, broken := q.constraints(others), q.candidates[but].Constraint
	breaks := func(s *story) bool { return !s.keeps(broken) && s.keepsAll(kept) }
	e := &exploration{lab: q.lab, prefix: q.prefix, rules: newRules(kept)}
	w, err := q.lab.witness(e, func(x *sim.Execution) bool { return breaks(tell(x, q.names)) })
	if err != nil || w.passes(q.lab) {
		return w, err
	}
	for _, s := range q.stories {
		if breaks(s) {
			w = w.better(q.lab.witnessOf(q.lab.run(&repeat{choices: s.open}, nil)))
		}
		if w.passes(q.lab) {
			break
		}
	}
	return w, nil
}
