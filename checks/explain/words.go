package explain

import (
	"strings"

	"github.com/interleave-go/interleave/sim"
)

// show lays out the schedule and says in words what happens.
func (e *Explanation) show(l *lab, choices []sim.Choice, found Evidence) error {
	x := l.detailed(choices, nil)
	e.Summary, e.Goroutines, e.Objects = found.Summary, found.Goroutines, found.Objects
	names := newDirectory()
	names.add(x)
	say := wordingOf(x).phrases(x, names)
	e.Cause.phrase(say)
	var t *tabulator
	e.Table, t = l.tabulate(choices, e.Cause.Constraints(), say, found)
	if s := e.Critical.Step; s >= 0 && s < len(e.Table.Rows) {
		e.Table.Rows[s].Critical, e.Table.Rows[s].Matters = true, true
	}
	for _, r := range e.Table.Rows {
		if s := r.Switch; s != nil && s.Preemption && !s.Necessary && e.Shrunk.Proved {
			s.Necessary, s.Why = true, "with fewer preemptions it does not happen"
		}
	}
	e.Happened = []string{sentence(found.Summary)}
	say.x = t.x
	a := &adviser{lab: l, say: say, found: found, cause: &e.Cause}
	var err error
	if e.Prevent, err = a.advise(); err != nil {
		return err
	}
	for _, i := range a.spoken {
		if i < len(e.Table.Rows) {
			e.Table.Rows[i].Matters = true
		}
	}
	e.Cause.showPassing(l, say, names, e.Table.Shared)
	return nil
}

func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
