package main

import (
	"bytes"
	"strings"
	"testing"
)

// The exit status tells apart what was found, what could not run, and what is
// incomplete.
func TestExitStatus(t *testing.T) {
	for command, want := range map[string]int{
		"list":                              exitNothing,
		"run two-locks --variant ordered":   exitNothing,
		"run two-locks":                     exitHazard,
		"explain two-locks":                 exitHazard,
		"run two-locks --variant nothing":   exitCannotRun,
		"run two-locks --svg nowhere/x.svg": exitCannotRun,
		"replay damaged":                    exitCannotRun,
		"nonsense":                          exitCannotRun,
		"run philosophers --variant ordered --executions 5":                    exitIncomplete,
		"run philosophers --variant ordered --executions 5 --allow-incomplete": exitNothing,
		"run philosophers --variant ordered --strategy random --executions 5":  exitNothing,
	} {
		var stdout, stderr bytes.Buffer
		if got := run(strings.Fields(command), &stdout, &stderr); got != want {
			t.Errorf("interleave %s: status %d, not %d: %s", command, got, want, stderr.String())
		}
		if want == exitCannotRun && (stdout.Len() > 0 || strings.Count(stderr.String(), "\n") != 1) {
			t.Errorf("interleave %s: %q and %q, not one line on standard error", command, stdout.String(), stderr.String())
		}
	}
}
