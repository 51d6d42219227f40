package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// exploreFlags say how to explore.
type exploreFlags struct {
	strategy   string
	seed       uint64
	executions int
	duration   time.Duration
	steps      int
	time       string
	keepGoing  bool
}

func (f *exploreFlags) register(command *cobra.Command) {
	set := command.Flags()
	set.StringVar(&f.strategy, "strategy", defaultStrategy, "how schedules are chosen: "+strings.Join(checks.Strategies(), ", "))
	set.Uint64Var(&f.seed, "seed", 1, "seed of the strategies that sample")
	set.IntVar(&f.executions, "executions", 0, "stop after so many executions (default: 10,000 when sampling, else no bound)")
	set.DurationVar(&f.duration, "for", 0, "stop after so much time, such as 10s")
	set.IntVar(&f.steps, "steps", 10_000, "cut an execution after so many steps")
	set.StringVar(&f.time, "time", "free", "how virtual time moves: free, lazy")
	set.BoolVar(&f.keepGoing, "keep-going", false, "go on after the first finding")
	_ = command.RegisterFlagCompletionFunc("strategy", cobra.FixedCompletions(checks.Strategies(), cobra.ShellCompDirectiveNoFileComp))
}

// defaultStrategy is that of every command that explores.
const defaultStrategy = "optimal"

// options checks the flags.
func (f *exploreFlags) options(t target) (checks.Options, error) {
	o := checks.Options{Strategy: f.strategy, Seed: f.seed, ExecutionsMax: f.executions, StepsMax: f.steps,
		KeepGoing: f.keepGoing, Primary: t.variant.Primary(), Identity: t.identity()}
	known := false
	for _, s := range checks.Strategies() {
		known = known || s == f.strategy
	}
	switch {
	case !known:
		return o, unknown("strategy", f.strategy, checks.Strategies())
	case f.executions < 0:
		return o, fmt.Errorf("--executions %d: it must be 0 or more", f.executions)
	case f.steps < 1:
		return o, fmt.Errorf("--steps %d: it must be 1 or more", f.steps)
	case f.duration < 0:
		return o, fmt.Errorf("--for %v: it must not be negative", f.duration)
	}
	switch f.time {
	case "free":
		o.Time = sim.FreeTime
	case "lazy":
		o.Time = sim.LazyTime
	default:
		return o, unknown("policy of time", f.time, []string{"free", "lazy"})
	}
	return o, nil
}

// The bounds that this command sets, as reports name them.
const (
	boundTime      = "time"
	boundInterrupt = "interrupt"
)

// interrupt returns what ends the exploration: Ctrl-C, or the time given.
func (f *exploreFlags) interrupt(ctx context.Context) func() string {
	start := time.Now()
	return func() string {
		switch {
		case ctx.Err() != nil:
			return boundInterrupt
		case f.duration > 0 && time.Since(start) >= f.duration:
			return boundTime
		}
		return ""
	}
}
