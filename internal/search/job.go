package search

import (
	"math"

	"github.com/interleave-go/interleave/sim"
)

// noBound is the bound on executions when there is none.
const noBound = -1

// boundExecutions is the name of the bound on executions.
const boundExecutions = "executions"

// A root is where a job begins: the choices that lead there, in a form that any
// runner can follow, and what need not be explored there. The zero root is the
// whole search. A sampling strategy has a range of executions instead.
type root struct {
	Schedule
	// Orders restrict a job to a part of the traces.
	Orders []order
	// Level is how often the way to the job was divided before there was anything
	// to go by: 0 if it was not, and the job is divided when it turns out large.
	Level int
	// Asleep are the places, among what is open there, of steps that other jobs
	// explore.
	Asleep []int
	// From and To bound the numbers of the executions of a sampling strategy.
	From, To uint64
}

// search runs one job, which may be the whole search.
type search struct {
	opt     Options
	runner  *sim.Runner
	program func(*sim.G)
	visit   func(*sim.Execution) bool
	result  Result
	atMost  int // executions; noBound means no bound

	restarts  int
	watch     func(begins bool) // nil when nobody watches
	chronicle *chronicle

	// Of a job in Explore; otherwise nil.
	halted func() string // asked before every execution
	give   func([]root)  // hands parts of the work to other jobs
	runs   int           // since the last start
	told   int           // the executions of result that all know of
	untold int           // begun, of which nobody knows yet
	first  bool          // it is the first one
	settle func(groupUse)
	news   groupUse // see hasNews
}

func (s *search) run(w walker) error {
	s.chronicle = newChronicle(s.opt.Decided)
	if d, ok := w.(*dpor); ok {
		d.chronicle, d.keeps = s.chronicle, s.give != nil && s.opt.SplitEvery < math.MaxInt
	}
	defer s.remark(w)
	for {
		if s.result.Bound = s.interrupted(); s.result.Bound != "" {
			return nil
		}
		o, ok := w.prepare()
		if !ok {
			s.ended(w)
			return nil
		}
		if s.atMost != noBound && s.result.counted() >= s.atMost {
			s.result.Bound = boundExecutions
			return nil
		}
		s.chronicle.begin()
		x := s.execute(o)
		if s.hasNews(w, x) {
			s.chronicle.restart()
			return nil
		}
		if s.begun(w, x) {
			s.chronicle.restart()
			if s.restarts++; s.restarts > restartsMax {
				return errUnsettled
			}
			continue
		}
		if err := w.learn(x); err != nil {
			return err
		}
		s.chronicle.follow(x, x.Steps())
		goesOn := s.count(w, x)
		s.chronicle.over(x)
		if !goesOn {
			s.result.Stopped = true
			return nil
		}
		s.divide(w, x)
	}
}

// ended says what a search that has nothing left to do has come to.
func (s *search) ended(w walker) {
	s.result.Complete = s.result.Cut == 0
	if b, ok := w.(*bounded); ok && b.crowded {
		s.result.Complete, s.result.Bound = false, "prefixes"
	}
}

// remark takes over what a walker did that is worth telling.
func (s *search) remark(w walker) {
	switch w := w.(type) {
	case *bounded:
		s.result.Beyond, s.result.Spent = w.over, w.paid
	case *dpor:
		if w.fell {
			s.result.FellBack = 1
		}
	}
}

func (s *search) interrupted() string {
	if s.halted != nil {
		return s.halted()
	}
	if s.opt.Interrupt != nil {
		return s.opt.Interrupt()
	}
	return ""
}

func (s *search) execute(o sim.Options) *sim.Execution {
	o.StepsMax, o.Time, o.RunOn = s.opt.StepsMax, s.opt.Time, s.opt.RunOn || s.opt.Strategy.reduces()
	o.Watch = s.watch
	return s.runner.Run(s.program, o)
}

// A restarter is a walker that compares steps of different executions, so it
// has to begin again when two identities turn out to be one object.
type restarter interface{ restart() }

// begun begins again when an execution shows that it has to.
func (s *search) begun(w walker, x *sim.Execution) bool {
	again, ok := w.(restarter)
	if !ok || !x.Merged && (len(x.United) == 0 || united(w, x)) && !s.unsettled(w, x) {
		return false
	}
	if x.Renamed {
		s.runner.Forget()
	}
	again.restart()
	s.result, s.runs = Result{}, 0
	if s.opt.Restarted != nil {
		s.opt.Restarted()
	}
	return true
}

// united reports whether a walker could put right what it noted of an execution.
func united(w walker, x *sim.Execution) bool {
	d, ok := w.(*dpor)
	return ok && d.unite(x)
}

// count adds an execution to the result and shows it; it reports whether the
// search goes on.
func (s *search) count(w walker, x *sim.Execution) bool {
	s.runs++
	s.result.Steps += x.Steps()
	s.result.DepthMax = max(s.result.DepthMax, x.Steps())
	switch {
	case x.Outcome == sim.Pruned || countedElsewhere(w):
		s.result.Blocked++
		return true
	case x.Outcome.Complete():
		s.result.Executions++
	default:
		s.result.Cut++
	}
	return s.visit(x)
}

// countedElsewhere reports whether the present execution does not count here.
func countedElsewhere(w walker) bool {
	switch w := w.(type) {
	case *bounded:
		return w.again
	case *dpor:
		return w.away
	}
	return false
}

// A splitter is a walker whose work can be divided.
type splitter interface {
	// split gives away a part of what is left.
	split(x *sim.Execution, execute func(sim.Options) *sim.Execution) []root
}

// divide gives work away after every so many executions: a rule that looks at
// nothing but the job, so that the same jobs come about with any number of
// workers.
func (s *search) divide(w walker, x *sim.Execution) {
	sp, ok := w.(splitter)
	d, _ := w.(*dpor)
	early := d != nil && d.level > 0 && d.level < levelMax && s.runs == 1
	if !ok || s.give == nil || s.runs%s.opt.SplitEvery != 0 && !early {
		return
	}
	var last *sim.Execution
	roots := sp.split(x, func(o sim.Options) *sim.Execution {
		last = s.execute(o)
		return last
	})
	if last != nil && s.begun(w, last) {
		return
	}
	if len(roots) == 0 && s.runs == s.opt.SplitEvery && d != nil && d.indivisible() {
		s.again(d)
		return
	}
	s.give(roots)
}

// levelMax bounds the division of jobs after their first execution.
const levelMax = 4

// again begins a job once more that has turned out to be large, and cannot be
// divided any more: after its first execution it can.
func (s *search) again(d *dpor) {
	wasted := s.runs
	d.level = 1
	d.restart()
	s.result, s.runs = Result{Blocked: wasted}, 0
	if s.opt.Restarted != nil {
		s.opt.Restarted()
	}
}
