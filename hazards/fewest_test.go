package hazards_test

import (
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/hazards"
)

// The first finding of a search that goes by preemptions takes as few as any: so
// many that, by brute force over all schedules that take fewer, none has one.
func TestFirstFindingTakesTheFewestPreemptions(t *testing.T) {
	t.Parallel()
	const most = 1000
	compared, preempted := 0, 0
	eachVariant(t, func(t *testing.T, s hazards.Scenario, v hazards.Variant) {
		if v.Primary() == "" || !judged(v.Primary()) {
			return
		}
		p := program(t, s.Name, v.Name, nil)
		o := checks.Options{Strategy: "bounded", StepsMax: 200, ExecutionsMax: most, Primary: v.Primary()}
		r, err := checks.Explore(p, o)
		if err != nil {
			t.Fatal(err)
		}
		if r.Bound != "first finding" {
			return
		}
		for k := 0; k <= r.Spent; k++ {
			o.Strategy, o.Budget = "dfs", checks.Budget{Cost: "preemptions", Max: k}
			brute, err := checks.Explore(p, o)
			if err != nil {
				t.Fatal(err)
			}
			switch found := brute.Bound == "first finding"; {
			case brute.Bound == "executions":
				return // too many to compare with
			case found != (k == r.Spent):
				t.Errorf("with %d preemptions, found: %v; the first finding takes %d", k, found, r.Spent)
			}
		}
		compared++
		if r.Spent > 0 {
			preempted++
		}
	})
	if compared < 15 || preempted < 5 {
		t.Errorf("%d variants compared, %d of them need a preemption: too few", compared, preempted)
	}
	t.Logf("%d variants compared, %d of them need a preemption", compared, preempted)
}
