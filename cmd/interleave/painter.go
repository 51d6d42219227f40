package main

import (
	"io"
	"os"

	"golang.org/x/term"
)

// A painter colours text, or leaves it as it is.
type painter struct{ on bool }

// newPainter follows --color: auto colours on a terminal, unless NO_COLOR is
// set.
func newPainter(when string, out io.Writer) (painter, error) {
	switch when {
	case "auto":
		return painter{isTerminal(out) && os.Getenv("NO_COLOR") == ""}, nil
	case "always":
		return painter{true}, nil
	case "never":
		return painter{}, nil
	}
	return painter{}, unknown("value of --color", when, []string{"auto", "always", "never"})
}

func (p painter) paint(code, text string) string {
	if !p.on {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (p painter) bad(text string) string  { return p.paint("1;31", text) }
func (p painter) good(text string) string { return p.paint("1;32", text) }

func isTerminal(w io.Writer) bool {
	file := fileOf(w)
	return file != nil && term.IsTerminal(int(file.Fd()))
}
