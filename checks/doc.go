// Package checks explores a program's executions and says what is wrong with
// them.
//
// [Explore] runs a program under a strategy, shows every execution to the
// judges, and returns a [Report]: what was found, how much was explored, and
// whether that was all there is. A [Finding] carries the evidence and a token,
// one line of text from which [Replay] and [ReplayToken] run the same execution again.
package checks
