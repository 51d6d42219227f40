package checks

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

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
	// Time is the policy of virtual time; 0 means sim.FreeTime. sim.CostTime is for
	// the strategy random.
	Time sim.Time
	// Budget bounds what schedules may spend, under the strategies bounded and
	// dfs; the zero value is no bound.
	Budget Budget
	// TreeMax bounds the memory of the strategy optimal: the nodes of a job's
	// wakeup trees, of some 80 bytes; 0 means 4,194,304. Beyond it the job goes on
	// as under the strategy source, and the report says so.
	TreeMax int
	// Relation says which operations on a channel depend on each other: "slot"
	// (those of one slot of its buffer do, or of one end) or "channel" (all do, as in published counts,
	// and there is more to explore); empty means slot. Findings are the same.
	Relation string
	// KeepGoing goes on after the first finding and collects one of every kind
	// and place.
	KeepGoing bool
	// Primary is the kind on which the search stops; empty means any.
	Primary Kind
	// Interrupt is asked before every execution, by all workers at a time; when it
	// returns a text, the exploration ends and reports that text as its bound. Nil
	// means never.
	Interrupt func() string
	// Judges look at every execution; nil means those of Judges, anew for every
	// job. Judges that are given are used by one worker only.
	Judges []Judge
	// Workers explore at the same time; 0 means 1. The report is the same for
	// every number of them.
	Workers int
	// SplitEvery is how many executions a job runs between giving work to others;
	// 0 means 1,024. The order of findings and the number of blocked executions
	// depend on it.
	SplitEvery int
	// StuckAfter is how long one execution may take, of the search or of what
	// follows it, before Stuck is called with the stack of the goroutine that does
	// not come back to the scheduler; it cannot be stopped. 0 means 30 s; negative
	// means never.
	StuckAfter time.Duration
	// Stuck is called by a goroutine of its own; nil means a panic there, which
	// ends the process.
	Stuck func(stack string)
	// Progress is told from time to time how far the exploration has come, by one
	// worker at a time; nil means that nobody wants to know.
	Progress func(Progress)
	// Decided is told every decision of the exploration, which then has one worker
	// and is not divided; nil means that nobody wants to know. It is for teaching and
	// debugging, and slow.
	Decided func(Decision)
	// Checkpoint says when Explore saves where it is; the zero value means never.
	Checkpoint Checkpoint
	// Resume is a checkpoint from which to go on; nil means from the start.
	Resume []byte
	// AllowIncomplete lets Test pass when nothing was found in an exhaustive search
	// that a bound has cut.
	AllowIncomplete bool
	// Tokens is the directory in which Test keeps the tokens of its findings;
	// empty means testdata/interleave in that of the test.
	Tokens string
	// Identity goes into tokens and the report.
	Identity Identity
}

// A Budget bounds what a schedule may spend. A trace is explored when one of its
// executions spends no more.
type Budget struct {
	// Cost is what is counted: "preemptions" (switches away from a goroutine that
	// could have gone on) or "delays" (goroutines passed over, where the running
	// one comes first and the others by path); empty means that there is no bound.
	Cost string `json:"cost"`
	// Max is how much of it. Without a Cost it must be 0.
	Max int `json:"max"`
}

// Progress is how far an exploration has come.
type Progress struct {
	Started    int // executions, those that are cut as redundant included
	Executions int // that came to an end of their own, or hit a bound
	DepthMax   int // events of the longest execution
	Jobs       int // parts of the exploration that are done
	// Estimate is how many executions there may be in all, and Spread its
	// standard error; 0 while nothing is known.
	Estimate, Spread float64
}

// Strategies returns the names of the strategies: see Options.Strategy.
func Strategies() []string {
	var names []string
	for _, s := range search.Strategies() {
		names = append(names, string(s))
	}
	return names
}

// Relations returns the names of the relations: see Options.Relation.
func Relations() []string {
	var names []string
	for _, r := range search.Relations() {
		names = append(names, r.String())
	}
	return names
}

// relationOf is the relation of that name.
func relationOf(name string) (search.Relation, error) {
	for _, r := range search.Relations() {
		if name == r.String() || name == "" {
			return r, nil
		}
	}
	return 0, fmt.Errorf("unknown relation %q: there are %s", name, strings.Join(Relations(), ", "))
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

// behind is the identity behind some words; without one there is nothing to say.
func (id Identity) behind(words string) string {
	if text := id.String(); text != "" {
		return words + text
	}
	return ""
}

// Explore runs program under a strategy and reports what its judges found. The
// error says that it could not: options that make no sense, or a program that is not
// deterministic. A hazard is no error.
func Explore(program func(*sim.G), opt Options) (Report, error) {
	e := newExploration(program, opt)
	if err := e.check(); err != nil {
		return e.report, fmt.Errorf("explore%s: %w", opt.Identity.behind(" "), err)
	}
	result, err := search.Explore(program, e.searchOptions(), e.tally)
	if err != nil {
		return e.report, fmt.Errorf("explore%s: %w", opt.Identity.behind(" "), err)
	}
	return e.finish(result)
}

// exploration is one call of Explore.
type exploration struct {
	program func(*sim.G)
	opt     Options
	judges  []Judge // for replays
	tally   *tally
	report  Report
}

// settings are the options that a token keeps.
func (o Options) settings() Settings {
	return Settings{Time: search.TimeOfReplay(o.Time), StepsMax: o.StepsMax}
}

// watch is for executions of the program that are not part of a search.
func (o Options) watch() func(begins bool) { return search.Watch(o.StuckAfter, o.Stuck) }

func newExploration(program func(*sim.G), opt Options) *exploration {
	if opt.Strategy == "" {
		opt.Strategy = string(search.Random)
	}
	e := &exploration{program: program, opt: opt, judges: opt.Judges}
	if e.judges == nil {
		e.judges = Judges()
	} else {
		e.opt.Workers = 1
	}
	if e.opt.Relation == search.SlotRelation.String() {
		e.opt.Relation = ""
	}
	e.tally = newTally(program, &e.opt)
	id := opt.Identity
	e.report = Report{Version: ReportVersion, Scenario: id.Scenario, Variant: id.Variant, Parameters: id.Parameters,
		Strategy: opt.Strategy, Exhaustive: search.Strategy(opt.Strategy).Exhaustive(), Seed: opt.Seed,
		Time: opt.Time.String(), Relation: e.opt.Relation, Budget: opt.Budget, Outcomes: map[string]int{}, Findings: []Finding{}}
	for _, j := range e.judges {
		e.report.Judges = append(e.report.Judges, j.Name())
	}
	return e
}

// check returns an error when the options make no sense.
func (e *exploration) check() error {
	if _, err := relationOf(e.opt.Relation); err != nil {
		return err
	}
	if err := e.searchOptions().Check(); err != nil {
		return err
	}
	return e.canBeSaved()
}

func (e *exploration) searchOptions() search.Options {
	o := e.opt
	relation, _ := relationOf(o.Relation) // see check
	out := search.Options{Strategy: search.Strategy(o.Strategy), Seed: o.Seed, ExecutionsMax: o.ExecutionsMax,
		StepsMax: o.StepsMax, Time: o.Time, TreeMax: o.TreeMax, Relation: relation,
		Budget:    search.Budget{Cost: search.Cost(o.Budget.Cost), Max: o.Budget.Max},
		Interrupt: o.Interrupt, Workers: o.Workers, SplitEvery: o.SplitEvery,
		StuckAfter: o.StuckAfter, Stuck: o.Stuck, Decided: e.decided(),
		Checkpoint: e.checkpoint(), Resume: o.Resume}
	if o.Progress != nil {
		out.Progress = func(p search.Progress) { o.Progress(Progress(p)) }
	}
	return out
}

// A follower is a judge that predicts from all executions together. Once they
// are over it may run the program again, which judges otherwise never do. It
// must be given in Options.Judges, since every job has default judges of its
// own.
type follower interface {
	// follow returns what has become of the predictions.
	follow(e *exploration, r search.Result) []Finding
}

// follow lets judges follow up what they predicted.
func (e *exploration) follow(r search.Result) {
	for _, j := range e.judges {
		f, ok := j.(follower)
		if !ok {
			continue
		}
		for _, found := range f.follow(e, r) {
			if !e.tally.seen[found.place()] {
				e.tally.add(found)
				e.report.Outcomes[string(found.Kind)]++
				e.report.Findings = append(e.report.Findings, found)
			}
		}
	}
}

// finish fills in the totals and makes the tokens.
func (e *exploration) finish(r search.Result) (Report, error) {
	e.report.Complete, e.report.Bound = r.Complete, r.Bound
	e.report.Beyond, e.report.Spent, e.report.FellBack = r.Beyond, r.Spent, r.FellBack
	e.report.Executions, e.report.Blocked, e.report.Cut, e.report.Steps = r.Executions, r.Blocked, r.Cut, r.Steps
	e.report.Outcomes, e.report.Failing = e.tally.outcomes, e.tally.failing
	e.report.Findings = append(e.report.Findings, e.tally.findings...)
	e.report.Observers, e.report.Notes = e.tally.observers.names(), e.tally.notes
	switch {
	case r.Stopped && e.tally.spun:
		e.report.Bound = "spin"
	case r.Stopped:
		e.report.Bound = "first finding"
	}
	for _, s := range e.tally.spins {
		if err := s.place(e.program, e.searchOptions()); err != nil {
			return e.report, fmt.Errorf("replay the spin%s: %w", e.opt.Identity.behind(" in "), err)
		}
		e.report.Spins = append(e.report.Spins, s)
	}
	e.follow(r)
	for i := range e.report.Findings {
		f := &e.report.Findings[i]
		schedule, err := search.Record(e.program, f.steps, e.searchOptions())
		if err != nil {
			return e.report, fmt.Errorf("record the finding%s: %w", e.opt.Identity.behind(" of "), err)
		}
		f.Token = Token{Identity: e.opt.Identity, Schedule: schedule, Settings: e.opt.settings()}.String()
		if err := e.detail(f, schedule); err != nil {
			return e.report, fmt.Errorf("replay the finding%s: %w", e.opt.Identity.behind(" of "), err)
		}
	}
	e.report.Findings = distinct(e.report.Findings)
	return e.report, nil
}

// detail judges the execution of a finding once more, with values and lines
// kept, and takes over what is said then: its steps are those of the token.
func (e *exploration) detail(f *Finding, s search.Schedule) error {
	return search.Replay(e.program, s, e.searchOptions(), func(x *sim.Execution) {
		for _, j := range recognising(e.judges) {
			for _, again := range j.Judge(x) {
				if again.same(f) {
					f.Summary, f.Steps, f.Objects = again.Summary, again.Steps, again.Objects
				}
			}
		}
	})
}

// distinct leaves out findings of a kind and place that is there already:
// objects without a name have one number in all replays, but not in all jobs.
func distinct(findings []Finding) []Finding {
	seen := map[string]bool{}
	return slices.DeleteFunc(findings, func(f Finding) bool {
		again := seen[f.place()]
		seen[f.place()] = true
		return again
	})
}
