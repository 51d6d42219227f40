package sim_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// brute runs every interleaving of a program, depth first, with nothing but
// Options.Prefix.
type brute struct {
	prefix []sim.Choice
	rest   [][]sim.Choice // what remains to be tried at each step of the prefix
}

// Pick implements sim.Scheduler.
func (b *brute) Pick(x *sim.Execution) sim.Choice {
	var open []sim.Choice
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		for _, alt := range x.Alternatives(g, nil) {
			open = append(open, sim.Choice{G: g, Alt: alt})
		}
	}
	b.prefix, b.rest = append(b.prefix, open[0]), append(b.rest, open[1:])
	return open[0]
}

// next moves to the next path; it reports false when there is none.
func (b *brute) next() bool {
	for last := len(b.prefix) - 1; last >= 0; last-- {
		if rest := b.rest[last]; len(rest) > 0 {
			b.prefix, b.rest = append(b.prefix[:last], rest[0]), append(b.rest[:last], rest[1:])
			return true
		}
		b.prefix, b.rest = b.prefix[:last], b.rest[:last]
	}
	return false
}

// explore runs every interleaving and passes each execution to visit; it
// returns how many there are.
func explore(t testing.TB, opt sim.Options, program func(*sim.G), visit func(*sim.Execution)) int {
	t.Helper()
	r := sim.NewRunner()
	defer r.Close()
	b, n := &brute{}, 0
	for more := true; more; more = b.next() {
		opt.Scheduler, opt.Prefix = b, b.prefix
		x := r.Run(program, opt)
		if n++; x.Outcome == sim.Diverged || n > 300_000 {
			t.Fatalf("execution %d: %v: %s", n, x.Outcome, x.Divergence)
		}
		visit(x)
	}
	return n
}

// A log is what a program reports of itself. It is not part of the simulation:
// a line is written between two operations.
type log struct{ lines []string }

func (l *log) add(format string, args ...any) {
	l.lines = append(l.lines, fmt.Sprintf(format, args...))
}

// expect explores a program under free time and asserts the set of what may
// come of it: the lines that it logs and, unless it finished, how it ended.
func expect(t *testing.T, program func(*sim.G, *log), want ...string) {
	t.Helper()
	expectWith(t, sim.Options{}, program, want...)
}

func expectWith(t *testing.T, opt sim.Options, program func(*sim.G, *log), want ...string) {
	t.Helper()
	var l log
	example := map[string][]sim.Choice{}
	explore(t, opt, func(g *sim.G) {
		l.lines = l.lines[:0]
		program(g, &l)
	}, func(x *sim.Execution) {
		got := slices.Clone(l.lines)
		if x.Outcome != sim.Finished {
			got = append(got, ending(x))
		}
		if line := strings.Join(got, " "); example[line] == nil {
			example[line] = choices(x)
		}
	})
	for line, schedule := range example {
		if !slices.Contains(want, line) {
			t.Errorf("unexpected %q: schedule %v", line, schedule)
		}
	}
	for _, line := range want {
		if example[line] == nil {
			t.Errorf("never happened: %q", line)
		}
	}
}

func ending(x *sim.Execution) string {
	if x.Failure.Message == "" {
		return x.Outcome.String()
	}
	return x.Outcome.String() + ": " + x.Failure.Message
}

func choices(x *sim.Execution) []sim.Choice {
	all := make([]sim.Choice, 0, x.Steps())
	for i := range x.Events() {
		e := &x.Events()[i]
		all = append(all, sim.Choice{G: e.G(), Alt: e.Alt})
	}
	return all
}

// run runs a program once, the first goroutine that can first.
func run(t testing.TB, opt sim.Options, program func(*sim.G)) *sim.Execution {
	r := sim.NewRunner()
	t.Cleanup(r.Close)
	return r.Run(program, opt)
}
