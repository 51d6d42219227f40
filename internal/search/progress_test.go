package search_test

import (
	"testing"

	"github.com/interleave-go/interleave/internal/search"
)

// Estimates become exact at the end of a search: by then all branches of the
// tree of jobs have been seen. Counts never go back.
func TestProgress(t *testing.T) {
	var seen []search.Progress
	o := search.Options{Strategy: search.Optimal, SplitEvery: 64,
		Progress: func(p search.Progress) { seen = append(seen, p) }}
	r, err := search.Explore(fresh(programs["inc"], 5), o, idle{})
	if err != nil {
		t.Fatal(err)
	}
	before := search.Progress{}
	for _, p := range seen {
		if p.Executions < before.Executions || p.Jobs < before.Jobs || p.Started <= before.Started {
			t.Errorf("%+v after %+v", p, before)
		}
		before = p
	}
	if e := before.Estimate / float64(r.Executions); len(seen) < 10 || e < 0.8 || e > 1.25 || before.Spread <= 0 {
		t.Errorf("%d reports; the last one: %+v; there were %d", len(seen), before, r.Executions)
	}
	t.Logf("after a tenth: %+v; at the end: %+v", seen[len(seen)/10], before)
}
