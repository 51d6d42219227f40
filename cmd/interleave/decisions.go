package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/interleave-go/interleave/checks"
)

// decisionWriter returns what writes the decisions of an exploration, an
// execution under its number.
func decisionWriter(out io.Writer) func(checks.Decision) {
	execution := -1
	return func(d checks.Decision) {
		if d.Execution != execution && d.Kind != "restart" {
			execution = d.Execution
			fmt.Fprintf(out, "execution %d\n", execution+1)
		}
		text := fold(decisionText(d), strings.Repeat(" ", decisionColumn))
		fmt.Fprintf(out, "  %-*s%s\n", decisionColumn-2, d.Kind, text[decisionColumn:])
		if d.Kind == "restart" {
			execution = -1
		}
	}
}

// decisionColumn is where the text of a decision begins.
const decisionColumn = 13

// decisionText is a decision in words.
func decisionText(d checks.Decision) string {
	step := d.Goroutine + ": " + d.Operation
	sequence := strings.Join(d.Sequence, "; ")
	switch d.Kind {
	case "race":
		return fmt.Sprintf("step %d, %s, could come before step %d", d.Then, step, d.Step)
	case "reversal":
		return fmt.Sprintf("step %d would begin: %s", d.Step, sequence)
	case "redundant":
		return "explored or planned already"
	case "insert":
		return fmt.Sprintf("at step %d: %s", d.Step, sequence)
	case "prune":
		return fmt.Sprintf("at step %d: all that can come is asleep", d.Step)
	case "end":
		text := d.Outcome
		for _, k := range d.Findings {
			text += ", " + string(k)
		}
		return text
	case "restart":
		return "two objects turned out to be one; what was decided does not count"
	}
	return fmt.Sprintf("step %d, %s", d.Step, step) // descend, sleep
}
