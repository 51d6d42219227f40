package pi

import "math/rand/v2"

// hitsPlain is the kernel as one writes it first: two floats in [-1, 1) from
// math/rand/v2, and a branch.
func hitsPlain(set *laneSet, rows int) uint64 {
	hits := uint64(0)
	for i := range laneCount {
		l := set.lane(i)
		random := rand.New(&l)
		for range rows {
			x, y := coordinate(random), coordinate(random)
			if float64(x*x)+float64(y*y) <= 1 {
				hits++
			}
		}
		set.put(i, l)
	}
	return hits
}

// coordinate is 2*random.Float64()-1 but for which 53 of the 64 bits it keeps:
// the upper ones, which a vector kernel gets at more cheaply.
func coordinate(random *rand.Rand) float64 {
	return float64(int64(random.Uint64())&keptBits) / (1 << 63)
}
