package search

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/interleave-go/interleave/sim"
)

// A Strategy is how schedules are chosen.
type Strategy string

// The strategies.
const (
	Optimal Strategy = "optimal" // every trace exactly once: Optimal-DPOR
	Source  Strategy = "source"  // Source-DPOR, with some redundant executions
	Sleep   Strategy = "sleep"   // every trace: sleep sets, with many redundant executions
	DFS     Strategy = "dfs"     // every interleaving exactly once
	Bounded Strategy = "bounded" // every trace within a budget, those that spend least first
	Random  Strategy = "random"  // a random walk: uniform over the enabled goroutines
)

func (s Strategy) reduces() bool { return s != DFS && s != Random }

// A Relation says which operations on a channel depend on each other.
type Relation uint8

// String is the relation's name.
func (r Relation) String() string { return relationNames[r] }

// relationNames are the relations by name: see Relations.
var relationNames = [...]string{SlotRelation: "slot", ChannelRelation: "channel"}

// Relations lists them.
func Relations() []Relation { return []Relation{SlotRelation, ChannelRelation} }

// The relations: under SlotRelation a send and a receive of different slots
// commute, and so do those that arrive at an unbuffered channel; under
// ChannelRelation no two operations on one channel do.
const (
	SlotRelation Relation = iota
	ChannelRelation
)

// Strategies lists them, in the order in which help shows them.
func Strategies() []Strategy { return []Strategy{Optimal, Source, Sleep, Bounded, DFS, Random} }

// Exhaustive reports whether the strategy can be complete.
func (s Strategy) Exhaustive() bool { return s != Random }

// Options say what to explore.
type Options struct {
	// Strategy; the zero value means Random.
	Strategy Strategy
	// Seed of the sampling strategies.
	Seed uint64
	// ExecutionsMax bounds the executions; 0 means 10,000 for the sampling
	// strategies and no bound for the exhaustive ones.
	ExecutionsMax int
	// StepsMax bounds the events of one execution; 0 means 10,000.
	StepsMax int
	// Time is the policy of virtual time; 0 means sim.FreeTime.
	Time sim.Time
	// TreeMax bounds the wakeup trees of a job, in nodes of some 100 bytes: when
	// it is hit, Source-DPOR takes over from Optimal-DPOR in that job. 0 means
	// 4,194,304.
	TreeMax int
	// Budget bounds what schedules may spend, under Bounded and DFS.
	Budget Budget
	// RunOn lets other goroutines run on after a failure; the reduction
	// strategies always do.
	RunOn bool
	// Relation between operations on channels; 0 means SlotRelation.
	Relation Relation
	// Restarted is called by Run when what was visited so far does not count,
	// because two objects that were taken for different ones turned out to be one.
	// Nil means that nothing needs to be forgotten.
	Restarted func()
	// Interrupt is asked before every execution, by all workers at a time; when it
	// returns a text, the search ends and gives that text as its bound. Nil means
	// never.
	Interrupt func() string
	// StuckAfter is how long one execution may take before Stuck is
	// called with the stack of the goroutine that does not come back to the
	// scheduler. 0 means 30 s; negative means never.
	StuckAfter time.Duration
	// Stuck is called by a goroutine of its own; nil means a panic there, which
	// ends the process.
	Stuck func(stack string)
	// Watch is for executions that are run one by one, as sim.Options.Watch; nil
	// means that StuckAfter and Stuck hold for them as well.
	Watch func(begins bool)
	// Workers run jobs at the same time, in Explore; 0 means 1.
	Workers int
	// SplitEvery is how many executions a job runs between giving parts of its
	// work away, in Explore; 0 means 1,024.
	SplitEvery int
	// Progress is told how far Explore has come, every 256 executions, by one
	// worker at a time; nil means that nobody wants to know.
	Progress func(Progress)
	// Decided is told every decision of the search, which then is not divided and
	// has one worker; nil means that nobody wants to know.
	Decided func(Decision)
	// Checkpoint says when Explore saves where it is; the zero value means never.
	Checkpoint Checkpoint
	// Resume is a checkpoint from which Explore goes on; nil means from the start.
	Resume []byte
}

// bounded reports whether the strategy goes by a price: see newBounded.
func (o *Options) bounded() bool {
	return o.Strategy == Bounded || o.Strategy == DFS && o.Budget.Cost != ""
}

func (o Options) withDefaults() Options {
	if o.Strategy == "" {
		o.Strategy = Random
	}
	if o.ExecutionsMax == 0 && !o.Strategy.Exhaustive() {
		o.ExecutionsMax = 10_000
	}
	if o.StepsMax == 0 {
		o.StepsMax = 10_000
	}
	if o.TreeMax == 0 {
		o.TreeMax = 1 << 22
	}
	if o.StuckAfter == 0 {
		o.StuckAfter = stuckAfter
	}
	if o.Stuck == nil {
		o.Stuck = stuckIn
	}
	if o.Workers <= 0 {
		o.Workers = 1
	}
	if o.SplitEvery == 0 {
		o.SplitEvery = 1024
	}
	if o.Decided != nil {
		o.Workers, o.SplitEvery = 1, math.MaxInt
	}
	return o
}

// A Result says what a search did.
type Result struct {
	Executions int    // that came to an end of their own
	Blocked    int    // that were cut because all of it had been explored before
	Cut        int    // that hit the bound on steps or goroutines
	Steps      int    // events, of all executions
	DepthMax   int    // events of the longest execution
	Jobs       int    // into which the search was divided
	FellBack   int    // jobs in which Source-DPOR took over: see Options.TreeMax
	Complete   bool   // everything within the budget was explored
	Beyond     bool   // something was left out because it spends more than the budget
	Spent      int    // of a budget, by the last execution that is not redundant: no other one spent more
	Stopped    bool   // the visitor ended it
	Bound      string // the bound that was hit, or empty
}

// counted are the executions that a bound on them counts.
func (r *Result) counted() int { return r.Executions + r.Cut }

// add takes over what the next job did.
func (r *Result) add(n Result) {
	r.Executions += n.Executions
	r.Blocked += n.Blocked
	r.Cut += n.Cut
	r.Steps += n.Steps
	r.DepthMax = max(r.DepthMax, n.DepthMax)
	r.Jobs++
	r.FellBack += n.FellBack
	r.Spent = max(r.Spent, n.Spent)
	r.Stopped = r.Stopped || n.Stopped
	r.Beyond = r.Beyond || n.Beyond
	if r.Bound == "" {
		r.Bound = n.Bound
	}
}

// Run explores program in one piece, without division into jobs. It calls visit
// with every execution that came to an end of its own or was cut by a bound;
// visit returns false to end the search. The error says that the program is not
// deterministic, or that the options make no sense.
func Run(program func(*sim.G), opt Options, visit func(x *sim.Execution) bool) (Result, error) {
	if err := opt.Check(); err != nil {
		return Result{}, err
	}
	opt = opt.withDefaults()
	w := walkerOf(opt, root{})
	r := sim.NewRunner()
	defer r.Close()
	s := &search{opt: opt, runner: r, program: program, visit: visit, atMost: opt.ExecutionsMax, watch: opt.Watch}
	if s.atMost == 0 {
		s.atMost = noBound
	}
	if s.watch == nil {
		beats := make([]beat, 1)
		defer watch(beats, opt.StuckAfter, opt.Stuck)()
		s.watch = beats[0].tick
	}
	err := s.run(w)
	s.result.Jobs = 1
	if s.result.Bound == "" && s.result.Cut > 0 {
		s.result.Bound = "steps"
	}
	return s.result, err
}

// A walker leads a search from one execution to the next.
type walker interface {
	// prepare returns how the next execution is to be run; false when there is
	// none.
	prepare() (sim.Options, bool)
	// learn looks at the execution that has just ended. It returns an error
	// when the program turns out not to be deterministic.
	learn(x *sim.Execution) error
}

// walkerOf returns the walker of a strategy, a known one, for what is below a
// root.
func walkerOf(opt Options, at root) walker {
	switch opt.Strategy {
	case Optimal:
		d := newDPOR(modeOptimal, opt.Relation, at)
		d.treeMax = opt.TreeMax
		return d
	case Source:
		return newDPOR(modeSource, opt.Relation, at)
	case Sleep:
		return newDPOR(modeSleep, opt.Relation, at)
	case DFS:
		if opt.Budget.Cost != "" {
			return newBounded(opt)
		}
		return newDFS(at)
	case Bounded:
		return newBounded(opt)
	case Random:
		return newRandomWalk(opt.Seed, at)
	}
	panic("search: no walker for the strategy " + string(opt.Strategy)) // see Options.Check
}

// restartsMax bounds how often a job begins again: see sim.Execution.Merged.
const restartsMax = 10_000

var errUnsettled = errors.New("it cannot be told which objects are the same in different executions: " +
	"something other than sim's variables decides which object a goroutine uses; make that a sim.Var")

// notDeterministic is the error for a program that did something else when it
// was run again with the same choices.
func notDeterministic(x *sim.Execution) error {
	return fmt.Errorf("the program is not deterministic: run again with the same choices, it did something else: %s; "+
		"look for a variable or an object that is declared outside the program's func, a map's order, "+
		"a clock, a random number or a real goroutine", x.Divergence)
}
