//go:build mutate

package object

// Mutant is the operation whose writes are taken for reads, on purpose, by the
// tests of the tests; Start is none.
var Mutant = Start

// MutantReads is the operation whose reads are left out; Start is none.
var MutantReads = Start

// Broken is the commutation that is broken: "slots" of a buffered channel,
// "numbers" of those who arrive at an unbuffered one, what their "returns" read,
// what a close does that "closes" for them, what a select that does "park" saw,
// "announce" of a writer, "others" that a select lists, or none.
var Broken = ""
