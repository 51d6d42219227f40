package checks_test

import (
	"fmt"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// Two goroutines store into one variable: the race between the stores leads to
// the second execution, and to no more.
func ExampleTree() {
	tree, err := checks.Tree(func(g *sim.G) {
		x := sim.AtomicInt[int]{Name: "x"}
		for _, name := range []string{"one", "two"} {
			g.Go(name, func(g *sim.G) { x.Store(g, 1) })
		}
	}, checks.Options{Strategy: "optimal"}, 10)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, b := range tree.Branches {
		fmt.Printf("execution %d, from step %d: %s\n", i+1, b.From, b.Outcome)
		for _, s := range b.Steps {
			fmt.Printf("  %s: %s\n", s.Goroutine, s.Operation)
		}
		for _, r := range b.Races {
			fmt.Printf("  step %d could come before step %d\n", r.Second, r.First)
		}
	}
	fmt.Println("complete:", tree.Complete)
	// Output:
	// execution 1, from step 0: finished
	//   main: spawn one
	//   main: spawn two
	//   main: end
	//   one: store x
	//   one: end
	//   two: store x
	//   two: end
	//   step 5 could come before step 3
	// execution 2, from step 3: finished
	//   two: store x
	//   two: end
	//   one: store x
	//   one: end
	// complete: true
}
