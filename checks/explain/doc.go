// Package explain says why an execution of a program fails.
//
// [Explain] takes a program, a schedule under which a judge finds something,
// and the judge. It looks for the smallest schedule with the same finding, for
// the orders between events that make it happen, for the step after which it
// can no longer be avoided, and lays all of that out as a table: an
// [Explanation] is plain records, [Explanation.Write] prints it.
//
// The orders alone are a second way to replay a finding: [Follow] keeps them in
// a program that was edited since, says where they no longer apply, and whether
// the finding is still there; with Certify it looks for it everywhere else.
//
// Everything is bounded by executions and a function of its arguments. What was
// explored completely is called exact or proved; what was not is given with the
// number of executions that were tried.
//
// Most callers want package checks, whose Explain starts from a finding.
package explain
