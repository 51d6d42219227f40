package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// exploreFlags say how to explore.
type exploreFlags struct {
	strategy            string
	seed                uint64
	executions          int
	duration            time.Duration
	steps               int
	time                string
	relation            string
	keepGoing           bool
	preemptions, delays int
	treeNodes           int
	set                 *pflag.FlagSet
}

func (f *exploreFlags) register(command *cobra.Command) {
	set := command.Flags()
	f.set = set
	set.StringVar(&f.strategy, "strategy", defaultStrategy, "how schedules are chosen: "+strings.Join(checks.Strategies(), ", ")+"; bounded begins with those of the fewest preemptions, so that the first finding has the fewest")
	set.Uint64Var(&f.seed, "seed", 1, "seed of the strategies that sample")
	set.IntVar(&f.executions, "executions", 0, "stop after so many executions (default: 10,000 when sampling, else no bound)")
	set.DurationVar(&f.duration, "for", 0, "stop after so much time, such as 10s")
	set.IntVar(&f.steps, "steps", 10_000, "cut an execution after so many steps")
	set.StringVar(&f.time, "time", "free", "how virtual time moves: free, lazy")
	set.StringVar(&f.relation, "relation", "slot", "which operations on a channel depend on each other: slot (those of one slot), channel (all, as in published counts)")
	set.IntVar(&f.preemptions, "preemptions", 0, "explore what takes at most so many preemptions, the fewest first, so that the first finding has the fewest (strategy bounded or dfs)")
	set.IntVar(&f.delays, "delays", 0, "explore what takes at most so many delays, which are goroutines passed over, the fewest first (strategy bounded or dfs)")
	set.IntVar(&f.treeNodes, "tree-nodes", 0, "bound on the wakeup trees of strategy optimal, some 80 bytes a node (default 4,194,304)")
	set.BoolVar(&f.keepGoing, "keep-going", false, "go on after the first finding")
	_ = command.RegisterFlagCompletionFunc("relation", cobra.FixedCompletions(checks.Relations(), cobra.ShellCompDirectiveNoFileComp))
	_ = command.RegisterFlagCompletionFunc("strategy", cobra.FixedCompletions(checks.Strategies(), cobra.ShellCompDirectiveNoFileComp))
}

// defaultStrategy is that of every command that explores.
const defaultStrategy = "optimal"

// options checks the flags.
func (f *exploreFlags) options(t target) (checks.Options, error) {
	budget, err := f.bounds()
	if err != nil {
		return checks.Options{}, err
	}
	o := checks.Options{Strategy: f.strategy, Budget: budget, TreeMax: f.treeNodes, Relation: f.relation, Seed: f.seed,
		ExecutionsMax: f.executions, StepsMax: f.steps,
		KeepGoing: f.keepGoing, Primary: t.variant.Primary(), Identity: t.identity()}
	switch {
	case !slices.Contains(checks.Strategies(), f.strategy):
		return o, unknown("strategy", f.strategy, checks.Strategies())
	case !slices.Contains(checks.Relations(), f.relation):
		return o, unknown("relation", f.relation, checks.Relations())
	case f.executions < 0:
		return o, fmt.Errorf("--executions %d: it must be 0 or more", f.executions)
	case f.treeNodes < 0:
		return o, fmt.Errorf("--tree-nodes %d: it must be 0 or more", f.treeNodes)
	case f.steps < 1:
		return o, fmt.Errorf("--steps %d: it must be 1 or more", f.steps)
	case f.duration < 0:
		return o, fmt.Errorf("--for %v: it must not be negative", f.duration)
	}
	o.Time, err = policy(f.time)
	return o, err
}

// policy is what --time says.
func policy(name string) (sim.Time, error) {
	for _, t := range []sim.Time{sim.FreeTime, sim.LazyTime} {
		if name == t.String() {
			return t, nil
		}
	}
	return sim.FreeTime, unknown("policy of time", name, []string{"free", "lazy"})
}

// bounds is the budget that the flags ask for. It chooses the strategy, where
// none is chosen.
func (f *exploreFlags) bounds() (checks.Budget, error) {
	var b checks.Budget
	for _, flag := range []struct {
		cost string
		max  int
	}{{"preemptions", f.preemptions}, {"delays", f.delays}} {
		switch {
		case !f.set.Changed(flag.cost):
			continue
		case flag.max < 0:
			return b, fmt.Errorf("--%s %d: it must be 0 or more", flag.cost, flag.max)
		case b.Cost != "":
			return b, fmt.Errorf("--%s and --%s: give one of them", b.Cost, flag.cost)
		case !f.set.Changed("strategy"):
			f.strategy = "bounded"
		case f.strategy != "bounded" && f.strategy != "dfs":
			return b, fmt.Errorf("--%s goes with --strategy bounded or dfs, not %s", flag.cost, f.strategy)
		}
		b = checks.Budget{Cost: flag.cost, Max: flag.max}
	}
	return b, nil
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
