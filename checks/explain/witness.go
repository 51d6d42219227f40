package explain

import (
	"slices"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// A witness is an execution that does not show the finding.
type witness struct {
	choices []sim.Choice
	but     []string // the kinds of the other findings in it
	cut     bool     // it was followed only as far as the bound on steps
}

// witnessShare is the share of the bound on executions that looking for a
// witness to which no judge objects may use.
const witnessShare = 8

// passes reports whether no judge objects to a witness: it need not have ended,
// where the program need not end.
func (w *witness) passes(l *lab) bool { return w != nil && len(w.but) == 0 && (!w.cut || l.endless) }

// better returns the one of two witnesses, either of which may be nil, that has
// fewer other findings.
func (w *witness) better(other *witness) *witness {
	switch {
	case w == nil:
		return other
	case other == nil, len(w.but) < len(other.but):
		return w
	case len(w.but) > len(other.but) || w.cut && !other.cut:
		return other
	}
	return w
}

// witnessOf returns an execution as a witness, or nil when it shows the finding
// or was stopped.
func (l *lab) witnessOf(x *sim.Execution) *witness {
	if x.Outcome == sim.Pruned || x.Outcome == sim.Diverged {
		return nil
	}
	w := &witness{cut: !x.Outcome.Complete()}
	for _, e := range l.judge(x) {
		if e.Kind == l.same || e.key() == l.same {
			return nil
		}
		if !slices.Contains(w.but, e.Kind) {
			w.but = append(w.but, e.Kind)
		}
	}
	slices.Sort(w.but)
	w.choices = search.Choices(x)
	return w
}

// witness looks for an execution without the finding, kept within what e says:
// one that no judge objects to, or, when it finds none, the best of the others.
// Only those that fits accepts count; nil accepts all.
func (l *lab) witness(e *exploration, fits func(*sim.Execution) bool) (*witness, error) {
	var best *witness
	e.budget = l.budget(witnessShare)
	e.visit = func(x *sim.Execution, _ []move) bool {
		if w := l.witnessOf(x); w != nil && (fits == nil || fits(x)) {
			best = best.better(w)
		}
		return !best.passes(l)
	}
	_, err := e.search()
	return best, err
}
