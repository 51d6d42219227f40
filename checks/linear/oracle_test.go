package linear_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/linear"
	"github.com/interleave-go/interleave/sim"
)

// An oracle tries all orders of the operations on a register, by the definition
// of a criterion alone.
type oracle struct {
	ops       []sim.Operation
	criterion linear.Criterion
}

// explained tries to go on after the operations in order.
func (o oracle) explained(order []int, value int) bool {
	all := true
	for i := range o.ops {
		all = all && (slices.Contains(order, i) || o.ops[i].Pending())
	}
	if all && o.allowed(order) {
		return true
	}
	for i := range o.ops {
		if slices.Contains(order, i) {
			continue
		}
		next, out := apply(value, o.ops[i].Input.(op))
		if (o.ops[i].Pending() || out == o.ops[i].Output.(result)) && o.explained(append(slices.Clone(order), i), next) {
			return true
		}
	}
	return false
}

func apply(value int, in op) (int, result) {
	if in.Do == linear.Write {
		return in.Value, result{}
	}
	return value, result{Value: value}
}

// allowed reports whether the order of some operations is one that the
// criterion allows.
func (o oracle) allowed(order []int) bool {
	for i, a := range order {
		for k, b := range order[i+1:] {
			first, then := &o.ops[a], &o.ops[b]
			switch {
			case o.criterion == linear.Linearizable && !then.Pending() && then.Return < first.Call,
				o.criterion != linear.Linearizable && first.G == then.G && then.Call < first.Call,
				o.criterion == linear.Serializable && first.G == then.G &&
					slices.ContainsFunc(order[i+1:i+1+k], func(c int) bool { return o.ops[c].G != first.G }):
				return false
			}
		}
	}
	return true
}

// A call is an operation of a random program, with the result that it claims.
type call struct {
	in  op
	out result
}

// claiming is a program whose goroutines claim results; those in stuck never
// return from their last call.
func claiming(goroutines [][]call, stuck []bool) func(*sim.G) {
	return func(g *sim.G) {
		h := sim.History{Name: "register"}
		never := sim.NewChan[int](0)
		for i, calls := range goroutines {
			g.Go("", func(g *sim.G) {
				for k, c := range calls {
					h.Call(g, c.in)
					if stuck[i] && k == len(calls)-1 {
						never.Receive(g)
					}
					h.Return(g, c.out)
				}
			})
		}
	}
}

// A watcher compares a judge with the oracle in every execution.
type watcher struct {
	t         *rapid.T
	judge     *linear.Judge
	criterion linear.Criterion
	bad, seen int
}

func (w *watcher) Name() string { return "watcher" }

func (w *watcher) Judge(x *sim.Execution) []checks.Finding {
	found := w.judge.Judge(x)
	// A register never has to wait: who is stuck is found out apart.
	waits := slices.ContainsFunc(found, waitsForEver)
	want := oracle{x.Operations(), w.criterion}.explained(nil, 0)
	if got := len(found) == 0 || waits; got != want {
		w.t.Fatalf("%v: the judge says %t, the oracle %t: %v %+v", w.criterion, got, want, found, x.Operations())
	}
	w.seen++
	if !want {
		w.bad++
	}
	return nil
}

// On random histories, some with operations that never return, the judge says
// what trying all orders says, for every criterion.
func TestJudgeAgreesWithAllOrders(t *testing.T) {
	bad, seen := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		var goroutines [][]call
		var stuck []bool
		for range rapid.IntRange(1, 3).Draw(t, "goroutines") {
			var calls []call
			for range rapid.IntRange(1, 2).Draw(t, "operations") {
				c := call{in: op{Do: linear.Read}}
				v := rapid.IntRange(0, 2).Draw(t, "value")
				if rapid.Bool().Draw(t, "write") {
					c.in = op{Do: linear.Write, Value: v}
				} else {
					c.out = result{Value: v}
				}
				calls = append(calls, c)
			}
			goroutines = append(goroutines, calls)
			stuck = append(stuck, rapid.IntRange(0, 3).Draw(t, "stuck") == 0)
		}
		for _, c := range []linear.Criterion{linear.Linearizable, linear.SequentiallyConsistent, linear.Serializable} {
			w := &watcher{t: t, criterion: c, judge: linear.NewJudge(linear.Register[int](), linear.Options{Criterion: c})}
			if _, err := checks.Explore(claiming(goroutines, stuck), checks.Options{Strategy: "random", ExecutionsMax: 5,
				KeepGoing: true, Judges: []checks.Judge{w}}); err != nil {
				t.Fatal(err)
			}
			bad, seen = bad+w.bad, seen+w.seen
		}
	})
	if bad < seen/10 || bad > 9*seen/10 {
		t.Errorf("%d of %d histories were bad: the test says little", bad, seen)
	}
}
