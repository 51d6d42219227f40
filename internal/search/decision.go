package search

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A DecisionKind says what was decided.
type DecisionKind string

// The kinds of decisions. Descend, End and Prune are of every strategy, the
// others of those that reduce.
const (
	Descend   DecisionKind = "descend"   // a step is taken that the execution before had not
	Race      DecisionKind = "race"      // two steps could come in the other order
	Reversal  DecisionKind = "reversal"  // that order would begin so: Sequence
	Redundant DecisionKind = "redundant" // it has been explored, or is planned already
	Insert    DecisionKind = "insert"    // a branch is planned at Step: Sequence
	Asleep    DecisionKind = "sleep"     // all that begins with the step is explored
	Prune     DecisionKind = "prune"     // the execution is cut: all that can come is asleep
	End       DecisionKind = "end"       // the execution came to an end, or hit a bound
	Restart   DecisionKind = "restart"   // all begins again: two objects turned out to be one
)

// A Decision is one decision of a search.
type Decision struct {
	Kind      DecisionKind
	Execution int // the number of the present execution, from 0
	Step      int // where it was decided: the number of events before; of a Race, the first step
	// Then is the second step of a race or its reversal; the length of the execution
	// if it is an operation that never took place. Otherwise -1.
	Then int
	// Goroutine and Operation are the step that was decided on: of a Race the second
	// one. An Insert has only a Sequence.
	Goroutine string
	Operation string
	// Sequence is the steps of a Reversal or an Insert.
	Sequence []string
	// Outcome of the execution, at its End.
	Outcome string
}

// A chronicle tells the decisions of a search. A nil one tells nothing.
type chronicle struct {
	tell      func(Decision)
	execution int
	x         *sim.Execution
	path      []sim.Choice // what has been told of the way to the present step
	at        int          // how much of it is of the present execution
	attempt   *object.Call // of the race that is being looked at
	node      int32        // where that begins
	planned   int          // branches so far
}

func newChronicle(tell func(Decision)) *chronicle {
	if tell == nil {
		return nil
	}
	return &chronicle{tell: tell, execution: -1}
}

// begin is called before each execution.
func (c *chronicle) begin() {
	if c != nil {
		c.execution++
		c.at = 0
	}
}

// restart is called when what was told does not count.
func (c *chronicle) restart() {
	if c != nil {
		c.say(Decision{Kind: Restart, Then: -1})
		c.execution, c.path = -1, c.path[:0]
	}
}

func (c *chronicle) say(d Decision) {
	d.Execution = c.execution
	c.tell(d)
}

// follow tells the steps of x before step n that are not those of the execution
// before.
func (c *chronicle) follow(x *sim.Execution, n int) {
	if c == nil {
		return
	}
	c.x = x
	for ; c.at < n; c.at++ {
		e := &x.Events()[c.at]
		choice := sim.Choice{G: e.G(), Alt: e.Alt}
		if c.at < len(c.path) && c.path[c.at] == choice {
			continue
		}
		c.path = append(c.path[:c.at], choice)
		c.say(Decision{Kind: Descend, Step: c.at, Then: -1, Goroutine: x.GoroutineName(e.G()),
			Operation: eventText(x, e)})
	}
}

// over tells how an execution went.
func (c *chronicle) over(x *sim.Execution) {
	if c == nil {
		return
	}
	d := Decision{Kind: End, Step: x.Steps(), Then: -1, Outcome: x.Outcome.String()}
	if x.Outcome == sim.Pruned {
		d.Kind = Prune
	}
	c.say(d)
}

// race tells that a race is being looked at.
func (c *chronicle) race(a *attempt, v reversal) {
	if c == nil {
		return
	}
	c.attempt, c.node = a.call, v.event
	c.say(Decision{Kind: Race, Step: int(v.event), Then: int(a.at), Goroutine: c.x.GoroutineName(a.call.G),
		Operation: operation(c.x, a.call, v.alt)})
}

// reversed tells what is to be explored because of the race.
func (c *chronicle) reversed(a *attempt, v reversal, sequence []planned) {
	if c == nil {
		return
	}
	c.say(Decision{Kind: Reversal, Step: int(v.event), Then: int(a.at), Goroutine: c.x.GoroutineName(a.call.G),
		Operation: operation(c.x, a.call, v.alt), Sequence: c.texts(sequence)})
}

// insert tells that what is left of the steps has become a branch of the node to
// which the others lead, from where the race begins.
func (c *chronicle) insert(steps []planned) {
	if c == nil {
		return
	}
	c.planned++
	gone := 0
	for i := range steps {
		if steps[i].gone {
			gone++
		}
	}
	c.say(Decision{Kind: Insert, Step: int(c.node) + gone, Then: -1, Sequence: c.texts(steps)})
}

// alternative tells that another way of a goroutine's step is a branch.
func (c *chronicle) alternative(x *sim.Execution, s sim.Choice) {
	if c == nil {
		return
	}
	text := operation(x, x.Pending(s.G), s.Alt)
	c.say(Decision{Kind: Insert, Step: x.Steps(), Then: -1, Sequence: []string{x.GoroutineName(s.G) + ": " + text}})
}

// redundant tells that a race has led to no branch, since there were so many.
func (c *chronicle) redundant(a *attempt, v reversal, before int) {
	if c != nil && c.planned == before {
		c.say(Decision{Kind: Redundant, Step: int(v.event), Then: int(a.at), Goroutine: c.x.GoroutineName(a.call.G),
			Operation: operation(c.x, a.call, v.alt)})
	}
}

func (c *chronicle) branches() int {
	if c == nil {
		return 0
	}
	return c.planned
}

// sleeps tells that an event of the last execution goes to sleep.
func (c *chronicle) sleeps(step int32) {
	if c == nil {
		return
	}
	e := &c.x.Events()[step]
	c.say(Decision{Kind: Asleep, Step: int(step), Then: -1, Goroutine: c.x.GoroutineName(e.G()),
		Operation: eventText(c.x, e)})
}

func (c *chronicle) texts(steps []planned) []string {
	var texts []string
	for i := range steps {
		if p := &steps[i]; !p.gone && !p.beyond {
			texts = append(texts, c.x.GoroutineName(p.g)+": "+c.operation(p))
		}
	}
	return texts
}

// operation is a planned step as text.
func (c *chronicle) operation(p *planned) string {
	switch {
	case p.event >= 0:
		return eventText(c.x, &c.x.Events()[p.event])
	case c.attempt != nil && c.attempt.G == p.g:
		return operation(c.x, c.attempt, p.alt)
	case c.x.Alive(p.g):
		return operation(c.x, c.x.Pending(p.g), p.alt)
	}
	return p.op.String()
}

// eventText is an event as text.
func eventText(x *sim.Execution, e *sim.Event) string {
	text := operation(x, &e.Call, e.Alt)
	if e.Child >= 0 {
		text += " " + x.GoroutineName(e.Child)
	}
	return text
}

// operation is a call as text: what it does to which object, and which of
// several ways it takes.
func operation(x *sim.Execution, call *object.Call, alt int32) string {
	text := call.Op.String()
	if call.Obj != object.NoObject && call.Op != object.End {
		text += " " + x.ObjectName(call.Obj)
	}
	if call.Op == object.UnlockBoth {
		text += " and " + x.ObjectName(call.Arg)
	}
	if call.Op.Chooses() {
		text += fmt.Sprintf(" (alternative %d)", alt)
	}
	return text
}
