package checks

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// A StateGraph is the states that a program can be in, and the steps between
// them. Node 0 is the first one; nodes come in the order of their depth.
type StateGraph struct {
	Nodes []StateNode
	Edges []StateEdge
	// Complete says that no state was left out.
	Complete bool
}

// A StateNode is a state: what each goroutine has got so far, what it is about
// to do, and the states of all objects. What it has got before it last called
// Fingerprint does not count, but for what it gave there: that is how a program
// says that a goroutine remembers no more, so that a loop comes back to where it
// was. Spawns, ends and joins are not seen: where one is possible, it has taken
// place.
type StateNode struct {
	// Depth is the fewest steps that lead there.
	Depth int
	// Ending is how an execution ends there: finished, deadlocked, leaked,
	// panicked, failed, misused, …; empty where it goes on.
	Ending string
}

// A StateEdge is a step of a goroutine.
type StateEdge struct {
	From, To  int
	Goroutine string
	Operation string
}

// States explores the states of a program, breadth first, and at most so many.
// It runs the program once for every edge, so that time grows with edges times
// depth. Of the options it heeds StepsMax, Time and Interrupt. The error says
// that the program is not deterministic.
func States(program func(*sim.G), opt Options, most int) (StateGraph, error) {
	e := newExploration(program, opt)
	found, err := search.States(program, e.searchOptions(), most)
	if err != nil {
		return StateGraph{}, fmt.Errorf("explore the states of %s: %w", opt.Identity, err)
	}
	g := StateGraph{Complete: found.Complete}
	for _, n := range found.Nodes {
		node := StateNode{Depth: n.Depth}
		if n.Last {
			node.Ending = n.Outcome.String()
		}
		g.Nodes = append(g.Nodes, node)
	}
	for _, edge := range found.Edges {
		g.Edges = append(g.Edges, StateEdge(edge))
	}
	return g, nil
}
