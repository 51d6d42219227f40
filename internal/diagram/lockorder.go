package diagram

import (
	"fmt"
	"strings"

	"github.com/emicklei/dot"

	"github.com/interleave-go/interleave/checks"
)

// LockOrder returns a lock-order graph in the DOT language: an arrow from A to
// B says that somebody asked for B while holding A. The arrows of cycles that
// deadlock are red, bold and double; those of cycles that are not decided are
// bold, and those of refuted ones dotted, so that a print without colour shows
// it too. The same graph always gives the same text.
func LockOrder(g checks.LockGraph) string {
	d := dot.NewGraph(dot.Directed)
	d.Attr("rankdir", "LR")
	d.Attr("fontname", "Helvetica")
	d.NodeInitializer(func(n dot.Node) { n.Attr("fontname", "Helvetica").Attr("shape", "box") })
	d.EdgeInitializer(func(e dot.Edge) { e.Attr("fontname", "Helvetica").Attr("fontsize", "11") })
	nodes := make([]dot.Node, len(g.Locks))
	for i, name := range g.Locks {
		nodes[i] = d.Node(fmt.Sprintf("n%d", i)).Attr("label", label(name))
	}
	verdicts := edgeVerdicts(g)
	for i, e := range g.Edges {
		styleLockEdge(d.Edge(nodes[e.From], nodes[e.To]).Attr("label", lockEdgeLabel(e)), verdicts[i])
	}
	if text := lockLegend(g); text != "" {
		d.Attr("label", text)
		d.Attr("labelloc", "b")
		d.Attr("fontsize", "11")
	}
	return d.String()
}

// edgeVerdicts gives every edge the gravest verdict of its cycles.
func edgeVerdicts(g checks.LockGraph) []checks.LockVerdict {
	grave := map[checks.LockVerdict]int{checks.LockRefuted: 1, checks.LockOpen: 2, checks.LockConfirmed: 3}
	out := make([]checks.LockVerdict, len(g.Edges))
	for _, c := range g.Cycles {
		for _, i := range c.Edges {
			if grave[c.Verdict] > grave[out[i]] {
				out[i] = c.Verdict
			}
		}
	}
	return out
}

func styleLockEdge(e dot.Edge, v checks.LockVerdict) {
	switch v {
	case checks.LockConfirmed:
		e.Attr("color", "red:red").Attr("fontcolor", "red").Attr("style", "bold")
	case checks.LockOpen:
		e.Attr("style", "bold")
	case checks.LockRefuted:
		e.Attr("style", "dotted")
	}
}

func lockEdgeLabel(e checks.LockEdge) string {
	text := label(e.Goroutine)
	if e.Reading {
		text += ", to read"
	}
	if len(e.Gates) > 0 {
		text += "\nholding " + label(strings.Join(e.Gates, ", "))
	}
	return text
}

// lockLegend says what the styles of the graph mean.
func lockLegend(g checks.LockGraph) string {
	if len(g.Edges) == 0 {
		return "Nobody asks for a lock while it holds another one."
	}
	present := map[checks.LockVerdict]bool{}
	for _, c := range g.Cycles {
		present[c.Verdict] = true
	}
	var lines []string
	for _, l := range []struct {
		verdict checks.LockVerdict
		text    string
	}{
		{checks.LockConfirmed, "Bold red: a cycle\nthat deadlocks."},
		{checks.LockOpen, "Bold: a cycle of which\nthat is not known."},
		{checks.LockRefuted, "Dotted: a cycle that\ncannot deadlock."},
	} {
		if present[l.verdict] {
			lines = append(lines, l.text)
		}
	}
	return strings.Join(lines, "\n")
}
