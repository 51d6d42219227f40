package checks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// graphs returns the wait-for graphs of a program's executions that end as
// wanted, each different one once, as text.
func graphs(t *testing.T, program func(*sim.G), outcome sim.Outcome) []string {
	t.Helper()
	var out []string
	_, err := search.Run(program, search.Options{Strategy: search.DFS, StepsMax: 50, ExecutionsMax: 5000}, func(x *sim.Execution) bool {
		if x.Outcome == outcome {
			out = append(out, inText(checks.WaitFor(x)))
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// inText writes a graph a line per node, edge and cycle.
func inText(w checks.WaitGraph) string {
	var b strings.Builder
	for _, n := range w.Nodes {
		fmt.Fprintf(&b, "%s %s (%s)", n.Kind, n.Name, n.State)
		if n.Reason != "" {
			fmt.Fprintf(&b, " %s", n.Reason)
		}
		b.WriteString("\n")
	}
	for _, e := range w.Edges {
		fmt.Fprintf(&b, "%s %s %s [%s]", w.Nodes[e.From].Name, e.Kind, w.Nodes[e.To].Name, e.Label)
		if e.Cycle {
			b.WriteString(" in a cycle")
		}
		b.WriteString("\n")
	}
	for _, c := range w.Cycles {
		names := make([]string, len(c))
		for i, n := range c {
			names[i] = w.Nodes[n].Name
		}
		fmt.Fprintf(&b, "cycle: %s\n", strings.Join(names, " > "))
	}
	return b.String()
}

// The graph of two philosophers who wait for each other holds both forks, and
// main beside the cycle.
func TestWaitForOfPhilosophers(t *testing.T) {
	t.Parallel()
	const want = `goroutine main (blocked) main waits for philosopher 1 to end
goroutine philosopher 1 (blocked)
goroutine philosopher 2 (blocked)
mutex fork 2 (locked)
mutex fork 1 (locked)
main waits for philosopher 1 [join]
philosopher 1 waits for fork 2 [lock] in a cycle
philosopher 2 waits for fork 1 [lock] in a cycle
fork 2 held by philosopher 2 [held] in a cycle
fork 1 held by philosopher 1 [held] in a cycle
cycle: philosopher 1 > fork 2 > philosopher 2 > fork 1
`
	if got := graphs(t, table(2), sim.Deadlocked); !slices.Contains(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

// Readers, units and joined goroutines are told by name, though an object's
// state only counts them.
func TestWaitForNamesHolders(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		program func(*sim.G)
		want    []string
	}{
		{"readers", func(g *sim.G) {
			rw := sim.RWMutex{Name: "rw"}
			rw.RLock(g)
			g.Go("writer", func(g *sim.G) { rw.Lock(g) })
			rw.RLock(g)
			rw.RLock(g)
		}, []string{
			"rwmutex rw (a writer waits for 1 reader)",
			"main waits for rw [read] in a cycle",
			"rw held by main [reading] in a cycle",
			"cycle: main > rw > writer > rw",
		}},
		{"units", func(g *sim.G) {
			s := sim.Semaphore{Name: "s", N: 3, Fair: true}
			s.Acquire(g, 1)
			g.Go("greedy", func(g *sim.G) { s.Acquire(g, 2); s.Acquire(g, 1) }).Join(g)
		}, []string{
			"semaphore s (3 of 3 taken)",
			"s held by main [1 unit] in a cycle",
			"s held by greedy [2 units]",
			"cycle: main > greedy > s",
		}},
		{"an owner that has ended", func(g *sim.G) {
			mu := sim.Mutex{Name: "mu"}
			g.Go("owner", func(g *sim.G) { mu.Lock(g) }).Join(g)
			mu.Lock(g)
		}, []string{"goroutine owner (ended)", "mu held by owner [held]", "main waits for mu: held by owner, which has ended"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := strings.Join(graphs(t, c.program, sim.Deadlocked), "\n")
			for _, line := range c.want {
				if !strings.Contains(got, line) {
					t.Errorf("no line %q in\n%s", line, got)
				}
			}
		})
	}
}

// Where nobody waits the graph still shows who holds what, without a cycle.
func TestWaitForOfARunningState(t *testing.T) {
	t.Parallel()
	got := graphs(t, func(g *sim.G) {
		mu := sim.Mutex{Name: "mu"}
		mu.Lock(g)
		for {
			g.Choose(1)
		}
	}, sim.OverSteps)
	const want = "goroutine main (ready)\nmutex mu (locked)\nmu held by main [held]\n"
	if len(got) != 1 || got[0] != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
