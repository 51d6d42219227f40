package diagram

import (
	"fmt"
	"strings"

	"github.com/emicklei/dot"

	"github.com/interleave-go/interleave/checks"
)

// A Style is which of the two classic drawings a wait-for graph becomes.
type Style uint8

// The styles. Both have the same goroutines, resources and cycle; WaitFor
// draws arrows the way one reads them ("waits for", "held by"), Allocation the
// way of operating system textbooks: a request from the goroutine to the
// resource, an assignment from the resource to its holder, with a dot in the
// resource for every unit that is held.
const (
	WaitForStyle Style = iota
	AllocationStyle
)

// WaitFor returns a wait-for graph in the DOT language. Goroutines are ellipses
// and resources boxes; what is part of a cycle is red and bold, its arrows
// are double, so that a print without colour shows it too. Where there is nothing
// to draw, a line says so. The same graph always gives the same text.
func WaitFor(g checks.WaitGraph, style Style) string {
	d := dot.NewGraph(dot.Directed)
	d.Attr("rankdir", "LR")
	d.Attr("fontname", "Helvetica")
	d.NodeInitializer(func(n dot.Node) { n.Attr("fontname", "Helvetica") })
	d.EdgeInitializer(func(e dot.Edge) { e.Attr("fontname", "Helvetica").Attr("fontsize", "11") })
	cyclic := map[int]bool{}
	for _, cycle := range g.Cycles {
		for _, i := range cycle {
			cyclic[i] = true
		}
	}
	nodes := make([]dot.Node, len(g.Nodes))
	for i, n := range g.Nodes {
		nodes[i] = drawNode(d, fmt.Sprintf("n%d", i), n, style)
		if cyclic[i] {
			nodes[i].Attr("color", "red").Attr("penwidth", "2")
		}
	}
	for _, e := range g.Edges {
		drawEdge(d, nodes, e, style)
	}
	if text := waitLegend(g); text != "" {
		d.Attr("label", text)
		d.Attr("labelloc", "b")
		d.Attr("fontsize", "11")
	}
	return d.String()
}

// waitLegend says what the styles of the graph mean.
func waitLegend(g checks.WaitGraph) string {
	switch {
	case len(g.Nodes) == 0:
		return "At the end of this execution nobody waits, and nobody holds anything."
	case len(g.Cycles) > 0:
		return "The cycle is drawn in bold red with double arrows."
	}
	return ""
}

func drawNode(d *dot.Graph, id string, n checks.WaitNode, style Style) dot.Node {
	node := d.Node(id)
	if n.Goroutine() {
		node.Attr("shape", "ellipse").Attr("label", label(n.Name))
		if n.State == "ended" {
			node.Attr("style", "dashed")
		}
		return node
	}
	text := label(n.Name)
	if n.State != "" {
		text += "\n" + label(n.State)
	}
	node.Attr("shape", "box").Attr("label", text)
	if style == AllocationStyle {
		node.Attr("shape", "box3d")
	}
	return node
}

func drawEdge(d *dot.Graph, nodes []dot.Node, e checks.WaitEdge, style Style) {
	text := label(e.Label)
	if style == WaitForStyle && e.Kind == checks.HeldBy {
		text = "held by"
		if e.Label != "held" {
			text += " (" + label(e.Label) + ")"
		}
	}
	if style == WaitForStyle && e.Kind == checks.WaitsFor {
		text = waiting(e.Label)
	}
	edge := d.Edge(nodes[e.From], nodes[e.To]).Attr("label", text)
	if e.Kind == checks.HeldBy {
		edge.Attr("style", "dashed")
	}
	if e.Cycle {
		edge.Attr("color", "red:red").Attr("fontcolor", "red").Attr("style", "bold")
	}
}

// waiting says what somebody waits for, by what it asks for.
func waiting(asks string) string {
	switch asks {
	case "signal":
		return "waits for a signal"
	case "a change":
		return "waits for a change"
	case "wait", "wait returns", "pass", "once", "select", "select returns":
		return "waits"
	}
	return "waits to " + label(asks)
}

// label makes a name safe to show: no line breaks, control characters or
// overlong text. Quotes and the like are the library's to escape, but for a
// backslash, which DOT would take for an escape of its own.
func label(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		switch {
		case n == labelMax:
			return b.String() + "…"
		case r == '\\':
			b.WriteString(`\\`)
		case r < ' ' || r == 0x7f:
			b.WriteRune(' ')
		default:
			b.WriteRune(r)
		}
		n++
	}
	return b.String()
}

// labelMax is the longest label, in characters.
const labelMax = 60
