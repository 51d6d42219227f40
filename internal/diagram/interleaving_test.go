package diagram_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/interleave-go/interleave/checks/explain"
	"github.com/interleave-go/interleave/internal/diagram"
)

// A table has a column for each goroutine, folds what does not matter, and
// shows what waits at the end as one row.
func ExampleInterleaving() {
	fmt.Print(diagram.Interleaving(explain.Table{
		Columns: []string{"main", "P1", "P2"},
		Rows: []explain.Row{
			{Step: 0, Column: 0, Text: "spawn P1"}, {Step: 1, Column: 0, Text: "spawn P2"},
			{Step: 2, Column: 1, Text: "lock A", Matters: true},
			{Step: 3, Column: 2, Text: "lock B", Matters: true, Critical: true},
			{Step: -1, Column: 1, Text: "waits: lock B"}, {Step: -1, Column: 2, Text: "waits: lock A"},
		},
	}, 80))
	// Output:
	// step main           P1             P2
	// ─────────────────────────────────────────────────
	//    0… 2 steps that do not matter here
	//    2                lock A
	//   3*                               lock B
	//  end                waits: lock B  waits: lock A
	// * the point of no return: after it this cannot be avoided any more
}

// A livelock has no end: its lap is said to repeat.
func TestInterleavingRepeats(t *testing.T) {
	got := diagram.Interleaving(explain.Table{Columns: []string{"P"}, Lap: 2, Rows: []explain.Row{
		{Step: 0, Text: "lock A", Matters: true}, {Step: 1, Text: "try-lock B", Matters: true}, {Step: 2, Text: "unlock A", Matters: true},
		{Step: -1, Text: "waits: lock C"},
	}}, 80)
	if !strings.HasSuffix(got, "and so on: steps 1 to 2 again and again\n") || strings.Contains(got, "waits") {
		t.Errorf("got\n%s", got)
	}
}

// However many goroutines there are, no line is wider than asked for.
func TestInterleavingFits(t *testing.T) {
	for n := range 40 {
		table := explain.Table{}
		for g := range n + 1 {
			table.Columns = append(table.Columns, fmt.Sprintf("philosopher %d", g))
			table.Rows = append(table.Rows, explain.Row{Step: g, Column: g, Matters: true, Text: "lock a fork with_an_overlong_name"})
		}
		for line := range strings.Lines(diagram.Interleaving(table, 80)) {
			if utf8.RuneCountInString(strings.TrimSuffix(line, "\n")) > 80 {
				t.Fatalf("%d goroutines: too wide: %q", n+1, line)
			}
		}
	}
}
