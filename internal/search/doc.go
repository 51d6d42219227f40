// Package search runs many executions of a program: all interleavings, one of
// each trace, samples, or one recorded schedule.
//
// [Run] is the door: it takes a program, [Options] and a visit function that
// sees every execution, and says in its [Result] what was explored and which
// bound cut it. [Record] turns the choices of an execution into a [Schedule],
// which [Replay] follows in any process.
package search
