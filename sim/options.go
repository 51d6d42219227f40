package sim

import (
	"fmt"
	"time"
)

// A Time is the policy by which virtual time moves.
type Time uint8

// The policies. Under FreeTime a timer may fire before any other step, timers
// among themselves in the order of their deadlines: all that slow goroutines
// allow. Under LazyTime it moves only when nothing else can run, and not where
// nothing is left but tickers that nobody waits for. Under CostTime every step takes
// a virtual cost, which the search draws, and a timer fires as soon as it is due,
// without the scheduler being asked: for sampling only. When nothing else can run it
// moves there as under LazyTime.
const (
	FreeTime Time = iota
	LazyTime
	CostTime
)

var timeNames = [...]string{"free", "lazy", "cost"}

func (t Time) String() string {
	if int(t) >= len(timeNames) {
		return fmt.Sprintf("Time(%d)", uint8(t))
	}
	return timeNames[t]
}

// Options say how one execution is run.
type Options struct {
	// Prefix is followed before the scheduler is asked. As far as it is the way that
	// the Runner's execution before went, of the same func, what the events access
	// and change is taken over from there: the func must be deterministic, in what
	// it captures as well.
	Prefix []Choice
	// Scheduler decides; nil means FirstEnabled.
	Scheduler Scheduler
	// StepsMax bounds the events; 0 means 10,000.
	StepsMax int
	// GoroutinesMax bounds the goroutines of an execution, ended ones as well;
	// 0 means 10,000.
	GoroutinesMax int
	// Time is the policy of virtual time; 0 means FreeTime.
	Time Time
	// Costs gives the virtual cost of the last step under CostTime; nil means
	// that no step costs anything. A replay needs the same costs.
	Costs func(x *Execution) time.Duration
	// RunOn lets the other goroutines run on after a failure, as if the one that
	// failed were blocked for ever. Reduction needs it: what they would have done
	// may matter for executions that do not fail.
	RunOn bool
	// Lazy has the scheduler asked though goroutines that were spawned have not said
	// what they want to do: see [Execution.Unstarted]. To pick one of those is to
	// start it; then the scheduler is asked again. What a goroutine does before its
	// first operation comes that much later.
	Lazy bool
	// Watch is told when the execution begins, with true, and when it has ended,
	// with false: a goroutine that does not come back to the scheduler cannot be
	// stopped, but it can be told of. Nil means that nobody wants to know.
	Watch func(begins bool)
	// Details keeps source lines, values as text and notes: slow, for the one
	// execution that is explained.
	Details bool
}

func (o *Options) fill() {
	if o.Scheduler == nil {
		o.Scheduler = FirstEnabled{}
	}
	if o.StepsMax == 0 {
		o.StepsMax = 10_000
	}
	if o.GoroutinesMax == 0 {
		o.GoroutinesMax = 10_000
	}
}
