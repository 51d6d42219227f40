//go:build mutate

package object

// Mutant is the operation whose writes are taken for reads, on purpose, by the
// tests of the tests; Start is none.
var Mutant = Start
