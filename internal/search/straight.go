package search

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// runStraight has the execution go on without a decision where none is to be made: at
// a node from which on nothing is planned. Where nothing sleeps, only steps that have
// alternatives are decided, and those that are in an order of the job.
func (d *dpor) runStraight(x *sim.Execution, n *node) {
	if s := &d.trace.gates; n.sleep == n.sleepTo && s.areResolved() {
		x.RunFree(s.last)
	} else {
		x.RunStraight(s.last)
	}
}

// passStraight makes the nodes of the steps before this one for which the scheduler
// was not asked: see runStraight. They have no branches.
func (d *dpor) passStraight(step int) {
	for k := len(d.nodes); k < step; k++ {
		c := sim.Choice{G: d.trace.events[k].g}
		d.addNode(c, -1)
		d.fillSleep(k)
		d.prefix = append(d.prefix, c)
	}
}

// nodeOf is the node of event i of an execution that has ended. Those of the steps that
// the scheduler was not asked for are made when they are needed: few are.
func (d *dpor) nodeOf(i int32) *node {
	if int(i) >= len(d.nodes) || d.nodes[i].sleep < 0 {
		d.passStraight(int(i) + 1)
		d.sleepUntil(int(i) + 1)
	}
	return &d.nodes[i]
}

// lastNeeded is how many events of an execution that has ended are worth a place in
// the trace. If all goroutines have ended, and the last events are ends and joins for
// which the scheduler was not asked, nobody asks for those.
func (d *dpor) lastNeeded(x *sim.Execution) int {
	n := x.Steps()
	if x.Outcome != sim.Finished || !x.NobodyPends() {
		return n
	}
	for n > len(d.nodes) {
		if op := x.Events()[n-1].Op(); op != object.End && op != object.Join {
			break
		}
		n--
	}
	return n
}

// toStart returns the goroutine that has to be started before the next step can be
// picked, or -1. One that is not is that step's, as long as it is clear whose step
// that is; otherwise all have to be, one of which is given.
func (d *dpor) toStart(x *sim.Execution, step int, one int32) int32 {
	g := int32(0)
	switch planned := d.tree.first(d.tree.pending); {
	case step < len(d.nodes):
		g = d.nodes[step].choice.G
	case planned >= 0:
		g = d.tree.nodes[planned].choice.G
	default:
		g = x.GoesOn()
		if d.waits(g) || step > 0 && d.nodes[step-1].who&(1<<(g&63)) != 0 {
			return one
		}
	}
	switch op := x.Pending(g).Op; {
	case op == object.Start:
		return g
	case op.Chooses():
		return one
	}
	return -1
}
