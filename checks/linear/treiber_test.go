package linear_test

import (
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/linear"
	"github.com/interleave-go/interleave/sim"
)

// A treiber is Treiber's stack (1986): a list whose top is changed by
// compare-and-swap. With recycle, nodes that were popped are used again, through
// a sync.Pool: a compare-and-swap that finds the top unchanged cannot tell that
// it was away in between (ABA), and puts back a node that is free.
type treiber struct {
	recycle bool
	top     sim.Atomic[*node]
	pool    sim.Pool[*node]
}

type node struct {
	value sim.Var[int]
	next  sim.Atomic[*node]
}

func newTreiber(recycle bool) func(*sim.G) linear.Object[op, result] {
	return func(*sim.G) linear.Object[op, result] {
		s := &treiber{recycle: recycle, top: sim.Atomic[*node]{Name: "top"}}
		s.pool = sim.Pool[*node]{Name: "pool", New: func() *node { return new(node) }}
		return s.do
	}
}

func (s *treiber) do(g *sim.G, o op) result {
	if o.Do == linear.Push {
		s.push(g, o.Value)
		return result{}
	}
	v, ok := s.pop(g)
	return result{Value: v, OK: ok}
}

func (s *treiber) push(g *sim.G, v int) {
	n := new(node)
	if s.recycle {
		n = s.pool.Get(g)
	}
	n.value.Store(g, v)
	for {
		top := s.top.Load(g)
		n.next.Store(g, top)
		if s.top.CompareAndSwap(g, top, n) {
			return
		}
	}
}

func (s *treiber) pop(g *sim.G) (int, bool) {
	for {
		top := s.top.Load(g)
		if top == nil {
			return 0, false
		}
		if !s.top.CompareAndSwap(g, top, top.next.Load(g)) {
			continue
		}
		v := top.value.Load(g)
		if s.recycle {
			s.pool.Put(g, top)
		}
		return v, true
	}
}

// aba lets A be overtaken between its look at the top and its change, by one
// who takes two items and brings back the first one's node.
func aba() linear.Plan[op] {
	push, pop := func(v int) op { return op{Do: linear.Push, Value: v} }, op{Do: linear.Pop}
	return linear.Plan[op]{Before: []op{push(1)},
		Goroutines: [][]op{{pop}, {pop, push(2), push(3)}}, After: []op{pop}}
}

// With nodes of its own every stack of this plan is linearizable, which is
// proved; with nodes that are recycled an item is popped twice. The advice is not
// another compare-and-swap, since there is one, but what it compares.
func TestTreiberABA(t *testing.T) {
	fresh := linear.NewJudge(linear.Stack[int](), linear.Options{})
	if r := explore(t, linear.Program(aba(), "stack", newTreiber(false)), fresh); len(r.Findings) > 0 {
		t.Errorf("fresh nodes: %v", r.Findings)
	}
	recycled := linear.NewJudge(linear.Stack[int](), linear.Options{})
	r := explore(t, linear.Program(aba(), "stack", newTreiber(true)), recycled)
	if len(r.Findings) == 0 || r.Outcomes[string(checks.Linearizability)] == 0 {
		t.Errorf("recycled nodes: %v", r.Findings)
	}
	for _, f := range r.Findings {
		if f.Kind != checks.Linearizability {
			continue
		}
		e, err := checks.Explain(linear.Program(aba(), "stack", newTreiber(true)), f,
			checks.ExplainOptions{Judges: []checks.Judge{recycled}, Executions: 100})
		if err != nil || len(e.Prevent) != 1 || !strings.HasPrefix(e.Prevent[0], "Put a counter or a tag beside the value of top") {
			t.Errorf("the advice is %q, %v", e.Prevent, err)
		}
	}
}
