package checks_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// torn runs two goroutines whose sections of a lock are meant to be one, when
// together is false.
// When both have ended, main refuses what other has returned, unless it is 0 or
// 2.
func torn(body func(g *sim.G, v *sim.AtomicInt[int], lock, split, unlock func()), other func(g *sim.G, v *sim.AtomicInt[int]) int) func(together bool) func(*sim.G) {
	return func(together bool) func(*sim.G) {
		return func(g *sim.G) {
			mu, v, seen := sim.Mutex{Name: "mu"}, sim.AtomicInt[int]{Name: "v"}, 0
			one := g.Go("one", func(g *sim.G) {
				split := func() {
					if !together {
						mu.Unlock(g)
						mu.Lock(g)
					}
				}
				body(g, &v, func() { mu.Lock(g) }, split, func() { mu.Unlock(g) })
			})
			two := g.Go("two", func(g *sim.G) {
				mu.Lock(g)
				seen = other(g, &v)
				mu.Unlock(g)
			})
			one.Join(g)
			two.Join(g)
			g.Assert(seen%2 == 0, "two has seen %d", seen)
		}
	}
}

func tornPrograms() map[string]func(together bool) func(*sim.G) {
	set := func(g *sim.G, v *sim.AtomicInt[int]) int {
		v.Store(g, 7)
		return 0
	}
	return map[string]func(together bool) func(*sim.G){
		"reads it twice": torn(func(g *sim.G, v *sim.AtomicInt[int], lock, split, unlock func()) {
			lock()
			a := v.Load(g)
			split()
			b := v.Load(g)
			unlock()
			g.Assert(a == b, "%d, then %d", a, b)
		}, set),
		"reads back something else": torn(func(g *sim.G, v *sim.AtomicInt[int], lock, split, unlock func()) {
			lock()
			v.Store(g, 1)
			split()
			n := v.Load(g)
			unlock()
			g.Assert(n == 1, "%d", n)
		}, set),
		"made of the old value": torn(func(g *sim.G, v *sim.AtomicInt[int], lock, split, unlock func()) {
			lock()
			n := v.Load(g)
			split()
			v.Store(g, n+1)
			unlock()
		}, func(g *sim.G, v *sim.AtomicInt[int]) int { return 0 * v.Add(g, 10) }),
		"in two steps": torn(func(g *sim.G, v *sim.AtomicInt[int], lock, split, unlock func()) {
			lock()
			v.Store(g, 1)
			split()
			v.Store(g, 2)
			unlock()
		}, func(g *sim.G, v *sim.AtomicInt[int]) int { return v.Load(g) }),
	}
}

// Each of the four unserialisable interleavings is named, with both critical
// sections, when it makes executions fail, and not when the sections are one.
func TestAtomicityTwins(t *testing.T) {
	t.Parallel()
	for want, program := range tornPrograms() {
		for _, together := range []bool{false, true} {
			for _, strategy := range []string{"dfs", "optimal", "random"} {
				r, err := checks.Explore(program(together), checks.Options{Strategy: strategy, Seed: 1, ExecutionsMax: 2000,
					KeepGoing: true, Judges: checks.AllJudges()})
				if err != nil {
					t.Fatal(err)
				}
				said := slices.ContainsFunc(r.Findings, func(f checks.Finding) bool {
					return f.Kind == checks.Atomicity && strings.Contains(f.Summary, want) && strings.Count(f.Summary, "in the section of mu from step") == 3
				})
				if said == together || together && len(r.Findings) > 0 {
					t.Errorf("%s, together %v, %s: %q", want, together, strategy, summaries(r.Findings))
				}
			}
		}
	}
}

// A loop that reads a variable again and again while others write it is not
// reported, though other executions of the program fail for another reason.
func TestAtomicityIsSilentAboutBenignInterleavings(t *testing.T) {
	t.Parallel()
	program := func(g *sim.G) {
		queue, other := sim.AtomicInt[int]{Name: "queue"}, sim.AtomicInt[int]{Name: "other"}
		g.Go("worker", func(g *sim.G) {
			for range 3 {
				queue.Load(g)
			}
		})
		g.Go("producer", func(g *sim.G) {
			queue.Store(g, 1)
			queue.Store(g, 2)
		})
		g.Go("failing", func(g *sim.G) { other.Store(g, 1) })
		g.Assert(other.Load(g) == 0, "too late")
	}
	r, err := checks.Explore(program, checks.Options{Seed: 1, ExecutionsMax: 3000, KeepGoing: true, Judges: checks.AllJudges()})
	if err != nil || !slices.Equal(kinds(r), []checks.Kind{checks.Assertion}) {
		t.Errorf("found %q, error %v", summaries(r.Findings), err)
	}
}
