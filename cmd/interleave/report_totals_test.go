package main

import (
	"testing"

	"github.com/interleave-go/interleave/checks"
)

// The totals say how many traces there were, how many of them fail and which
// share that is; executions are more only where some were redundant.
func TestTotals(t *testing.T) {
	for _, c := range []struct {
		r    checks.Report
		want string
	}{
		{checks.Report{Strategy: "optimal", Executions: 576, Failing: 30, Steps: 20736},
			"576 traces, 30 of them with a finding (5.21%); an execution each, 20,736 steps"},
		{checks.Report{Strategy: "source", Executions: 1, Blocked: 33, Steps: 900}, "1 trace; 34 executions, 33 of them redundant, 900 steps"},
		{checks.Report{Strategy: "optimal", Executions: 16, Failing: 1, Steps: 550, Bound: "first finding"},
			"16 traces, an execution each, 550 steps"},
		{checks.Report{Strategy: "optimal", Cut: 4, Failing: 3, Steps: 4000, Bound: "steps"},
			"4 traces, 3 of them with a finding (75%), 4 of them cut short; an execution each, 4,000 steps"},
		{checks.Report{Strategy: "dfs", Executions: 69, Failing: 30, Steps: 759}, "69 interleavings, 30 of them with a finding (43.5%); 759 steps"},
		{checks.Report{Strategy: "random", Executions: 10000, Steps: 759}, "10,000 executions, 759 steps"},
	} {
		if got := totals(c.r); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
