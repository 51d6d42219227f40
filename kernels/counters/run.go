package counters

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// WorkersMost bounds the number of workers.
const WorkersMost = 4096

// slice is how many increments a worker makes between two looks at the context.
const slice = 1 << 16

// Options say how much to count and with how many workers.
type Options struct {
	Workers    int // 0 means GOMAXPROCS
	Increments int // by all workers together; 0 means 10,000,000
}

func (o Options) withDefaults() Options {
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Increments == 0 {
		o.Increments = 10_000_000
	}
	return o
}

func (o Options) check() error {
	if o.Workers < 1 || o.Workers > WorkersMost {
		return fmt.Errorf("%d workers: from 1 to %d are possible", o.Workers, WorkersMost)
	}
	if o.Increments < 1 {
		return fmt.Errorf("%d increments: at least 1 is needed", o.Increments)
	}
	return nil
}

// A Result is what one run came to. Counted + Lost = Increments.
type Result struct {
	Way        Way   `json:"way"`
	Workers    int   `json:"workers"`
	Increments int   `json:"increments"`
	Counted    int64 `json:"counted"`
	Lost       int64 `json:"lost"`
	// NsPerIncrement is wall time, from the moment when all workers were
	// ready, over all increments: twice the workers on twice the cores would
	// halve it if nothing was shared.
	NsPerIncrement float64 `json:"ns_per_increment"`
}

// Run counts in one way. The workers share the increments equally. It returns
// early, with the cause of ctx, when that ends.
func Run(ctx context.Context, way Way, o Options) (Result, error) {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return Result{}, err
	}
	c, err := way.newCounter(o.Workers)
	if err != nil {
		return Result{}, err
	}
	took := count(ctx, c, o)
	if ctx.Err() != nil {
		return Result{}, context.Cause(ctx)
	}
	return Result{
		Way: way, Workers: o.Workers, Increments: o.Increments,
		Counted: c.total(), Lost: int64(o.Increments) - c.total(),
		NsPerIncrement: float64(took.Nanoseconds()) / float64(o.Increments),
	}, nil
}

// count runs the workers and measures them.
func count(ctx context.Context, c counter, o Options) time.Duration {
	start := make(chan struct{})
	var ready, all sync.WaitGroup
	for w := range o.Workers {
		share := o.Increments / o.Workers
		if w < o.Increments%o.Workers {
			share++
		}
		ready.Add(1)
		all.Go(func() {
			ready.Done()
			<-start
			for ; share > 0 && ctx.Err() == nil; share -= slice {
				c.add(w, min(share, slice))
			}
		})
	}
	ready.Wait()
	began := time.Now()
	close(start)
	all.Wait()
	return time.Since(began)
}
