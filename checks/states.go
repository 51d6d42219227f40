package checks

import (
	"fmt"
	"strings"

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
	// Goroutines are those that there are, in the order of their starts.
	Goroutines []GoroutineState
	// Objects are those that have been used on the way that was found first.
	Objects []ObjectState
}

// A GoroutineState is what a state knows of a goroutine.
type GoroutineState struct {
	Name string
	// Done is its operations so far, or since it last called Fingerprint, with what
	// they gave it or wrote.
	Done []string
	// Next is what it is about to do, or waits for; empty when it has ended.
	Next string
}

// An ObjectState is the value of a variable, or the state of another object in a
// word or two, with those who sent or put what is in a channel or a pool.
type ObjectState struct{ Name, State string }

// String is the state in a few lines: objects first, then goroutines.
func (n StateNode) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "depth %d", n.Depth)
	if n.Ending != "" {
		fmt.Fprintf(&b, ", %s", n.Ending)
	}
	for _, o := range n.Objects {
		fmt.Fprintf(&b, "\n%s: %s", o.Name, o.State)
	}
	for _, g := range n.Goroutines {
		fmt.Fprintf(&b, "\n%s: %s", g.Name, strings.Join(g.Done, ", "))
		switch {
		case g.Next != "" && len(g.Done) > 0:
			b.WriteString("; next: " + g.Next)
		case g.Next != "":
			b.WriteString("next: " + g.Next)
		case len(g.Done) > 0:
			b.WriteString("; ended")
		default:
			b.WriteString("ended")
		}
	}
	return b.String()
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
	if err := e.check(); err != nil {
		return StateGraph{}, fmt.Errorf("explore the states of %s: %w", opt.Identity, err)
	}
	found, err := search.States(program, e.searchOptions(), most, stateInWords)
	if err != nil {
		return StateGraph{}, fmt.Errorf("explore the states of %s: %w", opt.Identity, err)
	}
	g := StateGraph{Complete: found.Complete}
	for _, n := range found.Nodes {
		node := StateNode{Depth: n.Depth}
		for _, s := range n.Goroutines {
			node.Goroutines = append(node.Goroutines, GoroutineState(s))
		}
		for _, s := range n.Objects {
			node.Objects = append(node.Objects, ObjectState(s))
		}
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
