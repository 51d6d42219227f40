package explain

import (
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

const (
	quickPreemptions = 2
	quickSteps       = 16 // the first bound on steps, which is doubled
	quickShare       = 4
	longSchedule     = 100 // more steps than this are worth a quick search
)

// quick looks for a short schedule with few preemptions that shows the finding:
// with a bound on steps that doubles, up to most. It returns nil when it finds
// none in its share of the executions.
func (l *lab) quick(most int) (choices []sim.Choice, key string, spent int) {
	b := l.budget(quickShare)
	for limit := quickSteps; limit < 2*most; limit *= 2 {
		for bound := range quickPreemptions + 1 {
			e := &exploration{lab: l, budget: b, bound: bound, capped: true, limit: min(limit, most)}
			e.visit = func(x *sim.Execution, _ []move) bool {
				found, ok := l.look(x)
				if ok {
					choices, key = search.Choices(x), found.key()
				}
				return !ok
			}
			if _, err := e.run(); err != nil || choices != nil || b.empty() {
				return choices, key, b.spent
			}
		}
	}
	return nil, "", b.spent
}
