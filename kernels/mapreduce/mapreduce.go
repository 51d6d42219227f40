package mapreduce

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/interleave-go/interleave/kernels"
)

// Run does a job and yields its results in the order of the keys. It starts
// when it is looped over, and the work ends, and the temporary files go, when
// the loop does, however that comes about.
//
// An error is yielded once, as the last element, with the zero pair: an error of
// the inputs, of Map, Reduce or the disk, a [*kernels.PanicError], or the cause
// of ctx. inputs are read by one worker at a time.
func Run[In any, K cmp.Ordered, V, Out any](ctx context.Context, job Job[In, K, V, Out], inputs iter.Seq2[In, error], o Options) iter.Seq2[Pair[K, Out], error] {
	return func(yield func(Pair[K, Out], error) bool) {
		if err := errors.Join(o.check(), job.withDefaults().check(o)); err != nil {
			yield(Pair[K, Out]{}, err)
			return
		}
		w := newWork(job.withDefaults(), o.withDefaults())
		defer w.close()
		if err := w.mapAll(ctx, inputs); err != nil {
			yield(Pair[K, Out]{}, err)
			return
		}
		w.yieldAll(ctx, yield)
	}
}

// Collect gives all results as a list.
func Collect[K cmp.Ordered, Out any](results iter.Seq2[Pair[K, Out], error]) ([]Pair[K, Out], error) {
	var list []Pair[K, Out]
	for pair, err := range results {
		if err != nil {
			return nil, err
		}
		list = append(list, pair)
	}
	return list, nil
}

// A work is a job under way.
type work[In any, K cmp.Ordered, V, Out any] struct {
	job     Job[In, K, V, Out]
	options Options
	pool    kernels.Pool
	workers []*worker[In, K, V, Out]
}

func newWork[In any, K cmp.Ordered, V, Out any](job Job[In, K, V, Out], o Options) *work[In, K, V, Out] {
	w := &work[In, K, V, Out]{job: job, options: o}
	w.pool.Workers = o.Workers
	for range o.Workers {
		w.workers = append(w.workers, newWorker(job, o))
	}
	return w
}

// close waits for what runs and removes the files. Nobody can use an error of
// it: the results are through, or there was an error already.
func (w *work[In, K, V, Out]) close() {
	w.pool.Stop()
	for _, worker := range w.workers {
		worker.spiller.close()
	}
}

// mapAll takes all inputs.
func (w *work[In, K, V, Out]) mapAll(ctx context.Context, inputs iter.Seq2[In, error]) error {
	pull, stop := iter.Pull2(inputs)
	defer stop()
	f := &feed[In]{pull: pull}
	options := kernels.MapOptions{Pool: &w.pool, Chunk: kernels.Chunk{Policy: kernels.Fixed}}
	_, err := kernels.Map(ctx, options, w.workers, func(ctx context.Context, worker *worker[In, K, V, Out]) (struct{}, error) {
		return struct{}{}, worker.work(ctx, f)
	})
	w.options.Stats.Inputs = int(f.next)
	for _, worker := range w.workers {
		w.options.Stats.SpilledRuns += worker.spiller.runs
		w.options.Stats.SpilledBytes += worker.spiller.bytes
	}
	var item *kernels.ItemError
	if errors.As(err, &item) {
		return item.Err // the number of the worker tells nobody anything
	}
	return err
}

// yieldAll reduces range after range, some ahead of the one that is yielded.
func (w *work[In, K, V, Out]) yieldAll(ctx context.Context, yield func(Pair[K, Out], error) bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // the ranges under way, when the loop is left
	ranges := w.ranges()
	w.options.Stats.Partitions = len(ranges)
	var ahead []*kernels.Future[[]Pair[K, Out]]
	for len(ranges) > 0 || len(ahead) > 0 {
		for len(ranges) > 0 && len(ahead) < lookahead(w.options.Workers) {
			r := ranges[0]
			ranges = ranges[1:]
			ahead = append(ahead, kernels.Submit(ctx, &w.pool, func(ctx context.Context) ([]Pair[K, Out], error) {
				return w.reduceRange(ctx, r)
			}))
		}
		pairs, err := ahead[0].Result(ctx)
		ahead[0] = nil
		ahead = ahead[1:]
		if err != nil {
			yield(Pair[K, Out]{}, err)
			return
		}
		for _, pair := range pairs {
			if !yield(pair, nil) {
				return
			}
		}
	}
}

// ranges cuts the keys.
func (w *work[In, K, V, Out]) ranges() []keyRange[K] {
	var samples []sample[K]
	bytes := int64(0)
	for _, worker := range w.workers {
		samples = append(samples, worker.samples()...)
	}
	for _, s := range samples {
		bytes += s.bytes
	}
	return cutRanges(samples, w.options.partitions(bytes))
}

// reduceRange merges what all workers have of a range and reduces it.
func (w *work[In, K, V, Out]) reduceRange(ctx context.Context, r keyRange[K]) ([]Pair[K, Out], error) {
	var sources []source[K, V]
	for _, worker := range w.workers {
		sources = append(sources, worker.sources(r)...)
	}
	merged, err := newMerger(sources)
	if err != nil {
		return nil, err
	}
	g := &group[K, V]{in: &combiner[K, V]{in: merged, combine: w.job.Combine}}
	g.advance()
	for g.have && r.isAfter(g.ahead.key) { // a run is read from some mark on
		g.advance()
	}
	var pairs []Pair[K, Out]
	for g.have && !r.isBefore(g.ahead.key) && ctx.Err() == nil {
		key := g.ahead.key
		out, err := w.job.Reduce(key, g.values(key))
		if err != nil {
			return nil, fmt.Errorf("reduce %v: %w", key, err)
		}
		pairs = append(pairs, Pair[K, Out]{Key: key, Value: out})
		g.skip(key)
	}
	return pairs, errors.Join(g.err, context.Cause(ctx))
}
