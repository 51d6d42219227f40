package order_test

import (
	"fmt"
	"testing"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/order"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// mixed uses many kinds of objects, and has a race beside what they order.
func mixed(g *sim.G) {
	mu, once, wg := sim.Mutex{}, sim.Once{}, sim.WaitGroup{}
	c, a := sim.Chan[int]{Cap: 1}, sim.AtomicInt[int]{}
	racy, safe := sim.Var[int]{Name: "racy"}, sim.Var[int]{Name: "safe"}
	for range 2 {
		wg.Go(g, "", func(g *sim.G) {
			mu.Lock(g)
			safe.Store(g, safe.Load(g)+1)
			mu.Unlock(g)
			once.Do(g, func() { racy.Store(g, 1) })
			c.Send(g, 1)
			c.Receive(g)
		})
	}
	a.Add(g, 1)
	racy.Load(g)
	wg.Wait(g)
	safe.Load(g)
}

// Whether two events are ordered does not depend on the interleaving of a
// trace: depth-first search and one execution of every trace find the same
// variables raced for, and the same pairs of goroutines.
func TestRacesAreThoseOfTheTrace(t *testing.T) {
	t.Parallel()
	small := func(g *sim.G) {
		mu, v, w := sim.Mutex{}, sim.Var[int]{Name: "v"}, sim.Var[int]{Name: "w"}
		f := sim.AtomicInt[int]{}
		g.Go("one", func(g *sim.G) {
			v.Store(g, 1)
			f.Store(g, 1)
			mu.Lock(g)
			w.Store(g, 1)
			mu.Unlock(g)
		})
		if f.Load(g) == 1 {
			v.Load(g)
		}
		mu.Lock(g)
		w.Load(g)
		mu.Unlock(g)
		w.Load(g)
	}
	found := map[search.Strategy]map[string]bool{}
	for _, s := range []search.Strategy{search.DFS, search.Optimal, search.Source, search.Sleep} {
		found[s] = map[string]bool{}
		var races order.Races
		r, err := search.Run(small, search.Options{Strategy: s}, func(x *sim.Execution) bool {
			for _, r := range races.In(x) {
				found[s][fmt.Sprint(x.ObjectName(r.Object))] = true
			}
			return true
		})
		if err != nil || !r.Complete {
			t.Fatalf("%s: complete %v, error %v", s, r.Complete, err)
		}
		if len(found[s]) != 1 || !found[s]["w"] {
			t.Errorf("%s: races on %v, want on w only", s, found[s])
		}
	}
}

// Happens-before is part of the trace order: what it orders has taken place in
// that order, its clocks only grow along a goroutine, and a goroutine's own
// events are counted.
func TestClocksFollowTheLog(t *testing.T) {
	t.Parallel()
	runs := 0
	_, err := search.Run(mixed, search.Options{Seed: 3, ExecutionsMax: 300}, func(x *sim.Execution) bool {
		runs++
		var h order.Happens
		h.Begin(x)
		counts := make([]int32, x.Goroutines())
		last := make([][]int32, x.Goroutines())
		events := x.Events()
		for step := range events {
			g := events[step].G()
			if events[step].Op() != object.Fire {
				counts[g]++
			}
			h.Step(&events[step], step)
			now := h.Clock(g)
			for other, n := range now {
				if n > counts[other] || last[g] != nil && n < last[g][other] {
					t.Fatalf("step %d: clock %v of goroutine %d, after %v; events so far %v", step, now, g, last[g], counts)
				}
			}
			if h.Now(g).N != counts[g] {
				t.Fatalf("step %d: goroutine %d has %d events, its clock says %d", step, g, counts[g], h.Now(g).N)
			}
			last[g] = append(last[g][:0], now...)
		}
		return true
	})
	if err != nil || runs == 0 {
		t.Fatalf("%d executions, error %v", runs, err)
	}
}

// Nothing is allocated in the steady state.
func TestRacesAllocateNothing(t *testing.T) {
	r := sim.NewRunner()
	defer r.Close()
	x := r.Run(mixed, sim.Options{})
	var races order.Races
	races.In(x)
	if n := testing.AllocsPerRun(100, func() { races.In(x) }); n != 0 {
		t.Errorf("%v allocations for each execution", n)
	}
}

// What the race detector costs for each event of a program with many objects.
func BenchmarkRaces(b *testing.B) {
	for _, goroutines := range []int{2, 8, 64} {
		b.Run(fmt.Sprint(goroutines), func(b *testing.B) {
			r := sim.NewRunner()
			defer r.Close()
			x := r.Run(func(g *sim.G) {
				mu, v := sim.Mutex{}, sim.Var[int]{}
				for range goroutines {
					g.Go("", func(g *sim.G) {
						for range 100 {
							mu.Lock(g)
							v.Store(g, v.Load(g)+1)
							mu.Unlock(g)
						}
					})
				}
			}, sim.Options{StepsMax: 100_000})
			var races order.Races
			b.ReportAllocs()
			for b.Loop() {
				races.In(x)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*x.Steps()), "ns/event")
		})
	}
}
