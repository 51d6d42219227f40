package main

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// The help of every command keeps to the width of all output. The scripts for
// shells say themselves how they are installed.
func TestHelpFits(t *testing.T) {
	seen := 0
	var look func(c *cobra.Command)
	look = func(c *cobra.Command) {
		for _, below := range c.Commands() {
			if c.Name() != "completion" {
				look(below)
			}
		}
		seen++
		words := strings.Fields(c.CommandPath())[1:]
		var stdout, stderr bytes.Buffer
		if status := run(append(words, "--help"), &stdout, &stderr); status != exitNothing {
			t.Errorf("%v: status %d: %s", words, status, &stderr)
		}
		for line := range strings.Lines(stdout.String()) {
			if n := utf8.RuneCountInString(line) - 1; n > textColumns {
				t.Errorf("%v has %d columns: %s", words, n, line)
			}
		}
	}
	root := newRootCommand()
	settle(root, nil)
	look(root)
	if seen < 15 {
		t.Errorf("%d commands", seen)
	}
}

// What people read keeps to the width of all output, but for tokens, which are
// pasted, and ends with its last line.
func TestTextFits(t *testing.T) {
	commands := []string{
		"list",
		"explain join-before-drain",
		"explain forgotten-unlock",
		"explain two-locks --variant ordered",
		"run counter --variant mutex",
		"run counter --variant mutex --n 4 --steps 10",
		"run counter --variant mutex --executions 1",
		"run counter --variant mutex --preemptions 0",
		"run counter --variant mutex --strategy random --executions 3",
		"run two-locks",
	}
	for _, name := range scenarioNames() {
		commands = append(commands, "list "+name)
	}
	for _, command := range commands {
		var stdout, stderr bytes.Buffer
		if run(strings.Fields(command), &stdout, &stderr) == exitCannotRun {
			t.Errorf("%s: %s", command, &stderr)
		}
		for line := range strings.Lines(stdout.String()) {
			if n := utf8.RuneCountInString(line) - 1; n > textColumns && !strings.Contains(line, "il1.") && !strings.Contains(line, "ilc1.") {
				t.Errorf("%s has %d columns: %s", command, n, line)
			}
			if strings.Contains(line, "…") && command == "list" {
				t.Errorf("%s cuts: %s", command, line)
			}
		}
		if text := stdout.String(); !strings.HasSuffix(text, "\n") || strings.HasSuffix(text, "\n\n") {
			t.Errorf("%s ends with %q", command, text[max(0, len(text)-20):])
		}
	}
}
