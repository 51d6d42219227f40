package search

import (
	"fmt"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/sim"
)

// Check returns an error that says which option makes no sense, and what it may
// be.
func (o Options) Check() error {
	o = o.withDefaults()
	for _, n := range []struct {
		name string
		n    int
	}{
		{"ExecutionsMax", o.ExecutionsMax}, {"StepsMax", o.StepsMax}, {"TreeMax", o.TreeMax}, {"SplitEvery", o.SplitEvery},
		{"Budget.Max", o.Budget.Max}, {"Checkpoint.Every", o.Checkpoint.Every},
	} {
		if n.n < 0 {
			return fmt.Errorf("%s is %d: it must be 0 or more", n.name, n.n)
		}
	}
	switch {
	case !slices.Contains(Strategies(), o.Strategy):
		return fmt.Errorf("unknown strategy %q: there are %s", o.Strategy, list(Strategies()))
	case !slices.Contains(times(), o.Time):
		return fmt.Errorf("unknown policy of time %v: there are %s", o.Time, list(times()))
	case o.Time == sim.CostTime && o.Strategy.Exhaustive():
		return fmt.Errorf("time that passes by the costs of steps goes with the strategy %s, not %s: "+
			"the costs are drawn, and nobody can explore them all", Random, o.Strategy)
	}
	return o.checkBudget()
}

func (o Options) checkBudget() error {
	costs := []Cost{Preemptions, Delays}
	switch {
	case o.Budget.Cost == "" && o.Budget.Max > 0:
		return fmt.Errorf("a budget of %d does not say of what: its Cost is one of %s", o.Budget.Max, list(costs))
	case o.Budget.Cost == "":
		return nil
	case !slices.Contains(costs, o.Budget.Cost):
		return fmt.Errorf("unknown cost %q of a budget: there are %s", o.Budget.Cost, list(costs))
	case o.Strategy != Bounded && o.Strategy != DFS:
		return fmt.Errorf("a budget of %s needs the strategy %s or %s, not %s", o.Budget.Cost, Bounded, DFS, o.Strategy)
	}
	return nil
}

func times() []sim.Time { return []sim.Time{sim.FreeTime, sim.LazyTime, sim.CostTime} }

// list are the values that an option may have.
func list[T any](values []T) string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = fmt.Sprint(v)
	}
	return strings.Join(names, ", ")
}
