package mapreduce

import (
	"cmp"
	"slices"
)

// sampleRecords is how far apart the records of a table are that are looked at
// to cut the keys into ranges.
const sampleRecords = 256

// A keyRange is the keys from one on and below another.
type keyRange[K cmp.Ordered] struct {
	from, below *K // nil means no end on that side
}

func (r keyRange[K]) isBefore(key K) bool { return r.below != nil && cmp.Compare(key, *r.below) >= 0 }
func (r keyRange[K]) isAfter(key K) bool  { return r.from != nil && cmp.Compare(key, *r.from) < 0 }

// A sample is a key and the bytes that follow it up to the next sample.
type sample[K cmp.Ordered] struct {
	key   K
	bytes int64
}

// samples are those of one worker's table and runs.
func (w *worker[In, K, V, Out]) samples() []sample[K] {
	var list []sample[K]
	records := w.table.records
	perRecord := w.table.bytes / int64(max(1, len(records)))
	for at := 0; at < len(records); at += sampleRecords {
		size := int64(min(sampleRecords, len(records)-at)) * perRecord
		list = append(list, sample[K]{key: records[at].key, bytes: size})
	}
	for _, r := range w.spiller.all() {
		for i, m := range r.index {
			to := r.to
			if i+1 < len(r.index) {
				to = r.index[i+1].at
			}
			list = append(list, sample[K]{key: m.key, bytes: to - m.at})
		}
	}
	return list
}

// cutRanges cuts the keys into at most so many ranges of about equal size. Its
// result covers all keys.
func cutRanges[K cmp.Ordered](samples []sample[K], most int) []keyRange[K] {
	slices.SortFunc(samples, func(a, b sample[K]) int { return cmp.Compare(a.key, b.key) })
	total := int64(0)
	for _, s := range samples {
		total += s.bytes
	}
	ranges := []keyRange[K]{{}}
	passed := int64(0)
	for i, s := range samples {
		last := &ranges[len(ranges)-1]
		due := total / int64(most) * int64(len(ranges))
		fresh := last.from == nil && i > 0 || last.from != nil && cmp.Compare(*last.from, s.key) < 0
		if len(ranges) < most && passed >= due && fresh {
			key := s.key
			last.below = &key
			ranges = append(ranges, keyRange[K]{from: &key})
		}
		passed += s.bytes
	}
	return ranges
}

// partitions is how many ranges there should be: enough for all workers, and so
// many that the results which wait to be yielded fit into an eighth of the
// memory.
func (o Options) partitions(bytes int64) int {
	if o.Partitions > 0 {
		return o.Partitions
	}
	n := 4 * o.Workers
	if o.MemoryMax > 0 {
		each := max(1, o.MemoryMax/8/int64(lookahead(o.Workers)))
		n = max(n, int(bytes/each)+1)
	}
	return n
}

// lookahead is how many ranges may be done or under way before the first of
// them is yielded.
func lookahead(workers int) int { return workers + 2 }
