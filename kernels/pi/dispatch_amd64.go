//go:build amd64 && !purego

package pi

import "golang.org/x/sys/cpu"

// vectorHits is the assembly of a vector kernel, nil when this processor or
// its operating system cannot run it.
func vectorHits(k Kernel) hitCounter {
	switch {
	case k == AVX512 && hasAVX512():
		return func(set *laneSet, rows int) uint64 { return hitsAVX512((*[4][8]uint64)(set), rows) }
	case k == AVX2 && cpu.X86.HasAVX2:
		return func(set *laneSet, rows int) uint64 { return hitsAVX2((*[4][8]uint64)(set), rows) }
	}
	return nil
}

// vectorGroupHits is the assembly for a group of blocks, where there is one.
func vectorGroupHits(k Kernel) groupCounter {
	if k != AVX512 || !hasAVX512() {
		return nil
	}
	return func(group *[groupBlocks]laneSet, rows int) uint64 {
		// The types differ in name only, but Go converts no array of them.
		sets := [groupBlocks][4][8]uint64{group[0], group[1], group[2], group[3]}
		return groupAVX512(&sets, rows)
	}
}

func hasAVX512() bool { return cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ }
