// Package object says what every synchronization object does: which calls can
// take place in a state, and what they change.
//
// It is pure. A state is a short slice of small integers, a [Call] is what a
// goroutine asks for, and [Resolve] turns a call and one of its alternatives
// into a list of [Part]s: deterministic changes of one object each, labelled
// with the access that they make. [Apply] performs a part. Package sim runs
// executions with these functions; the search asks them again, about states
// that were never run, whether a call would be enabled there and what it would
// access.
//
// A call that waits visibly is split in two where Go shows that a goroutine is
// parked (an offer on an unbuffered channel, a waiting writer, a queued
// reader, a waiter of a condition variable, WaitGroup, barrier or fair
// semaphore): the arrival is an event, and so is the return. Tickets tie the
// two together, so that the return never depends on anything but its release. Of
// the two sides of an unbuffered channel both arrive and both return, so that it
// does not matter which is first, unless a select is parked there.
package object
