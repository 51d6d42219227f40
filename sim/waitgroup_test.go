package sim_test

import (
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// A case of a table: a program and the set of what may come of it.
type behaviour struct {
	program func(*sim.G, *log)
	want    []string
}

func check(t *testing.T, tests map[string]behaviour) {
	t.Helper()
	t.Parallel()
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) { expectWith(t, sim.Options{Time: sim.LazyTime}, tc.program, tc.want...) })
	}
}

// A WaitGroup releases its waiters when the counter reaches zero, and answers
// misuse as Go's does.
func TestWaitGroup(t *testing.T) {
	check(t, map[string]behaviour{
		"waits for all": {func(g *sim.G, l *log) {
			var wg sim.WaitGroup
			for _, name := range []string{"a", "b"} {
				wg.Go(g, name, func(*sim.G) { l.add("%s", name) })
			}
			wg.Wait(g)
			l.add("end")
		}, []string{"a b end", "b a end"}},
		"added too late": {func(g *sim.G, l *log) {
			var wg sim.WaitGroup
			g.Go("", func(g *sim.G) { wg.Add(g, 1); l.add("a"); wg.Done(g) })
			wg.Wait(g)
			l.add("end")
		}, []string{"a end", "end a"}},
		"negative": {func(g *sim.G, l *log) {
			wg := sim.WaitGroup{Name: "wg"}
			func() {
				defer recovered(l)
				wg.Done(g)
			}()
			wg.Wait(g)
		}, []string{"(negative WaitGroup counter: wg)"}},
		"reused before Wait returned": {func(g *sim.G, l *log) {
			wg := sim.WaitGroup{Name: "wg"}
			wg.Add(g, 1)
			g.Go("", func(g *sim.G) { wg.Done(g); wg.Add(g, 1); wg.Done(g) })
			wg.Wait(g)
		}, []string{"", "misused: WaitGroup is reused before previous Wait has returned: wg"}},
	})
}

// A Once runs its function once, and whoever comes meanwhile waits for its end.
func TestOnce(t *testing.T) {
	check(t, map[string]behaviour{
		"once": {func(g *sim.G, l *log) {
			var once sim.Once
			var v sim.Var[int]
			f := func(g *sim.G) {
				once.Do(g, func() { v.Store(g, v.Load(g)+1) })
				l.add("%d", v.Load(g))
			}
			g.Go("", f)
			f(g)
		}, []string{"1 1"}},
		"inside itself": {func(g *sim.G, l *log) {
			var once sim.Once
			once.Do(g, func() { once.Do(g, func() {}) })
		}, []string{"deadlocked"}},
		"panics once": {func(g *sim.G, l *log) {
			var once sim.Once
			func() {
				defer recovered(l)
				once.Do(g, func() { panic("first") })
			}()
			once.Do(g, func() { panic("second") })
		}, []string{"(first)"}},
		"func panics each time": {func(g *sim.G, l *log) {
			f := sim.OnceFunc(func(*sim.G) { l.add("run"); panic("bad") })
			for range 2 {
				func() {
					defer recovered(l)
					f(g)
				}()
			}
		}, []string{"run (bad) (bad)"}},
		"values": {func(g *sim.G, l *log) {
			n := 0
			f := sim.OnceValues(func(*sim.G) (int, error) { n++; return n, nil })
			h := g.Go("", func(g *sim.G) { v, _ := f(g); l.add("%d", v) })
			v, err := f(g)
			h.Join(g)
			l.add("%d %v", v, err)
		}, []string{"1 1 <nil>"}},
	})
}

// Barriers pass N at a time, again and again; a latch opens for good.
func TestGates(t *testing.T) {
	check(t, map[string]behaviour{
		"barrier": {func(g *sim.G, l *log) {
			b := sim.Barrier{N: 2}
			round := func(g *sim.G, name string) {
				for i := range 2 {
					l.add("%s%d", name, i)
					b.Wait(g)
				}
			}
			h := g.Go("", func(g *sim.G) { round(g, "b") })
			round(g, "a")
			h.Join(g)
		}, []string{"a0 b0 a1 b1", "a0 b0 b1 a1"}},
		"barrier of one": {func(g *sim.G, l *log) {
			b := sim.Barrier{N: 1}
			b.Wait(g)
			b.Wait(g)
		}, []string{""}},
		"barrier without enough": {func(g *sim.G, l *log) {
			b := sim.Barrier{N: 2}
			b.Wait(g)
		}, []string{"deadlocked"}},
		"barrier of no size": {func(g *sim.G, l *log) {
			var b sim.Barrier
			b.Wait(g)
		}, []string{"misused: a Barrier of size 0"}},
		"latch": {func(g *sim.G, l *log) {
			c := sim.Latch{N: 2}
			g.Go("", func(g *sim.G) { c.Wait(g); l.add("open") })
			for range 3 {
				l.add("down")
				c.CountDown(g)
			}
		}, []string{"down down down open"}},
		"zero latch": {func(g *sim.G, l *log) {
			var c sim.Latch
			c.Wait(g)
		}, []string{""}},
	})
}

// A Semaphore lets in whom it can; a fair one serves in order of arrival.
func TestSemaphore(t *testing.T) {
	queue := func(fair bool) func(*sim.G, *log) {
		return func(g *sim.G, l *log) {
			s := sim.Semaphore{N: 2, Fair: fair}
			s.Acquire(g, 1)
			g.Go("", func(g *sim.G) { s.Acquire(g, 2); l.add("two"); s.Release(g, 2) })
			g.Sleep(1)
			l.add("%v", s.TryAcquire(g, 1))
			g.Go("", func(g *sim.G) { s.Acquire(g, 1); l.add("one"); s.Release(g, 1) })
			g.Sleep(1)
			s.Release(g, 1)
		}
	}
	check(t, map[string]behaviour{
		"barging": {func(g *sim.G, l *log) {
			queue(false)(g, l)
		}, []string{"true one leaked"}},
		"fair": {queue(true), []string{"false two one"}},
		"more than there is": {func(g *sim.G, l *log) {
			s := sim.Semaphore{N: 2, Fair: true}
			g.Go("", func(g *sim.G) { s.Acquire(g, 3) })
			g.Sleep(1)
			s.Acquire(g, 2)
			l.add("%v", s.TryAcquire(g, 1<<40))
		}, []string{"false leaked"}},
		"released too much": {func(g *sim.G, l *log) {
			s := sim.Semaphore{Name: "s", N: 2}
			s.Acquire(g, 1)
			s.Release(g, 2)
		}, []string{"misused: semaphore: released more than held: s"}},
		"no size": {func(g *sim.G, l *log) {
			var s sim.Semaphore
			s.Acquire(g, 1)
		}, []string{"misused: a Semaphore of size 0"}},
		"negative weight": {func(g *sim.G, l *log) {
			s := sim.Semaphore{N: 1}
			s.Acquire(g, -1)
		}, []string{"misused: a semaphore is asked for -1 units"}},
	})
}
