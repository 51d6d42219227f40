package checks

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/order"
	"github.com/interleave-go/interleave/sim"
)

// waitGroupJudge reports a WaitGroup whose counter is raised from zero while
// nothing orders that and a Wait: the Wait may return before it is counted, or
// meet the next round. It is the rule of the documentation of Add, checked by
// happens-before, so it needs no luck with the schedule.
//
// It keeps its memory from one execution to the next.
type waitGroupJudge struct {
	happens order.Happens
	groups  []groupUse
	waits   []order.Epoch // by group and goroutine: its last Wait, returned
	waitAt  []int32       // the step of each
}

// groupUse is what became of one WaitGroup so far.
type groupUse struct {
	counter      int32
	raised       order.Epoch // the last Add from zero
	raisedAt     int32
	adder, waits int32 // whose calls they are: a goroutine, noneYet or several
	reported     bool
}

const (
	noneYet = -1
	several = -2
)

// Name implements Judge.
func (*waitGroupJudge) Name() string { return "waitgroup" }

// Judge implements Judge.
func (j *waitGroupJudge) Judge(x *sim.Execution) []Finding {
	if !j.suspects(x) {
		return nil
	}
	var findings []Finding
	j.begin(x)
	events := x.Events()
	for step := range events {
		e := &events[step]
		j.happens.Step(e, step)
		var other int32
		switch e.Op() {
		case object.Add:
			other = j.add(x, e, step)
		case object.Wait:
			other = j.wait(e)
			j.returned(x, e, step)
		case object.WaitReturn:
			other = -1
			j.returned(x, e, step)
		default:
			continue
		}
		if u := &j.groups[e.Call.Obj]; other >= 0 && !u.reported {
			u.reported = true
			findings = append(findings, lateAdd(x, int(other), step))
		}
	}
	return findings
}

// suspects reports whether a WaitGroup is raised from zero by one goroutine and
// waited for by another.
func (j *waitGroupJudge) suspects(x *sim.Execution) bool {
	objects := x.World().Objects
	any := false
	for i := range objects {
		any = any || objects[i].Kind == object.WaitGroup
	}
	if !any {
		return false
	}
	j.groups = j.groups[:0]
	for range objects {
		j.groups = append(j.groups, groupUse{adder: noneYet, waits: noneYet, raisedAt: -1})
	}
	any = false
	events := x.Events()
	for i := range events {
		e := &events[i]
		switch e.Op() {
		case object.Add:
			u := &j.groups[e.Call.Obj]
			if u.counter == 0 && e.Call.Arg > 0 {
				u.adder = also(u.adder, e.G())
			}
			u.counter += e.Call.Arg
		case object.Wait:
			u := &j.groups[e.Call.Obj]
			u.waits = also(u.waits, e.G())
		default:
			continue
		}
		u := &j.groups[e.Call.Obj]
		any = any || u.adder != noneYet && u.waits != noneYet && (u.adder != u.waits || u.adder == several)
	}
	return any
}

// also adds a goroutine to those who do something.
func also(who, g int32) int32 {
	if who == noneYet || who == g {
		return g
	}
	return several
}

func (j *waitGroupJudge) begin(x *sim.Execution) {
	j.happens.Begin(x)
	n := len(x.World().Objects) * x.Goroutines()
	j.waits, j.waitAt = j.waits[:0], j.waitAt[:0]
	for range n {
		j.waits, j.waitAt = append(j.waits, order.Epoch{}), append(j.waitAt, -1)
	}
	for i := range j.groups {
		j.groups[i].counter = 0
	}
}

// add returns the step of a Wait that nothing orders with an Add from zero, or
// -1.
func (j *waitGroupJudge) add(x *sim.Execution, e *sim.Event, step int) int32 {
	u := &j.groups[e.Call.Obj]
	before := u.counter
	u.counter += e.Call.Arg
	if before != 0 || e.Call.Arg <= 0 || e.Fault != object.NoFault {
		return -1
	}
	u.raised, u.raisedAt = j.happens.Now(e.G()), int32(step)
	first := int(e.Call.Obj) * x.Goroutines()
	for g := range x.Goroutines() {
		if !j.happens.After(e.G(), j.waits[first+g]) {
			return j.waitAt[first+g]
		}
	}
	return -1
}

// wait returns the step of an Add from zero that nothing orders with a Wait, or
// -1.
func (j *waitGroupJudge) wait(e *sim.Event) int32 {
	u := &j.groups[e.Call.Obj]
	if !j.happens.After(e.G(), u.raised) {
		return u.raisedAt
	}
	return -1
}

func (j *waitGroupJudge) returned(x *sim.Execution, e *sim.Event, step int) {
	at := int(e.Call.Obj)*x.Goroutines() + int(e.G())
	j.waits[at], j.waitAt[at] = j.happens.Now(e.G()), int32(step)
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
