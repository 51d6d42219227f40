package checks

import (
	"slices"
	"strings"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// A Kind is a kind of hazard, in kebab case.
type Kind string

// The kinds of findings.
const (
	Deadlock        Kind = "deadlock"
	PartialDeadlock Kind = "partial-deadlock"
	GoroutineLeak   Kind = "goroutine-leak"
	Panic           Kind = "panic"
	Assertion       Kind = "assertion"
	Misuse          Kind = "misuse"
	LostUpdate      Kind = "lost-update"
	DataRace        Kind = "data-race"
	LockOrder       Kind = "lock-order"
	Livelock        Kind = "livelock"
	Starvation      Kind = "starvation"
	Atomicity       Kind = "atomicity"
	Linearizability Kind = "linearizability" // only of package checks/linear
)

// A Finding is a hazard seen in one execution.
type Finding struct {
	Kind       Kind     `json:"kind"`
	Summary    string   `json:"summary"`    // one or a few sentences
	Goroutines []string `json:"goroutines"` // those that take part, by name
	Objects    []string `json:"objects"`    // those that are concerned, by name
	Steps      []int    `json:"steps"`      // the events that are its evidence
	Token      string   `json:"token"`      // replays the execution

	// steps lead to it; nil means all of the execution's.
	steps []search.Step
	known string // its place, where that is known
	mend  string // what would prevent it, where the judge knows
}

// cite adds steps that the summary speaks of to the evidence.
func (f *Finding) cite(steps []int) {
	for _, step := range steps {
		if !slices.Contains(f.Steps, step) {
			f.Steps = append(f.Steps, step)
		}
	}
}

// place tells findings apart: the kind, the goroutines and the objects.
func (f *Finding) place() string {
	if f.known != "" {
		return f.known
	}
	return string(f.Kind) + "\x00" + strings.Join(f.Goroutines, ",") + "\x00" + strings.Join(f.Objects, ",")
}

// same reports whether f is other seen in another runner, where objects without
// a name may have other numbers.
func (f *Finding) same(other *Finding) bool {
	if f.place() == other.place() {
		return true
	}
	numbered := func(a, b string) bool {
		ka, na, _ := strings.Cut(a, "#")
		kb, nb, _ := strings.Cut(b, "#")
		return a == b || ka == kb && na != "" && nb != ""
	}
	return f.Kind == other.Kind && slices.Equal(f.Goroutines, other.Goroutines) &&
		slices.EqualFunc(f.Objects, other.Objects, numbered)
}

// A Judge looks for one kind of hazard. It sees every execution of an
// exploration, so it must be cheap when there is nothing to find.
type Judge interface {
	// Name is the judge's name in reports.
	Name() string
	// Judge returns what it finds in an execution that has ended.
	Judge(x *sim.Execution) []Finding
}

// Judges returns the judges that Explore uses by default. They keep memory from
// one execution to the next: each exploration needs its own.
func Judges() []Judge {
	return []Judge{endingJudge{}, &lostUpdateJudge{}, &raceJudge{}, &waitGroupJudge{}, &ownershipJudge{}, &livelockJudge{}}
}

// AllJudges returns the default judges and those that have to be asked for,
// because they learn from all executions together and so cannot be shared out
// among workers:
//
//   - lock-order predicts deadlocks from the orders in which locks are taken;
//   - atomicity explains failures that others find by the accesses that were
//     meant to be one step;
//
// or because not everybody wants to know:
//
//   - starvation makes schedules in which a goroutine is passed over for ever.
func AllJudges() []Judge {
	return append(Judges(), newLockOrderJudge(), newAtomicityJudge(), &starvationJudge{})
}
