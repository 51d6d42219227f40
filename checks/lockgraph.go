package checks

import (
	"slices"

	"github.com/interleave-go/interleave/sim"
)

// A LockGraph is in which orders locks were taken, over all executions of an
// exploration, as plain records. A cycle in it is a deadlock that might be.
type LockGraph struct {
	Locks  []string    `json:"locks"`
	Edges  []LockEdge  `json:"edges"`
	Cycles []LockCycle `json:"cycles"`
}

// A LockEdge says that a goroutine asked for To while it held From.
type LockEdge struct {
	From      int      `json:"from"` // places in Locks
	To        int      `json:"to"`
	Goroutine string   `json:"goroutine"`
	Gates     []string `json:"gates,omitempty"` // what else it held
	Reading   bool     `json:"reading"`         // it asked for To for reading
}

// A LockCycle is a cycle of edges by different goroutines that no common lock
// and no other synchronization keeps apart, as far as was seen.
type LockCycle struct {
	Edges   []int       `json:"edges"` // places in LockGraph.Edges
	Verdict LockVerdict `json:"verdict"`
}

// A LockVerdict is what became of the attempt to make a cycle deadlock.
type LockVerdict string

// The verdicts.
const (
	LockConfirmed LockVerdict = "confirmed" // it deadlocks: see the findings
	LockRefuted   LockVerdict = "refuted"   // everything was explored, and it does not
	LockOpen      LockVerdict = "open"      // neither
)

// draw adds an edge to the graph and returns its place.
func (j *lockOrderJudge) draw(x *sim.Execution, a *lockAsk) int {
	e := LockEdge{From: j.node(x, a.from.obj), To: j.node(x, a.to.obj), Goroutine: x.GoroutineName(a.g), Reading: a.to.read}
	for _, h := range j.gates[a.gates:a.upTo] {
		if h.obj != a.from.obj {
			e.Gates = append(e.Gates, x.ObjectName(h.obj))
		}
	}
	slices.Sort(e.Gates)
	j.graph.Edges = append(j.graph.Edges, e)
	return len(j.graph.Edges) - 1
}

func (j *lockOrderJudge) node(x *sim.Execution, obj int32) int {
	id := x.World().At(obj).ID
	at, ok := j.nodes[id]
	if !ok {
		at = len(j.graph.Locks)
		j.nodes[id] = at
		j.graph.Locks = append(j.graph.Locks, x.ObjectName(obj))
	}
	return at
}
