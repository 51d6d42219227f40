package pi

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
)

// A Mistake names a way to parallelize the estimate that goes wrong, kept to
// show how it goes wrong. Its name serves wherever a kernel's does on the
// command line.
type Mistake string

// The mistakes.
const (
	// SameState starts every worker from the same generator state, as a pool of
	// processes does that inherits it. All workers count the same samples, and
	// the standard error, which believes in all of them, is too small.
	SameState Mistake = "same-state"
	// LockedGenerator lets all workers draw from one generator behind a lock.
	// The estimate is right, though not repeatable; the lock takes the time.
	LockedGenerator Mistake = "locked-generator"
	// GlobalLock lets only one worker compute at a time. The estimate is right
	// and repeatable; more workers are no faster than one.
	GlobalLock Mistake = "global-lock"
)

// Mistakes lists the mistakes.
func Mistakes() []Mistake { return []Mistake{SameState, LockedGenerator, GlobalLock} }

// Lesson says in a sentence what the mistake costs.
func (m Mistake) Lesson() string {
	switch m {
	case SameState:
		return "every worker began from the same state and repeated one estimate"
	case LockedGenerator:
		return "two locked draws per sample, so the workers waited for each other"
	case GlobalLock:
		return "one lock around the work, so the workers took turns"
	}
	return ""
}

// EstimateWrongly is Estimate with a mistake in it. Options.Part and
// Options.Chunk have no effect on SameState and LockedGenerator, Options.Kernel
// none on LockedGenerator.
func EstimateWrongly(ctx context.Context, mistake Mistake, options Options) (Result, error) {
	o, err := options.withDefaults()
	if err != nil {
		return Result{}, err
	}
	kernel, code, err := o.Kernel.load()
	if err != nil {
		return Result{}, err
	}
	var shares []Share
	switch mistake {
	case SameState:
		shares = sameState(ctx, o, code)
	case LockedGenerator:
		shares = lockedGenerator(ctx, o)
	case GlobalLock:
		shares = newDriver(o, code.behindLock()).run(ctx)
	default:
		return Result{}, fmt.Errorf("estimate pi: no mistake %q", string(mistake))
	}
	result := sum(shares, o.Confidence)
	result.Kernel = kernel
	if err := context.Cause(ctx); err != nil {
		return result, fmt.Errorf("estimate pi: %w", err)
	}
	return result, nil
}

// SameEverywhere reports whether several workers counted the very same hits in
// the same number of samples, and at least a block of them. That is how workers
// that share one stream give themselves away. Two honest workers agree with a
// probability below 0.3 %, three below 1 in 10^5.
func SameEverywhere(shares []Share) bool {
	if len(shares) < 2 || shares[0].Samples < BlockSamples {
		return false
	}
	for _, s := range shares[1:] {
		if s != shares[0] {
			return false
		}
	}
	return true
}

// evenShare is the number of samples of one of several workers.
func evenShare(samples uint64, worker, workers int) uint64 {
	share := samples / uint64(workers)
	if uint64(worker) < samples%uint64(workers) {
		share++
	}
	return share
}

func sameState(ctx context.Context, o Options, code implementation) []Share {
	return each(o.Workers, func(worker int) Share {
		mine := o
		mine.Workers, mine.Part, mine.Progress = 1, Part{}, nil
		mine.Samples = evenShare(o.Samples, worker, o.Workers)
		if mine.Samples == 0 {
			return Share{}
		}
		return newDriver(mine, code).run(ctx)[0]
	})
}

func lockedGenerator(ctx context.Context, o Options) []Share {
	set := seedLanes(o.Seed, 0)
	only := set.lane(0)
	shared := lockedSource{source: &only}
	return each(o.Workers, func(worker int) Share {
		random := rand.New(&shared)
		share := Share{}
		for range evenShare(o.Samples, worker, o.Workers) {
			// Asking a context takes about as long as a draw.
			if share.Samples%1024 == 0 && ctx.Err() != nil {
				break
			}
			x, y := coordinate(random), coordinate(random)
			share.Hits += oneIf(float64(x*x)+float64(y*y) <= 1)
			share.Samples++
		}
		return share
	})
}

// A lockedSource is a source that all workers share.
type lockedSource struct {
	mu     sync.Mutex
	source rand.Source
}

func (s *lockedSource) Uint64() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.source.Uint64()
}

// behindLock is the same code, for one worker at a time.
func (code implementation) behindLock() implementation {
	var mu sync.Mutex
	locked := func(count hitCounter) hitCounter {
		return func(set *laneSet, n int) uint64 {
			mu.Lock()
			defer mu.Unlock()
			return count(set, n)
		}
	}
	return implementation{rows: locked(code.rows), tail: locked(code.tail)}
}
