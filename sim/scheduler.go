package sim

// A Choice is one scheduling decision: which goroutine takes its pending
// operation, and in which of the ways that are open to it. Alt is the case of
// a select, the goroutine that a Signal wakes, the value of a Choose, the
// timer that fires; otherwise 0.
type Choice struct {
	G   int32
	Alt int32
}

// A Scheduler decides every step of an execution.
type Scheduler interface {
	// Pick returns one of the enabled goroutines of x and one of its
	// alternatives; there is at least one. It may look at x, not keep it.
	// [Stop] ends the execution there. Under [Options] with Lazy it may return a
	// goroutine that has not started; it is asked again once that has.
	Pick(x *Execution) Choice
}

// Stop is the choice that ends an execution at once, with outcome [Pruned].
var Stop = Choice{G: -1}

// FirstEnabled is the simplest Scheduler: the running goroutine goes on for as
// long as it can, then the first one in the order of paths.
type FirstEnabled struct{}

// Pick implements [Scheduler].
func (FirstEnabled) Pick(x *Execution) Choice {
	g := x.First()
	return Choice{G: g, Alt: x.FirstAlternative(g)}
}
