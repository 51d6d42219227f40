package search

import (
	"sync"
	"sync/atomic"
)

// A frontier is the jobs of a search that have not been merged, in the order of
// their places in the tree of jobs. A job goes before those that it gave work
// to, and what it gives later goes before what it gave earlier, as a search by
// one worker would come to it. The tree is a function of program and options;
// only who runs which job, and when, is not.
//
// Results are merged in that order. A job that ends the search, by an error, a
// finding or a bound, drops all that come after it.
type frontier struct {
	opt       Options
	collector Collector

	mu      sync.Mutex
	wake    *sync.Cond
	head    *job
	running int
	over    bool // nothing more is to be run
	total   Result
	err     error
	bound   string // what interrupted the search
	last    *job   // in which it hit the bound on executions

	live   live
	probes probes
	saving sync.Mutex // one checkpoint at a time
	mark   fingerprint
	first  firstRun
	uses   groupUse // what is known of WaitGroups
	news   groupUse // what a job has learnt that the others did not know
	failed error    // of the first checkpoint that could not be saved
}

// A job is a part of the search.
type job struct {
	root  root
	first bool // the first one of the search
	next  *job
	after *job // what came next when the job was made: all before that is its own
	state jobState
	// given counts the jobs that it gave work to; the first known of them stand
	// in the frontier already, because the job is run for the second time.
	given, known int
	atMost       int     // the executions that it may run
	share        float64 // of the whole search, if all branches were alike

	result    Result
	news      groupUse // see search
	visitor   Visitor
	err       error
	cancelled atomic.Bool // its work does not count
}

type jobState uint8

const (
	waiting jobState = iota
	running
	done
)

func newFrontier(opt Options, c Collector) *frontier {
	f := &frontier{opt: opt, collector: c}
	f.wake = sync.NewCond(&f.mu)
	return f
}

// claim returns the first job that waits, or nil when there is nothing left to
// do. It blocks while others may still give work.
func (f *frontier) claim() *job {
	f.mu.Lock()
	defer f.mu.Unlock()
	for !f.over {
		for j := f.head; j != nil; j = j.next {
			if j.state == waiting {
				f.start(j)
				return j
			}
		}
		if f.running == 0 {
			return nil
		}
		f.wake.Wait()
	}
	return nil
}

func (f *frontier) start(j *job) {
	f.running++
	j.state, j.given = running, 0
	j.visitor = f.collector.Begin()
	j.atMost = f.remaining()
	if next, ok := j.root.following(f.opt); ok && j.known == 0 {
		f.insert(j, []root{next})
		j.known, j.given = 1, 1
	}
}

// remaining is how many executions the bound allows after those that are
// merged: exact for the first job, at least as many as it may run for others.
func (f *frontier) remaining() int {
	if f.opt.ExecutionsMax == 0 || !f.opt.Strategy.Exhaustive() {
		return noBound
	}
	return max(f.opt.ExecutionsMax-f.total.counted(), 0)
}

// give puts parts of a job's work behind it.
func (f *frontier) give(j *job, roots []root) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if j.cancelled.Load() {
		return
	}
	skip := min(max(j.known-j.given, 0), len(roots))
	j.given += len(roots)
	if skip < len(roots) {
		f.insert(j, roots[skip:])
	}
	f.wake.Broadcast()
}

// insert puts jobs behind the one that gives them, with their shares of what that
// one had: of an order a half, of the next one a half of the rest, and so on;
// otherwise all alike.
func (f *frontier) insert(j *job, roots []root) {
	share := j.share
	for i := len(roots) - 1; i >= 0; i-- {
		n := &job{root: roots[i], next: j.next, after: j.next, share: share / float64(1+len(roots))}
		if roots[i].Orders != nil {
			n.share = share / float64(int(2)<<i)
		}
		j.share -= n.share
		j.next = n
	}
}

// restart drops what a job gave away: it begins again.
func (f *frontier) restart(j *job) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if j.cancelled.Load() {
		return
	}
	k := j.next
	for ; k != j.after && k != nil; k = k.next {
		k.cancelled.Store(true)
		j.share += k.share
	}
	j.next = k // not j.after: that may have been dropped
	j.given, j.known = 0, 0
	j.visitor = f.collector.Begin()
}

// finish takes a job back.
func (f *frontier) finish(j *job, s *search, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	defer f.wake.Broadcast()
	f.running--
	if j.cancelled.Load() {
		return
	}
	j.result, j.news, j.err = s.result, s.news, err
	if s.result.Bound != "" && s.result.Bound == f.bound {
		return // interrupted: not done
	}
	j.state = done
	if j.result.Bound != boundExecutions {
		f.probes.add(j.result.counted(), j.share)
	}
	if err != nil || s.result.Stopped || s.news != (groupUse{}) {
		drop(j)
	}
	f.merge()
}

// drop cancels all jobs after j.
func drop(j *job) {
	for k := j.next; k != nil; k = k.next {
		k.cancelled.Store(true)
	}
	j.next = nil
}

// merge takes the results of all jobs that no other one comes before.
func (f *frontier) merge() {
	for j := f.head; j != nil && j.state == done; j = f.head {
		if j.news != (groupUse{}) {
			f.news, f.over = j.news, true
			return
		}
		full := j.result.Bound == boundExecutions
		if left := f.remaining(); j.atMost != left && (full || left != noBound && j.result.counted() >= left) {
			// It was allowed more than it turns out to have, or less before it was
			// resumed: once more.
			j.state, j.known = waiting, max(j.known, j.given)
			return
		}
		if full {
			f.leave(j)
			return
		}
		f.take(j)
		if j.err != nil || j.result.Stopped || j.result.Bound != "" {
			f.over = true
			drop(j)
		}
		f.head = j.next
	}
}

// leave ends the search in a job that has hit the bound on executions. It counts,
// but stays with those after it for a checkpoint, to be run from its start when
// there is a larger bound.
func (f *frontier) leave(j *job) {
	f.over, f.last = true, j
	j.state, j.known = waiting, max(j.known, j.given)
	for k := j.next; k != nil; k = k.next {
		k.cancelled.Store(true)
	}
}

func (f *frontier) take(j *job) {
	f.total.add(j.result)
	f.err = j.err
	f.collector.Merge(j.visitor)
}

// halt ends the search at once.
func (f *frontier) halt(bound string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.bound == "" && !f.over {
		f.bound, f.over = bound, true
		f.live.bound.Store(&bound)
	}
	f.wake.Broadcast()
}

// result is what the search has come to, once no job is running. Of a search
// that was interrupted, what has been done counts, finished or not.
func (f *frontier) result() (Result, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	complete := f.head == nil && !f.over && f.total.Cut == 0
	for j := f.head; f.bound != "" && j != nil && f.err == nil; j = j.next {
		if j.visitor != nil {
			f.take(j)
		}
	}
	if f.last != nil && f.bound == "" && f.err == nil {
		f.take(f.last) // else it was the first of those
	}
	f.total.Complete = complete && f.err == nil && f.opt.Strategy.Exhaustive()
	switch {
	case f.bound != "":
		f.total.Bound = f.bound
	case f.total.Bound != "" || f.total.Stopped:
	case f.total.Cut > 0:
		f.total.Bound = "steps"
	case !f.opt.Strategy.Exhaustive():
		f.total.Bound = boundExecutions
	}
	return f.total, f.err
}
