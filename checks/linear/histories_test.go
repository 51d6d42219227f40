package linear_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/linear"
	"github.com/interleave-go/interleave/sim"
)

// split is a register with a cell for writes and one for reads, of which every
// other write reaches both.
func split(*sim.G) linear.Object[op, result] {
	var a, b sim.AtomicInt[int]
	return func(g *sim.G, o op) result {
		if o.Do == linear.Read {
			return result{Value: b.Load(g)}
		}
		a.Store(g, o.Value)
		if o.Value%2 == 0 {
			b.Store(g, o.Value)
		}
		return result{}
	}
}

// An exploration of one execution for each trace meets every history that
// exploring all interleavings meets: what the recorder says of calls and
// returns is enough.
func TestReductionKeepsHistories(t *testing.T) {
	many := 0
	rapid.Check(t, func(t *rapid.T) {
		var plan linear.Plan[op]
		left := 3
		for range 2 {
			var ops []op
			for range rapid.IntRange(1, 2).Draw(t, "operations") {
				o := op{Do: linear.Read}
				if rapid.Bool().Draw(t, "write") {
					o = op{Do: linear.Write, Value: rapid.IntRange(1, 2).Draw(t, "value")}
				}
				if left--; left >= 0 {
					ops = append(ops, o)
				}
			}
			plan.Goroutines = append(plan.Goroutines, ops)
		}
		seen := map[string]linear.Tally{}
		for _, strategy := range []string{"optimal", "dfs"} {
			j := linear.NewJudge(linear.Register[int](), linear.Options{})
			r, err := checks.Explore(linear.Program(plan, "register", split),
				checks.Options{Strategy: strategy, KeepGoing: true, Judges: []checks.Judge{j}})
			if err != nil || !r.Complete {
				t.Fatal(r.Complete, err)
			}
			seen[strategy] = j.Tally()
		}
		if seen["optimal"].Distinct != seen["dfs"].Distinct {
			t.Fatalf("%v: %+v", plan, seen)
		}
		if seen["optimal"].Distinct > 2 {
			many++
		}
	})
	if many == 0 {
		t.Error("no plan had several histories")
	}
}
