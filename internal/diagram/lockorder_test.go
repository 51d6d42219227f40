package diagram_test

import (
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/internal/diagram"
)

func sampleLocks() checks.LockGraph {
	return checks.LockGraph{
		Locks: []string{"A", `B"];` + "\n}", "C"},
		Edges: []checks.LockEdge{
			{From: 0, To: 1, Goroutine: "one"}, {From: 1, To: 0, Goroutine: "two", Gates: []string{"gate"}},
			{From: 1, To: 2, Goroutine: "one", Reading: true}, {From: 2, To: 1, Goroutine: "two"},
		},
		Cycles: []checks.LockCycle{
			{Edges: []int{0, 1}, Verdict: checks.LockConfirmed}, {Edges: []int{2, 3}, Verdict: checks.LockRefuted},
		},
	}
}

// A lock-order graph always gives the same text, cycles stand out by more than
// colour, and no name can break out of its label.
func TestLockOrderIsDrawn(t *testing.T) {
	t.Parallel()
	text := diagram.LockOrder(sampleLocks())
	for range 20 {
		if again := diagram.LockOrder(sampleLocks()); again != text {
			t.Fatalf("another text:\n%s\n%s", text, again)
		}
	}
	for want, n := range map[string]int{`color="red:red"`: 2, `style="bold"`: 2, `style="dotted"`: 2,
		"holding gate": 1, "one, to read": 1, "Bold red: a cycle": 1, "Dotted: a cycle that": 1} {
		if got := strings.Count(text, want); got != n {
			t.Errorf("%q occurs %d times, want %d, in\n%s", want, got, n, text)
		}
	}
	var m diagram.SVGMaker
	if _, err := m.SVG(text); err != nil {
		t.Errorf("not drawn: %v\n%s", err, text)
	}
}
