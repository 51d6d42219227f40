package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/internal/order"
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
	if s.meets(last, first) && (len(s.path) > 1 || last.again()) {
		s.close()
		return
	}
	if last.again() {
		return
	}
	for i := s.path[0] + 1; i < len(s.asks) && s.budget > 0; i++ {
		s.budget--
		if a := &s.asks[i]; !a.again() && s.meets(last, a) && s.compatible(a) {
			s.path = append(s.path, i)
			s.extend()
			s.path = s.path[:len(s.path)-1]
		}
	}
}

// again reports whether a goroutine asks for what it holds: a read lock.
func (a *lockAsk) again() bool { return a.from.obj == a.to.obj }

// bothRead reports whether a asks for reading for what b reads.
func bothRead(a, b *lockAsk) bool { return a.to.read && b.from.read }

// meets reports whether a would wait for what b holds; where both read, behind a
// writer.
func (s *cycleSearch) meets(a, b *lockAsk) bool {
	return a.to.obj == b.from.obj && (!bothRead(a, b) ||
		slices.ContainsFunc(s.writers, func(w writer) bool { return w.obj == a.to.obj && w.g != a.g && w.g != b.g }))
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
	var clauses []string
	possible := !s.ordered()
	for i, at := range s.path {
		a, next := &s.asks[at], &s.asks[s.path[(i+1)%len(s.path)]]
		known := s.seen[s.key(s.x, a)]
		p.add(known, s.x.ObjectName(a.from.obj))
		clause := known.inWords()
		if bothRead(a, next) {
			w, ok := s.writerBetween(a.to.obj)
			possible = possible && ok
			clause += behindWriter(s.x.Who(w.g), known.key.to)
		}
		clauses = append(clauses, clause)
	}
	p.text = strings.Join(clauses, ", ")
	s.propose(p, possible)
}

// propose keeps a prediction unless it is known; an impossible one is remembered
// so that it is not put together from several executions.
func (j *lockOrderJudge) propose(p prediction, possible bool) {
	key := p.key()
	switch {
	case j.predicted[key] || len(j.predictions) == predictionsMax:
	case !possible:
		j.impossible[key] = true
	default:
		j.predicted[key] = true
		j.predictions = append(j.predictions, p)
	}
}

func (p *prediction) add(a *knownAsk, lock string) {
	p.cycle = append(p.cycle, a)
	p.goroutines = append(p.goroutines, a.name)
	p.locks = append(p.locks, lock)
}

// key is what tells predictions apart.
func (p *prediction) key() string {
	var names []string
	for _, a := range p.cycle {
		names = append(names, fmt.Sprintf("%s %s %s", a.key.g, a.key.from, a.key.to))
	}
	slices.Sort(names)
	return strings.Join(names, ",")
}

// inWords says what a goroutine takes while it holds what.
func (a *knownAsk) inWords() string {
	return fmt.Sprintf("%s takes %s while it holds %s", a.name, a.key.to, a.key.from)
}

// behindWriter says why a reader waits for a reader.
func behindWriter(name, lock string) string {
	return fmt.Sprintf(" (both for reading, but a writer of %s, %s, keeps new readers out)", lock, name)
}

// ordered reports whether two asks of the path happen one after the other in
// every schedule, as far as this execution tells: by a spawn, a join, a channel
// and the like.
func (s *cycleSearch) ordered() bool {
	for _, i := range s.path {
		a := &s.asks[i]
		for _, k := range s.path {
			if b := &s.asks[k]; a.g != b.g && s.before(a.g, a.to.step, b.to.step) {
				return true
			}
		}
	}
	return false
}

// before reports whether a step of g happens before another step.
func (s *cycleSearch) before(g, step, other int32) bool {
	if s.clocks == nil {
		s.readClocks()
	}
	return s.clocks[other][g] >= s.clocks[step][g]
}

// writerBetween returns a goroutine that is not in the path and locks an object
// for writing, which nothing orders with the asks of the path.
func (s *cycleSearch) writerBetween(obj int32) (writer, bool) {
	for _, w := range s.writers {
		if w.obj == obj && !slices.ContainsFunc(s.path, func(i int) bool {
			a := &s.asks[i]
			return a.g == w.g || s.before(a.g, a.to.step, w.step) || s.before(w.g, w.step, a.to.step)
		}) {
			return w, true
		}
	}
	return writer{}, false
}

// readClocks finds out what happens before each ask and each writer's lock, itself
// included.
func (s *cycleSearch) readClocks() {
	s.clocks = map[int32][]int32{}
	for _, a := range s.asks {
		s.clocks[a.to.step] = nil
	}
	for _, w := range s.writers {
		s.clocks[w.step] = nil
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
