package search

import "github.com/interleave-go/interleave/sim"

// A search takes its WaitGroups to be used as they are meant: see groupUse. Its first
// execution tells almost always when they are not, before any work is given away. A job
// that learns it later cannot just begin again: what other jobs leave to each other
// rests on what they all took for granted. It ends, and when its turn comes to be
// merged, the whole search begins again and knows better.

// hasNews reports whether an execution shows that the jobs of the search took its
// WaitGroups for something else.
func (s *search) hasNews(w walker, x *sim.Execution) bool {
	d, ok := w.(*dpor)
	if !ok || s.settle == nil || !d.loc.learnUses(x) {
		return false
	}
	if s.first && d.trace.run == 1 {
		d.trace.truncate(0) // which holds for what comes
		s.settle(d.loc.uses)
		return false
	}
	s.news = d.loc.uses
	return true
}

// settle notes how WaitGroups are used, for all jobs that begin from now on.
func (f *frontier) settle(u groupUse) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.uses.join(u)
}

// begunAgain begins the whole search again if a job had news. No job is running.
func (f *frontier) begunAgain() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.news == (groupUse{}) || f.bound != "" {
		return false
	}
	f.uses.join(f.news)
	f.news, f.over = groupUse{}, false
	f.total, f.probes = Result{}, probes{}
	f.head = &job{root: first(f.opt), first: true, share: 1}
	f.first = firstRun{}
	f.live.restart()
	f.collector.Restart()
	return true
}
