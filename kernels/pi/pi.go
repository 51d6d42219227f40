package pi

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// Options say what to estimate, and how. Samples must be set.
type Options struct {
	Samples    uint64
	Seed       uint64
	Kernel     Kernel                   // "" means Auto
	Workers    int                      // 0 means GOMAXPROCS
	Chunk      int                      // blocks handed out at a time; 0 means 32, or fewer for little work
	Confidence float64                  // of the interval; 0 means 0.95
	Part       Part                     // the zero value means all blocks
	Progress   func(done, total uint64) // samples; called after each chunk, one call at a time
}

// samplesMost bounds the samples, so that no sum of block numbers overflows. It
// is 80 years of work at 10^9 samples a second on each of 1000 cores.
const samplesMost = 1 << 61

// A Part is one of Count even parts of the blocks, counted from 0. The zero
// value is the whole.
type Part struct{ Index, Count int }

// blocks is the range of blocks that belongs to the part.
func (p Part) blocks(samples uint64) (from, to uint64) {
	all := (samples-1)/BlockSamples + 1
	if p.Count == 0 {
		return 0, all
	}
	// all*Count may not fit, so the remainder is spread by hand.
	size, rest := all/uint64(p.Count), all%uint64(p.Count)
	start := func(i uint64) uint64 { return i*size + min(i, rest) }
	return start(uint64(p.Index)), start(uint64(p.Index) + 1)
}

func (o Options) withDefaults() (Options, error) {
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	switch {
	case o.Samples == 0:
		return o, errors.New("estimate pi: no samples asked for")
	case o.Samples > samplesMost:
		return o, fmt.Errorf("estimate pi: %d samples are more than %d", o.Samples, uint64(samplesMost))
	case o.Workers < 0 || o.Chunk < 0:
		return o, fmt.Errorf("estimate pi: %d workers, chunk of %d: below 0", o.Workers, o.Chunk)
	case o.Confidence < 0 || o.Confidence >= 1:
		return o, fmt.Errorf("estimate pi: confidence %v is not between 0 and 1", o.Confidence)
	case o.Part.Count < 0 || o.Part.Index < 0 || o.Part.Index >= max(1, o.Part.Count):
		return o, fmt.Errorf("estimate pi: no part %d of %d", o.Part.Index, o.Part.Count)
	}
	return o, nil
}

// Estimate estimates pi. It returns when all samples are counted, or soon
// after ctx ends: then with ctx's error and what was counted until then, which
// is an honest estimate, but not a repeatable one.
func Estimate(ctx context.Context, options Options) (Result, error) {
	o, err := options.withDefaults()
	if err != nil {
		return Result{}, err
	}
	kernel, code, err := o.Kernel.load()
	if err != nil {
		return Result{}, err
	}
	d := newDriver(o, code)
	result := sum(d.run(ctx), o.Confidence)
	result.Kernel = kernel
	// A context that ends after the last sample has spoilt nothing.
	if result.Samples < d.samples() {
		return result, fmt.Errorf("estimate pi: %w", context.Cause(ctx))
	}
	return result, nil
}

// A driver hands out chunks of blocks to workers.
type driver struct {
	options  Options
	code     implementation
	from, to uint64 // blocks
	next     atomic.Uint64
	progress struct {
		sync.Mutex
		done uint64
	}
}

func newDriver(o Options, code implementation) *driver {
	d := &driver{options: o, code: code}
	d.from, d.to = o.Part.blocks(o.Samples)
	d.next.Store(d.from)
	if o.Chunk == 0 {
		d.options.Chunk = chunkDefault(d.to-d.from, o.Workers)
	}
	return d
}

// chunkDefault gives every worker some 16 chunks, so that none waits long for
// the last one, but no more than 32 blocks at a time, which is about a
// millisecond, and whole groups where that is possible.
func chunkDefault(blocks uint64, workers int) int {
	chunk := int(min(blocks/(16*uint64(workers)), 32))
	if chunk > groupBlocks {
		chunk -= chunk % groupBlocks
	}
	return max(chunk, 1)
}

// run starts the workers and returns what each of them counted.
func (d *driver) run(ctx context.Context) []Share {
	return each(d.options.Workers, func(int) Share { return d.work(ctx) })
}

// each runs work for every worker at once and waits for all.
func each(workers int, work func(worker int) Share) []Share {
	shares := make([]Share, workers)
	var group sync.WaitGroup
	for i := range shares {
		group.Go(func() { shares[i] = work(i) })
	}
	group.Wait()
	return shares
}

// work is one worker. It keeps its sums to itself until the end, so that
// workers share no cache line but the counter's.
func (d *driver) work(ctx context.Context) Share {
	total, chunk := Share{}, uint64(d.options.Chunk)
	for ctx.Err() == nil {
		start := d.next.Add(chunk) - chunk
		if start >= d.to {
			break
		}
		done := d.chunk(ctx, start, min(start+chunk, d.to))
		total.Samples += done.Samples
		total.Hits += done.Hits
		d.report(done.Samples)
	}
	return total
}

// chunk counts the blocks from start to end, fewer when ctx ends.
func (d *driver) chunk(ctx context.Context, start, end uint64) Share {
	total := Share{}
	next, stop := start*BlockSamples, min(end*BlockSamples, d.options.Samples)
	for next < stop && ctx.Err() == nil {
		n := d.code.samplesAtOnce(stop - next)
		total.Hits += d.code.count(d.options.Seed, next/BlockSamples, n)
		total.Samples += n
		next += n
	}
	return total
}

// samples is the number of samples in the driver's part.
func (d *driver) samples() uint64 {
	return min(d.to*BlockSamples, d.options.Samples) - min(d.from*BlockSamples, d.options.Samples)
}

func (d *driver) report(samples uint64) {
	if d.options.Progress == nil {
		return
	}
	d.progress.Lock()
	defer d.progress.Unlock()
	d.progress.done += samples
	d.options.Progress(d.progress.done, d.samples())
}
