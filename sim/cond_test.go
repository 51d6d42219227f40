package sim_test

import (
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// Wait frees the lock and waits in one step, Signal wakes any one waiter or
// nobody, Broadcast all.
func TestCond(t *testing.T) {
	t.Parallel()
	waiters := func(g *sim.G, l *log, wake func(*sim.G, *sim.Cond)) {
		var mu sim.Mutex
		c := sim.NewCond(&mu)
		for _, name := range []string{"a", "b"} {
			g.Go(name, func(g *sim.G) {
				mu.Lock(g)
				c.Wait(g)
				l.add("%s", name)
				mu.Unlock(g)
			})
		}
		g.Sleep(1) // lazy: until both wait
		wake(g, c)
	}
	tests := map[string]struct {
		program func(*sim.G, *log)
		want    []string
	}{
		"signal wakes any one": {func(g *sim.G, l *log) {
			waiters(g, l, func(g *sim.G, c *sim.Cond) { c.Signal(g) })
		}, []string{"a leaked", "b leaked"}},
		"broadcast wakes all": {func(g *sim.G, l *log) {
			waiters(g, l, func(g *sim.G, c *sim.Cond) { c.Broadcast(g) })
		}, []string{"a b", "b a"}},
		"a signal for nobody is lost": {func(g *sim.G, l *log) {
			var mu sim.Mutex
			c := sim.NewCond(&mu)
			g.Go("", func(g *sim.G) { c.Signal(g) })
			mu.Lock(g)
			c.Wait(g)
			mu.Unlock(g)
		}, []string{"", "deadlocked"}},
		"with a condition nothing is lost": {func(g *sim.G, l *log) {
			var mu sim.Mutex
			var ready sim.Var[bool]
			c := sim.Cond{L: &mu}
			g.Go("", func(g *sim.G) {
				mu.Lock(g)
				ready.Store(g, true)
				mu.Unlock(g)
				c.Signal(g)
			})
			mu.Lock(g)
			for !ready.Load(g) {
				c.Wait(g)
			}
			mu.Unlock(g)
		}, []string{""}},
		"with a read lock": {func(g *sim.G, l *log) {
			var mu sim.RWMutex
			c := sim.NewCond(mu.RLocker())
			g.Go("", func(g *sim.G) {
				mu.Lock(g)
				c.Broadcast(g)
				mu.Unlock(g)
			})
			mu.RLock(g)
			c.Wait(g)
			mu.RUnlock(g)
		}, []string{"", "deadlocked"}},
		"without its lock held": {func(g *sim.G, l *log) {
			c := sim.Cond{Name: "c", L: &sim.Mutex{}}
			c.Wait(g)
		}, []string{"misused: Cond.Wait with its mutex unlocked: c"}},
		"without a lock": {func(g *sim.G, l *log) {
			var c sim.Cond
			c.Wait(g)
		}, []string{"misused: Cond.Wait without a locker"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) { expectWith(t, sim.Options{Time: sim.LazyTime}, tc.program, tc.want...) })
	}
}
