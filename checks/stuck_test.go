package checks_test

import (
	"strings"
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
