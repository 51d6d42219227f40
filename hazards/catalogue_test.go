package hazards_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/hazards"
)

// stepsMax is more than any execution of a variant that ends takes.
const stepsMax = 1000

// judged reports whether the default judges look for a kind: some hazards of
// the catalogue are ahead of them.
func judged(k checks.Kind) bool {
	ending := []checks.Kind{checks.Deadlock, checks.PartialDeadlock, checks.GoroutineLeak,
		checks.Panic, checks.Assertion, checks.Misuse}
	return slices.Contains(ending, k) ||
		slices.ContainsFunc(checks.Judges(), func(j checks.Judge) bool { return j.Name() == string(k) })
}

// expected are the kinds that an exploration of a variant finds, sorted.
func expected(v hazards.Variant) []checks.Kind {
	var kinds []checks.Kind
	for _, k := range v.Expect {
		if judged(k) {
			kinds = append(kinds, k)
		}
	}
	slices.Sort(kinds)
	return kinds
}

// found are the kinds of a report's findings, sorted.
func found(r checks.Report) []checks.Kind {
	kinds := map[checks.Kind]bool{}
	for _, f := range r.Findings {
		kinds[f.Kind] = true
	}
	return slices.Sorted(maps.Keys(kinds))
}

// eachVariant runs test as a subtest for every variant of the catalogue.
func eachVariant(t *testing.T, test func(t *testing.T, s hazards.Scenario, v hazards.Variant)) {
	for _, s := range hazards.Catalogue() {
		for _, v := range s.Variants {
			t.Run(s.Name+"/"+v.Name, func(t *testing.T) { test(t, s, v) })
		}
	}
}

// Sampling every variant with its defaults finds exactly the kinds of hazard
// that the catalogue promises: all of a buggy one, none in a fixed one.
func TestSamplingFindsExactlyWhatIsExpected(t *testing.T) {
	t.Parallel()
	eachVariant(t, func(t *testing.T, s hazards.Scenario, v hazards.Variant) {
		r, err := checks.Explore(program(t, s.Name, v.Name, nil), checks.Options{Strategy: "random", Seed: 1, ExecutionsMax: 3000,
			StepsMax: stepsMax, KeepGoing: true})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := found(r), expected(v); !slices.Equal(got, want) {
			t.Errorf("found %v, want %v; outcomes %v, first findings %v", got, want, r.Outcomes, firstOf(r.Findings))
		}
	})
}

func firstOf(findings []checks.Finding) []checks.Finding { return findings[:min(2, len(findings))] }

// A size is a variant with parameters that are small enough.
type size struct {
	scenario, variant string
	params            hazards.Params
	long              bool // more than 100,000 interleavings
}

// The sizes at which depth-first search is complete: every interleaving is seen,
// and they show exactly what is expected. For fixed variants that is a proof.
func complete() []size { return append(completeSeeds(), completeOthers()...) }

func completeSeeds() []size {
	return []size{
		{"counter", "load-store", hazards.Params{"n": 2, "rounds": 2}, false},
		{"counter", "load-store", hazards.Params{"n": 3}, false},
		{"counter", "plain", hazards.Params{"n": 3}, false},
		{"counter", "lock-per-access", hazards.Params{"n": 2}, false},
		{"counter", "mutex", hazards.Params{"n": 2, "rounds": 2}, false},
		{"counter", "atomic", hazards.Params{"n": 3, "rounds": 1}, false},
		{"counter", "sharded", hazards.Params{"n": 3}, false},
		{"counter", "map-reduce", hazards.Params{"n": 2, "rounds": 5}, false},
		{"counter", "owner", hazards.Params{"n": 1}, false},
		{"two-locks", "opposite", hazards.Params{"rounds": 1}, false},
		{"two-locks", "unjoined", hazards.Params{"rounds": 1}, false},
		{"two-locks", "ordered", hazards.Params{"rounds": 2}, false},
		{"two-locks", "trylock", hazards.Params{"rounds": 1}, false},
		{"two-locks", "one-lock", hazards.Params{"rounds": 2}, false},
		{"philosophers", "left-first", hazards.Params{"n": 2}, false},
		{"philosophers", "both-down", hazards.Params{"n": 2}, false},
		{"philosophers", "ordered", hazards.Params{"n": 2}, false},
		{"philosophers", "odd-even", hazards.Params{"n": 2}, false},
		{"philosophers", "waiter", hazards.Params{"n": 2}, false},
		{"philosophers", "seats", hazards.Params{"n": 2}, false},
		{"philosophers", "trylock-once", hazards.Params{"n": 2}, false},
		{"philosophers", "chandy-misra", hazards.Params{"n": 2}, false},
	}
}

func completeOthers() []size {
	return []size{
		{"lost-signal", "try-send", nil, false},
		{"lost-signal", "send", nil, false},
		{"lost-signal", "buffered", nil, false},
		{"missed-wakeup", "no-check", hazards.Params{"n": 2}, false},
		{"missed-wakeup", "check-outside", hazards.Params{"n": 2}, false},
		{"missed-wakeup", "signal", hazards.Params{"n": 2}, false},
		{"missed-wakeup", "broadcast", hazards.Params{"n": 2}, false},
		{"early-return", "unbuffered", hazards.Params{"n": 2}, false},
		{"early-return", "buffered", hazards.Params{"n": 2}, false},
		{"early-return", "done", hazards.Params{"n": 2}, false},
		{"waitgroup-add", "add-inside", hazards.Params{"n": 2}, false},
		{"waitgroup-add", "add-before", hazards.Params{"n": 2}, false},
		{"waitgroup-add", "go", hazards.Params{"n": 2}, false},
		{"double-close", "both", hazards.Params{"n": 2}, false},
		{"double-close", "checked", hazards.Params{"n": 2}, false},
		{"double-close", "once", hazards.Params{"n": 2}, false},
		{"send-on-closed", "receiver-closes", hazards.Params{"n": 2}, false},
		{"send-on-closed", "sender-closes", hazards.Params{"n": 2}, false},
		{"send-on-closed", "quit", hazards.Params{"n": 2}, false},
		{"check-then-act", "lock-per-access", hazards.Params{"n": 2}, false},
		{"check-then-act", "unlocked", hazards.Params{"n": 2}, false},
		{"check-then-act", "locked", hazards.Params{"n": 2}, false},
		{"check-then-act", "load-or-store", hazards.Params{"n": 2}, false},
		{"bank-transfer", "from-then-to", nil, true},
		{"bank-transfer", "ordered", nil, true},
		{"read-copy-write", "store", nil, false},
		{"read-copy-write", "compare-and-swap", nil, false},
		{"read-copy-write", "lock", nil, false},
		{"join-before-drain", "join-first", hazards.Params{"n": 2}, false},
		{"join-before-drain", "drain-first", hazards.Params{"n": 2}, false},
		{"join-before-drain", "close", hazards.Params{"n": 2}, false},
		{"timeout-leak", "unbuffered", nil, false},
		{"timeout-leak", "buffered", nil, false},
		{"timeout-leak", "context", nil, false},
		{"lock-upgrade", "upgrade", hazards.Params{"n": 2}, false},
		{"lock-upgrade", "read-twice", hazards.Params{"n": 2}, false},
		{"lock-upgrade", "release-first", hazards.Params{"n": 2}, false},
		{"lock-upgrade", "write-lock", hazards.Params{"n": 2}, false},
		{"forgotten-unlock", "early-return", hazards.Params{"n": 2}, false},
		{"forgotten-unlock", "defer", hazards.Params{"n": 2}, false},
	}
}

// beyondDFS are the variants without an entry in complete, and why.
func beyondDFS() map[string]string {
	const many = "more than 400,000 interleavings"
	reasons := map[string]string{
		"philosophers/trylock-retry": "executions without end",
		"philosophers/cyclic":        "executions without end",
	}
	for scenario, variants := range map[string][]string{
		"bank-transfer":  {"lock-per-access", "lock-per-account"},
		"bounded-buffer": {"if", "one-cond", "two-conds", "broadcast"},
		"pool":           {"signal-shutdown", "if-wait", "late-take", "late-submit", "idle-twice", "kernels"},
		"future": {"double-run", "double-done", "callback-before-state", "lost-callback", "result-after-done",
			"kernels"},
	} {
		for _, v := range variants {
			reasons[scenario+"/"+v] = many
		}
	}
	return reasons
}

// reduced are the parameters at which a variant has few enough traces, where
// those of its defaults are too many.
func reduced() map[string]hazards.Params {
	return map[string]hazards.Params{
		"philosophers/seats": {"n": 3},
		"pool/late-take":     {"n": 1},
		"pool/late-submit":   {"n": 1},
	}
}

// Depth-first search of the sizes in the table is complete and finds exactly
// what is expected; in fixed variants, nothing.
func TestDepthFirstIsCompleteAtTheSizesOfTheTable(t *testing.T) {
	t.Parallel()
	for _, c := range complete() {
		t.Run(c.scenario+"/"+c.variant, func(t *testing.T) {
			if c.long && testing.Short() {
				t.Skip("long")
			}
			s, _ := hazards.Find(c.scenario)
			v, _ := s.Variant(c.variant)
			r, err := checks.Explore(program(t, c.scenario, c.variant, c.params), checks.Options{Strategy: "dfs",
				StepsMax: stepsMax, ExecutionsMax: 500_000, KeepGoing: true})
			if err != nil {
				t.Fatal(err)
			}
			if got, want := found(r), expected(v); !r.Complete || !slices.Equal(got, want) {
				t.Errorf("complete %v (bound %q, %d executions), found %v, want %v; %v",
					r.Complete, r.Bound, r.Executions, got, want, firstOf(r.Findings))
			}
		})
	}
}

// With reduction, every variant that ends is explored completely at its default
// size, or at a smaller one where that has too many traces, and shows exactly
// what is expected.
func TestReducedSearchIsCompleteAtTheDefaults(t *testing.T) {
	t.Parallel()
	eachVariant(t, func(t *testing.T, s hazards.Scenario, v hazards.Variant) {
		if v.Endless {
			t.Skip("executions without end")
		}
		p := reduced()[s.Name+"/"+v.Name]
		asked := 0
		r, err := checks.Explore(program(t, s.Name, v.Name, p), checks.Options{Strategy: "optimal", StepsMax: stepsMax,
			KeepGoing: true, Interrupt: func() string {
				if asked++; asked > 60_000 {
					return "too many"
				}
				return ""
			}})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := found(r), expected(v); !r.Complete || !slices.Equal(got, want) {
			t.Errorf("complete %v (bound %q, %d executions), found %v, want %v; %v",
				r.Complete, r.Bound, r.Executions, got, want, firstOf(r.Findings))
		}
	})
}

// Every variant is in the table of sizes, or it is said why it is not.
func TestEveryVariantHasASizeOrAReason(t *testing.T) {
	t.Parallel()
	eachVariant(t, func(t *testing.T, s hazards.Scenario, v hazards.Variant) {
		listed := false
		for _, c := range complete() {
			listed = listed || c.scenario == s.Name && c.variant == v.Name
		}
		if reason := beyondDFS()[s.Name+"/"+v.Name]; listed == (reason != "") {
			t.Errorf("in the table: %v, reason why not: %q", listed, reason)
		}
	})
}

// Every scenario has a buggy and a fixed variant, the default one is buggy, and
// everything that is shown to people is there.
func TestEveryScenarioIsComplete(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, s := range hazards.Catalogue() {
		buggy, fixed := 0, 0
		for _, v := range s.Variants {
			if v.Buggy() {
				buggy++
			} else {
				fixed++
			}
			if v.Summary == "" || names[s.Name+"/"+v.Name] {
				t.Errorf("%s/%s: no summary, or there are two", s.Name, v.Name)
			}
			names[s.Name+"/"+v.Name] = true
		}
		if buggy == 0 || fixed == 0 || !s.Variants[0].Buggy() || s.Summary == "" || s.Lesson == "" || names[s.Name] {
			t.Errorf("%s: %d buggy, %d fixed, default buggy %v, or no text, or there are two", s.Name, buggy, fixed, s.Variants[0].Buggy())
		}
		names[s.Name] = true
	}
}

// A random walk finds the deadlock of five philosophers within 500 executions,
// whatever the seed.
func TestRandomWalkFindsTheDeadlockOfFivePhilosophers(t *testing.T) {
	t.Parallel()
	for seed := uint64(1); seed <= 20; seed++ {
		r, err := checks.Explore(program(t, "philosophers", "left-first", hazards.Params{"n": 5}),
			checks.Options{Strategy: "random", Seed: seed, ExecutionsMax: 500})
		if err != nil || !slices.Equal(found(r), []checks.Kind{checks.Deadlock}) {
			t.Errorf("seed %d: found %v after %d executions, error %v", seed, found(r), r.Executions, err)
		}
	}
}

// Parameters that are missing get their defaults; unknown ones and those out of
// range are refused by name.
func TestFillChecksParameters(t *testing.T) {
	t.Parallel()
	s, _ := hazards.Find("philosophers")
	if p, err := s.Fill(hazards.Params{"n": 3}); err != nil || p["n"] != 3 || p["rounds"] != 1 {
		t.Errorf("Fill: %v, %v", p, err)
	}
	for _, bad := range []hazards.Params{{"n": 1}, {"n": 65}, {"forks": 3}} {
		if p, err := s.Fill(bad); err == nil {
			t.Errorf("Fill(%v) = %v, want an error", bad, p)
		}
	}
}
