package diagram_test

import (
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/internal/diagram"
)

// A drawing of an exploration has a foot for every execution: red where there is
// a finding, grey where it was cut; and an arrow for every race that led to
// another one. Twenty drawings are the same text.
func TestTree(t *testing.T) {
	for strategy, races := range map[string]int{"optimal": 2, "source": 2, "sleep": 0, "dfs": 0} {
		r, err := checks.Explore(opposite, checks.Options{Strategy: strategy, KeepGoing: true})
		if err != nil {
			t.Fatal(err)
		}
		first := ""
		for range 20 {
			tree, err := checks.Tree(opposite, checks.Options{Strategy: strategy}, 100)
			if err != nil {
				t.Fatal(err)
			}
			text := diagram.Tree(tree)
			if first == "" {
				first = text
			}
			if text != first {
				t.Fatalf("%s: another drawing:\n%s\nnot\n%s", strategy, text, first)
			}
		}
		count := func(text string) int { return strings.Count(first, text) }
		redundant, failing := count(`fontcolor="gray30"`), count(`style="bold"`)
		if ended := count(`peripheries="2"`) + failing; ended != r.Executions || redundant != r.Blocked || failing != r.Failing ||
			failing == 0 || count(`style="dashed"`)-redundant != races {
			t.Errorf("%s: %d executions, %d redundant, %d failing, want %d, %d, %d, and %d races in\n%s", strategy, ended, redundant,
				failing, r.Executions, r.Blocked, r.Failing, races, first)
		}
	}
	tree, err := checks.Tree(opposite, checks.Options{Strategy: "dfs"}, 5)
	if err != nil || tree.Complete || len(tree.Branches) != 5 || !strings.Contains(diagram.Tree(tree), "NOT COMPLETE") {
		t.Errorf("complete %v, %d executions, %v\n%s", tree.Complete, len(tree.Branches), err, diagram.Tree(tree))
	}
}
