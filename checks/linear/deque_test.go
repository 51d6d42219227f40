package linear_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/linear"
	"github.com/interleave-go/interleave/sim"
)

// A task is what is asked of a work-stealing deque: its owner puts tasks at the
// bottom and takes them from there, and others steal them from the top.
type task struct {
	verb  string // put, take or steal
	value int    // of put
}

func (t task) String() string {
	if t.verb == "put" {
		return fmt.Sprintf("put(%d)", t.value)
	}
	return t.verb + "()"
}

// dequeModel is a model of one's own. That a thief gives up is always allowed:
// a steal has two outcomes.
func dequeModel() linear.Model[[]int, task, result] {
	return linear.Model[[]int, task, result]{
		Name: "deque",
		Describe: func(t task, out result) string {
			switch {
			case t.verb == "put":
				return t.String()
			case out.OK:
				return fmt.Sprintf("%v = %d", t, out.Value)
			}
			return t.String() + " = nothing"
		},
		Step: func(items []int, t task) []linear.Outcome[[]int, result] {
			last := len(items) - 1
			gone := linear.Outcome[[]int, result]{State: items}
			switch {
			case t.verb == "put":
				gone.State = append(slices.Clip(items), t.value)
				return []linear.Outcome[[]int, result]{gone}
			case len(items) == 0:
				return []linear.Outcome[[]int, result]{gone}
			case t.verb == "take":
				return []linear.Outcome[[]int, result]{{State: items[:last], Output: result{Value: items[last], OK: true}}}
			}
			return []linear.Outcome[[]int, result]{{State: items[1:], Output: result{Value: items[0], OK: true}}, gone}
		},
	}
}

// A chaseLev is the deque of Chase and Lev (SPAA 2005), with an array that does
// not grow: tasks are from top up to bottom. When one task is left, owner and
// thief both want it, and a compare-and-swap of top decides; careless leaves
// that out.
type chaseLev struct {
	careless    bool
	top, bottom sim.AtomicInt[int]
	tasks       [4]sim.AtomicInt[int]
}

func newChaseLev(careless bool) func(*sim.G) linear.Object[task, result] {
	return func(*sim.G) linear.Object[task, result] {
		d := &chaseLev{careless: careless, top: sim.AtomicInt[int]{Name: "top"}, bottom: sim.AtomicInt[int]{Name: "bottom"}}
		return func(g *sim.G, t task) result {
			switch t.verb {
			case "put":
				b := d.bottom.Load(g)
				d.tasks[b%len(d.tasks)].Store(g, t.value)
				d.bottom.Store(g, b+1)
				return result{}
			case "take":
				return d.take(g)
			}
			return d.steal(g)
		}
	}
}

func (d *chaseLev) take(g *sim.G) result {
	b := d.bottom.Load(g) - 1
	d.bottom.Store(g, b)
	t := d.top.Load(g)
	if b < t {
		d.bottom.Store(g, t)
		return result{}
	}
	got := result{Value: d.tasks[b%len(d.tasks)].Load(g), OK: true}
	if b > t {
		return got
	}
	won := d.careless || d.top.CompareAndSwap(g, t, t+1)
	if d.careless {
		d.top.Store(g, t+1)
	}
	d.bottom.Store(g, t+1)
	if !won {
		return result{}
	}
	return got
}

func (d *chaseLev) steal(g *sim.G) result {
	t := d.top.Load(g)
	if t >= d.bottom.Load(g) {
		return result{}
	}
	got := result{Value: d.tasks[t%len(d.tasks)].Load(g), OK: true}
	if !d.top.CompareAndSwap(g, t, t+1) {
		return result{}
	}
	return got
}

// The owner's race with a thief for the last task is won by one of them, which
// is proved for two tasks; without the compare-and-swap both get it.
func TestDeque(t *testing.T) {
	put := func(v int) task { return task{"put", v} }
	take, steal := task{verb: "take"}, task{verb: "steal"}
	plan := linear.Plan[task]{Goroutines: [][]task{{put(1), put(2), take, take}, {steal}, {steal}}, After: []task{take}}
	j := linear.NewJudge(dequeModel(), linear.Options{})
	r := explore(t, linear.Program(plan, "deque", newChaseLev(false)), j)
	if len(r.Findings) > 0 || j.Tally().Undecided > 0 {
		t.Errorf("found %v", r.Findings)
	}
	plan = linear.Plan[task]{Goroutines: [][]task{{put(1), take}, {steal}}}
	r = explore(t, linear.Program(plan, "deque", newChaseLev(true)), linear.NewJudge(dequeModel(), linear.Options{}))
	if !slices.Contains(kinds(r), checks.Linearizability) {
		t.Errorf("careless: %v", r.Findings)
	}
}
