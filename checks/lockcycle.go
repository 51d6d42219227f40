package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/internal/order"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// Bounds of the search for cycles: of the work in one execution, and of the
// predictions of an exploration.
const (
	cycleStepsMax  = 100_000
	predictionsMax = 50
)

// predict looks for cycles among the asks of one execution.
func (j *lockOrderJudge) predict(x *sim.Execution) {
	s := cycleSearch{lockOrderJudge: j, x: x, budget: cycleStepsMax}
	s.distinct()
	for i := range s.asks {
		s.path = append(s.path[:0], i)
		s.extend()
	}
}

// cycleSearch is one call of predict.
type cycleSearch struct {
	*lockOrderJudge
	x      *sim.Execution
	path   []int // of asks; the first one has the smallest place
	budget int
	clocks map[int32][]int32 // by step: what happens before it, but for locks
}

// distinct keeps one ask of every key.
func (s *cycleSearch) distinct() {
	seen := map[askKey]bool{}
	s.asks = slices.DeleteFunc(s.asks, func(a lockAsk) bool {
		k := s.key(s.x, &a)
		old := seen[k]
		seen[k] = true
		return old
	})
}

func (s *cycleSearch) extend() {
	first, last := &s.asks[s.path[0]], &s.asks[s.path[len(s.path)-1]]
	if s.meets(last, first) && len(s.path) > 1 {
		s.close()
		return
	}
	for i := s.path[0] + 1; i < len(s.asks) && s.budget > 0; i++ {
		s.budget--
		if s.meets(last, &s.asks[i]) && s.compatible(&s.asks[i]) {
			s.path = append(s.path, i)
			s.extend()
			s.path = s.path[:len(s.path)-1]
		}
	}
}

// meets reports whether a would wait for what b holds.
func (s *cycleSearch) meets(a, b *lockAsk) bool {
	return a.to.obj == b.from.obj && !(a.to.read && b.from.read)
}

// compatible reports whether a goroutine can be where it asks while all of the
// path are where they ask: it is another one, and has no lock that one of them
// has, but for reading.
func (s *cycleSearch) compatible(a *lockAsk) bool {
	for _, i := range s.path {
		b := &s.asks[i]
		if a.g == b.g {
			return false
		}
		for _, h := range s.gates[a.gates:a.upTo] {
			for _, k := range s.gates[b.gates:b.upTo] {
				if h.obj == k.obj && !(h.read && k.read) {
					return false
				}
			}
		}
	}
	return true
}

// close makes a prediction of the path unless it is known, or ordered.
func (s *cycleSearch) close() {
	p := prediction{}
	var name []string
	for _, i := range s.path {
		a := s.asks[i]
		p.cycle = append(p.cycle, a)
		p.edges = append(p.edges, s.seen[s.key(s.x, &a)])
		p.goroutines = append(p.goroutines, s.x.GoroutineName(a.g))
		p.locks = append(p.locks, s.x.ObjectName(a.from.obj))
		name = append(name, fmt.Sprintf("%d %d %d", a.g, s.x.World().At(a.from.obj).ID, s.x.World().At(a.to.obj).ID))
	}
	slices.Sort(name)
	key := strings.Join(name, ",")
	if s.predicted[key] || len(s.predictions) == predictionsMax || s.ordered() {
		return
	}
	s.predicted[key] = true
	var clauses []string
	for i, a := range p.cycle {
		clauses = append(clauses, fmt.Sprintf("%s takes %s while it holds %s", p.goroutines[i], s.x.ObjectName(a.to.obj), p.locks[i]))
	}
	p.text = strings.Join(clauses, ", ")
	p.steps = search.Steps(s.x, s.x.Steps())
	s.predictions = append(s.predictions, p)
}

// ordered reports whether two asks of the path happen one after the other in
// every schedule, as far as this execution tells: by a spawn, a join, a channel
// and the like.
func (s *cycleSearch) ordered() bool {
	if s.clocks == nil {
		s.readClocks()
	}
	for _, i := range s.path {
		a := &s.asks[i]
		for _, k := range s.path {
			b := &s.asks[k]
			if a.g != b.g && s.clocks[b.to.step][a.g] >= s.clocks[a.to.step][a.g] {
				return true
			}
		}
	}
	return false
}

// readClocks finds out what happens before each ask, itself included.
func (s *cycleSearch) readClocks() {
	s.clocks = map[int32][]int32{}
	for _, a := range s.asks {
		s.clocks[a.to.step] = nil
	}
	h := order.Happens{Edges: order.HardEdges}
	h.Begin(s.x)
	events := s.x.Events()
	for step := range events {
		h.Step(&events[step], step)
		if _, ok := s.clocks[int32(step)]; ok {
			s.clocks[int32(step)] = slices.Clone(h.Clock(events[step].G()))
		}
	}
}
