package search

import (
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// A collector that counts what it is given.
type merges int

func (m *merges) Begin() Visitor            { return m }
func (m *merges) Merge(Visitor)             { *m++ }
func (m *merges) Restart()                  { *m = 0 }
func (m *merges) Visit(*sim.Execution) bool { return true }

// A job that hits the bound on executions while the search is being interrupted
// counts once.
func TestInterruptedAtTheBound(t *testing.T) {
	merged := new(merges)
	f := newFrontier(Options{Strategy: Optimal, ExecutionsMax: 5}.withDefaults(), merged)
	f.head = &job{root: first(f.opt), share: 1}
	j := f.claim()
	f.halt("time")
	f.finish(j, &search{result: Result{Executions: 5, Bound: boundExecutions}}, nil)
	r, err := f.result()
	if err != nil || r.Executions != 5 || *merged != 1 || r.Bound != "time" {
		t.Errorf("%+v, %d merged, %v", r, *merged, err)
	}
}
