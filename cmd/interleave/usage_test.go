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
