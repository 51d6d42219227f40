package checks

import (
	"cmp"

	"github.com/interleave-go/interleave/sim"
)

// A LockGraph is in which orders locks were taken, over all executions of an
// exploration, as plain records. A cycle in it is a deadlock that might be.
type LockGraph struct {
	Locks  []string    `json:"locks"` // several of one name are numbered: A #1, A #2
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

// lockOrderExecutions bounds LockOrders unless told otherwise: one execution
// shows an order in which locks are taken, it need not be met again.
const lockOrderExecutions = 1000

// LockOrders explores a program, to the first 1,000 executions unless the options
// say otherwise, and returns in which orders locks are taken, with the cycles of
// them followed up. Judges and KeepGoing in the options are not used.
func LockOrders(program func(*sim.G), opt Options) (LockGraph, Report, error) {
	opt.Judges, opt.KeepGoing = []Judge{endingJudge{}, newLockOrderJudge()}, true
	opt.ExecutionsMax = cmp.Or(opt.ExecutionsMax, lockOrderExecutions)
	r, err := Explore(program, opt)
	if err != nil || r.LockGraph == nil {
		return LockGraph{}, r, err
	}
	return *r.LockGraph, r, nil
}

// draw adds an edge to the graph and returns its place.
func (j *lockOrderJudge) draw(x *sim.Execution, a *lockAsk) int {
	j.graph.Edges = append(j.graph.Edges, LockEdge{From: j.node(x, a.from.obj), To: j.node(x, a.to.obj),
		Goroutine: x.GoroutineName(a.g), Gates: j.gateNames(x, a), Reading: a.to.read})
	return len(j.graph.Edges) - 1
}

func (j *lockOrderJudge) node(x *sim.Execution, obj int32) int {
	name := j.labels.of(x, obj)
	at, ok := j.nodes[name]
	if !ok {
		at = len(j.graph.Locks)
		j.nodes[name] = at
		j.graph.Locks = append(j.graph.Locks, name)
	}
	return at
}
