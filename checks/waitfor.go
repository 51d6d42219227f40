package checks

import (
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A WaitGraph says who waits for what in the state that an execution is in,
// and who holds it. Its zero value is a state in which nobody waits. It is
// plain data: pictures and reports are made from it.
type WaitGraph struct {
	// Nodes are the goroutines that live, in the order of their places in the
	// tree of spawns, then the resources that somebody holds or waits for, in
	// the order in which the edges name them, with owners that have ended.
	Nodes []WaitNode
	Edges []WaitEdge
	// Cycles are cycles of waiting. Each lists places in Nodes: a goroutine, what
	// it waits for, the goroutine that holds that, and so on; the last one leads
	// back to the first. No goroutine is in two of them.
	Cycles [][]int
}

// A WaitNode is a goroutine or a resource.
type WaitNode struct {
	Name string
	// Kind is "goroutine", or what the resource is: "mutex", "rwmutex", "chan",
	// "cond", "waitgroup", "once", "semaphore", "barrier", "latch", "cell".
	Kind string
	// State of a goroutine is "blocked", "ready" or "ended". That of a resource
	// says in a few words what matters to those who wait: "locked", "full",
	// "counter 2".
	State string
	// Reason says, of a blocked goroutine that is in no cycle, in words why
	// nobody comes: "main waits to receive from c: nobody has ever sent on it".
	Reason string
}

// Goroutine reports whether the node is a goroutine rather than a resource.
func (n WaitNode) Goroutine() bool { return n.Kind == object.Goroutine.String() }

// The kinds of edges of a WaitGraph.
const (
	WaitsFor = "waits for" // from a goroutine to a resource, or to a goroutine that it joins
	HeldBy   = "held by"   // from a resource to a goroutine
)

// A WaitEdge is one arrow of a WaitGraph.
type WaitEdge struct {
	From, To int    // places in Nodes
	Kind     string // WaitsFor or HeldBy
	Label    string // what is asked for ("lock", "receive", "join"), or how it is held ("held", "reading", "2 units")
	Step     int    // the event that led to it: the holder's, or the waiter's last one; -1 when there is none
	Cycle    bool   // it is part of one of the Cycles
}

// WaitFor returns the wait-for graph of the state that x is in, which may be
// its end. It looks through the whole log: for findings, not for every step.
func WaitFor(x *sim.Execution) WaitGraph {
	s := surveyOf(x)
	b := graphBuilder{x: x, place: map[int32]int{}}
	for _, w := range s.waits {
		b.node(^w.g)
	}
	for _, w := range s.waits {
		b.waiting(s, w)
	}
	for _, h := range s.holds {
		if b.wanted(h.obj) || x.Alive(h.g) {
			b.edge(WaitEdge{From: b.node(h.obj), To: b.node(^h.g), Kind: HeldBy, Label: h.label(), Step: h.step})
		}
	}
	for _, cycle := range s.cycles(false) {
		b.cycle(cycle)
	}
	return b.graph
}

// graphBuilder makes plain records of a survey.
type graphBuilder struct {
	x     *sim.Execution
	graph WaitGraph
	place map[int32]int // of an object in Nodes
}

func (b *graphBuilder) wanted(obj int32) bool {
	_, ok := b.place[obj]
	return ok
}

// node returns the place of an object, added at first sight.
func (b *graphBuilder) node(obj int32) int {
	if i, ok := b.place[obj]; ok {
		return i
	}
	i := len(b.graph.Nodes)
	b.place[obj] = i
	n := WaitNode{Name: b.x.What(obj), State: stateInWords(b.x, obj)}
	n.Kind = "chan"
	if obj != object.NoObject {
		n.Kind = b.x.World().At(obj).Kind.String()
	}
	b.graph.Nodes = append(b.graph.Nodes, n)
	return i
}

func (b *graphBuilder) edge(e WaitEdge) { b.graph.Edges = append(b.graph.Edges, e) }

func (b *graphBuilder) waiting(s *survey, w *wait) {
	if !w.blocked {
		return
	}
	from := b.node(^w.g)
	b.graph.Nodes[from].Reason = s.reason(w)
	for _, obj := range w.objects {
		b.edge(WaitEdge{From: from, To: b.node(obj), Kind: WaitsFor, Label: w.label, Step: s.last[w.g]})
	}
}

// cycle adds a cycle of waits and marks its edges: all of them are there, since
// cycles are made of waits and shares.
func (b *graphBuilder) cycle(cycle []hop) {
	var places []int
	for _, h := range cycle {
		places = append(places, b.place[^h.wait.g])
		b.graph.Nodes[b.place[^h.wait.g]].Reason = ""
		if h.hold.obj >= 0 {
			places = append(places, b.node(h.hold.obj))
		}
	}
	for i, from := range places {
		to := places[(i+1)%len(places)]
		k := slices.IndexFunc(b.graph.Edges, func(e WaitEdge) bool { return e.From == from && e.To == to && !e.Cycle })
		b.graph.Edges[k].Cycle = true
	}
	b.graph.Cycles = append(b.graph.Cycles, places)
}
