package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// An Evidence is what a judge finds in one execution.
type Evidence struct {
	Kind       string
	Summary    string
	Mend       string // what would prevent it, when the judge knows
	Settled    bool   // Mend goes to the root: no other advice is needed
	Goroutines []string
	Objects    []string
	Steps      []int
}

// key is what has to be the same for two findings to be the same: the kind and
// the objects. Of objects without a name only their kind counts, since their
// numbers depend on the schedule.
func (e Evidence) key() string {
	names := make([]string, 0, len(e.Objects))
	for _, o := range e.Objects {
		kind, number, ok := strings.Cut(o, "#")
		if ok && strings.Trim(number, "0123456789") == "" {
			o = kind
		}
		names = append(names, o)
	}
	slices.Sort(names)
	return e.Kind + "\x00" + strings.Join(slices.Compact(names), "\x00")
}

// A Judge returns what it finds in an execution that has ended.
type Judge func(x *sim.Execution) []Evidence

// Options bound an explanation.
type Options struct {
	// Executions bounds each of its parts: the smallest schedule, the cause, the
	// critical step; 0 means 20,000.
	Executions int
	// StepsMax bounds the events of one execution; 0 means 10,000.
	StepsMax int
	// Time is the policy of virtual time; 0 means sim.FreeTime.
	Time sim.Time
	// Certify lets Follow explore around the constraints as well.
	Certify bool
	// Watch is told when an execution begins and ends; nil means that nobody wants
	// to know.
	Watch func(begins bool)
}

func (o Options) withDefaults() Options {
	if o.Executions == 0 {
		o.Executions = 20_000
	}
	if o.StepsMax == 0 {
		o.StepsMax = 10_000
	}
	return o
}

// stepsPerExecution turns the bound on executions into one on steps, so that
// long executions do not take for ever.
const stepsPerExecution = 200

// A lab runs one program again and again and judges what it does.
type lab struct {
	opt     Options
	runner  *sim.Runner
	program func(*sim.G)
	judge   Judge
	same    string // the key of the finding, or its kind when objects may differ
	endless bool   // the program has executions without an end
}

func newLab(program func(*sim.G), judge Judge, opt Options) *lab {
	return &lab{opt: opt, runner: sim.NewRunner(), program: program, judge: judge}
}

func (l *lab) close() { l.runner.Close() }

// look returns the evidence of the finding that is being explained.
func (l *lab) look(x *sim.Execution) (Evidence, bool) {
	if x.Outcome == sim.Pruned || x.Outcome == sim.Diverged {
		return Evidence{}, false
	}
	for _, e := range l.judge(x) {
		if e.Kind == l.same || e.key() == l.same {
			return e, true
		}
	}
	return Evidence{}, false
}

// run runs the program once under a scheduler.
func (l *lab) run(s sim.Scheduler, prefix []sim.Choice) *sim.Execution {
	return l.runner.Run(l.program, sim.Options{Scheduler: s, Prefix: prefix, StepsMax: l.opt.StepsMax, Time: l.opt.Time,
		Watch: l.opt.Watch})
}

// detailed runs choices once more, keeping details.
func (l *lab) detailed(choices []sim.Choice, watch func(*sim.Execution)) *sim.Execution {
	return l.runner.Run(l.program, sim.Options{Scheduler: &repeat{choices, watch}, StepsMax: l.opt.StepsMax,
		Time: l.opt.Time, Details: true, Watch: l.opt.Watch})
}

// bounded makes sure that executions without an end do not use up all there is:
// when the program runs on for as long as it may, they are followed a few times
// as far as the finding's. It returns the bound, or 0.
func (l *lab) bounded(steps int) int {
	for _, s := range []sim.Scheduler{sim.FirstEnabled{}, &alternate{}} {
		if x := l.run(s, nil); x.Outcome == sim.OverSteps {
			l.endless = true
			l.opt.StepsMax = min(l.opt.StepsMax, 4*steps+100)
			return l.opt.StepsMax
		}
	}
	return 0
}

// repeat follows choices of the same runner and then stops.
type repeat struct {
	choices []sim.Choice
	watch   func(*sim.Execution)
}

// Pick implements sim.Scheduler.
func (r *repeat) Pick(x *sim.Execution) sim.Choice {
	if r.watch != nil {
		r.watch(x)
	}
	if x.Steps() >= len(r.choices) {
		return sim.Stop
	}
	return r.choices[x.Steps()]
}

// schedule turns choices into a schedule that any process can follow.
func (l *lab) schedule(choices []sim.Choice) (search.Schedule, error) {
	s, done := search.Note(choices)
	l.run(s, nil)
	out, err := done()
	if err != nil {
		return out, fmt.Errorf("record a schedule: %w", err)
	}
	return out, nil
}

// A budget is what a part of an explanation may still spend.
type budget struct {
	executions, steps int
	spent             int
}

// budget returns a share of what one part may spend: 1 is all of it.
func (l *lab) budget(share int) *budget {
	n := max(l.opt.Executions/share, 1)
	return &budget{executions: n, steps: n * stepsPerExecution}
}

func (b *budget) take(x *sim.Execution) {
	b.executions--
	b.steps -= x.Steps()
	b.spent++
}

func (b *budget) empty() bool { return b.executions <= 0 || b.steps <= 0 }
