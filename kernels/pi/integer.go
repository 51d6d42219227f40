package pi

// hitsInteger takes both coordinates from one output, 32 bits each, and stays
// in integers: half the generator's work and no rounding at all. What it
// trades: the coordinates lie on a grid of 2^-31 instead of 2^-52, and the
// streams are used up differently, so its estimate is another one than that of
// the floating-point kernels (for itself it is as reproducible as they are).
// The grid adds a bias of the order of 2^-31, which stays below the standard
// error until some 10^18 samples.
func hitsInteger(set *laneSet, rows int) uint64 {
	hits := uint64(0)
	for i := range laneCount {
		s0, s1, s2, s3 := set[0][i], set[1][i], set[2][i], set[3][i]
		for range rows {
			var u uint64
			u, s0, s1, s2, s3 = next(s0, s1, s2, s3)
			hits += hitInteger(u)
		}
		set.put(i, lane{s0, s1, s2, s3})
	}
	return hits
}

// hitInteger is 1 when the sample is a hit. The upper half of u is x, the lower
// half y. A square is at most 2^62, so nothing here overflows a uint64.
func hitInteger(u uint64) uint64 {
	x, y := int64(u)>>32, int64(int32(u))
	return oneIf(uint64(x*x)+uint64(y*y) <= 1<<62)
}

func hitsIntegerTail(set *laneSet, n int) uint64 {
	hits := uint64(0)
	for i := range n {
		l := set.lane(i)
		hits += hitInteger(l.Uint64())
	}
	return hits
}
