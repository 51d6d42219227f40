package search

import (
	"sync"

	"github.com/interleave-go/interleave/sim"
)

// A Collector gathers what is seen in the executions of all jobs.
type Collector interface {
	// Begin returns what looks at the executions of one job. Several jobs run at
	// the same time, each with its own Visitor.
	Begin() Visitor
	// Merge takes over what the Visitor of the next job has seen. Jobs come in
	// an order that depends on program and options alone.
	Merge(Visitor)
	// Restart forgets what was merged: the search begins again.
	Restart()
}

// A Visitor looks at the executions of one job.
type Visitor interface {
	// Visit returns false to end the search.
	Visit(x *sim.Execution) bool
}

// Explore explores program, divided into jobs that several workers run at the
// same time. Result and what the collector gathers are the same for every
// number of workers. Options.Restarted is not called: the job's Visitor is
// replaced by a new one. The error is that of [Run].
func Explore(program func(*sim.G), opt Options, c Collector) (Result, error) {
	if err := opt.Check(); err != nil {
		return Result{}, err
	}
	opt = opt.withDefaults()
	f := newFrontier(opt, c)
	f.head = &job{root: first(opt), first: true, share: 1}
	if err := f.prepare(program); err != nil {
		return Result{}, err
	}
	for again := true; again; again = f.begunAgain() {
		f.work(program)
	}
	f.verify(program)
	if err := f.saveLast(); err != nil {
		return Result{}, err
	}
	return f.result()
}

// first is the root of the first job.
func first(opt Options) root {
	if opt.Strategy.Exhaustive() {
		return root{}
	}
	return root{To: uint64(min(opt.SplitEvery, opt.ExecutionsMax))}
}

// following is the root of the range of executions after the root's.
func (r root) following(opt Options) (root, bool) {
	end := uint64(opt.ExecutionsMax)
	if opt.Strategy.Exhaustive() || r.To >= end {
		return root{}, false
	}
	return root{From: r.To, To: min(r.To+uint64(opt.SplitEvery), end)}, true
}

// work runs the jobs.
func (f *frontier) work(program func(*sim.G)) {
	beats := make([]beat, f.opt.Workers)
	defer watch(beats, f.opt.StuckAfter, f.opt.Stuck)()
	var all sync.WaitGroup
	for i := range beats[1:] {
		all.Go(func() { f.worker(program, &beats[i+1]) })
	}
	f.worker(program, &beats[0])
	all.Wait()
}

func (f *frontier) worker(program func(*sim.G), b *beat) {
	for j := f.claim(); j != nil; j = f.claim() {
		f.run(program, j, b)
	}
}

// run runs one job. Its runner is a new one, so that the job depends on nothing
// that another job has learnt.
func (f *frontier) run(program func(*sim.G), j *job, b *beat) {
	r := sim.NewRunner()
	defer r.Close()
	s := &search{opt: f.opt, runner: r, program: program, atMost: j.atMost, watch: b.tick}
	s.opt.Restarted = func() { f.restart(j) }
	s.visit = func(x *sim.Execution) bool {
		if j.first && len(f.first.steps) == 0 {
			f.first.note(x)
		}
		return j.visitor.Visit(x)
	}
	s.give = func(roots []root) { f.give(j, roots) }
	s.halted = func() string { return f.halted(j, s) }
	w := walkerOf(f.opt, j.root)
	if d, ok := w.(*dpor); ok {
		s.first, s.settle = j.first, f.settle
		f.mu.Lock()
		d.loc.uses = f.uses
		f.mu.Unlock()
	}
	err := s.run(w)
	f.tellAll(s)
	f.finish(j, s, err)
}

// A Finder is a Collector that knows whether anything was found.
type Finder interface{ Found() bool }

// verify makes sure, before a search says that there is nothing to be found, that the
// program still does what it did at first.
func (f *frontier) verify(program func(*sim.G)) {
	if c, ok := f.collector.(Finder); ok && c.Found() {
		return
	}
	if f.err == nil && f.bound == "" && !f.total.Stopped {
		f.err = f.first.verify(program, f.opt)
	}
}

// cancelled is the bound of a job whose work does not count any more.
const cancelled = "cancelled"

// halted is asked before every execution of a job.
func (f *frontier) halted(j *job, s *search) string {
	if j.cancelled.Load() {
		return cancelled
	}
	f.tell(s)
	f.saveWhenDue()
	if f.opt.Interrupt != nil {
		if bound := f.opt.Interrupt(); bound != "" {
			f.halt(bound)
		}
	}
	return f.stopping()
}

// stopping is the bound that interrupted the search, if any.
func (f *frontier) stopping() string {
	if bound := f.live.bound.Load(); bound != nil {
		return *bound
	}
	return ""
}
