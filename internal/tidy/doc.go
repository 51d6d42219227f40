// Package tidy holds the style guide as tests: who may import whom, how long a
// file and a function may be, what has to be documented, and what must not
// occur where executions have to be deterministic.
package tidy
