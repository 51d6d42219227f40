package search

import (
	"bytes"
	"cmp"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
)

// A beat counts the executions that one worker begins and ends: it is odd while
// one runs. Each has a cache line of its own.
type beat struct {
	n atomic.Uint64
	_ [56]byte
}

func (b *beat) tick(bool) { b.n.Add(1) }

// watch looks at the workers' beats from time to time, and tells when an
// execution has run for longer than the limit: then a goroutine of the program
// does not come back to the scheduler, and nobody can stop it. Nothing but what
// watches looks at a clock here. The function returned ends it.
func watch(beats []beat, limit time.Duration, stuck func(stack string)) (stop func()) {
	if limit <= 0 {
		return func() {}
	}
	over := make(chan struct{})
	go func() {
		ticker := time.NewTicker(limit)
		defer ticker.Stop()
		seen := make([]uint64, len(beats))
		for {
			select {
			case <-over:
				return
			case <-ticker.C:
			}
			for i := range beats {
				now := beats[i].n.Load()
				if now == seen[i] && now%2 == 1 {
					stuck(stuckStack())
					return
				}
				seen[i] = now
			}
		}
	}()
	return func() { close(over) }
}

// stuckAfter is how long an execution may take when nobody says otherwise.
const stuckAfter = 30 * time.Second

// Watch is for an execution beside those of Explore, as sim.Options.Watch: it
// watches them one after the other, as [Options].StuckAfter and Stuck say.
func Watch(limit time.Duration, stuck func(stack string)) func(begins bool) {
	limit = cmp.Or(limit, stuckAfter)
	if limit < 0 {
		return nil
	}
	if stuck == nil {
		stuck = stuckIn
	}
	var timer *time.Timer
	return func(begins bool) {
		switch {
		case !begins:
			timer.Stop()
		case timer == nil:
			timer = time.AfterFunc(limit, func() { stuck(stuckStack()) })
		default:
			timer.Reset(limit)
		}
	}
}

func (o *Options) watch() func(begins bool) {
	if o.Watch != nil {
		return o.Watch
	}
	return Watch(o.StuckAfter, o.Stuck)
}

// stuckStack is the stack of the goroutine of the program that runs or blocks
// for real, as far as it can be told: those that wait for the scheduler are
// parked coroutines.
func stuckStack() string {
	all := make([]byte, 1<<20)
	all = all[:runtime.Stack(all, true)]
	for _, one := range bytes.Split(all, []byte("\n\n")) {
		head, _, _ := bytes.Cut(one, []byte("\n"))
		if bytes.Contains(one, []byte("/sim.(*")) && !bytes.Contains(head, []byte("[coroutine")) {
			return string(one)
		}
	}
	return string(all)
}

// stuckIn is what happens without Options.Stuck: the process ends.
func stuckIn(stack string) {
	panic(fmt.Sprintf("interleave: a goroutine of the program under test does not come back to the scheduler: "+
		"an endless loop without sim's operations, or a call that blocks for real, such as Lock of a sync.Mutex "+
		"where a sim.Mutex belongs; it cannot be stopped\n\n%s", stack))
}
