// Package hazards is a catalogue of concurrency hazards: scenarios with their
// buggy and their fixed variants, what each teaches, and what an exploration of
// each is expected to find.
//
// [Catalogue] lists the scenarios; [Scenario.Fill] checks parameters and
// [Variant.Program] makes a program for any exploration. To add a scenario,
// write a func in a file of its own, modelled on two_locks.go, and add it to
// Catalogue: a buggy variant first, at least one fixed one, and the exact kinds
// that an exploration finds. All state that goroutines share is in the
// variables of package sim, so that the search knows of it.
package hazards
