package checks

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks/explain"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// The budgets of Test, where the options give none.
const (
	testExecutions  = 100_000 // halved by -short, as those that are given are
	testExplanation = 2_000   // executions, for each part of an explanation
	testWidth       = 76      // go test indents what it prints
)

// Test explores a program in a Go test and fails when something is found, with
// the finding explained, its token and a line to paste: see [Replay]. It blocks
// until the exploration has ended.
//
// Options are those of [Explore], but the zero value means the strategy optimal
// and at most 100,000 executions, with one worker; go test -short halves the
// bound on executions. An exhaustive search that finds nothing and is cut by a
// bound fails as well, unless AllowIncomplete says that it may; a sample that
// finds nothing passes and logs that this is no proof.
//
// The token of a finding is kept in a file of the test, under Options.Tokens,
// and replayed first from then on, so that what was found once is found at
// once. A token that does not apply any more is logged. Where the file cannot be
// written, that is logged and the test goes on.
func Test(t testing.TB, program func(*sim.G), opt Options) {
	t.Helper()
	opt = testOptions(t, opt)
	kept := keptTokens{file: tokensFile(t, opt)}
	for _, token := range kept.read(t) {
		if replay(t, program, token, opt) {
			t.Logf("the token is kept in %s", kept.file)
			return
		}
	}
	r, err := Explore(program, opt)
	if err != nil {
		t.Errorf("%v", err)
		return
	}
	for _, f := range r.Findings {
		kept.add(t, f.Token)
	}
	judge(t, program, r, opt)
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
// with what is found. When nothing is, or the program does not go that way any
// more, it logs so: that says nothing of other schedules.
func Replay(t testing.TB, program func(*sim.G), token string) {
	t.Helper()
	replay(t, program, token, testOptions(t, Options{}))
}

func testOptions(t testing.TB, opt Options) Options {
	opt.Strategy = cmp.Or(opt.Strategy, string(search.Optimal))
	opt.ExecutionsMax = cmp.Or(opt.ExecutionsMax, testExecutions)
	if testing.Short() {
		opt.ExecutionsMax = max(opt.ExecutionsMax/2, 1)
	}
	if opt.Identity.Scenario == "" {
		opt.Identity.Scenario = t.Name()
	}
	return opt
}

// judge turns a report into the result of a test.
func judge(t testing.TB, program func(*sim.G), r Report, opt Options) {
	t.Helper()
	switch {
	case len(r.Findings) > 0:
		fail(t, program, r.Findings, opt)
	case r.Exhaustive && !r.Complete && !opt.AllowIncomplete:
		t.Errorf("nothing was found in %d executions, but not everything was explored: the bound on %s was hit; "+
			"raise it, make the program smaller, or set AllowIncomplete%s", r.Executions, r.Bound, spins(r))
	case r.Exhaustive && !r.Complete:
		t.Logf("nothing was found in %d executions; the bound on %s was hit, so this is no proof%s", r.Executions, r.Bound, spins(r))
	case !r.Exhaustive:
		t.Logf("nothing was found in %d executions of a sample: this is no proof", r.Executions)
	}
}

func spins(r Report) string {
	var b strings.Builder
	for _, s := range r.Spins {
		fmt.Fprintf(&b, "; %s", s)
	}
	return b.String()
}

// fail explains the first finding and lists the others.
func fail(t testing.TB, program func(*sim.G), findings []Finding, opt Options) {
	t.Helper()
	first := findings[0]
	var b strings.Builder
	e, err := Explain(program, first, ExplainOptions{Executions: testExplanation, StepsMax: opt.StepsMax, Time: opt.Time,
		Judges: opt.Judges, Identity: opt.Identity})
	if err == nil {
		err = e.Write(&b, explain.Layout{Width: testWidth, Replay: "token"})
	}
	if err != nil {
		fmt.Fprintf(&b, "%s: %s\n(it could not be explained: %v)\n", first.Kind, first.Summary, err)
	}
	for _, f := range findings[1:] {
		fmt.Fprintf(&b, "\nFound as well: %s: %s\n", f.Kind, f.Summary)
	}
	t.Errorf("\n%s\nTo run it again:\n\n\tchecks.Replay(t, program, %q)\n", b.String(), first.Token)
}

// replay reports whether a token still shows a finding; then the test has
// failed.
func replay(t testing.TB, program func(*sim.G), token string, opt Options) (failed bool) {
	t.Helper()
	if IsOrders(token) {
		return replayOrders(t, program, token, opt)
	}
	found, err := ReplayToken(program, token, opt, nil)
	if why, ok := Diverged(err); ok {
		t.Logf("token %s does not apply any more: %s", token, why)
		return false
	}
	if err != nil {
		t.Errorf("replay %s: %v", token, err)
		return true
	}
	if len(found) == 0 {
		t.Logf("token %s shows nothing any more; that says nothing of other schedules", token)
		return false
	}
	fail(t, program, found, opt)
	return true
}

func replayOrders(t testing.TB, program func(*sim.G), token string, opt Options) (failed bool) {
	t.Helper()
	r, err := ReplayOrders(program, token, ExplainOptions{Executions: testExplanation, StepsMax: opt.StepsMax, Time: opt.Time,
		Judges: opt.Judges, Identity: opt.Identity})
	if err != nil {
		t.Errorf("replay %s: %v", token, err)
		return true
	}
	var b strings.Builder
	if err := r.Write(&b, explain.Layout{Width: testWidth, Replay: "token"}); err != nil {
		t.Errorf("replay %s: %v", token, err)
		return true
	}
	if r.There {
		t.Errorf("\n%s", b.String())
		return true
	}
	t.Logf("\n%s", b.String())
	return false
}
