// Package order knows which events of an execution are ordered, by Go's memory
// model: [Happens] keeps the happens-before order as vector clocks while a log
// is read, and [Races] finds accesses of plain memory that nothing orders.
//
// Only synchronization orders here: two stores of one variable do not. It must
// not be mixed with the order of traces that reduction needs, in which every
// two dependent events are ordered; that one is in internal/search.
package order
