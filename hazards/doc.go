// Package hazards is a catalogue of concurrency hazards: scenarios with their
// buggy and their fixed variants, what each teaches, and what an exploration of
// each is expected to find.
package hazards
