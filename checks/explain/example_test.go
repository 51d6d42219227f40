package explain_test

import (
	"fmt"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// Two goroutines increment a counter, each with a load and a store.
func increments(g *sim.G) {
	counter := sim.AtomicInt[int]{Name: "counter"}
	for _, name := range []string{"A", "B"} {
		g.Go(name, func(g *sim.G) { counter.Store(g, counter.Load(g)+1) })
	}
}

func Example() {
	report, err := checks.Explore(increments, checks.Options{Strategy: "dfs"})
	if err != nil {
		fmt.Println(err)
		return
	}
	e, err := checks.Explain(increments, report.Findings[0], checks.ExplainOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.Kind, e.Objects, "with", e.Shrunk.Preemptions, "preemption, proved:", e.Shrunk.Proved)
	for _, c := range e.Cause.Conditions {
		fmt.Println("-", c)
	}
	fmt.Println("exact:", e.Cause.Exact)
	// Output:
	// lost-update [counter] with 1 preemption, proved: true
	// - load counter by A comes before store counter by B
	// - load counter by B comes before store counter by A
	// exact: true
}
