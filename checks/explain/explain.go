package explain

import (
	"fmt"
	"maps"
	"slices"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// A Case is a finding that is to be explained.
type Case struct {
	Program  func(*sim.G)
	Judge    Judge
	Schedule search.Schedule // under which the judge finds it
	Kind     string
	Objects  []string // of the finding; nil means any
	// Make makes the program for other values of its parameters; nil when it
	// has none. Least are the smallest values that are allowed.
	Make       func(map[string]int) func(*sim.G)
	Parameters map[string]int
	Least      map[string]int
}

// An Explanation says why an execution fails.
type Explanation struct {
	Kind       string     `json:"kind"`
	Headline   string     `json:"headline"` // the kind and what it is about, in words
	Summary    string     `json:"summary"`
	Goroutines []string   `json:"goroutines"`
	Objects    []string   `json:"objects"`
	Shrunk     Shrunk     `json:"shrunk"`
	Parameters Parameters `json:"parameters"`
	Cause      Cause      `json:"cause"`
	Critical   Critical   `json:"critical"`
	Table      Table      `json:"table"`
	// Happened and Prevent are the matter in plain words, a paragraph each.
	Happened []string `json:"happened"`
	Prevent  []string `json:"prevent"`
	// Horizon is the number of steps after which executions were not followed any
	// further, when the program has executions without an end; otherwise 0.
	// Those that got there without the finding count as passing.
	Horizon int `json:"horizon,omitempty"`
	// Schedule is the smallest schedule that was found.
	Schedule search.Schedule `json:"-"`
	// Token is Schedule, and Orders the cause, each as a line of text, when the
	// caller makes tokens; of a livelock, whose cause is that of every lap, and
	// where there is no cause, there is no Orders.
	Token  string `json:"token,omitempty"`
	Orders string `json:"orders,omitempty"`
}

// Parameters says with which parameters the finding is explained.
type Parameters struct {
	Values map[string]int `json:"values"`
	From   map[string]int `json:"from"`  // those that were given
	Least  map[string]int `json:"least"` // the smallest that are allowed
	// Proved says that no smaller value of any one of them shows a finding of
	// this kind.
	Proved bool `json:"proved"`
	// Executions were spent on that.
	Executions int `json:"executions"`
}

// Smaller reports whether there are other parameters than those given.
func (p Parameters) Smaller() bool { return !maps.Equal(p.Values, p.From) }

// Explain explains a finding. The error says that the schedule does not show
// it, or that the program is not deterministic.
func Explain(c Case, opt Options) (Explanation, error) {
	l := newLab(c.Program, c.Judge, opt.withDefaults())
	defer func() { l.close() }()
	l.same = c.Kind
	if c.Objects != nil {
		l.same = Evidence{Kind: c.Kind, Objects: c.Objects}.key()
	}
	choices, err := l.follow(c.Schedule)
	if err != nil {
		return Explanation{}, fmt.Errorf("explain a %s: %w", c.Kind, err)
	}
	from, _ := l.measure(choices)
	if len(choices) > longSchedule && c.Kind != livelock {
		if shorter, _, _ := l.quick(len(choices) - 1); shorter != nil {
			choices = shorter
		}
	}
	e := Explanation{Kind: c.Kind, Horizon: l.bounded(len(choices))}
	smaller, found := l.smallerProgram(c, &e.Parameters)
	if smaller != l {
		l.close()
		l, choices = smaller, found
	}
	var s *lasso
	if c.Kind == livelock {
		s = l.lassoOf(choices)
	}
	if s != nil {
		err = s.fill(&e)
	} else {
		err = e.fill(l, choices)
	}
	e.Shrunk.FromPreemptions, e.Shrunk.FromSteps = from.preemptions, from.steps
	if err != nil {
		return e, fmt.Errorf("explain a %s: %w", c.Kind, err)
	}
	return e, nil
}

// follow runs a schedule of another runner and returns its choices in this one.
func (l *lab) follow(s search.Schedule) ([]sim.Choice, error) {
	scheduler, lost := search.Follow(s)
	x := l.run(scheduler, nil)
	if d := lost(); d != nil {
		return nil, d
	}
	if _, ok := l.look(x); !ok {
		return nil, errNotShown
	}
	return search.Choices(x), nil
}

func (e *Explanation) fill(l *lab, choices []sim.Choice) (err error) {
	if e.Shrunk, choices, err = l.shrink(choices); err != nil {
		return err
	}
	if e.Cause, err = l.findCause(choices); err != nil {
		return err
	}
	choices = l.straighten(choices, e.Cause.Constraints(), &e.Shrunk)
	if e.Critical, err = l.critical(choices, e.Cause.passing()); err != nil {
		return err
	}
	if e.Schedule, err = l.schedule(choices); err != nil {
		return err
	}
	found, ok := l.look(l.detailed(choices, nil))
	if !ok {
		return errNotShown
	}
	return e.show(l, choices, found)
}

// straighten returns the schedule in which goroutines run on until the cause
// makes them wait, if that is no larger: then every preemption has its reason.
// It has to keep the cause: where goroutines are alike, one that does not may show
// the finding as well, with their parts exchanged.
func (l *lab) straighten(choices []sim.Choice, cause []Constraint, s *Shrunk) []sim.Choice {
	g := newGuide(cause)
	x := l.run(g, nil)
	if _, ok := l.look(x); !ok || len(g.dropped) > 0 {
		return choices
	}
	other := search.Choices(x)
	now, _ := l.measure(choices)
	then, _ := l.measure(other)
	if then.preemptions > now.preemptions || then.steps > now.steps {
		return choices
	}
	s.Preemptions, s.Steps = then.preemptions, then.steps
	return other
}

// parametersShare is the share of the bound on executions that each smaller
// program may use.
const parametersShare = 4

// smallerProgram looks for the smallest parameters with a finding of the kind.
// It returns l itself when there are none.
func (l *lab) smallerProgram(c Case, p *Parameters) (*lab, []sim.Choice) {
	p.From, p.Least, p.Values, p.Proved = c.Parameters, c.Least, maps.Clone(c.Parameters), true
	best := l
	var choices []sim.Choice
	for again := c.Make != nil; again; {
		again = false
		p.Proved = true
		for _, name := range slices.Sorted(maps.Keys(p.Values)) {
			next, found := l.lower(c, p, name)
			if next == nil {
				continue
			}
			if best != l {
				best.close()
			}
			best, choices, again = next, found, true
		}
	}
	return best, choices
}

// lower tries all smaller values of one parameter, the smallest first. It
// returns nil when none shows a finding of the kind.
func (l *lab) lower(c Case, p *Parameters, name string) (*lab, []sim.Choice) {
	now := p.Values[name]
	for v := c.Least[name]; v < now; v = larger(v, c.Least[name]) {
		p.Values[name] = v
		next := newLab(c.Make(maps.Clone(p.Values)), l.judge, l.opt)
		next.same, next.endless = c.Kind, l.endless
		choices, key, known := next.first(p)
		if choices != nil {
			next.same = key
			return next, choices
		}
		next.close()
		p.Proved = p.Proved && known && larger(v, c.Least[name]) == v+1
	}
	p.Values[name] = now
	return nil, nil
}

// larger is the next value to try: one by one at first, then by doubling.
func larger(v, least int) int {
	if v-least < 8 {
		return v + 1
	}
	return least + 2*(v-least)
}

// first returns the first schedule that shows a finding of the kind, with the
// key of that; otherwise, whether all of them were explored.
func (l *lab) first(p *Parameters) (choices []sim.Choice, key string, known bool) {
	if l.same == livelock {
		if s := l.lassoOf(nil); s != nil {
			p.Executions++
			return s.choices, s.key, true
		}
	}
	choices, key, spent := l.quick(quickSteps * 8)
	p.Executions += spent
	if choices != nil {
		return choices, key, true
	}
	e := &exploration{lab: l, budget: l.budget(parametersShare)}
	unknown := 0
	e.visit = func(x *sim.Execution, _ []move) bool {
		found, ok := l.look(x)
		if ok {
			choices, key = search.Choices(x), found.key()
		} else if !x.Outcome.Complete() {
			unknown++
		}
		return !ok
	}
	out, err := e.run()
	p.Executions += e.budget.spent
	return choices, key, err == nil && out.complete && unknown == 0
}
