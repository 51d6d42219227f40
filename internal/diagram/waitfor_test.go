package diagram_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/internal/diagram"
)

// twoLocks is the wait-for graph of two goroutines that took two locks in
// opposite orders; the first one's name is given.
func twoLocks(name string) checks.WaitGraph {
	return checks.WaitGraph{
		Nodes: []checks.WaitNode{{Name: name, Kind: "goroutine", State: "blocked"}, {Name: "P2", Kind: "goroutine", State: "blocked"},
			{Name: "A", Kind: "mutex", State: "locked"}, {Name: "B", Kind: "mutex", State: "locked"}},
		Edges: []checks.WaitEdge{{From: 0, To: 3, Kind: checks.WaitsFor, Label: "lock", Cycle: true},
			{From: 1, To: 2, Kind: checks.WaitsFor, Label: "lock", Cycle: true},
			{From: 2, To: 0, Kind: checks.HeldBy, Label: "held", Cycle: true},
			{From: 3, To: 1, Kind: checks.HeldBy, Label: "held", Cycle: true}},
		Cycles: [][]int{{0, 3, 1, 2}},
	}
}

// The same graph gives the same text and the same picture every time, with the
// cycle marked and goroutines and resources told apart.
func TestWaitForIsStable(t *testing.T) {
	for _, style := range []diagram.Style{diagram.WaitForStyle, diagram.AllocationStyle} {
		first := diagram.WaitFor(twoLocks("P1"), style)
		for range 20 {
			if again := diagram.WaitFor(twoLocks("P1"), style); again != first {
				t.Fatalf("another text:\n%s\n%s", first, again)
			}
		}
		for _, want := range []string{"ellipse", "box", "red", "bold"} {
			if !strings.Contains(first, want) {
				t.Errorf("no %q in\n%s", want, first)
			}
		}
	}
	var m diagram.SVGMaker
	a, err := m.SVG(diagram.WaitFor(twoLocks("P1"), diagram.WaitForStyle))
	if err != nil {
		t.Fatal(err)
	}
	b, err := m.SVG(diagram.WaitFor(twoLocks("P1"), diagram.WaitForStyle))
	if err != nil || !bytes.Equal(a, b) {
		t.Errorf("two renderings differ: %v", err)
	}
	if !bytes.Contains(a, []byte("waits to lock")) || !bytes.Contains(a, []byte("held by")) {
		t.Errorf("the arrows have no labels:\n%s", a)
	}
}

// What an arrow says is a sentence, whatever is waited for.
func TestArrowsAreSentences(t *testing.T) {
	for asks, want := range map[string]string{"signal": "waits for a signal", "a change": "waits for a change",
		"wait returns": "waits", "receive": "waits to receive", "join": "waits to join"} {
		g := twoLocks("P1")
		g.Edges[0].Label = asks
		if got := diagram.WaitFor(g, diagram.WaitForStyle); !strings.Contains(got, `"`+want+`"`) {
			t.Errorf("%s: no %q in\n%s", asks, want, got)
		}
	}
}

// A hostile name is shown and does no harm.
func TestHostileNames(t *testing.T) {
	for _, name := range []string{"\"];\n}", `back\slash`, "<b>&amp;", strings.Repeat("long ", 40), ""} {
		var m diagram.SVGMaker
		svg, err := m.SVG(diagram.WaitFor(twoLocks(name), diagram.WaitForStyle))
		if err != nil {
			t.Errorf("%q: %v", name, err)
		}
		if n := bytes.Count(svg, []byte(`class="node"`)); n != 4 {
			t.Errorf("%q: %d nodes", name, n)
		}
	}
}

// A state in which nobody waits is a picture that says so, not an empty one.
func TestNothingToDraw(t *testing.T) {
	for _, style := range []diagram.Style{diagram.WaitForStyle, diagram.AllocationStyle} {
		if text := diagram.WaitFor(checks.WaitGraph{}, style); !strings.Contains(text, "nobody waits") {
			t.Errorf("style %d: %s", style, text)
		}
	}
}
