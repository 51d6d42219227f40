package pi

import "math/bits"

// Constants of the stream definition in the package comment.
const (
	// BlockSamples is the number of samples in a block, the smallest piece of
	// work that is handed to a worker.
	BlockSamples = 1 << 16

	laneCount    = 8
	goldenGamma  = 0x9e3779b97f4a7c15
	keptBits     = -1 << 11 // what a coordinate keeps of an output
	radiusSquare = 1 << 126 // 1, in coordinates scaled by 2^63
)

// A laneSet is the state of a block's lanes. Words of the same rank are next to
// each other, as the vector kernels load them.
type laneSet [4][laneCount]uint64

// mix is SplitMix64's finalizer.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// seedLanes sets up the lanes of a block.
func seedLanes(seed, block uint64) laneSet {
	var lanes laneSet
	h := mix(mix(seed+goldenGamma) ^ block + goldenGamma)
	for lane := range uint64(laneCount) {
		start := mix((h ^ lane) + goldenGamma)
		for word := range uint64(4) {
			lanes[word][lane] = mix(start + (word+1)*goldenGamma)
		}
	}
	return lanes
}

// A lane is one xoshiro256++ generator. It is a source for math/rand/v2.
type lane struct{ s0, s1, s2, s3 uint64 }

func (set *laneSet) lane(i int) lane {
	return lane{set[0][i], set[1][i], set[2][i], set[3][i]}
}

func (set *laneSet) put(i int, l lane) {
	set[0][i], set[1][i], set[2][i], set[3][i] = l.s0, l.s1, l.s2, l.s3
}

// Uint64 is the generator's next output.
func (l *lane) Uint64() uint64 {
	out, s0, s1, s2, s3 := next(l.s0, l.s1, l.s2, l.s3)
	*l = lane{s0, s1, s2, s3}
	return out
}

// next is one step of xoshiro256++. Words go in and out one by one because the
// compiler keeps them in registers then, which it does not do for a struct: the
// xoshiro kernel gains a fifth.
func next(s0, s1, s2, s3 uint64) (out, n0, n1, n2, n3 uint64) {
	out = bits.RotateLeft64(s0+s3, 23) + s0
	t := s1 << 17
	s2 ^= s0
	s3 ^= s1
	s1 ^= s2
	s0 ^= s3
	s2 ^= t
	return out, s0, s1, s2, bits.RotateLeft64(s3, 45)
}

// hitsXoshiro counts the hits among the next 8*rows samples, lane by lane: the
// order within a block does not matter to a sum.
func hitsXoshiro(set *laneSet, rows int) uint64 {
	hits := uint64(0)
	for i := range laneCount {
		s0, s1, s2, s3 := set[0][i], set[1][i], set[2][i], set[3][i]
		for range rows {
			var u, v uint64
			u, s0, s1, s2, s3 = next(s0, s1, s2, s3)
			v, s0, s1, s2, s3 = next(s0, s1, s2, s3)
			hits += hitScaled(u, v)
		}
		set.put(i, lane{s0, s1, s2, s3})
	}
	return hits
}

// hitScaled is 1 when the sample with these two outputs is a hit. The
// conversions around the products keep the compiler from fusing them.
func hitScaled(u, v uint64) uint64 {
	x := float64(int64(u) & keptBits)
	y := float64(int64(v) & keptBits)
	return oneIf(float64(x*x)+float64(y*y) <= radiusSquare)
}

// oneIf compiles to an instruction without a branch, which would be
// mispredicted for every fifth sample.
func oneIf(is bool) uint64 {
	n := uint64(0)
	if is {
		n = 1
	}
	return n
}

// hitsTail counts the hits among the first n samples of the row that comes
// next, n < 8.
func hitsTail(set *laneSet, n int) uint64 {
	hits := uint64(0)
	for i := range n {
		l := set.lane(i)
		hits += hitScaled(l.Uint64(), l.Uint64())
	}
	return hits
}
