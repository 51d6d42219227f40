package checks_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// A state has what each goroutine has got and is about to do, and the objects:
// here of two goroutines who swap a number, one by compare and swap.
func ExampleStates() {
	graph, err := checks.States(func(g *sim.G) {
		x := sim.AtomicInt[int]{Name: "x"}
		m := sim.Mutex{Name: "m"}
		g.Go("adder", func(g *sim.G) { x.Add(g, 2) })
		g.Go("swapper", func(g *sim.G) {
			m.Lock(g)
			x.CompareAndSwap(g, 0, 1)
		})
	}, checks.Options{}, 100)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(graph.Nodes[0])
	fmt.Println(graph.Nodes[len(graph.Nodes)-1])
	// Output:
	// depth 0
	// x: 0
	// m: free
	// main: ended
	// adder: next: modify x
	// swapper: next: lock m
	// depth 3, finished
	// x: 3
	// m: locked
	// main: ended
	// adder: modify x from 1 to 3; ended
	// swapper: lock m, compare-and-swap x = 1; ended
}

// What a state says tells it from all others of its program.
func TestStatesDiffer(t *testing.T) {
	t.Parallel()
	for name, program := range map[string]func(*sim.G){"counters": counters(3), "forks": forks(3), "channel": func(g *sim.G) {
		c := sim.NewChan[int](1)
		for i := range 2 {
			g.Go("", func(g *sim.G) { c.Send(g, i) })
			g.Go("", func(g *sim.G) { sim.Select(g, c.OnReceive(nil, nil), sim.Default()) })
		}
	}} {
		g, err := checks.States(program, checks.Options{}, 5000)
		if err != nil || !g.Complete {
			t.Fatal(g.Complete, err)
		}
		seen := map[string]int{}
		for i, n := range g.Nodes {
			text := n.String()
			_, text, _ = strings.Cut(text, "\n") // without the depth
			if before, again := seen[text]; again {
				t.Errorf("%s: states %d and %d say the same:\n%s", name, before, i, text)
			}
			seen[text] = i
		}
	}
}
