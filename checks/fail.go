package checks

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks/explain"
	"github.com/interleave-go/interleave/internal/wrap"
	"github.com/interleave-go/interleave/sim"
)

// Fail fails a test with the first of the findings explained, as [Test] does,
// and with a line to paste that shows it again: for a test that explores in its
// own way. The findings must have been made with the options.
func Fail(t testing.TB, program func(*sim.G), findings []Finding, opt Options) {
	t.Helper()
	text, _ := explained(program, findings, opt)
	t.Errorf("%s", text)
}

// explained explains the first finding and lists the others, each with its token,
// since the steps that they speak of are those of their own schedules. The orders are
// empty when the explanation has none.
func explained(program func(*sim.G), findings []Finding, opt Options) (text, orders string) {
	first := findings[0]
	var b strings.Builder
	e, err := Explain(program, first, opt.explanation())
	if err == nil {
		err = e.Write(&b, opt.layout())
	}
	again := "To run it again:"
	if err != nil {
		fmt.Fprintf(&b, "%s: %s\n(it could not be explained: %v)\n", first.Kind, first.Summary, err)
		again = "To see the execution again, in which a replay alone may find nothing:"
	}
	for _, f := range findings[1:] {
		lines := wrap.Lines(fmt.Sprintf("Found as well: %s: %s", f.Kind, f.Summary), testWidth-2)
		fmt.Fprintf(&b, "\n%s\n  %s\n", strings.Join(lines, "\n  "), opt.call(f.Token))
	}
	if len(e.Cause.Conditions) > 0 {
		orders = e.Orders
	}
	return fmt.Sprintf("\n%s\n%s\n\n\t%s\n%s", b.String(), again, opt.call(first.Token), opt.callNote()), orders
}

// leading puts the first finding of a kind before all others, if there is one.
func leading(findings []Finding, kind Kind) []Finding {
	i := slices.IndexFunc(findings, func(f Finding) bool { return f.Kind == kind })
	if i <= 0 {
		return findings
	}
	first := findings[i]
	return slices.Insert(slices.Delete(slices.Clone(findings), i, i+1), 0, first)
}

// explanation are the options with which a test explains a finding.
func (o Options) explanation() ExplainOptions {
	budget := testExplanation
	if testing.Short() {
		budget /= 2
	}
	return ExplainOptions{Executions: budget, StepsMax: o.StepsMax, Time: o.Time, Judges: o.Judges, Identity: o.Identity,
		StuckAfter: o.StuckAfter, Stuck: o.Stuck}
}

func (o Options) layout() explain.Layout {
	return explain.Layout{Width: testWidth, Replay: o.call("TOKEN")}
}

// call is the line of Go that replays a token with these options. The token
// says all of them but the judges.
func (o Options) call(token string) string {
	switch {
	case o.Judges == nil:
		return fmt.Sprintf("checks.Replay(t, program, %q)", token)
	case sameJudges(o.Judges, AllJudges()):
		return fmt.Sprintf("checks.Replay(t, program, %q, checks.Options{Judges: checks.AllJudges()})", token)
	}
	return fmt.Sprintf("checks.Replay(t, program, %q, checks.Options{Judges: judges})", token)
}

// callNote says what the call cannot.
func (o Options) callNote() string {
	if o.Judges == nil || sameJudges(o.Judges, AllJudges()) {
		return ""
	}
	return "\nwhere judges are made as for this test.\n"
}

func sameJudges(a, b []Judge) bool {
	return slices.EqualFunc(a, b, func(a, b Judge) bool { return fmt.Sprintf("%T", a) == fmt.Sprintf("%T", b) })
}
