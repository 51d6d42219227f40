// Package diagram draws what explorations found: interleavings as tables, and
// wait-for graphs as DOT, SVG, PNG or PDF. It works on plain records and knows
// nothing of how they were made.
package diagram
