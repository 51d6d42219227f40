package checks_test

import (
	"slices"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// A lock that nobody asks for, and that is held when all is over, is a note and
// no finding; one that somebody asks for is a finding, and one that is unlocked
// neither.
func TestLocksHeldToTheEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		unlock, wait bool
		notes        []string
		found        []checks.Kind
	}{
		{"unlocked", true, true, nil, nil},
		{"held", false, false, []string{"worker has ended and still holds mu: nobody asked for it, or would wait for ever",
			"worker has ended and still holds rw: nobody asked for it, or would wait for ever"}, nil},
		{"asked for", false, true, nil, []checks.Kind{checks.Deadlock}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := checks.Explore(func(g *sim.G) {
				mu, rw := sim.Mutex{Name: "mu"}, sim.RWMutex{Name: "rw"}
				g.Go("worker", func(g *sim.G) {
					mu.Lock(g)
					rw.RLock(g)
					if c.unlock {
						rw.RUnlock(g)
						mu.Unlock(g)
					}
				}).Join(g)
				if c.wait {
					mu.Lock(g)
					mu.Unlock(g)
				}
			}, checks.Options{Strategy: "optimal", KeepGoing: true})
			if err != nil || !r.Complete || !slices.Equal(r.Notes, c.notes) || !slices.Equal(kinds(r), c.found) {
				t.Errorf("complete %v, notes %q, found %v, error %v", r.Complete, r.Notes, r.Findings, err)
			}
		})
	}
}
