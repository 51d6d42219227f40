package pi

import (
	"errors"
	"fmt"
	"strings"
)

// A Kernel names a way to count hits. The zero value is Auto.
type Kernel string

// The kernels, from slow to fast but for Integer.
const (
	Auto    Kernel = "auto"    // the fastest that this processor has; also what "" means
	Plain   Kernel = "plain"   // math/rand/v2 and a branch
	Xoshiro Kernel = "xoshiro" // the generator inlined, no branch
	AVX2    Kernel = "avx2"    // four lanes in a register
	AVX512  Kernel = "avx512"  // eight lanes in a register
	Integer Kernel = "integer" // 32-bit coordinates, and therefore another estimate
)

// ErrUnavailable is what a kernel that this processor lacks ends with.
var ErrUnavailable = errors.New("not available on this processor")

// Kernels lists the kernels that this processor has, without Auto.
func Kernels() []Kernel {
	var available []Kernel
	for _, k := range everyKernel() {
		if k.here() {
			available = append(available, k)
		}
	}
	return available
}

// here reports whether this processor has what the kernel needs.
func (k Kernel) here() bool {
	isVector := k == AVX2 || k == AVX512
	return !isVector || vectorHits(k) != nil
}

func everyKernel() []Kernel { return []Kernel{Plain, Xoshiro, AVX2, AVX512, Integer} }

// Resolve replaces Auto by the kernel that it stands for here, and returns an
// error for a name that is not a kernel's, or a kernel that this processor
// lacks (ErrUnavailable).
func (k Kernel) Resolve() (Kernel, error) {
	if k == Auto || k == "" {
		return fastest(), nil
	}
	_, err := k.implementation()
	return k, err
}

func fastest() Kernel {
	for _, k := range []Kernel{AVX512, AVX2} {
		if k.here() {
			return k
		}
	}
	return Xoshiro
}

// Stream names the stream definition that the kernel follows: estimates of the
// same stream, seed and number of samples are equal.
func (k Kernel) Stream() string {
	if k == Integer {
		return "xoshiro256++/8 lanes/32 bits"
	}
	return "xoshiro256++/8 lanes/53 bits"
}

// A hitCounter counts the hits among the next 8*rows samples of a block; rows
// is above 0.
type hitCounter func(set *laneSet, rows int) uint64

// groupBlocks is the number of blocks that a groupCounter works on at once.
const groupBlocks = 4

// A groupCounter counts the hits among the next 8*rows samples of each block.
type groupCounter func(group *[groupBlocks]laneSet, rows int) uint64

// An implementation is a kernel's code: for whole rows, for the row that the
// end of the samples cuts, and, where that is faster, for a group of blocks.
type implementation struct {
	rows  hitCounter
	tail  hitCounter
	group groupCounter // may be nil
}

// load is the kernel that k stands for here, and its code.
func (k Kernel) load() (Kernel, implementation, error) {
	kernel, err := k.Resolve()
	if err != nil {
		return kernel, implementation{}, fmt.Errorf("estimate pi: %w", err)
	}
	code, err := kernel.implementation()
	return kernel, code, err
}

func (k Kernel) implementation() (implementation, error) {
	switch k {
	case Plain:
		return implementation{rows: hitsPlain, tail: hitsTail}, nil
	case Xoshiro:
		return implementation{rows: hitsXoshiro, tail: hitsTail}, nil
	case Integer:
		return implementation{rows: hitsInteger, tail: hitsIntegerTail}, nil
	case AVX2, AVX512:
		if !k.here() {
			return implementation{}, fmt.Errorf("kernel %s: %w (it has: %s)", k, ErrUnavailable, join(Kernels()))
		}
		return implementation{rows: vectorHits(k), tail: hitsTail, group: vectorGroupHits(k)}, nil
	}
	return implementation{}, fmt.Errorf("kernel %q: no such kernel (auto, %s)", string(k), join(everyKernel()))
}

func join(kernels []Kernel) string {
	names := make([]string, len(kernels))
	for i, k := range kernels {
		names[i] = string(k)
	}
	return strings.Join(names, ", ")
}

// count counts the hits among n samples that begin with the first of a block,
// n at most samplesAtOnce. With the vector kernels it lasts some 20 to 100
// microseconds, so that assembly, which the scheduler cannot interrupt, never
// holds up the garbage collector for long.
func (code implementation) count(seed, block, n uint64) uint64 {
	if n > BlockSamples {
		var group [groupBlocks]laneSet
		for i := range group {
			group[i] = seedLanes(seed, block+uint64(i))
		}
		return code.group(&group, BlockSamples/laneCount)
	}
	set := seedLanes(seed, block)
	hits := uint64(0)
	if n >= laneCount {
		hits = code.rows(&set, int(n/laneCount))
	}
	return hits + code.tail(&set, int(n%laneCount))
}

// samplesAtOnce is what the next call of count counts when that many samples
// are left: a group of whole blocks, a block, or the rest of the last one.
func (code implementation) samplesAtOnce(left uint64) uint64 {
	if code.group != nil && left >= groupBlocks*BlockSamples {
		return groupBlocks * BlockSamples
	}
	return min(left, BlockSamples)
}
