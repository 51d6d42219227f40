package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// The command shows every lesson, and what must be right is.
func TestProcesses(t *testing.T) {
	t.Parallel()
	out, _ := interleave(t, exitNothing, "kernel", "processes", "--processes", "1,3", "--runs", "2", "--kills", "3")
	for _, want := range []string{
		"the parent's counter says 0", "[334 333 333]",
		"lock around              3      1000      1000      1000          2",
		"One by one: the raw count is 1000 of 1000, at most 1 process at once",
		"Join before 100 messages are received: deadlock; after 100 are: joined",
		"in claim                 3            3        53              yes",
		"after commit             3            0        53              yes",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// The JSON can be read, and a run that makes no sense is refused.
func TestProcessesJSON(t *testing.T) {
	t.Parallel()
	out, _ := interleave(t, exitNothing, "kernel", "processes", "--json", "--processes", "2", "--runs", "1", "--kills", "1")
	var report processesReport
	if err := json.Unmarshal([]byte(out), &report); err != nil || len(report.Recoveries) != 5 || report.Seconds == 0 {
		t.Errorf("%v, %+v", err, report)
	}
	for _, args := range []string{"--processes=0", "--increments=0", "--runs=0", "--kills=0", "--svg=/no/such/folder/x"} {
		interleave(t, exitCannotRun, "kernel", "processes", args)
	}
}
