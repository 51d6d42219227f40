// Package property lets pgregory.net/rapid draw the inputs and the schedule of a
// concurrent program, and shrink both.
//
// It is a package of its own because importing rapid registers its flags.
package property
