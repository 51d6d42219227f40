package checks

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// Once runs one execution of the program, whose choices a scheduler makes, and
// reports what its judges found, with tokens. Of the options, those that say how
// to explore are of no meaning. The error is that of [Explore].
func Once(program func(*sim.G), s sim.Scheduler, opt Options) (Report, error) {
	opt.Strategy, opt.Budget = "", Budget{}
	e := newExploration(program, opt)
	if err := e.check(); err != nil {
		return e.report, fmt.Errorf("run %s once: %w", opt.Identity, err)
	}
	e.report.Strategy, e.report.Exhaustive = "once", false
	job := e.tally.Begin()
	r := sim.NewRunner()
	defer r.Close()
	x := r.Run(program, sim.Options{Scheduler: s, StepsMax: opt.StepsMax, Time: opt.Time, Watch: opt.watch()})
	if x.Outcome == sim.Diverged {
		return e.report, fmt.Errorf("run %s once: %s", opt.Identity, x.Divergence)
	}
	job.Visit(x)
	e.tally.Merge(job)
	result := search.Result{Executions: 1, Steps: x.Steps(), DepthMax: x.Steps(), Jobs: 1}
	if !x.Outcome.Complete() {
		result.Executions, result.Cut, result.Bound = 0, 1, "steps"
	}
	return e.finish(result)
}
