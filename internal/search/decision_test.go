package search_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// stores has two goroutines store into one variable.
func stores(g *sim.G) {
	x := &sim.AtomicInt[int]{Name: "x"}
	for i := range 2 {
		g.Go(fmt.Sprint("w", i), func(g *sim.G) { x.Store(g, i) })
	}
}

// decisions returns what a search decided, a line each, and how often each kind.
func decisions(t *testing.T, program func(*sim.G), opt search.Options) (string, map[search.DecisionKind]int, search.Result) {
	t.Helper()
	var text strings.Builder
	kinds := map[search.DecisionKind]int{}
	opt.Decided = func(d search.Decision) {
		kinds[d.Kind]++
		fmt.Fprintf(&text, "%d %s %d", d.Execution, d.Kind, d.Step)
		if d.Then >= 0 {
			fmt.Fprintf(&text, "-%d", d.Then)
		}
		for _, s := range []string{d.Goroutine, d.Operation, strings.Join(d.Sequence, ", "), d.Outcome} {
			if s != "" {
				text.WriteString(" " + s)
			}
		}
		text.WriteString("\n")
	}
	r, err := search.Run(program, opt, func(*sim.Execution) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	return text.String(), kinds, r
}

// Every decision of a small search is told, in order.
func TestDecisions(t *testing.T) {
	for strategy, want := range map[search.Strategy]string{search.Optimal: `0 descend 0 main spawn w0
0 descend 1 main spawn w1
0 descend 2 main end
0 descend 3 w0 store x
0 descend 4 w0 end
0 descend 5 w1 store x
0 descend 6 w1 end
0 race 3-5 w1 store x
0 reversal 3-5 w1 store x w1: store x
0 insert 3 w1: store x
0 end 7 finished
0 sleep 3 w0 store x
1 descend 3 w1 store x
1 descend 4 w1 end
1 descend 5 w0 store x
1 descend 6 w0 end
1 race 3-5 w0 store x
1 redundant 3-5 w0 store x
1 end 7 finished
`, search.DFS: `0 descend 0 main spawn w0
0 descend 1 main spawn w1
0 descend 2 main end
0 descend 3 w0 store x
0 descend 4 w0 end
0 descend 5 w1 store x
0 descend 6 w1 end
0 end 7 finished
1 descend 4 w1 store x
`} {
		if got, _, _ := decisions(t, stores, search.Options{Strategy: strategy}); !strings.HasPrefix(got, want) {
			t.Errorf("%s:\n%s\nwant\n%s", strategy, got, want)
		}
	}
}

// Under the optimal strategy every branch that is planned becomes one execution;
// under the others the decisions tell of every execution too.
func TestDecisionsAddUp(t *testing.T) {
	for _, name := range []string{"inc", "lastzero", "phil", "rwunprot", "selectmix"} {
		program := oracleProgram(name, 3)
		if program == nil {
			t.Fatalf("no program %s", name)
		}
		for _, strategy := range []search.Strategy{search.Optimal, search.Source, search.Sleep, search.DFS} {
			_, kinds, r := decisions(t, program, search.Options{Strategy: strategy, ExecutionsMax: 3000})
			if kinds[search.End] != r.Executions || kinds[search.Prune] != r.Blocked {
				t.Errorf("%s, %s: %d ends, %d executions; %d pruned, %d blocked", name, strategy, kinds[search.End], r.Executions,
					kinds[search.Prune], r.Blocked)
			}
			if strategy == search.Optimal && r.Executions != kinds[search.Insert]+1 {
				t.Errorf("%s: %d executions, %d branches", name, r.Executions, kinds[search.Insert])
			}
		}
	}
}

// Strategies tell those kinds of decisions that they make, and no others.
func TestDecisionKinds(t *testing.T) {
	for strategy, want := range map[search.Strategy]string{
		search.Optimal: "descend end insert race redundant reversal sleep",
		search.DFS:     "descend end",
		search.Random:  "descend end",
		search.Bounded: "descend end prune",
	} {
		seen := map[string]bool{}
		o := search.Options{Strategy: strategy, ExecutionsMax: 50, Decided: func(d search.Decision) { seen[string(d.Kind)] = true }}
		if _, err := search.Explore(fresh(programs["inc"], 2), o, idle{}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(slices.Sorted(maps.Keys(seen)), " "); got != want {
			t.Errorf("%s: %s, want %s", strategy, got, want)
		}
	}
}
