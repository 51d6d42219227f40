package checks

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// Options say how to explore. The zero value samples 10,000 executions with
// seed 0 and stops at the first finding.
type Options struct {
	// Strategy is one of Strategies; empty means random.
	Strategy string
	// Seed of the sampling strategies.
	Seed uint64
	// ExecutionsMax bounds the executions; 0 means 10,000 for sampling, no bound
	// for exhaustive strategies.
	ExecutionsMax int
	// StepsMax bounds the events of one execution; 0 means 10,000.
	StepsMax int
	// Time is the policy of virtual time; 0 means sim.FreeTime.
	Time sim.Time
	// KeepGoing goes on after the first finding and collects one of every kind
	// and place.
	KeepGoing bool
	// Primary is the kind on which the search stops; empty means any.
	Primary Kind
	// Interrupt is asked before every execution; when it returns a text, the
	// exploration ends and reports that text as its bound. Nil means never.
	Interrupt func() string
	// Judges look at every execution; nil means Judges().
	Judges []Judge
	// Identity goes into tokens and the report.
	Identity Identity
}

// Strategies returns the names of the strategies: see Options.Strategy.
func Strategies() []string {
	var names []string
	for _, s := range search.Strategies() {
		names = append(names, string(s))
	}
	return names
}

// An Identity says which program a report or a token is about.
type Identity struct {
	Scenario   string
	Variant    string
	Parameters map[string]int
}

// String is the identity as one word: scenario/variant and its parameters.
func (id Identity) String() string {
	var b strings.Builder
	b.WriteString(id.Scenario)
	if id.Variant != "" {
		b.WriteString("/" + id.Variant)
	}
	for _, k := range slices.Sorted(maps.Keys(id.Parameters)) {
		fmt.Fprintf(&b, " %s=%d", k, id.Parameters[k])
	}
	return b.String()
}

// Explore runs program under a strategy and reports what its judges found. The
// error says that it could not: unknown options, or a program that is not
// deterministic. A hazard is no error.
func Explore(program func(*sim.G), opt Options) (Report, error) {
	e := newExploration(program, opt)
	result, err := search.Run(program, e.searchOptions(), e.visit)
	if err != nil {
		return e.report, fmt.Errorf("explore %s: %w", opt.Identity, err)
	}
	return e.finish(result)
}

// exploration is one call of Explore.
type exploration struct {
	program func(*sim.G)
	opt     Options
	report  Report
	seen    map[string]bool
	stopped bool
}

func newExploration(program func(*sim.G), opt Options) *exploration {
	if opt.Judges == nil {
		opt.Judges = Judges()
	}
	if opt.Strategy == "" {
		opt.Strategy = string(search.Random)
	}
	e := &exploration{program: program, opt: opt, seen: map[string]bool{}}
	id := opt.Identity
	e.report = Report{Version: ReportVersion, Scenario: id.Scenario, Variant: id.Variant, Parameters: id.Parameters,
		Strategy: opt.Strategy, Exhaustive: search.Strategy(opt.Strategy).Exhaustive(), Seed: opt.Seed, Time: opt.Time.String(), Outcomes: map[string]int{}, Findings: []Finding{}}
	for _, j := range opt.Judges {
		e.report.Judges = append(e.report.Judges, j.Name())
	}
	e.restart()
	return e
}

func (e *exploration) searchOptions() search.Options {
	o := e.opt
	return search.Options{Strategy: search.Strategy(o.Strategy), Seed: o.Seed, ExecutionsMax: o.ExecutionsMax,
		StepsMax: o.StepsMax, Time: o.Time, Interrupt: o.Interrupt, Restarted: e.restart}
}

// restart forgets what was seen: see search.Options.Restarted.
func (e *exploration) restart() {
	clear(e.seen)
	clear(e.report.Outcomes)
	e.report.Findings = e.report.Findings[:0]
	for _, j := range e.opt.Judges {
		if f, ok := j.(follower); ok {
			f.restart()
		}
	}
}

// A follower is a judge that predicts from all executions together. Once they
// are over it may run the program again, which judges otherwise never do.
type follower interface {
	// restart forgets what was seen: see search.Options.Restarted.
	restart()
	// follow returns what has become of the predictions.
	follow(e *exploration, r search.Result) []Finding
}

// A learner is a judge that compares executions that failed, by what other
// judges found, with those that went well.
type learner interface {
	learn(x *sim.Execution, failed bool)
}

// follow lets judges follow up what they predicted.
func (e *exploration) follow(r search.Result) {
	for _, j := range e.opt.Judges {
		f, ok := j.(follower)
		if !ok {
			continue
		}
		for _, found := range f.follow(e, r) {
			if !e.seen[found.place()] {
				e.seen[found.place()] = true
				e.report.Outcomes[string(found.Kind)]++
				e.report.Findings = append(e.report.Findings, found)
			}
		}
	}
}

// visit shows an execution to the judges; it reports whether to go on.
func (e *exploration) visit(x *sim.Execution) bool {
	found := false
	counted := map[Kind]bool{}
	for _, j := range e.opt.Judges {
		findings := j.Judge(x)
		if s, ok := j.(suspecter); ok {
			findings = append(findings, s.probe(e)...)
		}
		for _, f := range findings {
			if !e.real(&f, x) {
				continue
			}
			found = found || e.opt.Primary == "" || f.Kind == e.opt.Primary
			if !counted[f.Kind] {
				counted[f.Kind] = true
				e.report.Outcomes[string(f.Kind)]++
			}
			e.keep(f, x)
		}
	}
	if len(counted) == 0 {
		e.report.Outcomes[x.Outcome.String()]++
	}
	for _, j := range e.opt.Judges {
		if l, ok := j.(learner); ok {
			l.learn(x, len(counted) > 0)
		}
	}
	e.stopped = found && !e.opt.KeepGoing
	return !e.stopped
}

// real reports whether a finding would be seen in the program itself: what
// depends on others running on after a failure would not. It keeps the steps
// that lead to the finding, and not to a failure before it.
func (e *exploration) real(f *Finding, x *sim.Execution) bool {
	if len(x.Failures) == 0 || f.steps != nil {
		return true
	}
	if len(f.Steps) > 0 && slices.Max(f.Steps) >= x.Failure.At {
		steps, ok := search.Before(x, f.Steps)
		f.steps = steps
		return ok
	}
	f.steps = search.Steps(x, x.Failure.At)
	return true
}

// keep adds a finding unless one of the same kind and place is there already.
func (e *exploration) keep(f Finding, x *sim.Execution) {
	if e.seen[f.place()] {
		return
	}
	e.seen[f.place()] = true
	if f.steps == nil {
		f.steps = search.Steps(x, x.Steps())
	}
	e.report.Findings = append(e.report.Findings, f)
}

// finish fills in the totals and makes the tokens.
func (e *exploration) finish(r search.Result) (Report, error) {
	e.report.Complete, e.report.Bound = r.Complete, r.Bound
	e.report.Executions, e.report.Blocked, e.report.Steps = r.Executions, r.Blocked, r.Steps
	if e.stopped {
		e.report.Bound = "first finding"
	}
	e.follow(r)
	for i := range e.report.Findings {
		f := &e.report.Findings[i]
		schedule, err := search.Record(e.program, f.steps, e.searchOptions())
		if err != nil {
			return e.report, fmt.Errorf("record the finding of %s: %w", e.opt.Identity, err)
		}
		f.Token = Token{Identity: e.opt.Identity, Schedule: schedule}.String()
		if err := e.detail(f, schedule); err != nil {
			return e.report, fmt.Errorf("replay the finding of %s: %w", e.opt.Identity, err)
		}
	}
	return e.report, nil
}

// detail judges the execution of a finding once more, with values and lines
// kept, and takes over what is said then: its steps are those of the token.
func (e *exploration) detail(f *Finding, s search.Schedule) error {
	return search.Replay(e.program, s, e.searchOptions(), func(x *sim.Execution) {
		for _, j := range e.opt.Judges {
			for _, again := range j.Judge(x) {
				if again.place() == f.place() {
					f.Summary, f.Steps = again.Summary, again.Steps
				}
			}
		}
	})
}
