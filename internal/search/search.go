package search

import (
	"errors"
	"fmt"

	"github.com/interleave-go/interleave/sim"
)

// A Strategy is how schedules are chosen.
type Strategy string

// The strategies.
const (
	Optimal Strategy = "optimal" // every trace exactly once: Optimal-DPOR
	Source  Strategy = "source"  // every trace: Source-DPOR, with some redundant executions
	Sleep   Strategy = "sleep"   // every trace: sleep sets, with many redundant executions
	DFS     Strategy = "dfs"     // every interleaving exactly once
	Random  Strategy = "random"  // a random walk: uniform over the enabled goroutines
)

func (s Strategy) reduces() bool { return s == Optimal || s == Source || s == Sleep }

// A Relation says which operations on a buffered channel depend on each other.
type Relation uint8

// The relations: under SlotRelation a send and a receive of different slots
// commute, under ChannelRelation no two operations on one channel do.
const (
	SlotRelation Relation = iota
	ChannelRelation
)

// Strategies lists them, in the order in which help shows them.
func Strategies() []Strategy { return []Strategy{Optimal, Source, Sleep, DFS, Random} }

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
	// RunOn lets other goroutines run on after a failure; the reduction
	// strategies always do.
	RunOn bool
	// Relation between operations on buffered channels; 0 means SlotRelation.
	Relation Relation
	// Restarted is called when what was visited so far does not count, because
	// two objects that were taken for different ones turned out to be one. Nil
	// means that nothing needs to be forgotten.
	Restarted func()
	// Interrupt is asked before every execution; when it returns a text, the
	// search ends and gives that text as its bound. Nil means never.
	Interrupt func() string
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
	return o
}

// A Result says what a search did.
type Result struct {
	Executions int    // that came to an end of their own
	Blocked    int    // that were cut because all of it had been explored before
	Cut        int    // that hit the bound on steps or goroutines
	Steps      int    // events, of all executions
	DepthMax   int    // events of the longest execution
	Complete   bool   // everything was explored
	Bound      string // the bound that was hit, or empty
}

// Run explores program. It calls visit with every execution that came to an
// end of its own or was cut by a bound; visit returns false to end the search.
// The error says that the program is not deterministic, or that the options
// make no sense.
func Run(program func(*sim.G), opt Options, visit func(x *sim.Execution) bool) (Result, error) {
	opt = opt.withDefaults()
	w, err := walkerOf(opt)
	if err != nil {
		return Result{}, err
	}
	r := sim.NewRunner()
	defer r.Close()
	s := &search{opt: opt, runner: r, program: program, visit: visit}
	return s.run(w)
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

func walkerOf(opt Options) (walker, error) {
	switch opt.Strategy {
	case Optimal:
		return newDPOR(modeOptimal, opt.Relation), nil
	case Source:
		return newDPOR(modeSource, opt.Relation), nil
	case Sleep:
		return newDPOR(modeSleep, opt.Relation), nil
	case DFS:
		return &dfs{}, nil
	case Random:
		return newRandomWalk(opt.Seed), nil
	}
	return nil, fmt.Errorf("unknown strategy %q", opt.Strategy)
}

// search is one call of Run.
type search struct {
	opt      Options
	runner   *sim.Runner
	program  func(*sim.G)
	visit    func(*sim.Execution) bool
	result   Result
	restarts int
}

func (s *search) run(w walker) (Result, error) {
	for {
		if s.opt.Interrupt != nil {
			if s.result.Bound = s.opt.Interrupt(); s.result.Bound != "" {
				return s.result, nil
			}
		}
		if n := s.result.Executions + s.result.Cut; s.opt.ExecutionsMax > 0 && n >= s.opt.ExecutionsMax {
			s.result.Bound = "executions"
			return s.result, nil
		}
		o, ok := w.prepare()
		if !ok {
			s.result.Complete = s.result.Cut == 0
			return s.result, nil
		}
		o.StepsMax, o.Time, o.RunOn = s.opt.StepsMax, s.opt.Time, s.opt.RunOn || s.opt.Strategy.reduces()
		x := s.runner.Run(s.program, o)
		if again, ok := w.(restarter); ok && x.Merged {
			if x.Renamed {
				s.runner.Forget()
			}
			if s.restarts++; s.restarts > restartsMax {
				return s.result, errUnsettled
			}
			again.restart()
			s.restart()
			continue
		}
		if err := w.learn(x); err != nil {
			return s.result, err
		}
		if !s.count(x) {
			return s.result, nil
		}
	}
}

// restartsMax bounds how often a search begins again: see sim.Execution.Merged.
const restartsMax = 10_000

var errUnsettled = errors.New("it cannot be told which objects are the same in different executions: " +
	"something other than sim's variables decides which object a goroutine uses; make that a sim.Var")

// A restarter is a walker that compares steps of different executions, so it
// has to begin again when two identities turn out to be one object.
type restarter interface{ restart() }

func (s *search) restart() {
	s.result = Result{}
	if s.opt.Restarted != nil {
		s.opt.Restarted()
	}
}

// count adds an execution to the result and shows it; it reports whether the
// search goes on.
func (s *search) count(x *sim.Execution) bool {
	s.result.Steps += x.Steps()
	s.result.DepthMax = max(s.result.DepthMax, x.Steps())
	switch {
	case x.Outcome == sim.Pruned:
		s.result.Blocked++
		return true
	case x.Outcome.Complete():
		s.result.Executions++
	default:
		s.result.Cut++
		s.result.Bound = "steps"
	}
	return s.visit(x)
}

// notDeterministic is the error for a program that did something else when it
// was run again with the same choices.
func notDeterministic(x *sim.Execution) error {
	return fmt.Errorf("the program is not deterministic: run again with the same choices, it did something else: %s; "+
		"look for a map's order, a clock, a random number or a real goroutine in it", x.Divergence)
}
