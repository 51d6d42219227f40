package checks_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// edited is counting(false) with a goroutine that starts before all others, so
// that no schedule of the one is a schedule of the other.
func edited(g *sim.G) {
	logger := g.Go("logger", func(g *sim.G) { g.Yield() })
	counting(false)(g)
	logger.Join(g)
}

// keep writes lines into the file of tokens of a test in a new directory.
func keep(t *testing.T, lines ...string) (dir, file string) {
	t.Helper()
	dir = t.TempDir()
	file = filepath.Join(dir, "TestOf.a.thing.tokens")
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, file
}

func readLines(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

// contains reports what is missing in a text.
func contains(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// What was kept finds the bug in an edited program, by its orders, without any
// exploration; the file then holds a schedule of that program.
func TestKeptSurvivesAnEdit(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "TestOf.a.thing.tokens")
	attempt(dir, counting(false), checks.Options{})
	before := readLines(t, file)
	for _, how := range []string{"by its orders", "by its new schedule"} {
		failed, text := attempt(dir, edited, checks.Options{ExecutionsMax: 1})
		if !failed {
			t.Errorf("%s: not found again", how)
		}
		contains(t, text, "Lost update: n", "It was kept in "+file+":1.")
		after := readLines(t, file)
		if len(after) != 1 || after[0] == before[0] || !strings.HasPrefix(after[0], "il1.") || !strings.Contains(after[0], " ilc1.") {
			t.Errorf("%s: the file holds %q", how, after)
		}
	}
}

// A line that the program has nothing of any more is named in every run, failing
// or not, with its file. It is left out when the file is written, and only then.
func TestStaleIsNamed(t *testing.T) {
	r, err := checks.Explore(table(3), checks.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	stale := r.Findings[0].Token
	dir, file := keep(t, stale)
	failed, text := attempt(dir, counting(true), checks.Options{})
	if failed || len(readLines(t, file)) != 1 {
		t.Errorf("failed %v, the file holds %q", failed, readLines(t, file))
	}
	contains(t, text, file+":1 is stale and can be deleted: token "+stale+" does not apply any more: ")
	for _, opt := range []checks.Options{{}, {ExecutionsMax: 1}} {
		failed, text = attempt(dir, counting(false), opt)
		lines := readLines(t, file)
		if !failed || len(lines) != 1 || lines[0] == stale {
			t.Errorf("failed %v, the file holds %q", failed, lines)
		}
		if opt.ExecutionsMax == 0 {
			contains(t, text, file+":1 is stale", "Lost update", "1 stale line was dropped")
		}
	}
}

// Orders that can be kept in part are not stale: the line goes on to guard.
func TestOrdersThatHoldStay(t *testing.T) {
	dir := t.TempDir()
	attempt(dir, counting(false), checks.Options{})
	locked := func(g *sim.G) {
		mu, n := sim.Mutex{Name: "mu"}, sim.AtomicInt[int]{Name: "n"}
		team(g, 2, "adder", func(g *sim.G, _ int) {
			mu.Lock(g)
			n.Store(g, n.Load(g)+1)
			mu.Unlock(g)
		})
	}
	failed, text := attempt(dir, locked, checks.Options{})
	if failed || strings.Contains(text, "stale") {
		t.Errorf("failed %v\n%s", failed, text)
	}
	contains(t, text, "does not apply any more", "1 of 2 orders of token ilc1.", "the finding is gone under them")
}

// A line that cannot be read fails the test by its number, but what can be
// found is found all the same.
func TestDamagedLineFails(t *testing.T) {
	const damaged = "il1.x...AAAA.00000000"
	for _, atomic := range []bool{true, false} {
		dir, file := keep(t, damaged)
		failed, text := attempt(dir, counting(atomic), checks.Options{})
		if lines := readLines(t, file); !failed || lines[0] != damaged {
			t.Errorf("failed %v, the file holds %q", failed, lines)
		}
		contains(t, text, file+":1 is not replayed: the token is damaged")
		if !atomic {
			contains(t, text, "Lost update")
		}
	}
}

// With -short, a bound on executions is halved, and what an explanation may
// spend as well.
func TestShortHalves(t *testing.T) {
	wide := func(atomic bool) func(*sim.G) {
		return func(g *sim.G) {
			n := sim.AtomicInt[int]{Name: "n"}
			team(g, 5, "adder", func(g *sim.G, _ int) {
				for range 4 {
					if atomic {
						n.Add(g, 1)
					} else {
						n.Store(g, n.Load(g)+1)
					}
				}
			})
			g.Assert(n.Load(g) > 2, "n is %d", n.Load(g))
		}
	}
	was := testing.Short()
	defer func() { setShort(t, was) }()
	numbers := regexp.MustCompile(`\d+ executions`)
	for short, want := range map[bool][]string{false: {"20 executions", "2000 executions"}, true: {"10 executions", "1000 executions"}} {
		setShort(t, short)
		_, text := attempt(t.TempDir(), wide(true), checks.Options{ExecutionsMax: 20})
		_, explained := attempt(t.TempDir(), wide(false), checks.Options{})
		if got := numbers.FindString(text); got != want[0] {
			t.Errorf("short %v: %s, want %s", short, got, want[0])
		}
		if got := numbers.FindAllString(explained, -1); len(got) == 0 || got[0] != want[1] {
			t.Errorf("short %v: %q, want %s", short, explained, want[1])
		}
	}
}

func setShort(t *testing.T, on bool) {
	t.Helper()
	value := map[bool]string{false: "false", true: "true"}[on]
	if err := flag.Set("test.short", value); err != nil {
		t.Fatal(err)
	}
}
