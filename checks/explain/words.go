package explain

import (
	"fmt"
	"strings"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// show lays out the schedule and says in words what happens.
func (e *Explanation) show(l *lab, choices []sim.Choice) error {
	found, ok := l.look(l.detailed(choices, nil))
	if !ok {
		return errNotShown
	}
	e.Summary, e.Goroutines, e.Objects = found.Summary, found.Goroutines, found.Objects
	var x *sim.Execution
	e.Table, x = l.tabulate(choices, e.Cause.Constraints(), found)
	if s := e.Critical.Step; s >= 0 && s < len(e.Table.Rows) {
		e.Table.Rows[s].Critical, e.Table.Rows[s].Matters = true, true
	}
	for _, r := range e.Table.Rows {
		if s := r.Switch; s != nil && s.Preemption && !s.Necessary && e.Shrunk.Proved {
			s.Necessary, s.Why = true, "with fewer preemptions it does not happen"
		}
	}
	e.Happened = []string{sentence(found.Summary)}
	e.Prevent = prevention(x, found)
	if len(e.Cause.Conditions) > 0 && turnable(found.Kind) {
		e.Prevent = append(e.Prevent, e.wayOut())
	}
	return nil
}

// turnable reports whether ruling out an order is advice: where somebody waits
// for ever, more waiting is not.
func turnable(kind string) bool {
	switch kind {
	case "deadlock", "partial-deadlock", "goroutine-leak", "livelock", "lock-order", "data-race":
		return false
	}
	return true
}

func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

// wayOut turns the cause round.
func (e *Explanation) wayOut() string {
	c := e.Cause.Conditions[0].Constraint
	any := "any one of the orders above"
	if len(e.Cause.Conditions) == 1 {
		any = "the order above"
	}
	if c.Choice != "" {
		return fmt.Sprintf("Whatever makes %s impossible prevents it.", any)
	}
	return fmt.Sprintf("Whatever makes %s impossible prevents it: for instance, that %s has to wait for %s.",
		any, c.First, c.Then)
}

// prevention is what usually helps against a kind of finding.
func prevention(x *sim.Execution, found Evidence) []string {
	if found.Mend != "" {
		return []string{sentence(found.Mend)}
	}
	if x.Outcome == sim.Misused && x.Failure.Mend != "" {
		return []string{sentence(x.Failure.Mend)}
	}
	switch found.Kind {
	case "deadlock", "partial-deadlock", "goroutine-leak", "livelock":
		return unblocking(x, found.Kind)
	case "lost-update", "atomicity":
		return []string{"Make the read and the write that depends on it one step: one lock around both, an atomic add, " +
			"or a compare-and-swap that tries again. Locking each of them by itself does not help."}
	case "linearizability":
		return []string{"Let every operation take effect in one step: a lock around all of it, or one atomic change which, by a " +
			"compare-and-swap, makes sure that what the operation has read still holds."}
	case "data-race":
		return []string{"Order the two accesses: the same mutex around both, a channel or a WaitGroup between them, " +
			"or make both of them atomic."}
	case "lock-order":
		return []string{"Take the locks in one order everywhere."}
	case "panic", "assertion":
		return []string{"Keep others out between the steps marked above that belong together, or wait for what is needed " +
			"before going on."}
	}
	return nil
}

// unblocking says what would let those go on who are blocked for ever.
func unblocking(x *sim.Execution, kind string) []string {
	if kind == "livelock" {
		return []string{"Let one of them win: an order of the locks, a turn, or a pause of random length before trying again."}
	}
	waits := map[object.Kind]bool{}
	for g := range int32(x.Goroutines()) {
		if x.Alive(g) {
			for _, obj := range wants(x, g) {
				waits[x.World().At(obj).Kind] = true
			}
		}
	}
	var out []string
	if waits[object.RWMutex] {
		out = append(out, "A read lock cannot be turned into a write lock, and must not be taken twice when a writer "+
			"may come in between: give it back first.")
	}
	if waits[object.Mutex] || waits[object.Semaphore] {
		out = append(out, "Take the locks in the same order everywhere, or all of them under one lock, "+
			"or give back what is held when the rest cannot be had; and unlock on every way out.")
	}
	if waits[object.Chan] || waits[object.Rendezvous] {
		out = append(out, "Make sure that the other side of the channel still comes: a close by the last sender, room for the "+
			"value in a buffer, or a select with a context that ends the wait.")
	}
	if waits[object.Cond] {
		out = append(out, "Wait in a loop that checks the condition under the lock, and signal while holding it.")
	}
	if waits[object.WaitGroup] || waits[object.Latch] || waits[object.Barrier] {
		out = append(out, "Count exactly as many as will arrive, before they start, and arrive on every way out.")
	}
	return out
}
