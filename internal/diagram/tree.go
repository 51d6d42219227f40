package diagram

import (
	"fmt"
	"strings"

	"github.com/emicklei/dot"

	"github.com/interleave-go/interleave/checks"
)

// Tree returns an exploration in the DOT language: a column for each execution,
// below the step at which it leaves the one before, and its ending at the foot.
// Findings are red boxes, endings without one have two lines, and what was cut as
// redundant is grey. A race that led to a branch is a dashed red arrow, from the
// later step to the one that it is to come before.
func Tree(t checks.SearchTree) string {
	d := dot.NewGraph(dot.Directed)
	d.Attr("fontname", "Helvetica")
	d.Attr("fontsize", "12")
	d.Attr("nodesep", "0.2")
	d.Attr("ranksep", "0.25")
	d.Attr("label", treeLegend(t))
	d.Attr("labelloc", "t")
	d.NodeInitializer(func(n dot.Node) {
		n.Attr("fontname", "Helvetica").Attr("fontsize", "10").Attr("shape", "box").Attr("style", "rounded").
			Attr("height", "0.3").Attr("margin", "0.13,0.03")
	})
	d.EdgeInitializer(func(e dot.Edge) { e.Attr("arrowsize", "0.6") })
	path := []dot.Node{d.Node("start").Attr("label", "start")} // of the present execution, the start first
	for i, b := range t.Branches {
		column := fmt.Sprintf("execution %d", i+1)
		path = path[:b.From+1]
		add := func(id, label string) dot.Node {
			n := d.Node(id).Attr("label", label).Attr("group", column)
			d.Edge(path[len(path)-1], n)
			path = append(path, n)
			return n
		}
		for k, s := range b.Steps {
			add(fmt.Sprintf("e%d.%d", i, b.From+k), label(s.Goroutine)+"\n"+label(s.Operation))
		}
		styleBranchEnd(add(fmt.Sprintf("e%d", i), fmt.Sprintf("%d: %s", i+1, branchEnding(b))), b)
		for _, r := range b.Races {
			d.Edge(path[r.Second+1], path[r.First+1]).Attr("style", "dashed").Attr("color", "red").Attr("constraint", "false")
		}
	}
	return d.String()
}

// branchEnding says how an execution ended.
func branchEnding(b checks.Branch) string {
	if b.Outcome == cut {
		return "redundant"
	}
	if len(b.Findings) == 0 {
		return b.Outcome
	}
	var kinds []string
	for _, k := range b.Findings {
		kinds = append(kinds, string(k))
	}
	return strings.Join(kinds, ", ")
}

// cut is the outcome of an execution that was redundant.
const cut = "pruned"

func styleBranchEnd(n dot.Node, b checks.Branch) {
	switch {
	case b.Outcome == cut:
		n.Attr("style", "dashed").Attr("color", "gray50").Attr("fontcolor", "gray30")
	case len(b.Findings) > 0:
		n.Attr("style", "bold").Attr("color", "red").Attr("fontcolor", "red")
	default:
		n.Attr("style", "solid").Attr("peripheries", "2").Attr("color", "darkgreen").Attr("fontcolor", "darkgreen")
	}
}

func treeLegend(t checks.SearchTree) string {
	redundant, failing := 0, 0
	for _, b := range t.Branches {
		switch {
		case b.Outcome == cut:
			redundant++
		case len(b.Findings) > 0:
			failing++
		}
	}
	text := fmt.Sprintf("%d executions, %d with a finding", len(t.Branches)-redundant, failing)
	if redundant > 0 {
		text += fmt.Sprintf("; %d cut as redundant", redundant)
	}
	if !t.Complete {
		text += "; NOT COMPLETE: more executions were left out"
	}
	return text
}
