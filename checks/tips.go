package checks

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// Tips says, in a sentence each, what would make a space of executions smaller:
// the object whose steps have the most orders, and what to do about one of its
// kind; a budget, where it would cut much; the bound that was hit. It looks at
// one execution of the program, in which everybody runs on for as long as possible,
// so it knows what that one does and no more. There are none for a report that
// is complete or that samples, nor where a spin, which has its own, or a finding
// ended the search.
func Tips(program func(*sim.G), r Report) []string {
	if r.Complete || !r.Exhaustive || r.Bound == "first finding" || r.Bound == "spin" {
		return nil
	}
	runner := sim.NewRunner()
	defer runner.Close()
	width, watch := &widthMeter{}, search.Watch(0, nil)
	x := runner.Run(program, sim.Options{Scheduler: width, StepsMax: tipSteps, Watch: watch})
	var tips []string
	if c, all := mostContended(x); c.pairs > 0 {
		tips = append(tips, fmt.Sprintf("%s: %s of the program's %s of steps whose order matters, between %d goroutines; %s",
			c.name, part(c.pairs, all), plural(all, "pair"), len(c.by), c.advice(r)))
	}
	if tip := budgetTip(r, width, x.Steps()); tip != "" {
		tips = append(tips, tip)
	}
	switch {
	case r.Strategy == string(search.DFS):
		tips = append(tips, "strategy dfs runs every interleaving; optimal runs one of each class that differs only in the order of independent steps")
	case r.FellBack > 0:
		tips = append(tips, "wakeup trees were given up for source sets, which explore some traces for nothing: allow them more nodes (--tree-nodes)")
	}
	tick := timeTip(program, r, watch)
	if tick != "" {
		tips = append(tips, tick)
	}
	if r.Cut > 0 && len(r.Spins) == 0 && tick == "" {
		tips = append(tips, fmt.Sprintf("%s cut by the bound on steps: raise it (--steps) if they end at all; a loop that waits "+
			"for others ends if it says so, by sim.Await or Yield", were(r.Cut)))
	}
	return append(tips, "strategy random samples the space, however large; that is no proof")
}

// tipSteps bounds the execution that Tips looks at.
const tipSteps = 2000

// part is k of n in words.
func part(k, n int) string {
	if k == n {
		return "all"
	}
	return fmt.Sprint(k)
}

// were counts executions as the subject of a sentence.
func were(n int) string {
	if n == 1 {
		return "1 execution was"
	}
	return fmt.Sprintf("%d executions were", n)
}

// wideShare is which part of the steps somebody else could take, at least, for a
// budget of preemptions to be worth a tip: one in so many.
const wideShare = 4

// budgetTip says which budget would cut the space.
func budgetTip(r Report, width *widthMeter, steps int) string {
	switch {
	case r.Budget.Max > 0:
		return fmt.Sprintf("a smaller budget than %d %s leaves much less, and keeps the simplest schedules", r.Budget.Max, r.Budget.Cost)
	case r.Budget.Cost != "" || width.wide*wideShare < steps:
		return ""
	}
	return fmt.Sprintf("at %d of %d steps somebody else could have gone on, up to %d at a time: a budget of 2 preemptions "+
		"(--preemptions 2) explores the traces that take no more, most bugs among them", width.wide, steps, width.most)
}

// A widthMeter lets everybody run for as long as possible, and counts where
// somebody else could have gone on.
type widthMeter struct {
	wide int // steps at which several could
	most int // how many
}

// Pick implements sim.Scheduler.
func (w *widthMeter) Pick(x *sim.Execution) sim.Choice {
	n := x.Enabled().Len()
	if n > 1 {
		w.wide++
	}
	w.most = max(w.most, n)
	return sim.Choice{G: x.First(), Alt: x.FirstAlternative(x.First())}
}
