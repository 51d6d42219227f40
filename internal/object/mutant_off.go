//go:build !mutate

package object

// Mutant is the operation whose writes are taken for reads, on purpose, by the
// tests of the tests; there is none.
const Mutant = Start

// MutantReads is the operation whose reads are left out; there is none.
const MutantReads = Start

// Broken is the commutation that is broken; there is none.
const Broken = ""
