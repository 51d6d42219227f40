package main

import (
	"fmt"
	"io"

	"github.com/interleave-go/interleave/kernels/counters"
)

// The plain counter is run until it loses something: at most so many times, and
// with so many increments in all those runs.
const (
	plainTriesMost      = 20
	plainIncrementsMost = 1e9
)

// triesOf is how often a way of counting is run at most: more than once where it
// can lose something, but need not, since on a busy machine the workers may run
// one after the other.
func triesOf(way counters.Way, o counters.Options, processors int) int {
	if way != counters.Plain || o.Workers == 1 || processors == 1 {
		return 1
	}
	return max(1, min(plainTriesMost, plainIncrementsMost/o.Increments))
}

// untilLost returns the first run that loses something, or the last one of so
// many tries.
func untilLost(tries int, once func() (counterRun, error)) (run counterRun, err error) {
	for before := range tries {
		run, err = once()
		run.Before = before
		if err != nil || run.Lost > 0 {
			break
		}
	}
	return run, err
}

// writeLosses says how often the plain counter was run, and why it may lose
// nothing.
func writeLosses(to io.Writer, runs []counterRun, processors int) {
	for _, r := range runs {
		if r.Way != counters.Plain || r.Workers == 1 || r.Before == 0 && r.Lost > 0 {
			continue
		}
		all, end := r.Before+1, "lost nothing: the workers ran one after the other, or hardly met. More --increments make a loss likelier."
		switch {
		case r.Lost > 0:
			all, end = r.Before, "before the one above lost nothing."
		case processors == 1:
			end = "lost nothing: there is one processor, and no two workers count at the same time."
		}
		text := fmt.Sprintf("plain with %d workers: %s %s", r.Workers, plural(all, "run"), end)
		fmt.Fprintf(to, "\n%s\n", fold(text, ""))
	}
}
