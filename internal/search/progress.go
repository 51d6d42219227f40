package search

import (
	"math"
	"sync/atomic"
)

// Progress is how far a search has come.
type Progress struct {
	Started    int // executions, those that are cut as redundant included
	Executions int // that came to an end of their own, or hit a bound
	DepthMax   int // events of the longest execution
	Jobs       int // that are done
	// Estimate is how many executions there may be in all, and Spread its
	// standard error; 0 while nothing is known.
	Estimate, Spread float64
}

// progressEvery is how often Progress is told. A worker counts so many executions
// for itself, as tellEvery says, before all know of them.
const (
	progressEvery = 256
	tellEvery     = 32
)

// live is what can be known of a search while it is running.
type live struct {
	bound    atomic.Pointer[string]
	started  atomic.Int64 // executions of all jobs
	saved    atomic.Int64 // started at the last checkpoint
	complete atomic.Int64
	depth    atomic.Int64
}

// resume counts what was done before a checkpoint.
func (l *live) resume(r Result) {
	l.complete.Add(int64(r.counted()))
	l.started.Add(int64(r.counted() + r.Blocked))
	l.saved.Store(l.started.Load())
	l.depth.Store(max(l.depth.Load(), int64(r.DepthMax)))
}

// restart is called when what was done before does not count.
func (l *live) restart() {
	l.started.Store(0)
	l.saved.Store(0)
	l.complete.Store(0)
	l.depth.Store(0)
}

// tell counts an execution that a job is about to begin.
func (f *frontier) tell(s *search) {
	every := tellEvery
	if at := f.opt.Checkpoint.Every; at > 0 {
		every = min(every, at)
	}
	if s.untold++; s.untold >= every {
		f.tellAll(s)
	}
}

// tellAll lets all know of the executions that a job has begun and ended.
func (f *frontier) tellAll(s *search) {
	n := f.live.started.Add(int64(s.untold))
	before := n - int64(s.untold)
	f.live.complete.Add(int64(s.result.counted() - s.told))
	s.told, s.untold = s.result.counted(), 0
	if f.opt.Progress == nil || n/progressEvery == before/progressEvery {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.live.depth.Store(max(f.live.depth.Load(), int64(s.result.DepthMax)))
	p := Progress{Started: int(n), Executions: int(f.live.complete.Load()), DepthMax: int(f.live.depth.Load()),
		Jobs: f.probes.Count}
	p.Estimate, p.Spread = f.probes.estimate()
	f.opt.Progress(p)
}

// probes estimate the size of the search as in Knuth, "Estimating the
// efficiency of backtrack programs", Mathematics of Computation 29 (1975): who
// goes down the tree of jobs, taking each branch with a probability that is thought
// to be its share, and comes to a job of n executions with probability p, estimates
// n/p. The jobs
// that are done are the probes. They are not drawn at random but come from the
// left, where the branches are the larger ones, so that early estimates are
// more often too high than too low.
type probes struct {
	Count   int
	Sum     float64 // of n = p·(n/p)
	Share   float64 // of p
	Squares float64 // of p·(n/p)²
}

func (p *probes) add(n int, share float64) {
	if share <= 0 {
		return
	}
	p.Count++
	p.Sum += float64(n)
	p.Share += share
	p.Squares += float64(n) * float64(n) / share
}

// estimate returns the mean of the probes and its standard error; zeros as long
// as there is only one.
func (p *probes) estimate() (mean, spread float64) {
	if p.Count < 2 || p.Share <= 0 {
		return 0, 0
	}
	mean = p.Sum / p.Share
	variance := max(p.Squares/p.Share-mean*mean, 0)
	return mean, math.Sqrt(variance / float64(p.Count-1))
}
