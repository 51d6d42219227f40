package linear_test

import (
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
	found, err := checks.Replay(stale(true), f.Token, checks.Options{Judges: []checks.Judge{
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

// waitsForEver reports whether a finding is about operations that do not return.
func waitsForEver(f checks.Finding) bool { return strings.Contains(f.Summary, "waits for ever") }
