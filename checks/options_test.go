package checks_test

import (
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// Options that make no sense are refused by Explore, Test and Once alike, before
// the program runs, and the error says what they may be.
func TestOptionsThatMakeNoSense(t *testing.T) {
	for name, c := range map[string]struct {
		opt  checks.Options
		want string
	}{
		"strategy":         {checks.Options{Strategy: "optimum"}, `unknown strategy "optimum": there are optimal, source, sleep, bounded, dfs, random`},
		"relation":         {checks.Options{Relation: "slots"}, `unknown relation "slots": there are slot, channel`},
		"time":             {checks.Options{Time: 9}, "unknown policy of time Time(9): there are free, lazy, cost"},
		"time by costs":    {checks.Options{Strategy: "optimal", Time: sim.CostTime}, "goes with the strategy random, not optimal"},
		"executions":       {checks.Options{ExecutionsMax: -1}, "ExecutionsMax is -1: it must be 0 or more"},
		"steps":            {checks.Options{StepsMax: -5}, "StepsMax is -5: it must be 0 or more"},
		"tree":             {checks.Options{TreeMax: -1}, "TreeMax is -1"},
		"split":            {checks.Options{SplitEvery: -1}, "SplitEvery is -1"},
		"checkpoint":       {checks.Options{Checkpoint: checks.Checkpoint{Every: -1}}, "Checkpoint.Every is -1"},
		"cost":             {checks.Options{Strategy: "bounded", Budget: checks.Budget{Cost: "preempt", Max: 1}}, `unknown cost "preempt" of a budget: there are preemptions, delays`},
		"budget":           {checks.Options{Strategy: "bounded", Budget: checks.Budget{Cost: "delays", Max: -1}}, "Budget.Max is -1: it must be 0 or more"},
		"budget of what":   {checks.Options{Strategy: "bounded", Budget: checks.Budget{Max: 1}}, "a budget of 1 does not say of what: its Cost is one of preemptions, delays"},
		"budget, strategy": {checks.Options{Strategy: "optimal", Budget: checks.Budget{Cost: "delays"}}, "needs the strategy bounded or dfs, not optimal"},
	} {
		t.Run(name, func(t *testing.T) {
			runs := 0
			program := func(*sim.G) { runs++ }
			_, err := checks.Explore(program, c.opt)
			failed, text := attempt(t.TempDir(), program, c.opt)
			if err == nil || !strings.Contains(err.Error(), c.want) || !failed || !strings.Contains(text, c.want) || runs > 0 {
				t.Errorf("%d runs, error %v, test %q, want %q", runs, err, text, c.want)
			}
		})
	}
	if _, err := checks.Once(func(*sim.G) {}, nil, checks.Options{StepsMax: -1}); err == nil {
		t.Error("Once cuts after -1 steps")
	}
}

// Where steps have costs, that are drawn, a sample is explored.
func TestTimeByCostsIsSampled(t *testing.T) {
	r, err := checks.Explore(counting(true), checks.Options{Time: sim.CostTime, ExecutionsMax: 10})
	if err != nil || r.Executions != 10 {
		t.Errorf("%d executions: %v", r.Executions, err)
	}
}
