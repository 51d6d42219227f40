package sim_test

import (
	"runtime"
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// Goroutines that run one after the other share a coroutine, where they start when
// it is their turn; otherwise all of them are there at once.
func TestCoroutinesAreShared(t *testing.T) {
	const spawned = 40
	program := func(g *sim.G) {
		v := sim.AtomicInt[int]{Name: "v"}
		var all []*sim.Goroutine
		for range spawned {
			all = append(all, g.Go("", func(g *sim.G) { v.Add(g, 1) }))
		}
		for _, h := range all {
			h.Join(g)
		}
		g.Assert(v.Load(g) == spawned, "not all have run")
	}
	coroutines := func(lazy bool) int {
		before := runtime.NumGoroutine()
		r := sim.NewRunner()
		defer r.Close()
		if x := r.Run(program, sim.Options{Lazy: lazy}); x.Outcome != sim.Finished {
			t.Errorf("lazy %t: %v %+v", lazy, x.Outcome, x.Failure)
		}
		return runtime.NumGoroutine() - before
	}
	// What an earlier test left may end meanwhile.
	if n := coroutines(true); n > 2 {
		t.Errorf("one after the other they take %d coroutines, not 2", n)
	}
	if n := coroutines(false); n < spawned {
		t.Errorf("all at once they take %d coroutines, not %d", n, spawned+1)
	}
}
