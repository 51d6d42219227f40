package checks

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/order"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// waitGroupJudge reports a WaitGroup whose counter is raised from zero while
// nothing orders that and a Wait: the Wait may return before it is counted, or
// meet the next round. It is the rule of the documentation of Add, checked by
// happens-before, so it needs no luck with the schedule. That the counter is zero is
// no question of luck either: it is when it may be zero before the Add in some order
// of the same events, see mayBeZero.
//
// It keeps its memory from one execution to the next.
type waitGroupJudge struct {
	happens  order.Happens
	reader   search.GroupReader
	adds     []groupAdd
	raised   []lastUse // by group and goroutine: its last Add that may be from zero
	waits    []lastUse // by group and goroutine: its last Wait, returned
	reported []bool    // by object
}

// A lastUse is an event and its step, or zero and -1.
type lastUse struct {
	epoch order.Epoch
	step  int32
}

// Name implements Judge.
func (*waitGroupJudge) Name() string { return "waitgroup" }

// Judge implements Judge.
func (j *waitGroupJudge) Judge(x *sim.Execution) []Finding {
	if !j.reader.Mixed(x) {
		return nil
	}
	var findings []Finding
	j.begin(x)
	events := x.Events()
	next := 0
	for step := range events {
		e := &events[step]
		j.happens.Step(e, step)
		var other int32
		switch e.Op() {
		case object.Add:
			other = -1
			if e.Call.Arg > 0 && e.Fault == object.NoFault && mayBeZero(j.adds, next) {
				other = j.add(x, e, step)
			}
			next++
		case object.Wait:
			other = j.wait(x, e)
			j.returned(x, e, step)
		case object.WaitReturn:
			other = -1
			j.returned(x, e, step)
		default:
			continue
		}
		if other >= 0 && !j.reported[e.Call.Obj] {
			j.reported[e.Call.Obj] = true
			findings = append(findings, lateAdd(x, int(other), step))
		}
	}
	return findings
}

func (j *waitGroupJudge) begin(x *sim.Execution) {
	j.happens.Begin(x)
	j.adds = addsOf(x, j.adds[:0])
	j.waits, j.raised, j.reported = j.waits[:0], j.raised[:0], j.reported[:0]
	for range x.World().Objects {
		j.reported = append(j.reported, false)
	}
	for range len(x.World().Objects) * x.Goroutines() {
		j.waits, j.raised = append(j.waits, lastUse{step: -1}), append(j.raised, lastUse{step: -1})
	}
}

// add notes an Add from zero, and returns the step of a Wait that nothing orders with
// it, or -1.
func (j *waitGroupJudge) add(x *sim.Execution, e *sim.Event, step int) int32 {
	first := int(e.Call.Obj) * x.Goroutines()
	j.raised[first+int(e.G())] = lastUse{j.happens.Now(e.G()), int32(step)}
	return j.unordered(e.G(), j.waits[first:first+x.Goroutines()])
}

// wait returns the step of an Add from zero that nothing orders with a Wait, or
// -1.
func (j *waitGroupJudge) wait(x *sim.Execution, e *sim.Event) int32 {
	first := int(e.Call.Obj) * x.Goroutines()
	return j.unordered(e.G(), j.raised[first:first+x.Goroutines()])
}

// unordered returns the step of one of the uses that the last event of a goroutine
// does not happen after, or -1.
func (j *waitGroupJudge) unordered(g int32, uses []lastUse) int32 {
	for _, u := range uses {
		if !j.happens.After(g, u.epoch) {
			return u.step
		}
	}
	return -1
}

func (j *waitGroupJudge) returned(x *sim.Execution, e *sim.Event, step int) {
	j.waits[int(e.Call.Obj)*x.Goroutines()+int(e.G())] = lastUse{j.happens.Now(e.G()), int32(step)}
}

// lateAdd describes an Add and a Wait, in either order.
func lateAdd(x *sim.Execution, first, second int) Finding {
	add, wait := first, second
	if x.Events()[second].Op() == object.Add {
		add, wait = second, first
	}
	adder, waiter := x.Events()[add].G(), x.Events()[wait].G()
	obj := x.Events()[add].Call.Obj
	return Finding{
		Kind: Misuse,
		Summary: fmt.Sprintf("%s adds to %s, whose counter is 0,%s, and %s waits for it%s: nothing orders the two, "+
			"so Wait may return before it is counted; %s", x.Who(adder), x.What(obj), where(x, add), x.Who(waiter), where(x, wait),
			"call Add before the goroutine that calls Done is started"),
		Goroutines: []string{x.GoroutineName(adder), x.GoroutineName(waiter)},
		Objects:    []string{x.ObjectName(obj)},
		Steps:      []int{first, second},
	}
}
