package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/interleave-go/interleave/checks"
)

// writeTotals writes how much was explored, how, and why no more.
func writeTotals(out io.Writer, r checks.Report) {
	text := fmt.Sprintf("Strategy %s", r.Strategy)
	switch {
	case r.Strategy == strategyReplay:
		text = "Replay"
	case !r.Exhaustive:
		text += fmt.Sprintf(", seed %d", r.Seed)
	}
	if r.Relation != "" {
		text += fmt.Sprintf(", relation %s", r.Relation)
	}
	text += ": " + totals(r)
	if r.FellBack > 0 {
		text += fmt.Sprintf(", wakeup trees given up for source sets in %s", parts(r.FellBack))
	}
	if r.Exhaustive && r.Complete && r.Budget.Cost != "" {
		text += "; complete within " + spent(r.Budget)
	} else if r.Exhaustive && r.Complete {
		text += "; complete"
	} else if r.Bound != "" {
		text += "; " + bound(r)
	}
	text += fewest(r)
	fmt.Fprintf(out, "%s\n", fold(text+".", ""))
	text = "Judges: " + strings.Join(r.Judges, ", ") + "."
	if len(r.Observers) > 0 {
		text += " Observers: " + strings.Join(r.Observers, ", ") + "."
	}
	fmt.Fprintf(out, "%s\n", fold(text+" Virtual time: "+r.Time+".", ""))
	for i, note := range r.Notes {
		if i == 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintf(out, "%s\n", fold("Note: "+note+".", ""))
	}
}

// totals counts traces, those in which something was found and those that were
// cut, then executions and steps. A trace is seen in one execution; others are
// redundant.
func totals(r checks.Report) string {
	seen := r.Executions + r.Cut
	text, after := plural(seen, strings.TrimSuffix(unitOf(r.Strategy), "s")), ", "
	if r.Failing > 0 && r.Bound != "first finding" {
		text += fmt.Sprintf(", %s of them with a finding (%.3g%%)", grouped(uint64(r.Failing)), 100*float64(r.Failing)/float64(seen))
		after = "; "
	}
	if r.Cut > 0 {
		text += fmt.Sprintf(", %s of them cut short", grouped(uint64(r.Cut)))
		after = "; "
	}
	switch {
	case r.Blocked > 0:
		text, after = text+fmt.Sprintf("; %s, %s of them redundant", plural(seen+r.Blocked, "execution"), grouped(uint64(r.Blocked))), ", "
	case unitOf(r.Strategy) == "traces" && seen > 1:
		text, after = text+after+"an execution each", ", "
	}
	return text + after + plural(r.Steps, "step")
}

// fewest says of the first finding of a search that goes by preemptions or delays
// how many it takes, and that none takes fewer.
func fewest(r checks.Report) string {
	if r.Bound != "first finding" || r.Strategy != "bounded" && r.Budget.Cost == "" {
		return ""
	}
	took := checks.Budget{Cost: cmp.Or(r.Budget.Cost, "preemptions"), Max: r.Spent}
	if r.Spent == 0 {
		return "; it takes no " + strings.TrimSuffix(took.Cost, "s")
	}
	return "; it takes " + spent(took) + ", and none takes fewer"
}

// spent is a budget in words.
func spent(b checks.Budget) string {
	if b.Max == 1 {
		return "1 " + strings.TrimSuffix(b.Cost, "s")
	}
	return fmt.Sprintf("%d %s", b.Max, b.Cost)
}

// parts counts the parts of a search.
func parts(n int) string { return plural(n, "part") + " of the search" }
