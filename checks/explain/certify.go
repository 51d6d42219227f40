package explain

import (
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// A Certificate says whether a finding is gone from a program. When it is there
// in a schedule that keeps the orders, there is nothing to certify, and the
// certificate is of that schedule.
type Certificate struct {
	// Holds says that no execution showed the finding.
	Holds bool `json:"holds"`
	// All says that every schedule was explored, so that it holds for all of
	// them; otherwise for the Executions that were tried.
	All        bool `json:"all"`
	Executions int  `json:"executions"`
	// Summary and Schedule are those of the finding, when it is still there.
	Summary  string          `json:"summary,omitempty"`
	Schedule search.Schedule `json:"-"`
	// Token is Schedule as a line of text, when the caller makes tokens.
	Token string `json:"token,omitempty"`
	// Other are the kinds of other findings that were seen on the way.
	Other []string `json:"other"`
}

// certify explores the program around constraints: first the schedules that
// keep all of them but one, which are the nearest, and then all others.
func (l *lab) certify(cs []Constraint) (*Certificate, error) {
	c := &Certificate{Holds: true, Other: []string{}}
	for i := range cs {
		near := slices.Delete(slices.Clone(cs), i, i+1)
		if _, err := l.certifyUnder(c, near, len(cs)+1); err != nil || !c.Holds {
			return c, err
		}
	}
	all, err := l.certifyUnder(c, nil, 1)
	c.All = all && c.Holds
	return c, err
}

// certifyUnder explores the schedules that keep some constraints; it reports whether
// it explored all of them.
func (l *lab) certifyUnder(c *Certificate, cs []Constraint, share int) (bool, error) {
	e := &exploration{lab: l, budget: l.budget(share), rules: newRules(cs)}
	unknown := 0
	var choices []sim.Choice
	e.visit = func(x *sim.Execution, _ []move) bool {
		if !x.Outcome.Complete() {
			unknown++
		}
		for _, found := range l.judge(x) {
			if found.key() == l.same && choices == nil {
				choices, c.Summary = search.Choices(x), found.Summary
			} else if found.key() != l.same && !slices.Contains(c.Other, found.Kind) {
				c.Other = append(c.Other, found.Kind)
			}
		}
		return choices == nil
	}
	out, err := e.search()
	c.Executions += e.budget.spent
	if err != nil {
		return false, fmt.Errorf("certify: %w", err)
	}
	if choices != nil {
		c.Holds = false
		c.Summary = l.inDetail(choices, c.Summary)
		c.Schedule, err = l.schedule(choices)
		return false, err
	}
	return out.complete && unknown == 0, nil
}

// free explores what an exploration allows: is the finding gone from it, can
// everybody go on, and is there an execution to which no judge objects? all says
// that it was complete.
func (l *lab) free(e *exploration) (all, passes bool, err error) {
	shows, unknown := false, 0
	e.visit = func(x *sim.Execution, _ []move) bool {
		w := l.witnessOf(x)
		shows = w == nil
		passes = passes || w.passes(l)
		if !x.Outcome.Complete() {
			unknown++
		}
		return !shows
	}
	out, err := e.search()
	return out.complete && unknown == 0, passes && !shows && !e.stuck, err
}
