package kernels

import "context"

// reduceBlocks is how many blocks a list is cut into at most. It does not
// depend on the number of workers, so the result does not either.
const reduceBlocks = 1024

// Reduce combines all items into one and returns the zero value for none.
//
// combine must be associative; it need not be commutative, because the order of
// the items is kept. The list is cut into blocks by its length alone, each
// block is combined from the left, and so are the blocks' results: with a
// combine that is only nearly associative, as the sum of floats is, the result
// is still the same for any number of workers. AllErrors makes no difference.
func Reduce[T any](ctx context.Context, o MapOptions, in []T, combine func(a, b T) T) (T, error) {
	if len(in) == 0 {
		var none T
		return none, nil
	}
	o.AllErrors = false
	fold := func(_ context.Context, block []T) (T, error) {
		total := block[0]
		for _, v := range block[1:] {
			total = combine(total, v)
		}
		return total, nil
	}
	partial, err := Map(ctx, o, blocks(in), fold)
	if err == nil {
		o.Progress = nil // the second round is not news
		partial, err = Map(ctx, o, [][]T{partial}, fold)
	}
	return partial[0], err
}

// blocks cuts the list into at most reduceBlocks of equal size but the last.
func blocks[T any](in []T) [][]T {
	size := (len(in) + reduceBlocks - 1) / reduceBlocks
	var cut [][]T
	for at := 0; at < len(in); at += size {
		cut = append(cut, in[at:min(at+size, len(in))])
	}
	return cut
}
