package diagram

import (
	"fmt"
	"strings"

	"github.com/emicklei/dot"

	"github.com/interleave-go/interleave/checks"
)

// labelledStates is how many states a graph may have for its steps to be
// labelled: with more of them nobody could read that.
const labelledStates = 80

// States returns a state-space graph in the DOT language: an arrow is a step,
// and a state stands as far down as the fewest steps that lead to it. Deadlocks
// and failures are red, and squares, so that a print without colour shows them
// too; states in which all have ended have two lines.
func States(g checks.StateGraph) string {
	d := dot.NewGraph(dot.Directed)
	d.Attr("fontname", "Helvetica")
	labelled := len(g.Nodes) <= labelledStates
	if d.Attr("nodesep", "0.15"); labelled {
		d.Attr("nodesep", "0.8") // room for the labels between the arrows
	}
	d.NodeInitializer(func(n dot.Node) {
		n.Attr("fontname", "Helvetica").Attr("fontsize", "10").Attr("shape", "circle").Attr("margin", "0.02")
	})
	d.EdgeInitializer(func(e dot.Edge) {
		e.Attr("fontname", "Helvetica").Attr("fontsize", "9").Attr("arrowsize", "0.6")
	})
	nodes := make([]dot.Node, len(g.Nodes))
	endings := map[string]int{}
	for i, n := range g.Nodes {
		nodes[i] = d.Node(fmt.Sprintf("n%d", i)).Attr("label", stateLabel(i, n, labelled)).
			Attr("tooltip", strings.ReplaceAll(n.String(), `\`, `\\`))
		if n.Ending != "" {
			endings[n.Ending]++
			styleEnding(nodes[i], n.Ending)
		}
	}
	for _, e := range g.Edges {
		edge := d.Edge(nodes[e.From], nodes[e.To])
		if labelled {
			edge.Attr("label", "  "+label(e.Goroutine)+"  \n  "+label(e.Operation)+"  ")
		}
		if g.Nodes[e.To].Depth <= g.Nodes[e.From].Depth {
			edge.Attr("constraint", "false") // it goes back, and does not move the state down
		}
	}
	d.Attr("label", statesLegend(g, endings))
	d.Attr("labelloc", "t")
	d.Attr("fontsize", "12")
	return d.String()
}

// stateLines is how many objects a state's label shows at most.
const stateLines = 3

// stateLabel is a state's number and, in a graph that is small enough, the states
// of its objects, unless they are many: then the tooltip has them.
func stateLabel(i int, n checks.StateNode, small bool) string {
	text := fmt.Sprint(i)
	if !small || len(n.Objects) > stateLines {
		return text
	}
	for _, o := range n.Objects {
		text += "\n" + label(o.Name+": "+o.State)
	}
	return text
}

func styleEnding(n dot.Node, ending string) {
	if ending == "finished" {
		n.Attr("shape", "doublecircle")
		return
	}
	n.Attr("shape", "box").Attr("style", "bold").Attr("color", "red").Attr("fontcolor", "red")
}

// statesLegend says what there is.
func statesLegend(g checks.StateGraph, endings map[string]int) string {
	text := fmt.Sprintf("%d states, %d steps", len(g.Nodes), len(g.Edges))
	for _, ending := range []string{"finished", "deadlocked", "leaked", "panicked", "failed", "misused"} {
		if n := endings[ending]; n > 0 {
			text += fmt.Sprintf("; %d %s", n, ending)
		}
	}
	if !g.Complete {
		text += "; NOT COMPLETE: more states were left out"
	}
	return text
}
