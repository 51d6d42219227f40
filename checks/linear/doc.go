// Package linear judges whether the operations on an object under test give
// results that one goroutine alone could have got from it, one operation after
// the other: linearizability (Herlihy and Wing, TOPLAS 1990), and, on request,
// sequential consistency and serialisability.
//
// A program records its operations in a sim.History; a [Judge] with a [Model]
// of what the object should do looks at every execution of an exploration. Or
// [Check] is given the object and its operations alone, and makes up the
// programs itself.
package linear
