package linear_test

import (
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/linear"
	"github.com/interleave-go/interleave/sim"
)

// A lockUse says what a lock under test does for each operation; what it does not
// say does nothing.
type lockUse struct {
	lock, unlock func(g *sim.G, n int)
	try          func(g *sim.G, n int) bool
}

func (u lockUse) do(g *sim.G, o op) result {
	switch o.Do {
	case linear.TryLock, linear.TryAcquire:
		return result{OK: u.try(g, o.Value)}
	case linear.Lock, linear.Acquire:
		if u.lock != nil {
			u.lock(g, o.Value)
		}
	case linear.Unlock, linear.Release:
		if u.unlock != nil {
			u.unlock(g, o.Value)
		}
	}
	return result{}
}

func mutexUse(lock, unlock bool) func(*sim.G) linear.Object[op, result] {
	return func(*sim.G) linear.Object[op, result] {
		mu := &sim.Mutex{Name: "mu"}
		u := lockUse{try: func(g *sim.G, _ int) bool { return mu.TryLock(g) }}
		if lock {
			u.lock = func(g *sim.G, _ int) { mu.Lock(g) }
		}
		if unlock {
			u.unlock = func(g *sim.G, _ int) { mu.Unlock(g) }
		}
		return u.do
	}
}

func semaphoreUse(acquire, release bool) func(*sim.G) linear.Object[op, result] {
	return func(*sim.G) linear.Object[op, result] {
		s := &sim.Semaphore{Name: "s", N: 2}
		u := lockUse{try: func(g *sim.G, n int) bool { return s.TryAcquire(g, n) }}
		if acquire {
			u.lock = func(g *sim.G, n int) { s.Acquire(g, n) }
		}
		if release {
			u.unlock = func(g *sim.G, n int) { s.Release(g, n) }
		}
		return u.do
	}
}

// Locks and semaphores that let everybody in, or that never let anybody in again,
// are found, by a program as small as it can be; those that work are not.
func TestLocksAreChecked(t *testing.T) {
	t.Parallel()
	opt := linear.CheckOptions{PlansMax: 40, OperationsMax: 2, AroundMax: 1, Judges: func() []checks.Judge { return checks.Judges()[:1] }}
	mutex := func(lock, unlock bool) func() (linear.Trial[op], error) {
		return func() (linear.Trial[op], error) { return linear.Check(linear.Mutex(), mutexUse(lock, unlock), opt) }
	}
	semaphore := func(acquire, release bool) func() (linear.Trial[op], error) {
		return func() (linear.Trial[op], error) {
			return linear.Check(linear.Semaphore(2), semaphoreUse(acquire, release), opt)
		}
	}
	for _, c := range []struct {
		name  string
		check func() (linear.Trial[op], error)
		kind  checks.Kind // empty where nothing is wrong
	}{
		{"mutex", mutex(true, true), ""},
		{"mutex that does nothing", mutex(false, false), checks.Linearizability},
		{"mutex that stays locked", mutex(true, false), checks.Linearizability},
		{"semaphore", semaphore(true, true), ""},
		{"semaphore that does nothing", semaphore(false, false), checks.Linearizability},
		{"semaphore that keeps all", semaphore(true, false), checks.Deadlock},
	} {
		t.Run(c.name, func(t *testing.T) {
			trial, err := c.check()
			if err != nil || trial.Failed != (c.kind != "") || trial.Finding.Kind != c.kind {
				t.Fatalf("failed %v, found %v, error %v", trial.Failed, trial.Finding, err)
			}
			if !trial.Failed && trial.Complete != trial.Plans {
				t.Errorf("%d of %d plans are complete", trial.Complete, trial.Plans)
			}
			if trial.Failed && (!trial.Minimal || trial.Plan.Operations() > 3) {
				t.Errorf("minimal %v, left of\n%v:\n%v", trial.Minimal, trial.Drawn, trial.Plan)
			}
		})
	}
}
