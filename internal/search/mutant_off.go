//go:build !mutate

package search

// mutant is the rule that is broken, on purpose, by the tests of the tests;
// there is none.
const mutant = ""
