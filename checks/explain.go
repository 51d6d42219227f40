package checks

import (
	"fmt"
	"strings"
	"time"

	"github.com/interleave-go/interleave/checks/explain"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// ExplainOptions say how to explain a finding. The zero value explains it with
// the default judges, identity and bounds.
type ExplainOptions struct {
	// Executions bounds each part of the explanation; 0 means 20,000.
	Executions int
	// StepsMax bounds the events of one execution; 0 means 10,000. The finding's
	// token may say otherwise: then that holds.
	StepsMax int
	// Time is the policy of virtual time under which the finding was made; 0
	// means sim.FreeTime. Here too the finding's token comes first.
	Time sim.Time
	// Judges are asked for the finding; nil means Judges().
	Judges []Judge
	// Identity goes into tokens.
	Identity Identity
	// StuckAfter and Stuck are those of Options.
	StuckAfter time.Duration
	Stuck      func(stack string)
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
	opt = opt.under(token.Settings)
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
	return explain.Options{Executions: o.Executions, StepsMax: o.StepsMax, Time: search.TimeOfReplay(o.Time), Certify: o.Certify,
		Watch: search.Watch(o.StuckAfter, o.Stuck)}
}

// Show runs a token's schedule and lays out the execution, whatever may be found
// in it. When the program leaves the schedule, the table ends there, and the
// error is one that [Diverged] knows.
func Show(program func(*sim.G), token string, opt ExplainOptions) (explain.Table, error) {
	t, err := ParseToken(token)
	if err != nil {
		return explain.Table{}, err
	}
	return explain.Show(program, t.Schedule, opt.under(t.Settings).bounds())
}

// under returns the options with the settings of a token, where it has any.
func (o ExplainOptions) under(s Settings) ExplainOptions {
	s = s.or(o.settings())
	o.Time, o.StepsMax = s.Time, s.StepsMax
	return o
}

// addTokens writes the explanation's schedules as lines of text.
func (o ExplainOptions) addTokens(e *explain.Explanation) {
	if e.Parameters.Values != nil {
		o.Identity.Parameters = e.Parameters.Values
	}
	e.Token = o.token(e.Schedule)
	e.Critical.Token = o.token(e.Critical.WayOut)
	for i := range e.Cause.Conditions {
		c := &e.Cause.Conditions[i]
		c.Token = o.token(c.Without)
	}
	if len(e.Cause.Conditions) == 0 || e.Table.Lap > 0 {
		return // there are none, or they hold for every lap
	}
	e.Orders = Orders{Identity: o.Identity, Kind: Kind(e.Kind), Objects: e.Objects, Constraints: e.Cause.Constraints(),
		Settings: o.settings()}.String()
}

func (o ExplainOptions) settings() Settings {
	return Settings{Time: search.TimeOfReplay(o.Time), StepsMax: o.StepsMax}
}

// token is a schedule as a line of text; empty when there is none.
func (o ExplainOptions) token(s search.Schedule) string {
	if len(s.Places) == 0 {
		return ""
	}
	return Token{Identity: o.Identity, Schedule: s, Settings: o.settings()}.String()
}

// explainJudge shows the findings of judges as evidence.
// A finding of kind lock-order is a deadlock that was predicted first.
func explainJudge(judges []Judge, kind Kind) explain.Judge {
	if judges == nil {
		judges = Judges()
	}
	if kind == Livelock {
		judges = recognising(judges)
	}
	return func(x *sim.Execution) []explain.Evidence {
		var out []explain.Evidence
		for _, j := range judges {
			for _, f := range j.Judge(x) {
				out = append(out, explain.Evidence{Kind: string(f.Kind), Summary: f.Summary,
					Goroutines: f.Goroutines, Objects: f.Objects, Steps: f.Steps, Mend: f.mend, Settled: f.mend != ""})
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
