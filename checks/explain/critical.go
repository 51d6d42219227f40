package explain

import (
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// A Critical is the step after which every continuation shows the finding.
type Critical struct {
	// Step is that step of the failing execution; -1 when the finding could not
	// be avoided from the start.
	Step int `json:"step"`
	// Exact says that all continuations after it were explored; otherwise
	// Executions of them were tried.
	Exact      bool `json:"exact"`
	Executions int  `json:"executions"`
	// WayOut is a schedule that goes the same way up to that step, not through
	// it, and does not show the finding; empty when Step is -1. But are the kinds
	// of other findings in it: none wherever a schedule without any was found.
	WayOut search.Schedule `json:"-"`
	But    []string        `json:"but,omitempty"`
	// Passing are the events of WayOut that matter, in their order.
	Passing []Stretch `json:"passing,omitempty"`
	// Token is WayOut as a line of text, when the caller makes tokens.
	Token string `json:"token,omitempty"`

	wayOut []sim.Choice
}

// probesShare is the share of the bound on executions that each probe of the
// bisection may use.
const probesShare = 4

// critical finds the step by bisection: once every continuation fails, it stays
// so. Of the schedules that are known to pass, it starts with the one that goes
// the same way for longest.
func (l *lab) critical(choices []sim.Choice, passing [][]sim.Choice) (Critical, error) {
	known := Critical{Step: len(choices) - 1, Exact: true}
	var out []sim.Choice
	low, high := 0, len(choices) // every continuation of the first high choices fails
	for _, p := range passing {
		if n := min(together(choices, p)+1, high); n > low {
			out, low = p, n
		}
	}
	for low < high {
		mid := (low + high) / 2
		escape, c, err := l.continuations(choices[:mid])
		if err != nil {
			return known, err
		}
		if escape != nil {
			out, low = escape, mid+1
			continue
		}
		known, high = c, mid
	}
	if len(out) == 0 {
		return known, nil
	}
	way, err := l.witness(&exploration{lab: l, prefix: choices[:known.Step]}, nil)
	if err != nil {
		return known, err
	}
	if way = way.better(l.witnessOf(l.run(&repeat{choices: out}, nil))); way != nil {
		known.But, out = way.but, way.choices
	}
	known.wayOut = out
	known.WayOut, err = l.schedule(out)
	return known, err
}

// together is how many steps two schedules have in common before they part.
func together(a, b []sim.Choice) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// continuations looks for an execution behind a prefix that does not show the
// finding.
func (l *lab) continuations(prefix []sim.Choice) (escape []sim.Choice, c Critical, err error) {
	c.Step = len(prefix) - 1
	b := l.budget(probesShare)
	e := &exploration{lab: l, budget: b, prefix: prefix}
	e.visit = func(x *sim.Execution, _ []move) bool {
		if _, fails := l.look(x); fails {
			return true
		}
		escape = search.Choices(x)
		return false
	}
	out, err := e.search()
	c.Executions = b.spent
	c.Exact = out.complete
	return escape, c, err
}
