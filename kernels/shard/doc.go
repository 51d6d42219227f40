// Package shard cuts a job into parts for several machines that share no memory
// and brings the parts' results together again.
//
// Every machine runs the same job with another [Shard] and writes one [File]: a
// result with the identity of its job and a digest of all that it says.
// [Merge] takes the files of all shards and refuses to add up anything else: a
// missing shard, one that is there twice, one of another job, a damaged file.
// Merging gives the file that the unsharded job would have written, byte for
// byte, when the kind's [Combine] function is exact.
//
// A kind of work plugs in with two JSON values, the job (all that determines
// the result: sizes, seeds, inputs' digests; never the number of workers) and
// the payload (the part's result, without times), and a Combine function.
package shard
