package checks_test

import (
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// Two goroutines increment a counter, each in two steps.
func ExampleExplore() {
	increment := func(g *sim.G) {
		counter := sim.AtomicInt[int]{Name: "counter"}
		add := func(g *sim.G) { counter.Store(g, counter.Load(g)+1) }
		a, b := g.Go("A", add), g.Go("B", add)
		a.Join(g)
		b.Join(g)
	}
	report, err := checks.Explore(increment, checks.Options{Strategy: "dfs"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range report.Findings {
		fmt.Println(f.Kind)
		fmt.Println(f.Summary)
	}
	// Output:
	// lost-update
	// A reads counter = 0 at step 2; B writes 1 at step 4; A, which has not seen that, overwrites it with 1 at step 6: the update of B is lost
}

// With one step for each increment, every interleaving is seen and nothing is
// found.
func ExampleExplore_complete() {
	increment := func(g *sim.G) {
		counter := sim.AtomicInt[int]{Name: "counter"}
		add := func(g *sim.G) { counter.Add(g, 1) }
		a, b := g.Go("A", add), g.Go("B", add)
		a.Join(g)
		b.Join(g)
		g.Assert(counter.Load(g) == 2, "an increment is lost")
	}
	report, err := checks.Explore(increment, checks.Options{Strategy: "dfs", KeepGoing: true})
	fmt.Println(report.Complete, report.Executions, len(report.Findings), err)
	// Output:
	// true 19 0 <nil>
}

// A token runs the execution of a finding again.
func ExampleReplay() {
	forgetful := func(g *sim.G) {
		mu := sim.Mutex{Name: "mu"}
		g.Go("worker", func(g *sim.G) { mu.Lock(g) }).Join(g)
		mu.Lock(g)
	}
	report, err := checks.Explore(forgetful, checks.Options{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	findings, err := checks.ReplayToken(forgetful, report.Findings[0].Token, checks.Options{}, func(x *sim.Execution) {
		fmt.Println(x.Steps(), "steps,", x.Outcome)
	})
	fmt.Println(findings[0].Summary, err)
	// Output:
	// 4 steps, deadlocked
	// main waits for mu: held by worker, which has ended <nil>
}

// Who waits for whom can be asked of any execution, here of one that a replay
// shows.
func ExampleWaitFor() {
	program := func(g *sim.G) {
		mu := sim.Mutex{Name: "mu"}
		mu.Lock(g)
		mu.Lock(g)
	}
	report, err := checks.Explore(program, checks.Options{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = checks.ReplayToken(program, report.Findings[0].Token, checks.Options{}, func(x *sim.Execution) {
		graph := checks.WaitFor(x)
		for _, e := range graph.Edges {
			fmt.Println(graph.Nodes[e.From].Name, e.Kind, graph.Nodes[e.To].Name)
		}
	})
	fmt.Println(err)
	// Output:
	// main waits for mu
	// mu held by main
	// <nil>
}

// The default judges but one.
func ExampleJudges() {
	judges := slices.DeleteFunc(checks.Judges(), func(j checks.Judge) bool { return j.Name() == "data-race" })
	opt := checks.Options{Judges: judges}
	report, err := checks.Explore(increments, opt)
	fmt.Println(report.Judges, err)
	// Output: [ending lost-update waitgroup ownership livelock] <nil>
}
