package checks

import (
	"fmt"
	"strings"

	"github.com/interleave-go/interleave/checks/explain"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// ExplainOptions say how to explain a finding. The zero value explains it with
// the default judges, identity and bounds.
type ExplainOptions struct {
	// Executions bounds each part of the explanation; 0 means 20,000.
	Executions int
	// StepsMax bounds the events of one execution; 0 means 10,000.
	StepsMax int
	// Time is the policy of virtual time under which the finding was made; 0
	// means sim.FreeTime.
	Time sim.Time
	// Judges are asked for the finding; nil means Judges().
	Judges []Judge
	// Identity goes into tokens.
	Identity Identity
	// Make makes the program for other parameters than those of Identity, so
	// that smaller ones are tried, down to Least; nil means that they stay.
	Make  func(parameters map[string]int) func(*sim.G)
	Least map[string]int
	// Certify lets ReplayOrders explore around the orders.
	Certify bool
}

// Explain says why a program has a finding: the smallest schedule that shows
// it, the orders of events that cause it, the step after which it cannot be
// avoided, and all that as a table. The finding's token must be one of the
// program. The error says that the token does not lead to the finding, or that
// the program is not deterministic.
func Explain(program func(*sim.G), finding Finding, opt ExplainOptions) (explain.Explanation, error) {
	token, err := ParseToken(finding.Token)
	if err != nil {
		return explain.Explanation{}, fmt.Errorf("explain a %s: %w", finding.Kind, err)
	}
	c := explain.Case{Program: program, Judge: explainJudge(opt.Judges, finding.Kind), Schedule: token.Schedule,
		Kind: string(finding.Kind), Objects: append([]string{}, finding.Objects...),
		Make: opt.Make, Parameters: opt.Identity.Parameters, Least: opt.Least}
	e, err := explain.Explain(c, opt.bounds())
	if err != nil {
		return e, err
	}
	opt.addTokens(&e)
	return e, nil
}

func (o ExplainOptions) bounds() explain.Options {
	return explain.Options{Executions: o.Executions, StepsMax: o.StepsMax, Time: o.Time, Certify: o.Certify}
}

// addTokens writes the explanation's schedules as lines of text.
func (o ExplainOptions) addTokens(e *explain.Explanation) {
	id := o.Identity
	if e.Parameters.Values != nil {
		id.Parameters = e.Parameters.Values
	}
	e.Token = token(id, e.Schedule)
	e.Critical.Token = token(id, e.Critical.WayOut)
	for i := range e.Cause.Conditions {
		c := &e.Cause.Conditions[i]
		c.Token = token(id, c.Without)
	}
	if len(e.Cause.Conditions) == 0 || e.Table.Lap > 0 {
		return // there are none, or they hold for every lap
	}
	e.Orders = Orders{Identity: id, Kind: Kind(e.Kind), Objects: e.Objects, Constraints: e.Cause.Constraints()}.String()
}

// token is a schedule as a line of text; empty when there is none.
func token(id Identity, s search.Schedule) string {
	if len(s.Places) == 0 {
		return ""
	}
	return Token{Identity: id, Schedule: s}.String()
}

// explainJudge shows the findings of judges as evidence.
// A finding of kind lock-order is a deadlock that was predicted first.
func explainJudge(judges []Judge, kind Kind) explain.Judge {
	if judges == nil {
		judges = Judges()
	}
	return func(x *sim.Execution) []explain.Evidence {
		var out []explain.Evidence
		for _, j := range judges {
			for _, f := range j.Judge(x) {
				out = append(out, explain.Evidence{Kind: string(f.Kind), Summary: f.Summary,
					Goroutines: f.Goroutines, Objects: f.Objects, Steps: f.Steps})
				withMend(x, &out[len(out)-1])
				if kind == LockOrder && (f.Kind == Deadlock || f.Kind == PartialDeadlock) {
					out[len(out)-1].Kind = string(LockOrder)
				}
			}
		}
		return out
	}
}

// withMend tells what mends a misuse from what happened.
func withMend(x *sim.Execution, e *explain.Evidence) {
	if e.Kind != string(Misuse) || x.Outcome != sim.Misused {
		return
	}
	if mend := mendOf(x, &x.Failure); mend != "" {
		e.Summary, e.Mend = strings.TrimSuffix(e.Summary, "; "+mend), mend
	}
}
