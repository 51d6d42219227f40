package checks

import (
	"slices"
	"strings"
)

// apartMax bounds the predictions that no execution shows as a whole.
const apartMax = 10

// apartSearch looks for cycles of asks from several executions. Whether they can
// come together, no execution has told: only trying can.
type apartSearch struct {
	*lockOrderJudge
	path   []*knownAsk
	budget int
	found  int
}

// predictApart looks for cycles among all asks that were seen.
func (j *lockOrderJudge) predictApart() {
	s := apartSearch{lockOrderJudge: j, budget: cycleStepsMax}
	for i, a := range j.order {
		s.path = append(s.path[:0], a)
		s.extend(i)
	}
}

func (s *apartSearch) extend(first int) {
	last := s.path[len(s.path)-1]
	if len(s.path) > 1 && s.meets(last, s.path[0]) {
		s.close()
		return
	}
	for _, a := range s.order[first+1:] {
		if s.budget--; s.budget < 0 || s.found == apartMax {
			return
		}
		if s.meets(last, a) && s.compatible(a) {
			s.path = append(s.path, a)
			s.extend(first)
			s.path = s.path[:len(s.path)-1]
		}
	}
}

// meets reports whether a would wait for what b holds. Readers that wait for
// readers are left to single executions.
func (s *apartSearch) meets(a, b *knownAsk) bool {
	return a.key.to == b.key.from && a.key.from != a.key.to && b.key.from != b.key.to && !(a.key.read && b.key.fromRead)
}

// compatible is that of cycleSearch.
func (s *apartSearch) compatible(a *knownAsk) bool {
	return !slices.ContainsFunc(s.path, func(b *knownAsk) bool {
		return a.key.g == b.key.g || slices.ContainsFunc(a.held, func(h heldName) bool {
			return slices.ContainsFunc(b.held, func(k heldName) bool { return h.lock == k.lock && !(h.read && k.read) })
		})
	})
}

func (s *apartSearch) close() {
	p := prediction{apart: true}
	var clauses []string
	for _, a := range s.path {
		lock, _, _ := strings.Cut(a.key.from, " #")
		p.add(a, lock)
		clauses = append(clauses, a.inWords())
	}
	p.text = strings.Join(clauses, ", ")
	if key := p.key(); !s.predicted[key] && !s.impossible[key] {
		s.found++
		s.propose(p, true)
	}
}
