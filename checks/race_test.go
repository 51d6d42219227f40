package checks_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// judgesOf returns the judges of a name, of all there are.
func judgesOf(name string) []checks.Judge {
	return slices.DeleteFunc(checks.AllJudges(), func(j checks.Judge) bool { return j.Name() != name })
}

// A twin is a program of which the name tells whether it has a hazard.
type twin struct {
	name    string
	program func(*sim.G)
}

// writeBoth is the frame of most twins: a goroutine and main store to one
// variable, each in its own way. Main joins at the very end.
func writeBoth(child, main func(g *sim.G, write func())) func(*sim.G) {
	return func(g *sim.G) {
		v := sim.Var[int]{Name: "v"}
		h := g.Go("child", func(g *sim.G) { child(g, func() { v.Store(g, 1) }) })
		main(g, func() { v.Store(g, 2) })
		h.Join(g)
	}
}

func plainWrite(_ *sim.G, write func()) { write() }

// A data race is reported of each racy program, in some execution of it, and
// of no ordered one, in any.
func TestRaceTwins(t *testing.T) {
	t.Parallel()
	twins := slices.Concat(raceTwinsOfLocks(), raceTwinsOfChannels(), raceTwinsOfTheRest(), raceTwinsOfTime(), raceTwinsOfMixedAccess())
	for _, c := range twins {
		t.Run(c.name, func(t *testing.T) {
			for _, strategy := range []string{"dfs", "optimal"} {
				r, err := checks.Explore(c.program, checks.Options{Strategy: strategy, StepsMax: 200,
					ExecutionsMax: 200_000, KeepGoing: true, Judges: judgesOf("data-race")})
				if err != nil || !r.Complete {
					t.Fatalf("%s: complete %v, %d executions, error %v", strategy, r.Complete, r.Executions, err)
				}
				if got := r.Outcomes["data-race"] > 0; got != strings.HasPrefix(c.name, "racy") {
					t.Errorf("%s: race reported: %v, findings %v", strategy, got, r.Findings)
				}
			}
		})
	}
}

// A finding names both accesses with their lines, and what would have ordered
// them.
func TestRaceIsDescribed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, want string
	}{
		{"racy: nothing", "main must wait for child first"},
		{"racy: mutex on one side", "child holds mu, and main must take it too"},
		{"racy: a store under RLock", "both hold rw for reading only"},
		{"racy: concurrent map", "concurrent access to a map"},
		{"racy: a lock that a stranger has unlocked", "owner has locked mu, but stranger has unlocked it at step"},
		{"racy: atomic store, plain load", "one access is atomic, the other is not, and nothing orders the two; make every access of v atomic"},
		{"racy: atomic load, plain store", "child atomically reads it at step"},
	} {
		twins := slices.Concat(raceTwinsOfLocks(), raceTwinsOfTheRest(), raceTwinsOfMixedAccess(),
			[]twin{{"racy: a lock that a stranger has unlocked", stolenLock}})
		p := twins[slices.IndexFunc(twins, func(t twin) bool { return t.name == c.name })].program
		r, err := checks.Explore(p, checks.Options{Strategy: "optimal", Judges: judgesOf("data-race"), KeepGoing: true})
		if err != nil {
			t.Fatal(err)
		}
		found := slices.ContainsFunc(r.Findings, func(f checks.Finding) bool {
			return strings.Contains(f.Summary, c.want) && strings.Count(f.Summary, "_test.go:") >= 2
		})
		if !found {
			t.Errorf("%s: no finding says %q: %q", c.name, c.want, summaries(r.Findings))
		}
	}
}

// Whichever access comes first, a race of two goroutines is one finding.
func TestRaceIsReportedOnce(t *testing.T) {
	t.Parallel()
	for _, c := range raceTwinsOfLocks()[:1] {
		r, err := checks.Explore(c.program, checks.Options{Strategy: "dfs", KeepGoing: true})
		if err != nil || len(r.Findings) != 1 || !slices.Equal(r.Findings[0].Goroutines, []string{"main", "child"}) {
			t.Errorf("%s: found %v, error %v", c.name, r.Findings, err)
		}
	}
}

// A race that comes after a failure in the log, but does not depend on it, is
// reported, and its token shows it.
func TestRaceBesideAFailure(t *testing.T) {
	t.Parallel()
	program := func(g *sim.G) {
		v := sim.Var[int]{Name: "v"}
		g.Go("failing", func(g *sim.G) { g.Assert(g.Choose(2) < 0, "always") })
		g.Go("one", func(g *sim.G) { v.Store(g, 1) })
		g.Go("two", func(g *sim.G) { v.Store(g, 2) })
	}
	r, err := checks.Explore(program, checks.Options{Strategy: "optimal", KeepGoing: true})
	if err != nil || !slices.Equal(kinds(r), []checks.Kind{checks.Assertion, checks.DataRace}) {
		t.Fatalf("found %v, error %v", r.Findings, err)
	}
	for _, f := range r.Findings {
		again, err := checks.ReplayToken(program, f.Token, checks.Options{}, nil)
		if err != nil || !slices.ContainsFunc(again, func(a checks.Finding) bool { return a.Kind == f.Kind }) {
			t.Errorf("%s: the token shows %v, error %v", f.Kind, again, err)
		}
	}
}
