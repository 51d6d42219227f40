package main

import (
	"fmt"
	"slices"
	"strings"
)

// unknown is the error for a name that is none of those that there are, with
// the nearest of them.
func unknown(what, name string, names []string) error {
	near := nearest(name, names)
	if len(near) == 0 {
		return fmt.Errorf("there is no %s %q: there are %s", what, name, strings.Join(names, ", "))
	}
	return fmt.Errorf("there is no %s %q: did you mean %s?", what, name, strings.Join(near, " or "))
}

// nearest returns the names that are at most a third of their letters away, or
// that contain the name, the nearest first.
func nearest(name string, names []string) []string {
	type candidate struct {
		name     string
		distance int
	}
	var found []candidate
	for _, n := range names {
		d := editDistance(strings.ToLower(name), n)
		if name != "" && strings.Contains(n, strings.ToLower(name)) {
			d = 0
		}
		if d <= max(1, len(n)/3) {
			found = append(found, candidate{n, d})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return a.distance - b.distance })
	var out []string
	for _, c := range found[:min(3, len(found))] {
		out = append(out, c.name)
	}
	return out
}

// editDistance is the number of letters to insert, delete or replace.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
