package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/hazards"
	"github.com/interleave-go/interleave/internal/diagram"
	"github.com/interleave-go/interleave/internal/wrap"
	"github.com/interleave-go/interleave/sim"
)

// runExecutions bounds each part of the explanation that run shows.
const runExecutions = 2000

// writeReport writes what an exploration has to say, for people.
func writeReport(out io.Writer, paint painter, t target, r checks.Report) error {
	fmt.Fprintf(out, "%s\n%s\n\n", title(t), fold(t.variant.Summary, "  "))
	if len(r.Findings) == 0 {
		writeNothing(out, paint, r)
		writeTips(out, t, r)
		return nil
	}
	first := primary(r, t.variant)
	e, err := checks.Explain(t.program, first, explainOptions(t, runExecutions, false))
	if err != nil {
		return err
	}
	writeHazard(out, paint, e.Kind, e.Happened)
	fmt.Fprintf(out, "%s\n", diagram.Interleaving(e.Table, textColumns))
	writeOthers(out, r, first)
	writeTotals(out, r)
	writeTips(out, t, r)
	writeHints(out, t, r, e.Token)
	return nil
}

// writeHazard writes what was found, in words.
func writeHazard(out io.Writer, paint painter, kind string, happened []string) {
	fmt.Fprintf(out, "%s\n\n", paint.bad(strings.ToUpper(strings.ReplaceAll(kind, "-", " "))))
	for _, text := range happened {
		fmt.Fprintf(out, "%s\n", fold(text, "  "))
	}
	fmt.Fprintln(out)
}

func title(t target) string {
	text := t.scenario.Name + ", variant " + t.variant.Name
	if len(t.params) > 0 {
		text += ", " + parameters(t.params)
	}
	return text
}

func parameters(values map[string]int) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(values)) {
		parts = append(parts, fmt.Sprintf("%s=%d", k, values[k]))
	}
	return strings.Join(parts, ", ")
}

// primary is the finding that the variant is about, or the first one.
func primary(r checks.Report, v hazards.Variant) checks.Finding {
	for _, f := range r.Findings {
		if f.Kind == v.Primary() {
			return f
		}
	}
	return r.Findings[0]
}

func writeNothing(out io.Writer, paint painter, r checks.Report) {
	switch {
	case r.Complete && r.Beyond:
		fmt.Fprintf(out, "%s\n\n", fold(fmt.Sprintf("%s: %s. Of what takes more, nothing is known.",
			paint.good("Nothing wrong within "+spent(r.Budget)), unit(r)), ""))
	case r.Complete:
		fmt.Fprintf(out, "%s: %s.\n\n", paint.good("Nothing wrong"), unit(r))
	case r.Exhaustive:
		fmt.Fprintf(out, "%s\n\n", fold(fmt.Sprintf("%s, but not everything was explored: %s.", paint.bad("Nothing found"), bound(r)), ""))
	default:
		fmt.Fprintf(out, "%s in a sample: that is no proof.\n\n", paint.good("Nothing found"))
	}
	writeTotals(out, r)
}

// unit says what a complete search has seen.
func unit(r checks.Report) string {
	switch {
	case r.Strategy == "dfs" && r.Beyond:
		return "every interleaving within that was explored"
	case r.Strategy == "dfs":
		return "every interleaving was explored"
	case r.Beyond:
		return "one interleaving was explored of every trace that has one within that"
	}
	return "one interleaving of every trace was explored, which stands\nfor all that differ from it only in the order of independent steps"
}

// bound says why an exploration ended.
func bound(r checks.Report) string {
	switch r.Bound {
	case "":
		return "nothing was left out"
	case "first finding":
		return "stopped at the first finding (--keep-going goes on)"
	case "executions":
		return "stopped by the bound on executions (--executions)"
	case "steps":
		return "some executions were cut by the bound on steps (--steps)"
	case "prefixes":
		return "stopped by the memory for what has been seen (16,777,216 prefixes)"
	case "spin":
		return "stopped at a loop that waits undeclared (--keep-going goes on)"
	case boundTime:
		return "stopped by --for"
	case boundInterrupt:
		return "interrupted"
	}
	return "stopped by the bound on " + r.Bound
}

// writeOthers lists the findings beside the one that is shown. The steps that they
// speak of are those of their own schedules, so each has its token.
func writeOthers(out io.Writer, r checks.Report, shown checks.Finding) {
	rest := 0
	for _, f := range r.Findings {
		if f.Token == shown.Token && f.Kind == shown.Kind && f.Summary == shown.Summary {
			continue
		}
		if rest == 0 {
			fmt.Fprintln(out, "Found as well, each in the schedule of its token:")
		}
		rest++
		fmt.Fprintf(out, "%s\n    %s\n", fold(fmt.Sprintf("%s: %s", f.Kind, f.Summary), "  "), f.Token)
	}
	if rest > 0 {
		fmt.Fprintln(out)
	}
}

// writeTips says what would make the space smaller, when it was too large.
func writeTips(out io.Writer, t target, r checks.Report) {
	for _, s := range r.Spins {
		fmt.Fprintf(out, "\n%s\n", fold(s.String()+".", ""))
	}
	for i, tip := range checks.Tips(t.program, r) {
		if i == 0 {
			fmt.Fprintln(out, "\nTo have less to explore:")
		}
		fmt.Fprintf(out, "%s\n", fold(tip+".", "  "))
	}
}

// writeHints tells how to go on.
func writeHints(out io.Writer, t target, r checks.Report, token string) {
	name := t.scenario.Name + t.arguments()
	if r.Time != sim.FreeTime.String() {
		name += " --time " + r.Time
	}
	fmt.Fprintf(out, "\nReplay it:   interleave replay TOKEN, where TOKEN is\n  %s\n", token)
	fmt.Fprintf(out, "Explain it:  interleave explain %s\n", name)
	fmt.Fprintf(out, "Draw it:     interleave run %s --svg wait-for.svg\n", name)
	if fixed := t.scenario.Fixed(); fixed != "" {
		fmt.Fprintf(out, "Mended:      interleave run %s --variant %s\n", t.scenario.Name, fixed)
	}
}

// arguments are the flags that choose the target's variant and parameters,
// where they are not the defaults.
func (t target) arguments() string {
	text := ""
	if t.variant.Name != t.scenario.Variants[0].Name {
		text += " --variant " + t.variant.Name
	}
	for _, p := range t.scenario.Parameters {
		if v := t.params[p.Name]; v != p.Default {
			text += fmt.Sprintf(" --%s %d", p.Name, v)
		}
	}
	return text
}

func explainOptions(t target, executions int, smaller bool) checks.ExplainOptions {
	o := checks.ExplainOptions{Executions: executions, Identity: t.identity()}
	if smaller {
		o.Least = t.least()
		o.Make = t.variant.ProgramOf
	}
	return o
}

// fold breaks text into lines of at most 80 columns, each indented.
func fold(text, indent string) string {
	return indent + strings.Join(wrap.Lines(text, textColumns-len(indent)), "\n"+indent)
}
