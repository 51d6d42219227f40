package linear_test

import (
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/linear"
)

// BenchmarkJudge explores a stack without the judge and with it.
func BenchmarkJudge(b *testing.B) {
	pop, push := op{Do: linear.Pop}, op{Do: linear.Push, Value: 1}
	program := linear.Program(linear.Plan[op]{Before: []op{push}, Goroutines: [][]op{{pop, push}, {push, pop}}}, "stack", newTreiber(false))
	for name, judges := range map[string]func() []checks.Judge{
		"off": func() []checks.Judge { return []checks.Judge{} },
		"on": func() []checks.Judge {
			return []checks.Judge{linear.NewJudge(linear.Stack[int](), linear.Options{})}
		},
	} {
		b.Run(name, func(b *testing.B) {
			executions := 0
			for b.Loop() {
				r, err := checks.Explore(program, checks.Options{Strategy: "random", ExecutionsMax: 2000, Judges: judges()})
				if err != nil {
					b.Fatal(err)
				}
				executions += r.Executions
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(executions), "ns/execution")
		})
	}
}
