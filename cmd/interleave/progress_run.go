package main

import (
	"fmt"
	"runtime"
	"time"

	"github.com/interleave-go/interleave/checks"
)

// exploreProgress shows on a line how far an exploration has come.
func exploreProgress(line *progressLine, o checks.Options) func(checks.Progress) {
	var first *checks.Progress
	return func(p checks.Progress) {
		if first == nil {
			first = &p // a checkpoint may have had that already
		}
		line.write(func(since time.Duration) string {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			seconds := max(since.Seconds(), 1e-9)
			return exploreLine(p, pace{unit: unitOf(o.Strategy), runs: float64(p.Started-first.Started) / seconds,
				seen: float64(p.Executions-first.Executions) / seconds, bytes: m.Sys})
		})
	}
}

// A pace is how fast an exploration gets on, and how much memory it has.
type pace struct {
	unit  string  // what is counted: see unitOf
	runs  float64 // executions a second
	seen  float64 // of that, units a second
	bytes uint64
}

// unitOf is what a strategy counts: each is one execution, beside those that are
// redundant.
func unitOf(strategy string) string {
	switch strategy {
	case "dfs":
		return "interleavings"
	case "random", strategyReplay:
		return "executions"
	}
	return "traces"
}

// exploreLine is the state of an exploration in less than a line, whatever the
// numbers are: executions and their rate, traces and how many there may be in
// all, with the standard error of that, the time that takes, the longest
// execution, and memory.
func exploreLine(p checks.Progress, at pace) string {
	if at.unit == "traces" {
		return fmt.Sprintf("%s runs, %s/s; %s traces%s; %s deep, %s", brief(float64(p.Started)), brief(at.runs),
			brief(float64(p.Executions)), estimated(p, at.seen), brief(float64(p.DepthMax)), memory(at.bytes))
	}
	return fmt.Sprintf("%s %s, %s/s%s; %s deep, %s", brief(float64(p.Executions)), at.unit, brief(at.seen),
		estimated(p, at.seen), brief(float64(p.DepthMax)), memory(at.bytes))
}

// estimated says how many there may be in all, and how long that takes. An
// estimate below what is done already says nothing.
func estimated(p checks.Progress, rate float64) string {
	if p.Estimate <= float64(p.Executions) || rate <= 0 {
		return ""
	}
	spread := min(100*p.Spread/p.Estimate, 999)
	return fmt.Sprintf(" of %s ±%.0f%%, %s left", brief(p.Estimate), spread, span((p.Estimate-float64(p.Executions))/rate))
}

// brief writes a number in at most six columns, with three digits from 10,000 on.
func brief(n float64) string {
	switch {
	case n < 9.95:
		return fmt.Sprintf("%.2g", n)
	case n < 9999.5:
		return grouped(uint64(n + 0.5))
	case n >= 999.5e12:
		return fmt.Sprintf("%.0e", n)
	}
	letters := "kMGT"
	for n /= 1000; n >= 999.5; n /= 1000 {
		letters = letters[1:]
	}
	digits := 2
	if n >= 99.95 {
		digits = 0
	} else if n >= 9.995 {
		digits = 1
	}
	return fmt.Sprintf("%.*f%c", digits, n, letters[0])
}

// memory writes a number of bytes in at most six columns.
func memory(bytes uint64) string {
	switch gb := float64(bytes) / (1 << 30); {
	case gb >= 9.95:
		return fmt.Sprintf("%.0f GB", gb)
	case bytes >= 1000<<20:
		return fmt.Sprintf("%.1f GB", gb)
	}
	return fmt.Sprintf("%d MB", bytes>>20)
}

// span writes a time in at most five columns: in two units where the larger one
// has one digit.
func span(seconds float64) string {
	const year = 365 * 24 * 60 * 60
	if seconds >= 1000*year {
		return ">999y"
	}
	n, below := int64(seconds), ""
	for _, u := range []struct {
		seconds int64
		letter  string
	}{{year, "y"}, {24 * 60 * 60, "d"}, {60 * 60, "h"}, {60, "m"}, {1, "s"}} {
		switch k := n / u.seconds; {
		case below != "" && k > 99: // days of a year
			return below
		case below != "":
			return fmt.Sprintf("%s%02d%s", below, k, u.letter)
		case k >= 10:
			return fmt.Sprintf("%d%s", k, u.letter)
		case k > 0 || u.seconds == 1:
			below = fmt.Sprintf("%d%s", k, u.letter)
		}
		n %= u.seconds
	}
	return below
}
