package search

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// Sleep and source sets and Optimal explore the same traces of a program whose
// selects meet each other over two channels without a buffer: Optimal had planned
// alternatives that could not come.
func TestSelectsThatMeet(t *testing.T) {
	program := func(g *sim.G) {
		a, b := sim.Chan[int]{Name: "a"}, sim.Chan[int]{Name: "b"}
		c, d := sim.Chan[int]{Name: "c", Cap: 1}, sim.Chan[int]{Name: "d", Cap: 2}
		g.Go("A", func(g *sim.G) { sim.Select(g, a.OnSend(0), b.OnReceive(nil, nil), c.OnSend(0)) })
		g.Go("B", func(g *sim.G) { sim.Select(g, d.OnReceive(nil, nil), b.OnReceive(nil, nil)) })
		g.Go("C", func(g *sim.G) {
			sim.Select(g, a.OnSend(2), b.OnReceive(nil, nil), d.OnSend(2))
			b.Send(g, 2)
		})
	}
	for _, s := range []Strategy{Sleep, Source, Optimal} {
		seen := map[string]bool{}
		res, err := Run(program, Options{Strategy: s, RunOn: true}, func(x *sim.Execution) bool {
			seen[traceOf(newTrace(&locator{}), x)] = true
			return true
		})
		if err != nil || len(seen) != 15 || !res.Complete || s == Optimal && (res.Executions != 15 || res.Blocked > 0) {
			t.Errorf("%s: %d traces, %+v, %v; want 15", s, len(seen), res, err)
		}
	}
}

// Bounds on the estimated interleavings of programs that are too large for brute
// force and small enough for source sets.
const (
	largerFrom = tooMany
	largerTo   = 60_000
)

// Where brute force is out of reach, Optimal sees what source sets see, and no
// execution of it is cut as redundant.
//
// It is known not to be so yet of some programs beyond those that CI compares, one in
// about 700 of this size, most of them with timers that are stopped or polled. Traces
// are lost with seeds 7290, 29980, 32986, 102563, 133243 and 157906, for example;
// executions are redundant with 16131, 18770, 25989, 91222, 142562 and 275411.
func TestLargerPrograms(t *testing.T) {
	t.Parallel()
	compared := 0
	for seed := range asked(7000) {
		seed += *firstProgram
		p := generate(rand.New(rand.NewPCG(seed, 1)))
		if size := interleavings(p); size <= largerFrom || size > largerTo {
			continue
		}
		if compareWithSource(t, seed, p) {
			compared++
		}
	}
	t.Logf("%d programs were compared", compared)
	if compared < 1000 && !testing.Short() && *somePrograms == 0 {
		t.Errorf("%d programs were compared, not 1,000", compared)
	}
}

func compareWithSource(t *testing.T, seed uint64, p generated) (ran bool) {
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("seed %d: %v\n%v", seed, r, p)
		}
	}()
	source := observe(p, Source, 0)
	if source.cut {
		return false
	}
	if message := unlikeSource(source, observe(p, Optimal, 0)); message != "" {
		t.Errorf("seed %d: %s\n%v", seed, message, p)
	}
	return true
}

// unlikeSource says how what Optimal saw differs from what source sets saw.
func unlikeSource(source, optimal observed) string {
	switch {
	case optimal.uses != source.uses:
		return fmt.Sprintf("of WaitGroups it learns %v, source sets learn %v", optimal.uses, source.uses)
	case optimal.blocked > 0:
		return fmt.Sprintf("%d executions of %d were cut as redundant", optimal.blocked, optimal.executions)
	}
	return differ(source, optimal, Optimal)
}
