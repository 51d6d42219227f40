package search

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A Schedule is an execution's choices in a form that any process can follow:
// at every step the place of what was picked among all that could be, counted
// from the running goroutine, then by path, each with its alternatives.
type Schedule struct {
	Places []int
	// Digests holds a byte for every digestEvery steps: what all goroutines had
	// announced by then.
	Digests []byte
}

// digestEvery is how soon a replay of another program is noticed.
const digestEvery = 4

// A Step is a choice as any runner understands it: goroutines by their paths.
type Step struct {
	Path string
	Alt  int32  // of a timer that fires: its number among those of Peer
	Peer string // of a Signal: the goroutine that it wakes; of a timer that fires: the one that made it
}

// Steps returns the choices of an execution's events up to (not including) n.
func Steps(x *sim.Execution, n int) []Step {
	out := make([]Step, n)
	for i := range out {
		out[i] = stepOf(x, i)
	}
	return out
}

func stepOf(x *sim.Execution, i int) Step {
	e := &x.Events()[i]
	s := Step{Path: x.Path(e.G()), Alt: e.Alt}
	switch {
	case e.Op() == object.Signal && e.Alt >= 0:
		s.Peer = x.Path(e.Alt)
	case e.Op() == object.Fire:
		g, n := x.TimerOf(e.Alt)
		s.Peer, s.Alt = x.Path(g), n
	}
	return s
}

// is reports whether a choice that is open in x is the step.
func (s Step) is(x *sim.Execution, c sim.Choice) bool {
	if x.Path(c.G) != s.Path {
		return false
	}
	switch x.Pending(c.G).Op {
	case object.Signal:
		return c.Alt < 0 && s.Peer == "" || c.Alt >= 0 && x.Path(c.Alt) == s.Peer
	case object.Fire:
		g, n := x.TimerOf(c.Alt)
		return n == s.Alt && x.Path(g) == s.Peer
	}
	return c.Alt == s.Alt
}

// TimeOfReplay is the policy of time under which a schedule can be followed: that
// under which it came about, but where steps have costs, which no schedule holds,
// timers fire where they did.
func TimeOfReplay(t sim.Time) sim.Time {
	if t == sim.CostTime {
		return sim.FreeTime
	}
	return t
}

// Record runs the program once more, with the given steps, and returns them as
// a Schedule. They may be those of an execution that was cut.
func Record(program func(*sim.G), steps []Step, opt Options) (Schedule, error) {
	opt = opt.withDefaults()
	c := &recorder{steps: steps}
	r := sim.NewRunner()
	defer r.Close()
	x := r.Run(program, sim.Options{Scheduler: c, StepsMax: opt.StepsMax, Time: TimeOfReplay(opt.Time),
		Watch: opt.watch()})
	if c.lost != "" {
		x.Divergence = c.lost
		return Schedule{}, notDeterministic(x)
	}
	return c.schedule, nil
}

// Choices returns the choices that led to an execution's events: for the runner
// that ran it.
func Choices(x *sim.Execution) []sim.Choice {
	out := make([]sim.Choice, x.Steps())
	for i := range x.Events() {
		e := &x.Events()[i]
		out[i] = sim.Choice{G: e.G(), Alt: e.Alt}
	}
	return out
}

// recorder follows steps, or choices of the runner it is used with, and notes
// their places.
type recorder struct {
	steps    []Step
	choices  []sim.Choice // where there are no steps
	schedule Schedule
	digest   digest
	options  []sim.Choice
	lost     string
}

// Pick implements sim.Scheduler.
func (c *recorder) Pick(x *sim.Execution) sim.Choice {
	step := x.Steps()
	if step >= len(c.steps)+len(c.choices) {
		return sim.Stop
	}
	c.options = open(x, c.options[:0])
	c.digest.add(x, c.options)
	if step%digestEvery == digestEvery-1 {
		c.schedule.Digests = append(c.schedule.Digests, c.digest.byte())
	}
	for i, o := range c.options {
		if c.steps == nil && o == c.choices[step] || c.steps != nil && c.steps[step].is(x, o) {
			c.schedule.Places = append(c.schedule.Places, i)
			return o
		}
	}
	c.lost = fmt.Sprintf("step %d: the recorded choice is not open", step)
	return sim.Stop
}

// open appends all choices that are open, in the order of places.
func open(x *sim.Execution, to []sim.Choice) []sim.Choice {
	first := x.First()
	to = openTo(x, first, to)
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		if g != first {
			to = openTo(x, g, to)
		}
	}
	return to
}

func openTo(x *sim.Execution, g int32, to []sim.Choice) []sim.Choice {
	if !x.Pending(g).Op.Chooses() {
		return append(to, sim.Choice{G: g})
	}
	for _, alt := range x.Alternatives(g, nil) {
		to = append(to, sim.Choice{G: g, Alt: alt})
	}
	return to
}

// digest is a rolling hash (FNV-1a) of what could be picked at every step.
type digest uint32

func (d *digest) add(x *sim.Execution, options []sim.Choice) {
	h := uint32(*d)
	if h == 0 {
		h = 2166136261
	}
	for _, o := range options {
		h = (h ^ uint32(x.Pending(o.G).Op)) * 16777619
		for _, b := range []byte(x.Path(o.G)) {
			h = (h ^ uint32(b)) * 16777619
		}
	}
	*d = digest(h)
}

func (d digest) byte() byte { return byte(d ^ d>>8 ^ d>>16 ^ d>>24) }

// Replay runs the program with a schedule, keeping details, and passes the
// execution to visit. The error, a [*Divergence], says where the program did
// not go the way of the schedule. Past the schedule's end the first enabled
// goroutine runs on.
func Replay(program func(*sim.G), s Schedule, opt Options, visit func(*sim.Execution)) error {
	opt = opt.withDefaults()
	p := &replayer{schedule: s}
	r := sim.NewRunner()
	defer r.Close()
	x := r.Run(program, sim.Options{Scheduler: p, StepsMax: opt.StepsMax, Time: TimeOfReplay(opt.Time), Details: true,
		Watch: opt.watch()})
	visit(x)
	if p.lost != nil {
		return p.lost
	}
	if x.Steps() < len(s.Places) {
		return &Divergence{Step: x.Steps(), Why: fmt.Sprintf("the program ends after %d of the schedule's %d steps", x.Steps(), len(s.Places))}
	}
	return nil
}

// A Divergence says where a replay left its schedule: the program is not the
// one that was recorded, or not deterministic.
type Divergence struct {
	Step int
	Why  string
}

func (d *Divergence) Error() string {
	return fmt.Sprintf("the program does not follow the schedule at step %d: %s", d.Step, d.Why)
}

type replayer struct {
	schedule Schedule
	digest   digest
	options  []sim.Choice
	lost     *Divergence
}

// Pick implements sim.Scheduler.
func (p *replayer) Pick(x *sim.Execution) sim.Choice {
	step := x.Steps()
	if step >= len(p.schedule.Places) || p.lost != nil {
		return sim.Choice{G: x.First(), Alt: x.FirstAlternative(x.First())}
	}
	p.options = open(x, p.options[:0])
	p.digest.add(x, p.options)
	block := step / digestEvery
	if step%digestEvery == digestEvery-1 && block < len(p.schedule.Digests) && p.schedule.Digests[block] != p.digest.byte() {
		p.lost = &Divergence{step, "other operations are announced than were recorded"}
		return p.options[0]
	}
	place := p.schedule.Places[step]
	if place >= len(p.options) {
		p.lost = &Divergence{step, fmt.Sprintf("choice %d of %d was recorded", place+1, len(p.options))}
		return p.options[0]
	}
	return p.options[place]
}
