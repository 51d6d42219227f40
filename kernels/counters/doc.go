// Package counters counts with many goroutines at once, in the wrong way and in
// the right ones, and says what each way costs.
//
//	result, err := counters.Run(ctx, counters.Atomic, counters.Options{Workers: 4, Increments: 1_000_000})
//	fmt.Println(result.Lost, result.NsPerIncrement)
//
// The ways are a ladder. [Plain] is a data race: it loses updates, and is left
// out of programs built with the race detector. [Mutex] and [Atomic] are right,
// and the workers wait for each other at every increment. [Sharded] gives each
// worker a cell of its own, but cells that are neighbours in memory share a
// cache line, which the cores then pass back and forth; [Padded] keeps the
// cells apart. [Merged] counts in a variable of the worker and adds up once at
// the end, as map-reduce does: nothing is shared until then, and nobody can
// read the total before.
//
// This measures; it proves nothing. `interleave run counter` explores every
// interleaving of the plain counter and shows the one that loses an update.
package counters
