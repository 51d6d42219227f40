package checks_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// A goroutine that blocks for real, where the scheduler cannot see it, is
// reported with its stack.
func TestStuck(t *testing.T) {
	stacks, release := make(chan string, 1), make(chan bool)
	program := func(g *sim.G) {
		g.Go("stuck", blockForReal(release)).Join(g)
	}
	_, err := checks.Explore(program, checks.Options{Strategy: "optimal", StuckAfter: time.Millisecond,
		Stuck: func(stack string) {
			stacks <- stack
			close(release)
		}})
	if err != nil {
		t.Fatal(err)
	}
	if stack := <-stacks; !strings.Contains(stack, "blockForReal") {
		t.Errorf("the stack does not show where:\n%s", stack)
	}
}

func blockForReal(release chan bool) func(*sim.G) {
	return func(*sim.G) { <-release }
}

// Every run of the program is watched: those of the search, and those that
// record, follow up and explain what was found. A run in which a goroutine blocks
// for real, whichever it is, goes on here when that is told.
func TestStuckInAnyRun(t *testing.T) {
	t.Parallel()
	for n := 1; ; n++ {
		runs, release := 0, make(chan bool)
		var once sync.Once
		told := func(string) { once.Do(func() { close(release) }) }
		program := func(g *sim.G) {
			if runs++; runs == n {
				<-release
			}
			lostUpdate(g)
		}
		opt := checks.Options{Strategy: "optimal", Judges: checks.AllJudges(), StuckAfter: time.Millisecond, Stuck: told}
		r, err := checks.Explore(program, opt)
		if err != nil || len(r.Findings) == 0 {
			t.Fatalf("%v: %v", r.Findings, err)
		}
		if _, err := checks.ReplayToken(program, r.Findings[0].Token, opt, nil); err != nil {
			t.Fatal(err)
		}
		_, err = checks.Explain(program, r.Findings[0], checks.ExplainOptions{Executions: 20, StuckAfter: time.Millisecond, Stuck: told})
		if err != nil {
			t.Fatal(err)
		}
		if runs < n {
			return // no run of that number
		}
	}
}

func lostUpdate(g *sim.G) {
	v := sim.AtomicInt[int]{Name: "v"}
	add := func(g *sim.G) { v.Store(g, v.Load(g)+1) }
	a, b := g.Go("A", add), g.Go("B", add)
	a.Join(g)
	b.Join(g)
}
