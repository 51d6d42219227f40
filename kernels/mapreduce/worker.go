package mapreduce

import (
	"cmp"
	"context"
	"iter"
	"sync"
)

// A feed hands out the inputs, each to one worker.
type feed[In any] struct {
	mu   sync.Mutex
	pull func() (In, error, bool)
	next uint64 // the ordinal of the next input
	over bool
}

// take gives the next input and its ordinal; false when there is none left or
// the feed has failed.
func (f *feed[In]) take(ctx context.Context) (in In, ordinal uint64, ok bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ctx.Err() != nil {
		return in, 0, false, context.Cause(ctx)
	}
	if f.over {
		return in, 0, false, nil
	}
	in, err, ok = f.pull()
	if err != nil || !ok {
		f.over = true
		return in, 0, false, err
	}
	f.next++
	return in, f.next - 1, true, nil
}

// A worker maps inputs into a table of its own.
type worker[In any, K cmp.Ordered, V, Out any] struct {
	job     Job[In, K, V, Out]
	table   *table[K, V]
	spiller *spiller[K, V]
	share   int64 // of the memory, for the table; 0 means no bound
	input   uint64
	err     error // of spilling while Map ran
}

func newWorker[In any, K cmp.Ordered, V, Out any](job Job[In, K, V, Out], o Options) *worker[In, K, V, Out] {
	return &worker[In, K, V, Out]{
		job:   job,
		table: newTable(job.Combine, job.Keep, job.Size),
		share: o.tableShare(),
		spiller: &spiller[K, V]{
			encoding: encoding[K, V]{key: job.KeyCodec, value: job.ValueCodec},
			combine:  job.Combine, create: o.create, buffer: o.runBuffer(),
		},
	}
}

// runBuffer is the buffer for one run that is read: an eighth of the memory for
// all, when each of the workers merges the runs of all.
func (o Options) runBuffer() int {
	each := o.MemoryMax / 8 / int64(o.Workers) / int64(o.Workers) / fanIn
	return int(min(max(each, 4<<10), 64<<10))
}

// work maps inputs until there are none left, and sorts what is in the table.
func (w *worker[In, K, V, Out]) work(ctx context.Context, inputs *feed[In]) error {
	for {
		in, ordinal, ok, err := inputs.take(ctx)
		if err != nil {
			return err
		}
		if !ok {
			w.table.sort()
			w.table.release()
			return nil
		}
		w.input = ordinal
		if err := w.job.Map(ctx, in, w.emit); err != nil {
			return err
		}
		if w.err != nil {
			return w.err
		}
	}
}

func (w *worker[In, K, V, Out]) emit(key K, value V) {
	w.table.add(key, value, w.input)
	if w.table.full(w.share) {
		w.spill()
	}
}

func (w *worker[In, K, V, Out]) spill() {
	if w.err == nil {
		w.table.sort()
		w.err = w.spiller.spill(w.table.records)
	}
	// After an error too: the memory stays bounded until Map returns.
	w.table.reset()
}

// sources are the worker's runs, the oldest first, and its table, all from the
// start of the range on.
func (w *worker[In, K, V, Out]) sources(r keyRange[K]) []source[K, V] {
	var list []source[K, V]
	for _, run := range w.spiller.all() {
		if len(run.index) > 0 && !r.isBefore(run.index[0].key) {
			list = append(list, w.spiller.encoding.open(run, r.from, w.spiller.buffer))
		}
	}
	return append(list, &memorySource[K, V]{records: w.table.from(r.from)})
}

// A group gives the values of one key after another.
type group[K cmp.Ordered, V any] struct {
	in    source[K, V]
	ahead record[K, V]
	have  bool // ahead is a record that was read and not used yet
	err   error
}

// advance reads the next record, if there is one.
func (g *group[K, V]) advance() {
	g.have, g.err = g.in.next(&g.ahead)
}

// values are those of the key that the group is at.
func (g *group[K, V]) values(key K) iter.Seq[V] {
	return func(yield func(V) bool) {
		for g.have && cmp.Compare(g.ahead.key, key) == 0 {
			v := g.ahead.value
			g.advance()
			if !yield(v) {
				return
			}
		}
	}
}

// skip passes over the values that Reduce did not ask for.
func (g *group[K, V]) skip(key K) {
	for g.have && cmp.Compare(g.ahead.key, key) == 0 {
		g.advance()
	}
}
