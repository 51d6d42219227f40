package main

import (
	"fmt"
	"runtime"
	"time"

	"github.com/interleave-go/interleave/checks"
)

// exploreProgress shows on a line how far an exploration has come.
func exploreProgress(line *progressLine) func(checks.Progress) {
	first := -1
	return func(p checks.Progress) {
		if first < 0 {
			first = p.Executions // what a checkpoint had already
		}
		line.write(func(since time.Duration) string {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			rate := float64(p.Executions-first) / max(since.Seconds(), 1e-9)
			text := fmt.Sprintf("%s done, %s/s, %d deep, %s", grouped(uint64(p.Executions)),
				grouped(uint64(rate)), p.DepthMax, fmt.Sprintf("%d MB", m.Sys>>20))
			return text + estimated(p, rate)
		})
	}
}

// estimated says how many there may be in all, and how long that takes. An
// estimate below what is done already says nothing.
func estimated(p checks.Progress, rate float64) string {
	if p.Estimate <= float64(p.Executions) || rate < 1 {
		return ""
	}
	left := time.Duration((p.Estimate - float64(p.Executions)) / rate * float64(time.Second))
	return fmt.Sprintf(", of about %.2g ± %.0f %%, %v left", p.Estimate, 100*p.Spread/p.Estimate, left.Round(time.Second))
}
