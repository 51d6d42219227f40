package checks_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// A program that does not do the same again is told, also where the search had
// no reason to come to the same place twice: by what it does, who does it, or what
// is stored.
func TestNotDeterministic(t *testing.T) {
	for name, c := range map[string]struct {
		program func(g *sim.G, run int)
		want    string // empty where nothing is wrong
	}{
		"operation": {func(g *sim.G, run int) {
			v := sim.Var[int]{Name: "v"}
			if run%2 == 0 {
				v.Store(g, 1)
			} else {
				v.Load(g)
			}
		}, `step 0 was "main: load", and then "main: store`},
		"number of steps": {func(g *sim.G, run int) {
			v := sim.Var[int]{Name: "v"}
			for range run {
				v.Load(g)
			}
		}, `step 1 was "main: end"`},
		"name": {func(g *sim.G, run int) {
			g.Go(fmt.Sprint("run ", run), func(*sim.G) {}).Join(g)
		}, "run 1"},
		"value": {func(g *sim.G, run int) {
			v := sim.Var[int]{Name: "v"}
			v.Store(g, run)
		}, `step 0 was "main: store v 2", and then "main: store v 3"`},
		"addresses": {func(g *sim.G, run int) {
			v := sim.Var[*int]{Name: "v"}
			v.Store(g, new(int))
		}, ""},
		"pointers in a map": {func(g *sim.G, run int) {
			v := sim.Var[map[string]*int]{Name: "v"}
			v.Store(g, map[string]*int{"a": new(int), "b": new(int), "c": new(int), "d": new(int)})
		}, ""},
		"a map of pointers": {func(g *sim.G, run int) {
			v := sim.Var[map[*int]int]{Name: "v"}
			v.Store(g, map[*int]int{new(int): 1, new(int): 2})
		}, ""},
		"a value that leads to itself": {func(g *sim.G, run int) {
			type ring struct{ next any }
			v, r := sim.Var[*ring]{Name: "v"}, new(ring)
			r.next = r
			v.Store(g, r)
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, strategy := range checks.Strategies() {
				runs := 0
				program := func(g *sim.G) { runs++; c.program(g, runs) }
				_, err := checks.Explore(program, checks.Options{Strategy: strategy, ExecutionsMax: 1})
				switch {
				case c.want == "" && err != nil:
					t.Errorf("%s: %v", strategy, err)
				case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) ||
					!strings.Contains(err.Error(), "declared outside the program's func")):
					t.Errorf("%s: got %v, want %q", strategy, err, c.want)
				}
			}
		})
	}
}

// Timers that are due at one moment are told apart in every run, by who made
// them: the schedule of a finding that depends on their order is kept.
func TestTimersOfOneMoment(t *testing.T) {
	program := func(g *sim.G) {
		last := sim.AtomicInt[int]{Name: "last"}
		team(g, 3, "sleeper", func(g *sim.G, i int) {
			g.Sleep(1)
			last.Store(g, i)
		})
		g.Assert(last.Load(g) != 0, "the first one wakes last")
	}
	for _, policy := range []sim.Time{sim.FreeTime, sim.LazyTime} {
		for _, strategy := range []string{"optimal", "source", "random"} {
			r, err := checks.Explore(program, checks.Options{Strategy: strategy, Time: policy, ExecutionsMax: 1000})
			if err != nil || len(r.Findings) == 0 {
				t.Fatalf("%s, time %v: %v, %v", strategy, policy, r.Findings, err)
			}
			found, err := checks.ReplayToken(program, r.Findings[0].Token, checks.Options{}, nil)
			if err != nil || len(found) == 0 || found[0].Kind != checks.Assertion {
				t.Errorf("%s, time %v: replayed as %v, %v", strategy, policy, found, err)
			}
		}
	}
}

// What was found is told, though something that nothing depends on is not the same
// in every run.
func TestFindingsOfAProgramThatIsNotDeterministic(t *testing.T) {
	runs := 0
	program := func(g *sim.G) {
		runs++
		n, when := sim.AtomicInt[int]{Name: "n"}, sim.Var[int]{Name: "when"}
		when.Store(g, runs)
		team(g, 2, "adder", func(g *sim.G, _ int) { n.Store(g, n.Load(g)+1) })
	}
	r, err := checks.Explore(program, checks.Options{Strategy: "optimal", KeepGoing: true})
	if err != nil || len(r.Findings) == 0 || r.Findings[0].Kind != checks.LostUpdate {
		t.Errorf("%v, %v", r.Findings, err)
	}
}
