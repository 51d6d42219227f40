package checks

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/internal/wrap"
	"github.com/interleave-go/interleave/sim"
)

// The budgets of Test, where the options give none. All of them are halved by
// -short, and so are those that are given.
const (
	testExecutions  = 100_000
	testExplanation = 2_000 // executions, for each part of an explanation
	testWidth       = 76    // columns: go test indents what it prints
)

// Test explores a program in a Go test and fails when something is found, with
// the finding explained, its token and a line to paste: see [Replay]. It blocks
// until the exploration has ended.
//
// Options are those of [Explore], but the zero value means the strategy optimal
// and at most 100,000 executions, with one worker; go test -short halves the
// bound on executions, and what an explanation may spend. An exhaustive search
// that finds nothing and is cut by a bound fails as well, unless AllowIncomplete
// says that it may; a sample that finds nothing passes and logs that this is no
// proof. A test that passes logs what was explored.
//
// A finding is kept in a file of the test, under Options.Tokens, as the token of
// its schedule and that of the orders that cause it, and replayed first from
// then on, so that what was found once is found at once. The program may have
// been edited: where it does not take the schedule any more, the orders are
// followed. A line of the file that does not apply at all is logged, and left
// out when the file is written the next time; one that cannot be read fails the
// test, which goes on. Where the file cannot be written, that is logged and the
// test goes on.
func Test(t testing.TB, program func(*sim.G), opt Options) {
	t.Helper()
	opt = testOptions(t, opt)
	if err := newExploration(program, opt).check(); err != nil {
		t.Errorf("explore %s: %v", t.Name(), err)
		return
	}
	kept := readKept(t, opt)
	if kept.replay(t, program, opt) {
		return
	}
	r, err := Explore(program, opt)
	if err != nil {
		t.Errorf("%v", err)
		return
	}
	if len(r.Findings) == 0 {
		unfound(t, program, r, opt)
		return
	}
	found := leading(r.Findings, opt.Primary)
	text, orders := explained(program, found, opt)
	t.Errorf("%s", text)
	kept.add(found, orders)
	kept.write(t)
}

// TestEach is Test for several programs, by name, with a subtest for each.
func TestEach(t *testing.T, programs map[string]func(*sim.G), opt Options) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(programs)) {
		t.Run(name, func(t *testing.T) {
			t.Helper()
			Test(t, programs[name], opt)
		})
	}
}

// Replay runs a token of a finding again, of a schedule or of orders, and fails
// with what is found. When nothing is, it logs the execution as a table, or
// where the program does not go that way any more: that says nothing of other
// schedules.
//
// The token says how virtual time moves and where executions are cut, if that
// is not the default. Options are given, at most once, for judges of one's own:
// those that say how to explore are of no meaning.
func Replay(t testing.TB, program func(*sim.G), token string, options ...Options) {
	t.Helper()
	var opt Options
	if len(options) > 0 {
		opt = options[0]
	}
	opt = testOptions(t, opt)
	if IsOrders(token) {
		replayOrders(t, program, token, opt)
		return
	}
	found, err := ReplayToken(program, token, opt, nil)
	why, diverged := Diverged(err)
	switch {
	case diverged:
		t.Logf("token %s does not apply any more: %s\n\n%s", token, why, shown(program, token, opt))
	case err != nil:
		t.Errorf("replay %s: %v", token, err)
	case len(found) > 0:
		Fail(t, program, leading(found, opt.Primary), opt)
	default:
		t.Logf("nothing wrong in this schedule; that says nothing of other schedules\n\n%s", shown(program, token, opt))
	}
}

func testOptions(t testing.TB, opt Options) Options {
	opt.Strategy = cmp.Or(opt.Strategy, string(search.Optimal))
	opt.ExecutionsMax = cmp.Or(opt.ExecutionsMax, testExecutions)
	if testing.Short() && opt.ExecutionsMax > 1 {
		opt.ExecutionsMax /= 2
	}
	if opt.Identity.Scenario == "" {
		opt.Identity.Scenario = t.Name()
	}
	return opt
}

// unfound turns a report without findings into the result of a test.
func unfound(t testing.TB, program func(*sim.G), r Report, opt Options) {
	t.Helper()
	n := inExecutions(r.Executions + r.Cut)
	switch {
	case r.Complete:
		t.Logf("nothing was found, and everything%s was explored: %s, in %s", within(r), traces(r), inExecutions(r.Executions+r.Blocked))
	case !r.Exhaustive:
		t.Logf("nothing was found in %s of a sample: this is no proof", n)
	case opt.AllowIncomplete:
		t.Log(wrapped(fmt.Sprintf("nothing was found in %s; %s, so this is no proof%s", n, hit(r), spins(r))))
	case len(r.Spins) > 0:
		t.Error(wrapped(fmt.Sprintf("nothing was found in %s, but not everything was explored: a loop that waits and does not "+
			"say so has no end%s", n, spins(r))))
	default:
		text := fmt.Sprintf("nothing was found in %s, but not everything was explored: %s; raise it, make the program smaller, "+
			"or set AllowIncomplete", n, hit(r))
		if tip := timeTip(program, r, opt.watch()); tip != "" {
			text = fmt.Sprintf("nothing was found in %s, but not everything was explored: %s; %s", n, hit(r), tip)
		}
		t.Error(wrapped(text))
	}
}

// hit says which bound cut a search.
func hit(r Report) string {
	if r.Bound == "spin" {
		return "a loop that waits undeclared ended the search"
	}
	return "the bound on " + r.Bound + " was hit"
}

func inExecutions(n int) string {
	if n == 1 {
		return "one execution"
	}
	return fmt.Sprintf("%d executions", n)
}

// traces counts what a search tells apart.
func traces(r Report) string {
	if r.Strategy == string(search.DFS) {
		return plural(r.Executions, "interleaving")
	}
	return plural(r.Executions, "trace")
}

// within is the budget that a search has kept to, where it left something out.
func within(r Report) string {
	if !r.Beyond {
		return ""
	}
	return fmt.Sprintf(" within %d %s", r.Budget.Max, r.Budget.Cost)
}

func spins(r Report) string {
	var b strings.Builder
	for _, s := range r.Spins {
		fmt.Fprintf(&b, "; %s", s)
	}
	return b.String()
}

// wrapped breaks text into lines.
func wrapped(text string) string { return strings.Join(wrap.Lines(text, testWidth), "\n") }

// shown is the execution of a token as a table, as far as the program follows
// it.
func shown(program func(*sim.G), token string, opt Options) string {
	var b strings.Builder
	table, err := Show(program, token, opt.explanation())
	if _, diverged := Diverged(err); err == nil || diverged && len(table.Rows) > 0 {
		err = table.Write(&b, opt.layout())
	}
	if err != nil {
		return ""
	}
	return b.String()
}

// replayOrders follows a token of orders and fails when its finding is there.
func replayOrders(t testing.TB, program func(*sim.G), token string, opt Options) {
	t.Helper()
	r, err := ReplayOrders(program, token, opt.explanation())
	var b strings.Builder
	if err == nil {
		err = r.Write(&b, opt.layout())
	}
	switch {
	case err != nil:
		t.Errorf("replay %s: %v", token, err)
	case r.There:
		t.Errorf("\n%s%s", b.String(), opt.callNote())
	default:
		t.Logf("\n%s", b.String())
	}
}
