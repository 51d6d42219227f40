// Package kernels also runs worker processes: this program, started again, with
// a pipe for results and, if wanted, a region of shared memory.
//
// [WorkerMain] is the first line of main. [Start] starts a process with a task
// from a list; [Process.Receive] takes its results and [Process.Join] its exit.
// A [Memory] holds a [Value] or an [Array] that processes share, and a [Lock]
// that the kernel frees when its holder dies. A [Ledger] hands out chunks of
// work so that each counts once, whoever is killed and where.
//
// The lessons ([CountTogether], [CountInTurn], [CountApart], [JoinBeforeDrain],
// [ShareOut], [Recover]) run what goes wrong between processes, and what helps.
package kernels
