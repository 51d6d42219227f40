package search

import (
	"math/rand/v2"
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// The order of events is the closure of what each depends on directly, however it was
// found out.
func TestOrderIsClosure(t *testing.T) {
	t.Parallel()
	pairs := 0
	for seed := range asked(600) {
		seed += *firstProgram
		p := generate(rand.New(rand.NewPCG(seed, 3)))
		switch seed % 3 {
		case 1:
			p = generateJoins(rand.New(rand.NewPCG(seed, 3)))
		case 2:
			p = drawChoosers(seed)
		}
		l := newTrace(&locator{})
		_, err := Run(p.program(new([]string)), Options{Strategy: Random, ExecutionsMax: 3, StepsMax: 300, Time: p.time()},
			func(x *sim.Execution) bool {
				l.truncate(0)
				l.bound = true
				l.follow(x, x.Steps())
				pairs += checkClosure(t, seed, x, l)
				return !t.Failed()
			})
		if err != nil || t.Failed() {
			t.Fatalf("program %d: %v\n%v", seed, err, p)
		}
	}
	t.Logf("%d pairs of events", pairs)
}

// checkClosure compares a trace with the closure, and returns how many pairs there are.
func checkClosure(t *testing.T, seed uint64, x *sim.Execution, l *trace) (pairs int) {
	t.Helper()
	n := int32(len(l.events))
	before := make([][]bool, n)
	for j := range n {
		before[j] = make([]bool, n)
		last := int32(-1)
		for i := j - 1; i >= 0; i-- {
			for k := i + 1; k < j; k++ {
				before[j][i] = before[j][i] || before[j][k] && before[k][i]
			}
			before[j][i] = before[j][i] || direct(x, l, i, j)
			if before[j][i] {
				last = max(last, i)
			}
			if got := l.before(i, j); got != before[j][i] {
				t.Errorf("program %d: event %d is before %d: %v, want %v", seed, i, j, got, before[j][i])
			}
			pairs++
		}
		if l.events[j].last != last {
			t.Errorf("program %d: the last event before %d is %d, want %d", seed, j, l.events[j].last, last)
		}
	}
	return pairs
}

// direct reports whether event j depends on event i by itself.
func direct(x *sim.Execution, l *trace, i, j int32) bool {
	e, f := &l.events[i], &l.events[j]
	_, born := x.Parent(f.g)
	second := &x.Events()[j]
	return e.g == f.g || born == i || dependent(l.accesses(i), l.accesses(j)) || second.Quiescent && i < second.QuietAt
}
