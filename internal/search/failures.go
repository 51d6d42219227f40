package search

import (
	"slices"

	"github.com/interleave-go/interleave/sim"
)

// A Failing is a failure of an execution and the steps that lead to it, and
// to nothing that it does not depend on.
type Failing struct {
	sim.Failure
	Steps []Step
}

// Failures returns the failures of an execution that could each have been the
// first: those that do not happen after another one. An execution in which the
// others ran on after a failure stands for all that differ from it by swapping
// independent events, so each of these failures is real. O(events²) at worst,
// and only for executions that failed.
func Failures(x *sim.Execution) []Failing {
	if len(x.Failures) == 1 {
		f := x.Failures[0]
		return []Failing{{f, Steps(x, f.At)}}
	}
	t := newTrace(&locator{})
	t.follow(x, x.Steps())
	var out []Failing
	for i := range x.Failures {
		if f := &x.Failures[i]; t.first(x.Failures, i) {
			out = append(out, Failing{*f, t.past(x, t.lastOf(f))})
		}
	}
	return out
}

// lastOf is the last event of the goroutine that failed, or -1.
func (t *trace) lastOf(f *sim.Failure) int32 {
	for i := min(f.At, len(t.events)) - 1; i >= 0; i-- {
		if t.events[i].g == f.G {
			return int32(i)
		}
	}
	return -1
}

// first reports whether no other failure happens before the i-th.
func (t *trace) first(all []sim.Failure, i int) bool {
	at := t.lastOf(&all[i])
	for j := range all[:i] {
		if e := t.lastOf(&all[j]); e >= 0 && at >= 0 && e < at && t.before(e, at) {
			return false
		}
	}
	return true
}

// past is the steps of all events that happen before an event, and its own.
func (t *trace) past(x *sim.Execution, last int32) []Step {
	var out []Step
	for i := int32(0); i <= last; i++ {
		if i == last || t.before(i, last) {
			out = append(out, stepOf(x, int(i)))
		}
	}
	return out
}

// Before returns the steps of all events that some events of an execution
// depend on, and those events, in order. It reports false when one of them
// could only take place because the others ran on after a failure.
func Before(x *sim.Execution, events []int) ([]Step, bool) {
	t := newTrace(&locator{})
	t.follow(x, x.Steps())
	last := int32(slices.Max(events))
	var out []Step
	for i := int32(0); i <= last; i++ {
		if !slices.ContainsFunc(events, func(e int) bool { return i == int32(e) || i < int32(e) && t.before(i, int32(e)) }) {
			continue
		}
		out = append(out, stepOf(x, int(i)))
		if i < last && t.fails(x, i) {
			return nil, false
		}
	}
	return out, true
}

// fails reports whether a goroutine failed right after event i.
func (t *trace) fails(x *sim.Execution, i int32) bool {
	return slices.ContainsFunc(x.Failures, func(f sim.Failure) bool { return t.lastOf(&f) == i })
}
