package explain

import "github.com/interleave-go/interleave/sim"

// show lays out the schedule and says in words what happens.
func (e *Explanation) show(l *lab, choices []sim.Choice) error {
	x := l.detailed(choices, nil)
	found, ok := l.look(x)
	if !ok {
		return errNotShown
	}
	e.Table, x = l.tabulate(choices, e.Cause.Constraints(), found)
	_ = x
	e.Summary, e.Goroutines, e.Objects = found.Summary, found.Goroutines, found.Objects
	if s := e.Critical.Step; s >= 0 && s < len(e.Table.Rows) {
		e.Table.Rows[s].Critical = true
		e.Table.Rows[s].Matters = true
	}
	return nil
}
