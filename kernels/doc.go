// Package kernels is the real, multi-core side of Interleave: a pool of
// workers, and futures.
//
// A [Pool] runs jobs on a bounded number of goroutines. [Map] works through a
// list in order, [MapUnordered] yields results as they come, [StarMap] takes
// argument tuples, [Reduce] combines. [Submit] gives a [Future], [Wait] waits
// for several.
//
//	pool := kernels.Pool{Workers: 4}
//	defer pool.Close()
//	squares, err := kernels.Map(ctx, kernels.MapOptions{Pool: &pool}, []int{1, 2, 3},
//		func(_ context.Context, n int) (int, error) { return n * n, nil })
//
// What the pool adds to bare goroutines: the number of jobs at a time is
// bounded, an error or a cancelled context ends the whole call and no job
// outlives it, and a panic is an error that carries the worker's stack.
package kernels
