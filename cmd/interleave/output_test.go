package main

import (
	"bytes"
	"errors"
	"strings"
	"syscall"
	"testing"
)

// A full takes no more than its first bytes.
type full struct {
	left int
	err  error
}

func (f *full) Write(data []byte) (int, error) {
	if f.left < len(data) {
		return 0, f.err
	}
	f.left -= len(data)
	return len(data), nil
}

// What cannot be written is an error of every command, whatever it found, said
// in one line; a reader that has enough is none.
func TestOutputCannotBeWritten(t *testing.T) {
	noSpace := errors.New("no space left")
	for command, otherwise := range map[string]int{
		"list":                        exitNothing,
		"list counter":                exitNothing,
		"list --json":                 exitNothing,
		"version":                     exitNothing,
		"help":                        exitNothing,
		"completion bash":             exitNothing,
		"run counter --variant mutex": exitNothing,
		"run two-locks":               exitHazard,
		"run two-locks --json":        exitHazard,
		"run two-locks --dot -":       exitHazard,
		"run counter --variant mutex --decisions":    exitNothing,
		"run counter --variant mutex --executions 1": exitIncomplete,
		"explain two-locks":                          exitHazard,
		"explain counter --variant mutex":            exitNothing,
		"graph two-locks":                            exitNothing,
		"kernel pi --samples 1e4":                    exitNothing,
		"kernel pi --samples 1e4 --kernel all":       exitNothing,
		"kernel counter --increments 100":            exitNothing,
		"kernel pool --samples 1e4 --jobs 2":         exitNothing,
		"kernel wordcount output_test.go":            exitNothing,
	} {
		for _, left := range []int{0, 40} {
			var stderr bytes.Buffer
			if got := run(strings.Fields(command), &full{left, noSpace}, &stderr); got != exitCannotRun {
				t.Errorf("%s, %d bytes written: status %d", command, left, got)
			}
			if got := stderr.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "no space left") {
				t.Errorf("%s: standard error has %q", command, got)
			}
			stderr.Reset()
			if got := run(strings.Fields(command), &full{left, syscall.EPIPE}, &stderr); got != otherwise || stderr.Len() > 0 {
				t.Errorf("%s, nobody reads: status %d, not %d: %s", command, got, otherwise, &stderr)
			}
		}
	}
}
