package property

import (
	"cmp"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// Options say what is drawn. The zero value is ready.
type Options struct {
	// Preemptions is how many switches away from a goroutine that could have gone
	// on a schedule has at most; 0 means 3.
	Preemptions int
	// StepsMax bounds the events of an execution; 0 means 10,000. What is cut
	// counts as a failure.
	StepsMax int
	// Time is the policy of virtual time; 0 means sim.FreeTime.
	Time sim.Time
	// Judges makes the judges of an execution; nil means checks.Judges.
	Judges func() []checks.Judge
}

// Check lets rapid draw a program and schedules for it, and fails when a judge
// finds something. prop draws the program's inputs and returns the program; it
// must not draw in the program itself, which is run more than once.
//
// A schedule lets every goroutine run until it has to wait, and is drawn as the
// few points at which it is preempted before that, and as the alternatives that
// are taken where a step has several. Rapid shrinks both, so that what is left
// is a small input and, mostly, a single preemption. Both rapid's fail file and
// the token that is printed run it again, the token with the same inputs.
//
// rapid's flags say how many are drawn: -rapid.checks.
func Check(t *testing.T, prop func(*rapid.T) func(*sim.G), opt Options) {
	t.Helper()
	rapid.Check(t, func(rt *rapid.T) {
		program := prop(rt)
		o := checks.Options{StepsMax: opt.StepsMax, Time: opt.Time, Identity: checks.Identity{Scenario: t.Name()}}
		straight := once(rt, program, &schedule{}, opt, o)
		once(rt, program, draw(rt, straight.Steps, opt), opt, o)
	})
}

// once runs one execution and fails when something is found in it.
func once(rt *rapid.T, program func(*sim.G), s *schedule, opt Options, o checks.Options) checks.Report {
	if opt.Judges != nil {
		o.Judges = opt.Judges()
	}
	r, err := checks.Once(program, s, o)
	switch {
	case err != nil:
		rt.Fatalf("%v", err)
	case len(r.Findings) > 0:
		f := r.Findings[0]
		rt.Fatalf("%s: %s\n\nTo run it again, with the inputs above:\n\n\tchecks.Replay(t, program, %q)\n", f.Kind, f.Summary, f.Token)
	case r.Bound != "":
		rt.Fatalf("the execution was cut by the bound on %s", r.Bound)
	}
	return r
}

// A point is where a schedule leaves a goroutine that could go on.
type point struct{ at, to int }

// schedule runs a goroutine for as long as it can, but for its points.
type schedule struct {
	points       []point
	alternatives []int
	taken        int // alternatives
	last         int32
	open         []int32
	alts         []int32
}

// draw draws a schedule for a program that takes so many steps when nobody is
// preempted.
func draw(rt *rapid.T, steps int, opt Options) *schedule {
	most := cmp.Or(opt.Preemptions, 3)
	points := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) point {
		return point{rapid.IntRange(0, 2*steps).Draw(rt, "at step"), rapid.IntRange(0, 7).Draw(rt, "to goroutine")}
	}), 0, most).Draw(rt, "preemptions")
	alternatives := rapid.SliceOfN(rapid.IntRange(0, 3), 0, 8).Draw(rt, "alternatives")
	return &schedule{points: points, alternatives: alternatives}
}

// Pick implements sim.Scheduler.
func (s *schedule) Pick(x *sim.Execution) sim.Choice {
	if x.Steps() == 0 {
		s.last, s.taken = -1, 0
	}
	s.open = s.open[:0]
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		s.open = append(s.open, g)
	}
	g := s.next(x)
	if x.Pending(g).Op != object.Fire {
		s.last = g
	}
	return sim.Choice{G: g, Alt: s.alternative(x, g)}
}

// next is the goroutine that goes on.
func (s *schedule) next(x *sim.Execution) int32 {
	stays := s.last >= 0 && x.Enabled().Has(s.last)
	if !stays {
		return s.open[0]
	}
	for _, p := range s.points {
		if p.at != x.Steps() || len(s.open) < 2 {
			continue
		}
		others := make([]int32, 0, len(s.open)-1)
		for _, g := range s.open {
			if g != s.last {
				others = append(others, g)
			}
		}
		return others[p.to%len(others)]
	}
	return s.last
}

// alternative is the one that is drawn for a step that has several, the first
// when no more are drawn.
func (s *schedule) alternative(x *sim.Execution, g int32) int32 {
	if !x.Pending(g).Op.Chooses() {
		return 0
	}
	s.alts = x.Alternatives(g, s.alts[:0])
	if len(s.alts) < 2 || s.taken == len(s.alternatives) {
		return s.alts[0]
	}
	s.taken++
	return s.alts[s.alternatives[s.taken-1]%len(s.alts)]
}

// GoString shows a point in rapid's output.
func (p point) GoString() string {
	return fmt.Sprintf("at step %d to the other goroutine %d", p.at, p.to)
}
