package search

import (
	"math/rand/v2"

	"github.com/interleave-go/interleave/sim"
)

// randomWalk picks uniformly among the enabled goroutines, then uniformly among
// the alternatives of the one picked. Execution i depends on the seed and i
// alone.
type randomWalk struct {
	seed  uint64
	index uint64
	to    uint64 // the index to stop at; 0 means none
	pcg   rand.PCG
	rng   *rand.Rand
	alts  []int32
}

func newRandomWalk(seed uint64, at root) *randomWalk {
	w := &randomWalk{seed: seed, index: at.From, to: at.To}
	w.rng = rand.New(&w.pcg)
	return w
}

func (w *randomWalk) prepare() (sim.Options, bool) {
	if w.to > 0 && w.index >= w.to {
		return sim.Options{}, false
	}
	w.pcg.Seed(splitMix(w.seed, 2*w.index), splitMix(w.seed, 2*w.index+1))
	w.index++
	return sim.Options{Scheduler: w}, true
}

func (w *randomWalk) learn(*sim.Execution) error { return nil }

// Pick implements sim.Scheduler.
func (w *randomWalk) Pick(x *sim.Execution) sim.Choice {
	enabled := x.Enabled()
	g := x.NextByPath(-1)
	for n := w.rng.IntN(enabled.Len()); n > 0; n-- {
		g = x.NextByPath(g)
	}
	if !x.Pending(g).Op.Chooses() {
		return sim.Choice{G: g}
	}
	w.alts = x.Alternatives(g, w.alts[:0])
	return sim.Choice{G: g, Alt: w.alts[w.rng.IntN(len(w.alts))]}
}

// splitMix is the index-th number of the SplitMix64 generator with that seed:
// Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
// OOPSLA 2014.
func splitMix(seed, index uint64) uint64 {
	z := seed + (index+1)*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
