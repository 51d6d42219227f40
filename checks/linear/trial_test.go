package linear_test

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/linear"
	"github.com/interleave-go/interleave/sim"
)

// A pile is a stack whose pop looks at the length and takes the last item in
// two steps, unless it is locked.
type pile struct {
	locked bool
	mu     sim.Mutex
	items  sim.Atomic[string] // a digit each
}

func (p *pile) do(g *sim.G, o op) result {
	if p.locked {
		p.mu.Lock(g)
		defer p.mu.Unlock(g)
	}
	now := p.items.Load(g)
	switch {
	case o.Do == linear.Push:
		p.items.Store(g, now+string(rune('0'+o.Value)))
		return result{}
	case now == "":
		return result{}
	}
	last := len(now) - 1
	p.items.Store(g, now[:last])
	return result{Value: int(now[last] - '0'), OK: true}
}

func pileOf(locked bool) func(*sim.G) linear.Object[op, result] {
	return func(*sim.G) linear.Object[op, result] {
		p := &pile{locked: locked, mu: sim.Mutex{Name: "mu"}, items: sim.Atomic[string]{Name: "items"}}
		return p.do
	}
}

// onlyModel leaves the other judges out.
func onlyModel() []checks.Judge { return nil }

// The programs made up find what is wrong with an unlocked stack, and nothing
// with a locked one; what is left of the one that fails has no operation too
// many, and two runs say the same.
func TestCheckTwins(t *testing.T) {
	good, err := linear.Check(linear.Stack[int](), pileOf(true), linear.CheckOptions{PlansMax: 40, OperationsMax: 2, GoroutinesMax: 2})
	// The plans that are alike are explored once.
	if err != nil || good.Failed || good.Plans != 36 || good.Complete != good.Plans || good.Undecided > 0 {
		t.Fatalf("locked: %+v, %v", good, err)
	}
	opt := linear.CheckOptions{Judges: onlyModel}
	bad, err := linear.Check(linear.Stack[int](), pileOf(false), opt)
	if err != nil || !bad.Failed || !bad.Minimal || bad.Finding.Kind != checks.Linearizability {
		t.Fatalf("unlocked: %+v, %v", bad, err)
	}
	// A push and a pop that both find something, and something to find; or two
	// pops of one item; or two pushes of which one is lost, and a look.
	if n := bad.Plan.Operations(); n > 3 {
		t.Errorf("%d operations are left of\n%v:\n%v", n, bad.Drawn, bad.Plan)
	}
	again, _ := linear.Check(linear.Stack[int](), pileOf(false), opt)
	if again.Finding.Token != bad.Finding.Token || !reflect.DeepEqual(again.Plan, bad.Plan) {
		t.Errorf("another run finds %v", again)
	}
}

// The page of a failing history holds its operations, the state after each, and
// the events of the execution, and is the same every time.
func TestWriteHTML(t *testing.T) {
	bad, err := linear.Check(linear.Stack[int](), pileOf(false), linear.CheckOptions{Judges: onlyModel})
	if err != nil {
		t.Fatal(err)
	}
	var pages []string
	for range 5 {
		j := linear.NewJudge(linear.Stack[int](), linear.Options{})
		var page bytes.Buffer
		var draw error
		_, err := checks.ReplayToken(bad.Program, bad.Finding.Token, checks.Options{Judges: []checks.Judge{j}},
			func(x *sim.Execution) { draw = j.WriteHTML(&page, x) })
		if err != nil || draw != nil {
			t.Fatal(err, draw)
		}
		pages = append(pages, page.String())
	}
	if slices.ContainsFunc(pages, func(p string) bool { return p != pages[0] }) {
		t.Error("two pages differ")
	}
	for _, want := range []string{"<html", "steps of A", "load items", "spawn B", "join A", "pop()", "trial_test.go:"} {
		if !strings.Contains(pages[0], want) {
			t.Errorf("the page does not hold %q", want)
		}
	}
}
