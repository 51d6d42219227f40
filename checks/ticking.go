package checks

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// Bounds on the look for timers without an end: goroutines that are favoured, and
// firings in one execution that are too many.
const (
	tickersMax = 16
	ticksMax   = 40
)

// timeTip says what to do where timers may fire for ever, so that a search which
// a bound has cut would have no end; otherwise it is empty. It looks at executions
// in which timers fire as soon as they can, and one goroutine after the other goes
// on for as long as possible.
func timeTip(program func(*sim.G), r Report, watch func(begins bool)) string {
	if r.Time != sim.FreeTime.String() {
		return ""
	}
	runner := sim.NewRunner()
	defer runner.Close()
	paths := []string{"main"}
	for i := 0; i < min(len(paths), tickersMax); i++ {
		x := runner.Run(program, sim.Options{Scheduler: &ticking{favour{path: paths[i]}}, StepsMax: tipSteps,
			Watch: watch})
		ticks := 0
		for n := range x.Events() {
			if x.Events()[n].Op() == object.Fire {
				ticks++
			}
		}
		if x.Outcome == sim.OverSteps && ticks > ticksMax {
			return fmt.Sprintf("timers fired %d times in an execution of %d steps that did not end: under free time a ticker, or a loop "+
				"that sleeps, may go on any number of times before the others do, so that there is no end; let time move only "+
				"when nobody can run (sim.LazyTime, --time lazy), or wait for a condition in place of time", ticks, tipSteps)
		}
		if i == 0 {
			paths = append(paths, others(x)...)
		}
	}
	return ""
}

// others are the goroutines of an execution but main.
func others(x *sim.Execution) []string {
	var paths []string
	for g := range int32(x.Goroutines()) {
		if path := x.Path(g); path != "main" && path != "clock" {
			paths = append(paths, path)
		}
	}
	return paths
}

// ticking lets timers fire as soon as they can, and favours a goroutine.
type ticking struct{ favour }

// Pick implements sim.Scheduler.
func (t *ticking) Pick(x *sim.Execution) sim.Choice {
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		if x.Pending(g).Op == object.Fire {
			return sim.Choice{G: g, Alt: x.FirstAlternative(g)}
		}
	}
	return t.favour.Pick(x)
}
