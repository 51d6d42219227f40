package hazards_test

import (
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/hazards"
)

// No judge, not even of those that have to be asked for, finds anything in a
// fixed variant: not in a sample, nor in a search that is complete or goes a
// long way.
func TestNoJudgeRaisesAFalseAlarm(t *testing.T) {
	t.Parallel()
	eachVariant(t, func(t *testing.T, s hazards.Scenario, v hazards.Variant) {
		if v.Buggy() {
			t.Skip("buggy")
		}
		for _, strategy := range []string{"random", "optimal", "dfs"} {
			r, err := checks.Explore(program(t, s.Name, v.Name, nil), checks.Options{Strategy: strategy, Seed: 2,
				ExecutionsMax: 2000, StepsMax: stepsMax, KeepGoing: true, Judges: checks.AllJudges()})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.Findings {
				t.Errorf("%s: %s: %s", strategy, f.Kind, f.Summary)
			}
			for _, n := range r.Notes {
				t.Logf("%s: note: %s", strategy, n)
			}
		}
	})
}
