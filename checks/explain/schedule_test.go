package explain_test

import (
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/explain"
	"github.com/interleave-go/interleave/sim"
)

// Of two goroutines that do the same, either may play each part: the schedule that
// is shown keeps the orders that are said to be the cause.
func TestShownScheduleKeepsTheCause(t *testing.T) {
	t.Parallel()
	program := func(g *sim.G) {
		mu := sim.Mutex{Name: "mu"}
		c := sim.Cond{Name: "c", L: &mu}
		n := sim.Var[int]{Name: "n"}
		wait := func(g *sim.G) {
			mu.Lock(g)
			n.Store(g, n.Load(g)+1)
			if n.Load(g) == 2 {
				n.Store(g, 0)
				c.Broadcast(g)
			} else {
				for n.Load(g) != 0 {
					c.Wait(g)
				}
			}
			mu.Unlock(g)
		}
		twice := func(g *sim.G) { wait(g); wait(g) }
		a, b := g.Go("A", twice), g.Go("B", twice)
		a.Join(g)
		b.Join(g)
	}
	e := first(t, program, checks.ExplainOptions{})
	checkClaims(t, e, program)
	if text := written(t, e, explain.Layout{}); strings.Contains(text, "(not reached) comes before") {
		t.Error(text)
	}
}
