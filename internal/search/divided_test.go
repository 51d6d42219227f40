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
	drains int32 // see locator
}

type traceVisitor struct {
	trace  *trace
	traces []string
}

func (c *traceCollector) Begin() Visitor {
	return &traceVisitor{trace: newTrace(&locator{drains: c.drains})}
}

func (c *traceCollector) Merge(v Visitor) {
	for _, tr := range v.(*traceVisitor).traces {
		c.traces[tr]++
		c.order = append(c.order, tr)
	}
}

func (v *traceVisitor) Visit(x *sim.Execution) bool {
	v.traces = append(v.traces, traceOf(v.trace, x))
	return true
}

// Programs of which a divided search once lost a trace, or could not replay one.
func TestDividedPrograms(t *testing.T) {
	for _, p := range []generated{
		{{{"unlock", 0, 0}, {"yieldload", 1, 1}}, {{"store", 1, 1}}, {{"yieldload", 1, 1}, {"unlock", 0, 1}}},
		{{{"unlock", 1, 1}}, {{"lock", 1, 0}, {"unlock", 1, 0}, {"trylock", 1, 0}, {"lock", 1, 1}}},
	} {
		brute := observe(p, DFS, tooMany)
		for _, s := range []Strategy{Optimal, Source, Sleep} {
			for _, every := range []int{1, 2, 3} {
				got, _ := divided(t, p, brute.drains, Options{Strategy: s, StepsMax: 300, SplitEvery: every, Workers: 1, RunOn: true})
				if message := differ(brute, observed{traces: got.traces, observations: brute.observations}, s); message != "" {
					t.Errorf("%s, split every %d: %s\n%v", s, every, message, p)
				}
			}
		}
	}
}

// A search that is divided often sees every trace of a random program once, in
// the same order with one worker as with three, and as many as brute force.
func TestDividedRandomPrograms(t *testing.T) {
	ran, jobs, blocked, complete := 0, 0, 0, 0
	for seed := range asked(1000) {
		seed += *firstProgram
		p := generate(rand.New(rand.NewPCG(seed, 2)))
		brute := observe(p, DFS, 1500)
		if brute.cut {
			continue
		}
		ran++
		for _, s := range []Strategy{Optimal, Source, Sleep, DFS} {
			for _, every := range []int{1, 2, 16} {
				o := Options{Strategy: s, StepsMax: 300, SplitEvery: every, Workers: 1, RunOn: true}
				one, r := divided(t, p, brute.drains, o)
				if msg := differ(brute, observed{traces: one.traces, observations: brute.observations}, s); msg != "" {
					t.Fatalf("seed %d, %s, split every %d: %s\n%v", seed, s, every, msg, p)
				}
				o.Workers = 3
				three, r3 := divided(t, p, brute.drains, o)
				if !slices.Equal(one.order, three.order) || r != r3 {
					t.Fatalf("seed %d, %s, split every %d: 3 workers differ: %+v %+v\n%v", seed, s, every, r, r3, p)
				}
				if s == Optimal {
					jobs, blocked, complete = jobs+r.Jobs, blocked+r.Blocked, complete+r.Executions
				}
			}
		}
	}
	t.Logf("%d programs, %d jobs, %d executions, %d blocked", ran, jobs, complete, blocked)
}

func divided(t *testing.T, p generated, drains int32, o Options) (*traceCollector, Result) {
	defer func() {
		if r := recover(); r != nil {
			panic(fmt.Sprintf("%v: %+v\n%v", r, o, p))
		}
	}()
	o.Time = p.time()
	c := &traceCollector{traces: map[string]int{}, drains: drains}
	r, err := Explore(p.program(new([]string)), o, c)
	if err != nil {
		t.Fatal(fmt.Errorf("%w\n%v", err, p))
	}
	if !r.Complete || r.Executions != len(c.order) {
		t.Fatalf("%+v, %d visited\n%v", r, len(c.order), p)
	}
	return c, r
}
