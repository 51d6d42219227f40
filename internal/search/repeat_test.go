package search

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// A wanderer picks at random, and notes what it is shown.
type wanderer struct {
	rng                  *rand.Rand
	straight, free, lazy bool
	stopAt               int
	shown                []string
}

// Pick implements sim.Scheduler.
func (w *wanderer) Pick(x *sim.Execution) sim.Choice {
	if g := x.Unstarted(); w.lazy && g >= 0 && w.rng.IntN(3) == 0 {
		return sim.Choice{G: g}
	}
	switch {
	case w.free && w.rng.IntN(6) == 0:
		x.RunFree(nil)
	case w.straight:
		x.RunStraight(nil)
	}
	w.shown = append(w.shown, fmt.Sprint(x.Steps(), x.Enabled()))
	if w.stopAt > 0 && x.Steps() >= w.stopAt {
		return sim.Stop
	}
	g := x.NextByPath(-1)
	for range w.rng.IntN(x.Enabled().Len()) {
		g = x.NextByPath(g)
	}
	if !x.Pending(g).Op.Chooses() {
		return sim.Choice{G: g}
	}
	alts := x.Alternatives(g, nil)
	return sim.Choice{G: g, Alt: alts[w.rng.IntN(len(alts))]}
}

// everythingOf is all that can be seen of an execution.
func everythingOf(x *sim.Execution, w *wanderer) string {
	var b strings.Builder
	for i := range x.Events() {
		e := &x.Events()[i]
		fmt.Fprintf(&b, "%d: %+v alt %d read %d wrote %d child %d %v quiet %v %d %+v\n", i, e.Call, e.Alt, e.Read, e.Wrote,
			e.Child, e.Fault, e.Quiescent, e.QuietAt, x.Parts(e))
	}
	for i := range x.World().Objects {
		o := &x.World().Objects[i]
		fmt.Fprintf(&b, "object %d %v id %d %v\n", i, o.Kind, o.ID, o.State)
	}
	for i := range x.World().Goroutines {
		fmt.Fprintf(&b, "goroutine %d %v %v\n", i, x.World().Goroutines[i].State, x.Spawned(int32(i)) && x.Pends(int32(i)))
	}
	fmt.Fprintf(&b, "%v %+v %v %v %v\n%s", x.Outcome, x.Failures, x.Divergence, x.Recovered(), x.Merged, strings.Join(w.shown, "\n"))
	return b.String()
}

// generateAny returns a program of either kind.
func generateAny(rng *rand.Rand) generated {
	p := generate(rng)
	if rng.IntN(3) == 0 {
		p = generateJoins(rng)
	}
	return p
}

// An execution whose first events are taken over from the one before is what it
// would be otherwise: another func of the same program has none taken over.
func TestRepeated(t *testing.T) {
	repeated := 0
	for seed := range asked(600) {
		rng := rand.New(rand.NewPCG(*firstProgram+seed, 8))
		p := generateAny(rng)
		program := p.program(new([]string))
		r := sim.NewRunner()
		var way []sim.Choice
		for range 25 {
			prefix := append([]sim.Choice(nil), way[:rng.IntN(len(way)+1)]...)
			from, stopAt := rng.Uint64(), 0
			opt := sim.Options{Prefix: prefix, StepsMax: 40, Lazy: rng.IntN(2) == 0, RunOn: rng.IntN(2) == 0, Time: p.time()}
			if rng.IntN(3) == 0 {
				opt.StepsMax = 1 + rng.IntN(20)
			}
			if rng.IntN(7) == 0 {
				stopAt = 1 + rng.IntN(10)
			}
			straight, free := rng.IntN(2) == 0, rng.IntN(3) == 0
			run := func(f func(*sim.G)) (*sim.Execution, string) {
				w := &wanderer{rng: rand.New(rand.NewPCG(from, 0)), straight: straight, free: free, lazy: opt.Lazy, stopAt: stopAt}
				opt.Scheduler = w
				x := r.Run(f, opt)
				return x, everythingOf(x, w)
			}
			x, first := run(program)
			repeated += x.Repeated()
			learnt := x.Merged || len(x.United) > 0 // names: the first of two executions differs for that reason
			if x.Renamed {
				r.Forget()
			}
			y, other := run(func(g *sim.G) { program(g) })
			if y.Repeated() > 0 {
				t.Fatal("another func has events taken over")
			}
			if !learnt && first != other {
				t.Fatalf("seed %d, prefix %v\n%v\n%s\n\n%s", seed, prefix, p, first, other)
			}
			if way = nil; !learnt {
				x, _ = run(program)
				way = Choices(x)
			}
			if x.Outcome == sim.Diverged {
				way = nil
			}
		}
		r.Close()
	}
	t.Logf("%d events were taken over", repeated)
	if repeated < 10_000 && !testing.Short() && *somePrograms == 0 {
		t.Errorf("%d events were taken over, not 10,000", repeated)
	}
}

// An onward scheduler lets whoever goes on go on, as RunFree does of itself from a
// step on.
type onward struct {
	freeFrom int // or -1
	held     []int32
	asked    int
}

// Pick implements sim.Scheduler.
func (o *onward) Pick(x *sim.Execution) sim.Choice {
	if o.freeFrom >= 0 && x.Steps() >= o.freeFrom {
		x.RunFree(o.held)
	}
	o.asked++
	g := x.GoesOn()
	if !x.Pending(g).Op.Chooses() {
		return sim.Choice{G: g}
	}
	alts := x.Alternatives(g, nil)
	return sim.Choice{G: g, Alt: alts[x.Steps()%len(alts)]}
}

// An execution that runs freely is the one in which the scheduler picks who goes on
// at every step, and the scheduler is asked less often.
func TestRunFree(t *testing.T) {
	picks := [2]int{}
	for seed := range asked(600) {
		rng := rand.New(rand.NewPCG(*firstProgram+seed, 9))
		p := generateAny(rng)
		program := p.program(new([]string))
		opt := sim.Options{StepsMax: 1 + rng.IntN(40), Lazy: true, RunOn: rng.IntN(2) == 0, Time: p.time()}
		free := &onward{freeFrom: rng.IntN(8)}
		for range rng.IntN(5) {
			free.held = append(free.held, int32(rng.IntN(4)))
		}
		var seen [2]string
		for i, o := range []*onward{free, {freeFrom: -1}} {
			r := sim.NewRunner()
			opt.Scheduler = o
			seen[i] = everythingOf(r.Run(program, opt), &wanderer{})
			r.Close()
			picks[i] += o.asked
		}
		if seen[0] != seen[1] {
			t.Fatalf("seed %d, free from %d, held %v\n%v\n%s\n\n%s", seed, free.freeFrom, free.held, p, seen[0], seen[1])
		}
	}
	if picks[0] == 0 || picks[0] > picks[1]*2/3 {
		t.Errorf("the scheduler was asked %d times, and %d times where nothing ran freely", picks[0], picks[1])
	}
}
