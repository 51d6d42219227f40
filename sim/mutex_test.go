package sim_test

import (
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// A Mutex excludes, may be unlocked by anybody, and ends the execution when it
// is not locked at all.
func TestMutex(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		program func(*sim.G, *log)
		want    []string
	}{
		"excludes": {func(g *sim.G, l *log) {
			var mu sim.Mutex
			var v sim.Var[int]
			add := func(g *sim.G) {
				mu.Lock(g)
				v.Store(g, v.Load(g)+1)
				mu.Unlock(g)
			}
			h := g.Go("", add)
			add(g)
			h.Join(g)
			l.add("%d", v.Load(g))
		}, []string{"2"}},
		"unlocked by another goroutine": {func(g *sim.G, l *log) {
			var mu sim.Mutex
			mu.Lock(g)
			g.Go("", func(g *sim.G) { mu.Unlock(g) })
			mu.Lock(g)
			l.add("again")
		}, []string{"again"}},
		"two unlocked at once": {func(g *sim.G, l *log) {
			var a, b sim.Mutex
			a.Lock(g)
			b.Lock(g)
			g.Go("", func(g *sim.G) {
				b.Lock(g)
				l.add("b with a %v", a.TryLock(g))
			})
			sim.UnlockBoth(g, &a, &b)
		}, []string{"b with a true"}},
		"locked twice": {func(g *sim.G, l *log) {
			var mu sim.Mutex
			mu.Lock(g)
			mu.Lock(g)
		}, []string{"deadlocked"}},
		"try": {func(g *sim.G, l *log) {
			var mu sim.Mutex
			h := g.Go("", func(g *sim.G) {
				mu.Lock(g)
				mu.Unlock(g)
			})
			l.add("%v", mu.TryLock(g))
			h.Join(g)
		}, []string{"true", "true deadlocked", "false"}},
		"unlocked when free": {func(g *sim.G, l *log) {
			mu := sim.Mutex{Name: "m"}
			defer func() { l.add("%v", recover() != nil) }()
			mu.Unlock(g)
		}, []string{"true misused: unlock of unlocked mutex: m"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) { expect(t, tc.program, tc.want...) })
	}
}

// A RWMutex lets readers share, a writer that waits keeps new readers out, and
// its Unlock lets them in ahead of the next writer.
func TestRWMutex(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		program func(*sim.G, *log)
		want    []string
	}{
		"readers share": {func(g *sim.G, l *log) {
			var mu sim.RWMutex
			mu.RLock(g)
			h := g.Go("", func(g *sim.G) { mu.RLock(g); mu.RUnlock(g) })
			h.Join(g)
			l.add("shared")
		}, []string{"shared"}},
		"a waiting writer blocks a second read lock": {func(g *sim.G, l *log) {
			var mu sim.RWMutex
			mu.RLock(g)
			h := g.Go("", func(g *sim.G) { mu.Lock(g); mu.Unlock(g) })
			mu.RLock(g)
			mu.RUnlock(g)
			mu.RUnlock(g)
			h.Join(g)
		}, []string{"", "deadlocked"}},
		"a reader that queued is ahead of the next writer": {func(g *sim.G, l *log) {
			var mu sim.RWMutex
			var queue sim.WaitGroup
			mu.Lock(g)
			queue.Go(g, "reader", func(g *sim.G) { mu.RLock(g); l.add("r"); mu.RUnlock(g) })
			queue.Go(g, "writer", func(g *sim.G) { mu.Lock(g); l.add("w"); mu.Unlock(g) })
			g.Sleep(1) // lazy: until both wait
			mu.Unlock(g)
			queue.Wait(g)
		}, []string{"r w"}},
		"try": {func(g *sim.G, l *log) {
			var mu sim.RWMutex
			l.add("%v", mu.TryRLock(g))
			l.add("%v", mu.TryLock(g))
			l.add("%v", mu.TryRLock(g))
			mu.RUnlock(g)
			mu.RUnlock(g)
			l.add("%v", mu.TryLock(g))
			l.add("%v %v", mu.TryRLock(g), mu.TryLock(g))
			mu.Unlock(g)
		}, []string{"true false true true false false"}},
		"a try fails while a writer waits": {func(g *sim.G, l *log) {
			var mu sim.RWMutex
			mu.RLock(g)
			g.Go("", func(g *sim.G) { mu.Lock(g) })
			g.Sleep(1)
			l.add("%v", mu.TryRLock(g))
			mu.RUnlock(g)
		}, []string{"false"}},
		"unlocked by another goroutine": {func(g *sim.G, l *log) {
			var mu sim.RWMutex
			mu.RLock(g)
			g.Go("", func(g *sim.G) { mu.RUnlock(g) })
			mu.Lock(g)
			g.Go("", func(g *sim.G) { mu.Unlock(g) })
			mu.RLocker().Lock(g)
			mu.RLocker().Unlock(g)
		}, []string{""}},
		"unlocked when free": {func(g *sim.G, l *log) {
			mu := sim.RWMutex{Name: "m"}
			mu.RLock(g)
			mu.Unlock(g)
		}, []string{"misused: unlock of unlocked mutex: m"}},
		"read-unlocked when free": {func(g *sim.G, l *log) {
			mu := sim.RWMutex{Name: "m"}
			mu.Lock(g)
			mu.RUnlock(g)
		}, []string{"misused: read-unlock of a lock that no reader holds: m"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) { expectWith(t, sim.Options{Time: sim.LazyTime}, tc.program, tc.want...) })
	}
}
