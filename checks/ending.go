package checks

import (
	"fmt"

	"github.com/interleave-go/interleave/sim"
)

// endingJudge reports how an execution ended, when that was a bad end.
type endingJudge struct{}

// Name implements Judge.
func (endingJudge) Name() string { return "ending" }

// Judge implements Judge.
func (endingJudge) Judge(x *sim.Execution) []Finding {
	switch x.Outcome {
	case sim.Deadlocked, sim.Leaked:
		return []Finding{blockedFinding(x)}
	case sim.Panicked:
		return []Finding{failureFinding(Panic, x)}
	case sim.Failed:
		return []Finding{failureFinding(Assertion, x)}
	case sim.Misused:
		return []Finding{failureFinding(Misuse, x)}
	}
	return nil
}

func failureFinding(k Kind, x *sim.Execution) Finding {
	f := Finding{Kind: k, Summary: fmt.Sprintf("%s: %s", x.GoroutineName(x.Failure.G), x.Failure.Message),
		Goroutines: []string{x.GoroutineName(x.Failure.G)}}
	if n := x.Steps(); n > 0 {
		f.Steps = []int{n - 1}
	}
	return f
}

func blockedFinding(x *sim.Execution) Finding {
	f := Finding{Kind: Deadlock}
	if x.Outcome == sim.Leaked {
		f.Kind = GoroutineLeak
	}
	for g := range int32(x.Goroutines()) {
		if x.Alive(g) {
			f.Goroutines = append(f.Goroutines, x.GoroutineName(g))
			f.Objects = append(f.Objects, x.ObjectName(x.Pending(g).Obj))
		}
	}
	f.Summary = fmt.Sprintf("%d goroutines are blocked for ever", len(f.Goroutines))
	return f
}

// lostUpdateJudge is written next.
type lostUpdateJudge struct{}

// Name implements Judge.
func (lostUpdateJudge) Name() string { return "lost-update" }

// Judge implements Judge.
func (lostUpdateJudge) Judge(x *sim.Execution) []Finding { return nil }
