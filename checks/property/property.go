package property

import (
	"cmp"
	"fmt"
	"slices"
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
// are taken where a step has several. A point is an operation of a goroutine,
// counted from that goroutine's first one, so that it stays where it is when
// there are fewer others. Rapid shrinks both, so that what is left is a small
// input and, mostly, a single preemption; that is explained as by checks.Test.
// Both rapid's fail file and the token that is printed run it again, the token
// with the same inputs.
//
// rapid's flags say how many are drawn: -rapid.checks.
func Check(t *testing.T, prop func(*rapid.T) func(*sim.G), opt Options) {
	t.Helper()
	c := &check{Options: opt, name: t.Name()}
	// rapid ends the goroutine when it has failed, after a last run of what it
	// has shrunk to.
	defer func() {
		t.Helper()
		if len(c.found) > 0 {
			t.Log("with the inputs that rapid has drawn above:")
			checks.Fail(t, c.program, c.found, c.options())
		}
	}()
	rapid.Check(t, func(rt *rapid.T) {
		c.found = nil
		c.program = prop(rt)
		straight := &schedule{}
		c.once(rt, straight)
		c.once(rt, draw(rt, straight.done, cmp.Or(opt.Preemptions, 3)))
	})
}

// check is one call of Check.
type check struct {
	Options
	name    string
	program func(*sim.G)     // of the last run
	found   []checks.Finding // in it
}

func (c *check) options() checks.Options {
	o := checks.Options{StepsMax: c.StepsMax, Time: c.Time, Identity: checks.Identity{Scenario: c.name}}
	if c.Judges != nil {
		o.Judges = c.Judges()
	}
	return o
}

// once runs one execution and fails when something is found in it.
func (c *check) once(rt *rapid.T, s *schedule) {
	r, err := checks.Once(c.program, s, c.options())
	switch {
	case err != nil:
		rt.Fatalf("%v", err)
	case len(r.Findings) > 0:
		c.found = r.Findings
		rt.Fatalf("%s: %s", r.Findings[0].Kind, r.Findings[0].Summary)
	case r.Bound != "":
		rt.Fatalf("the execution was cut by the bound on %s", r.Bound)
	}
}

// A point is where a schedule leaves a goroutine that could go on: before one of
// its operations. Goroutines are counted in the order in which they are started,
// main as 0, and those to go to among the others that can run.
type point struct{ goroutine, operation, to int }

// schedule runs a goroutine for as long as it can, but for its points.
type schedule struct {
	points       []point
	alternatives []int
	taken        int   // alternatives
	done         []int // by goroutine: its operations so far
	last         int32
	open         []int32
	alts         []int32
}

// draw draws a schedule with at most so many points, for a program whose
// goroutines do so many operations when nobody is preempted.
func draw(rt *rapid.T, done []int, most int) *schedule {
	points := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) point {
		return point{
			goroutine: rapid.IntRange(0, len(done)-1).Draw(rt, "goroutine"),
			operation: rapid.IntRange(0, 2*slices.Max(done)).Draw(rt, "operation"),
			to:        rapid.IntRange(0, 7).Draw(rt, "to goroutine"),
		}
	}), 0, most).Draw(rt, "preemptions")
	alternatives := rapid.SliceOfN(rapid.IntRange(0, 3), 0, 8).Draw(rt, "alternatives")
	return &schedule{points: points, alternatives: alternatives}
}

// Pick implements sim.Scheduler.
func (s *schedule) Pick(x *sim.Execution) sim.Choice {
	if x.Steps() == 0 {
		s.last, s.taken, s.done = -1, 0, s.done[:0]
	}
	s.open = s.open[:0]
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		s.open = append(s.open, g)
	}
	g := s.next(x)
	for int(g) >= len(s.done) {
		s.done = append(s.done, 0)
	}
	s.done[g]++
	if x.Pending(g).Op != object.Fire {
		s.last = g
	}
	return sim.Choice{G: g, Alt: s.alternative(x, g)}
}

// next is the goroutine that goes on.
func (s *schedule) next(x *sim.Execution) int32 {
	if s.last < 0 || !x.Enabled().Has(s.last) {
		return s.open[0]
	}
	at := slices.IndexFunc(s.points, func(p point) bool {
		return p.goroutine == int(s.last) && p.operation == s.done[s.last]
	})
	if at < 0 || len(s.open) < 2 {
		return s.last
	}
	others := slices.DeleteFunc(slices.Clone(s.open), func(g int32) bool { return g == s.last })
	return others[s.points[at].to%len(others)]
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
	return fmt.Sprintf("goroutine %d before its operation %d, to the other goroutine %d", p.goroutine, p.operation+1, p.to)
}
