package linear_test

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/linear"
	"github.com/interleave-go/interleave/sim"
)

// A stack of one word: pop looks at it, then changes it.
func ExampleCheck() {
	type (
		op     = linear.Op[int]
		result = linear.Result[int]
	)
	object := func(*sim.G) linear.Object[op, result] {
		items := sim.Atomic[string]{Name: "items"}
		return func(g *sim.G, o op) result {
			now := items.Load(g)
			switch {
			case o.Do == linear.Push:
				items.Store(g, now+fmt.Sprint(o.Value))
				return result{}
			case now == "":
				return result{}
			}
			last := len(now) - 1
			items.Store(g, now[:last])
			return result{Value: int(now[last] - '0'), OK: true}
		}
	}
	trial, err := linear.Check(linear.Stack[int](), object, linear.CheckOptions{
		Judges: func() []checks.Judge { return nil }, // the model alone
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(trial.Plan)
	fmt.Println(trial.Finding.Summary)
	// Output:
	// before: push(1)
	// A:      pop()
	// B:      pop()
	// stack is not linearizable: pop() = 1 by B has no place in any order of the operations, but pop() = nothing would have. The history: main push(1) at steps 0–3; A pop() = 1 at steps 6–14; B pop() = 1 at steps 8–11
}

// A program of one's own records its operations; a judge with a model looks at
// every execution. The writer changes one variable, the reader looks at another.
func ExampleNewJudge() {
	program := func(g *sim.G) {
		var fresh, stale sim.AtomicInt[int]
		register := sim.History{Name: "register"}
		writer := g.Go("writer", func(g *sim.G) {
			register.Call(g, linear.Op[int]{Do: linear.Write, Value: 1})
			fresh.Store(g, 1)
			register.Return(g, linear.Result[int]{})
		})
		register.Call(g, linear.Op[int]{Do: linear.Read})
		v := stale.Load(g)
		register.Return(g, linear.Result[int]{Value: v})
		writer.Join(g)
	}
	judge := linear.NewJudge(linear.Register[int](), linear.Options{})
	report, err := checks.Explore(program, checks.Options{Strategy: "optimal", KeepGoing: true,
		Judges: append(checks.Judges(), judge)})
	fmt.Println(report.Executions, "executions,", err)
	for _, f := range report.Findings {
		fmt.Println(f.Kind)
		fmt.Println(f.Summary)
	}
	// Output:
	// 3 executions, <nil>
	// linearizability
	// register is not linearizable: read() = 0 by main has no place in any order of the operations, but read() = 1 would have. The history: writer write(1) at steps 1–3; main read() = 0 at steps 5–7
}

// A model of one's own: a counter that may be behind by one.
func ExampleModel() {
	sloppy := linear.Model[int, string, int]{
		Name: "sloppy counter",
		Step: func(n int, in string) []linear.Outcome[int, int] {
			if in == "inc" {
				return []linear.Outcome[int, int]{{State: n + 1}}
			}
			return []linear.Outcome[int, int]{{State: n, Output: n}, {State: n, Output: n - 1}}
		},
	}
	program := func(g *sim.G) {
		h := sim.History{Name: "counter"}
		for range 2 {
			sim.Record(g, &h, "inc", func() int { return 0 })
			sim.Record(g, &h, "get", func() int { return 0 })
		}
	}
	report, err := checks.Explore(program, checks.Options{Strategy: "optimal",
		Judges: []checks.Judge{linear.NewJudge(sloppy, linear.Options{})}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Findings[0].Summary)
	// Output:
	// counter is not linearizable: get = 0 by main has no place in any order of the operations, but get = 2 or get = 1 would have. The history: main inc = 0 at steps 0–1; main get = 0 at steps 2–3; main inc = 0 at steps 4–5; main get = 0 at steps 6–7
}

// The page is written where the execution is at hand.
func ExampleJudge_WriteHTML() {
	trial, err := linear.Check(linear.Stack[int](), pileOf(false), linear.CheckOptions{Judges: onlyModel})
	if err != nil || !trial.Failed {
		fmt.Println("nothing to draw:", err)
		return
	}
	judge := linear.NewJudge(linear.Stack[int](), linear.Options{})
	var page bytes.Buffer
	var drawn error
	_, err = checks.ReplayToken(trial.Program, trial.Finding.Token, checks.Options{Judges: []checks.Judge{judge}},
		func(x *sim.Execution) { drawn = judge.WriteHTML(&page, x) })
	fmt.Println(strings.HasPrefix(page.String(), "<!doctype html>"), err, drawn)
	// Output:
	// true <nil> <nil>
}
