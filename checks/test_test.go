package checks_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// fakeT is a test that only notes what happens to it.
type fakeT struct {
	testing.TB
	failed bool
	text   strings.Builder
}

func (f *fakeT) Helper()      {}
func (f *fakeT) Name() string { return "TestOf/a thing" }

func (f *fakeT) Errorf(format string, args ...any) {
	f.failed = true
	fmt.Fprintf(&f.text, format+"\n", args...)
}

func (f *fakeT) Error(args ...any) { f.Errorf("%s", fmt.Sprint(args...)) }
func (f *fakeT) Log(args ...any)   { f.Logf("%s", fmt.Sprint(args...)) }

func (f *fakeT) Logf(format string, args ...any) { fmt.Fprintf(&f.text, format+"\n", args...) }

// adders increment a counter, each with a load and a store, or in one step.
func counting(atomic bool) func(*sim.G) {
	return func(g *sim.G) {
		n := sim.AtomicInt[int]{Name: "n"}
		team(g, 2, "adder", func(g *sim.G, _ int) {
			if atomic {
				n.Add(g, 1)
			} else {
				n.Store(g, n.Load(g)+1)
			}
		})
	}
}

// attempt runs Test on a fake, with its tokens in a directory.
func attempt(dir string, program func(*sim.G), opt checks.Options) (failed bool, text string) {
	t := &fakeT{}
	opt.Tokens = dir
	checks.Test(t, program, opt)
	return t.failed, t.text.String()
}

// A finding fails the test with its explanation, its token and a line to paste;
// that line shows it again, and so does the next run, from the token it kept.
// Once the program is mended, both say that the token shows nothing any more.
func TestTest(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "interleave")
	failed, text := attempt(dir, counting(false), checks.Options{})
	for _, want := range []string{"Lost update: n", "Why", "checks.Replay(t, program, \"il1.", "kept in " + dir} {
		if !failed || !strings.Contains(text, want) {
			t.Errorf("failed %v, no %q in\n%s", failed, want, text)
		}
	}
	for line := range strings.Lines(text) {
		if n := len([]rune(line)); n > 80 && !strings.Contains(line, "il") && !strings.Contains(line, dir) {
			t.Errorf("a line of %d columns: %s", n, line)
		}
	}
	kept, err := os.ReadFile(filepath.Join(dir, "TestOf.a.thing.tokens"))
	if err != nil {
		t.Fatal(err)
	}
	tokens := strings.Fields(string(kept))
	if len(tokens) != 2 || !strings.HasPrefix(tokens[0], "il1.") || !checks.IsOrders(tokens[1]) {
		t.Fatalf("a schedule and its orders are not kept: %s", kept)
	}
	fake := &fakeT{}
	if checks.Replay(fake, counting(false), tokens[0]); !fake.failed || !strings.Contains(fake.text.String(), "Lost update: n") {
		t.Errorf("the line to paste does not show it:\n%s", fake.text.String())
	}
	failed, text = attempt(dir, counting(false), checks.Options{ExecutionsMax: 1})
	if !failed || !strings.Contains(text, "It was kept in "+filepath.Join(dir, "TestOf.a.thing.tokens:1.")) {
		t.Errorf("the token that was kept does not show it:\n%s", text)
	}
	failed, text = attempt(dir, counting(true), checks.Options{})
	if failed || !strings.Contains(text, "does not apply any more") {
		t.Errorf("mended: failed %v\n%s", failed, text)
	}
}

// A token of orders can be replayed as well.
func TestTestOrders(t *testing.T) {
	_, text := attempt(t.TempDir(), counting(false), checks.Options{})
	at := strings.Index(text, "ilc1.")
	if at < 0 {
		t.Fatalf("no orders in\n%s", text)
	}
	orders, _, _ := strings.Cut(text[at:], `"`)
	for atomic, want := range map[bool]bool{false: true, true: false} {
		fake := &fakeT{}
		if checks.Replay(fake, counting(atomic), orders); fake.failed != want {
			t.Errorf("atomic %v: failed %v\n%s", atomic, fake.failed, fake.text.String())
		}
	}
}

// What was not explored is never taken for what went well.
func TestTestIncomplete(t *testing.T) {
	spins := spinning(func(g *sim.G, flag *sim.Atomic[bool]) {
		for !flag.Load(g) {
		}
	})
	for _, c := range []struct {
		name    string
		opt     checks.Options
		program func(*sim.G)
		failed  bool
		want    string
	}{
		{"cut", checks.Options{ExecutionsMax: 2}, table(4), true, "not everything was explored: the bound on executions"},
		{"cut, allowed", checks.Options{ExecutionsMax: 1, AllowIncomplete: true}, counting(true), false, "no proof"},
		{"complete", checks.Options{}, counting(true), false, "nothing was found, and everything was explored: 2 traces, in 2 executions"},
		{"complete, interleavings", checks.Options{Strategy: "dfs"}, func(*sim.G) {}, false, "explored: 1 interleaving, in one execution"},
		{"within a budget", checks.Options{Strategy: "bounded", Budget: checks.Budget{Cost: "preemptions"}}, table(2), false,
			"everything within 0 preemptions was explored"},
		{"spin", checks.Options{}, spins, true, "a loop that waits and does not say so has no end; waiter spins at"},
		{"spin, allowed", checks.Options{AllowIncomplete: true}, spins, false, "undeclared ended the search, so this is no proof; waiter spins"},
		{"ticker", checks.Options{ExecutionsMax: 2}, ticks, true, "the bound on executions was hit; timers fired"},
		{"sample", checks.Options{Strategy: "random", ExecutionsMax: 10}, counting(true), false, "no proof"},
		{"unknown", checks.Options{Strategy: "luck"}, counting(true), true, "unknown strategy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			failed, text := attempt(t.TempDir(), c.program, c.opt)
			if plain := strings.Join(strings.Fields(text), " "); failed != c.failed || !strings.Contains(plain, c.want) ||
				strings.Contains(plain, "spins") && strings.Contains(plain, "raise it") {
				t.Errorf("failed %v\n%s", failed, text)
			}
		})
	}
}

// Where the token cannot be kept, that is said and the test fails for its
// finding all the same.
func TestTestCannotKeep(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	failed, text := attempt(file, counting(false), checks.Options{})
	if !failed || !strings.Contains(text, "not kept for the next run") || !strings.Contains(text, "Lost update") {
		t.Errorf("failed %v\n%s", failed, text)
	}
}

// Every program has its own subtest.
func TestTestEach(t *testing.T) {
	checks.TestEach(t, map[string]func(*sim.G){"atomic": counting(true), "nothing": func(*sim.G) {}}, checks.Options{})
}
