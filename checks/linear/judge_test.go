package linear_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/linear"
	"github.com/interleave-go/interleave/sim"
)

type (
	op     = linear.Op[int]
	result = linear.Result[int]
)

// explore runs all of a program with a judge beside the default ones, and goes
// on after findings.
func explore(t *testing.T, program func(*sim.G), j *linear.Judge) checks.Report {
	t.Helper()
	r, err := checks.Explore(program, checks.Options{Strategy: "optimal", KeepGoing: true,
		Judges: append(checks.Judges(), j)})
	if err != nil || !r.Complete {
		t.Fatalf("complete %t, %v", r.Complete, err)
	}
	return r
}

func kinds(r checks.Report) []checks.Kind {
	var out []checks.Kind
	for _, f := range r.Findings {
		if !slices.Contains(out, f.Kind) {
			out = append(out, f.Kind)
		}
	}
	return out
}

// stale is a register whose write goes to a and whose read comes from b: no two
// of their events concern one object.
func stale(recorded bool) func(*sim.G) {
	return func(g *sim.G) {
		a, b := sim.AtomicInt[int]{Name: "a"}, sim.AtomicInt[int]{Name: "b"}
		h := sim.History{Name: "register"}
		do := func(g *sim.G, o op, f func() result) {
			if recorded {
				sim.Record(g, &h, o, f)
				return
			}
			f()
		}
		w := g.Go("W", func(g *sim.G) {
			do(g, op{Do: linear.Write, Value: 1}, func() result { a.Store(g, 1); return result{} })
		})
		r := g.Go("R", func(g *sim.G) {
			do(g, op{Do: linear.Read}, func() result { return result{Value: b.Load(g)} })
		})
		w.Join(g)
		r.Join(g)
	}
}

// That the order of a return and a call matters makes the judge see what no
// other event tells: without a history there is one trace, and with it those in
// which the write returns before the read is called.
func TestRealTimeOrderIsExplored(t *testing.T) {
	bare := explore(t, stale(false), linear.NewJudge(linear.Register[int](), linear.Options{}))
	if bare.Executions != 1 || len(bare.Findings) > 0 {
		t.Errorf("without a history: %d executions, %v; want one", bare.Executions, bare.Findings)
	}
	r := explore(t, stale(true), linear.NewJudge(linear.Register[int](), linear.Options{}))
	// Before, after, or at the same time.
	if r.Executions != 3 || !slices.Equal(kinds(r), []checks.Kind{checks.Linearizability}) {
		t.Errorf("with a history: %d executions, %v", r.Executions, r.Findings)
	}
	f := r.Findings[0]
	want := "register is not linearizable: read() = 0 by R has no place in any order of the operations, " +
		"but read() = 1 would have. The history: W write(1) at steps 2–4; R read() = 0 at steps "
	if !strings.HasPrefix(f.Summary, want) {
		t.Errorf("the summary is\n%s", f.Summary)
	}
	found, err := checks.ReplayToken(stale(true), f.Token, checks.Options{Judges: []checks.Judge{
		linear.NewJudge(linear.Register[int](), linear.Options{})}}, func(*sim.Execution) {})
	if err != nil || len(found) != 1 || found[0].Kind != checks.Linearizability {
		t.Errorf("the replay finds %v, %v", found, err)
	}
}

// What is not linearizable can be sequentially consistent: the stale read may
// come before the write, for all that the two goroutines know.
func TestCriteria(t *testing.T) {
	for criterion, want := range map[linear.Criterion]int{linear.Linearizable: 1,
		linear.SequentiallyConsistent: 0, linear.Serializable: 0} {
		r := explore(t, stale(true), linear.NewJudge(linear.Register[int](), linear.Options{Criterion: criterion}))
		if len(r.Findings) != want {
			t.Errorf("%v: %v", criterion, r.Findings)
		}
	}
}

// two uses two objects: a stack that loses what is pushed, and a register.
func two(g *sim.G) {
	stack, register := sim.History{Name: "stack"}, sim.History{Name: "register"}
	sim.Record(g, &stack, op{Do: linear.Push, Value: 1}, func() result { return result{} })
	sim.Record(g, &register, op{Do: linear.Read}, func() result { return result{} })
	sim.Record(g, &stack, op{Do: linear.Pop}, func() result { return result{} })
}

// A judge looks at the object that it is for, and leaves others to theirs.
func TestJudgeOfOneObject(t *testing.T) {
	stack := linear.NewJudge(linear.Stack[int](), linear.Options{Object: "stack"})
	register := linear.NewJudge(linear.Register[int](), linear.Options{Object: "register"})
	r, err := checks.Explore(two, checks.Options{Strategy: "dfs", KeepGoing: true, Judges: []checks.Judge{stack, register}})
	if err != nil || len(r.Findings) != 1 || !slices.Equal(r.Findings[0].Objects, []string{"stack"}) {
		t.Errorf("%v, %v", r.Findings, err)
	}
	want := "stack is not linearizable: pop() = nothing by main has no place in any order of the operations, " +
		"but pop() = 1 would have. The history: main push(1) at steps 0–1; main pop() = nothing at steps 4–5"
	if r.Findings[0].Summary != want {
		t.Errorf("got  %s\nwant %s", r.Findings[0].Summary, want)
	}
	// Each finding is judged once more to tell it in full.
	if stack.Tally() != (linear.Tally{Judged: 2, Distinct: 1}) || register.Tally() != stack.Tally() {
		t.Errorf("%+v, %+v", stack.Tally(), register.Tally())
	}
}

// A history that takes more steps of the model than allowed is counted, and
// nothing is said of it.
func TestUndecided(t *testing.T) {
	j := linear.NewJudge(linear.Stack[int](), linear.Options{Object: "stack", StepsMax: 1})
	r, err := checks.Explore(two, checks.Options{Strategy: "dfs", Judges: []checks.Judge{j}})
	if err != nil || len(r.Findings) > 0 || j.Tally().Undecided != 1 {
		t.Errorf("%v, %v, %+v", r.Findings, err, j.Tally())
	}
}

// An operation that does not fit the model is a mistake of the program, and
// says which.
func TestWrongOperation(t *testing.T) {
	defer func() {
		if got := fmt.Sprint(recover()); !strings.Contains(got, `the model "map" wants an input of type linear.MapOp`) {
			t.Errorf("got %s", got)
		}
	}()
	_, _ = checks.Explore(two, checks.Options{Judges: []checks.Judge{linear.NewJudge(linear.Map[int, int](), linear.Options{})}})
}

// Values that Go cannot compare are told apart all the same.
func TestValuesWithoutComparison(t *testing.T) {
	sum := linear.Model[int, []int, []int]{Name: "sums", Step: func(s int, in []int) []linear.Outcome[int, []int] {
		var out []int
		for _, v := range in {
			s += v
			out = append(out, s)
		}
		return []linear.Outcome[int, []int]{{State: s, Output: out}}
	}}
	for want, second := range map[int][]int{0: {4, 7}, 1: {4, 6}} {
		program := func(g *sim.G) {
			h := sim.History{Name: "sums"}
			sim.Record(g, &h, []int{1, 2}, func() []int { return []int{1, 3} })
			sim.Record(g, &h, []int{1, 3}, func() []int { return second })
		}
		j := linear.NewJudge(sum, linear.Options{})
		if r := explore(t, program, j); len(r.Findings) != want {
			t.Errorf("%v: %v", second, r.Findings)
		}
	}
}

// take never returns from a queue that holds an item: either it fails, which may
// happen to anybody, or it waits for ever.
func take(g *sim.G) {
	h := sim.History{Name: "queue"}
	sim.Record(g, &h, op{Do: linear.Enqueue, Value: 1}, func() result { return result{} })
	h.Call(g, op{Do: linear.Take})
	g.Assert(g.Choose(2) == 1, "something else is wrong")
	sim.NewChan[int](0).Receive(g)
}

// One history can be in order where an execution was cut, and not where nothing
// can run any more; without real time, waiting is not judged.
func TestWaitingForEver(t *testing.T) {
	for criterion, want := range map[linear.Criterion]int{linear.Linearizable: 1, linear.SequentiallyConsistent: 0} {
		j := linear.NewJudge(linear.Queue[int](0), linear.Options{Criterion: criterion})
		r, err := checks.Explore(take, checks.Options{Strategy: "dfs", KeepGoing: true, Judges: []checks.Judge{j}})
		if err != nil || r.Executions != 2 || r.Outcomes[string(checks.Linearizability)] != want {
			t.Errorf("%v: %v, %v", criterion, r.Outcomes, err)
		}
	}
}

// handed has a write by main and a read, which finds nothing, by main or by
// another goroutine.
func handed(g *sim.G) {
	h := sim.History{Name: "register"}
	sim.Record(g, &h, op{Do: linear.Write, Value: 1}, func() result { return result{} })
	read := func(g *sim.G) { sim.Record(g, &h, op{Do: linear.Read}, func() result { return result{} }) }
	if g.Choose(2) == 0 {
		g.Go("other", read)
		return
	}
	read(g)
}

// Histories that differ only in who did what are told apart where it matters.
func TestWhoseOperation(t *testing.T) {
	j := linear.NewJudge(linear.Register[int](), linear.Options{Criterion: linear.SequentiallyConsistent})
	r, err := checks.Explore(handed, checks.Options{Strategy: "dfs", KeepGoing: true, Judges: []checks.Judge{j}})
	if n := r.Outcomes[string(checks.Linearizability)]; err != nil || n != 1 {
		t.Errorf("%d of %d executions: %v, %v", n, r.Executions, r.Findings, err)
	}
}

// waitsForEver reports whether a finding is about operations that do not return.
func waitsForEver(f checks.Finding) bool { return strings.Contains(f.Summary, "waits for ever") }
