package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// traceCollector counts the traces of all jobs, and the jobs' order.
type traceCollector struct {
	traces map[string]int
	order  []string
	uses   groupUse // see locator
}

type traceVisitor struct {
	trace  *trace
	traces []string
}

func (c *traceCollector) Begin() Visitor {
	return &traceVisitor{trace: newTrace(&locator{uses: c.uses})}
}

func (c *traceCollector) Merge(v Visitor) {
	for _, tr := range v.(*traceVisitor).traces {
		c.traces[tr]++
		c.order = append(c.order, tr)
	}
}

func (c *traceCollector) Restart() { c.traces, c.order = map[string]int{}, nil }

func (v *traceVisitor) Visit(x *sim.Execution) bool {
	v.traces = append(v.traces, traceOf(v.trace, x))
	return true
}

// Programs of which a divided search once lost a trace, or could not replay one.
func TestDividedPrograms(t *testing.T) {
	for i, p := range []generated{
		{{{"unlock", 0, 0}, {"yieldload", 1, 1}}, {{"store", 1, 1}}, {{"yieldload", 1, 1}, {"unlock", 0, 1}}},
		{{{"unlock", 1, 1}}, {{"lock", 1, 0}, {"unlock", 1, 0}, {"trylock", 1, 0}, {"lock", 1, 1}}},
	} {
		holds(t, uint64(i), p, property{"wronglyDivided", wronglyDivided})
	}
}

// A search that is divided often sees every trace of a random program once, in
// the same order with one worker as with three, and as many as brute force.
func TestDividedRandomPrograms(t *testing.T) {
	t.Parallel()
	for seed := range asked(350) {
		seed += *firstProgram
		if !holds(t, seed, generate(rand.New(rand.NewPCG(seed, 2))), property{"wronglyDivided", wronglyDivided}) {
			return
		}
	}
}

// wronglyDivided says how a divided search of a program differs from brute force, or
// with the number of workers.
func wronglyDivided(p generated) string {
	brute := observe(p, DFS, tooMany)
	if brute.cut {
		return ""
	}
	for _, s := range []Strategy{Optimal, Source, Sleep, DFS} {
		for _, every := range []int{1, 2, 16} {
			if message := dividedOtherwise(p, brute, s, every); message != "" {
				return fmt.Sprintf("%s, split every %d: %s", s, every, message)
			}
		}
	}
	return ""
}

func dividedOtherwise(p generated, brute observed, s Strategy, every int) string {
	o := Options{Strategy: s, StepsMax: 300, SplitEvery: every, Workers: 1, RunOn: true}
	one, r, err := divided(p, brute.uses, o)
	if err != nil {
		return err.Error()
	}
	if message := differ(brute, observed{traces: one.traces, observations: brute.observations}, s); message != "" {
		return message
	}
	o.Workers = 3
	three, r3, err := divided(p, brute.uses, o)
	if err != nil {
		return err.Error()
	}
	if !slices.Equal(one.order, three.order) || r != r3 {
		return fmt.Sprintf("3 workers differ: %+v %+v", r, r3)
	}
	return ""
}

func divided(p generated, uses groupUse, o Options) (*traceCollector, Result, error) {
	o.Time = p.time()
	c := &traceCollector{traces: map[string]int{}, uses: uses}
	r, err := Explore(p.program(new([]string)), o, c)
	if err == nil && (!r.Complete || r.Executions != len(c.order)) {
		err = fmt.Errorf("%+v, %d visited", r, len(c.order))
	}
	return c, r, err
}
