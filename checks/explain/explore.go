package explain

import (
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// exploration runs every state that a program can reach once, depth first: two
// schedules that differ only in the order of independent events lead to one
// state, and only the first of them goes on. It can be kept within orders,
// within a number of preemptions, and behind a prefix.
type exploration struct {
	lab     *lab
	budget  *budget
	rules   rules
	prefix  []sim.Choice // behind which it stays
	bound   int          // preemptions, when bounded
	capped  bool
	limit   int                                      // steps that are too many, when not 0
	limited bool                                     // something was left out for that
	stuck   bool                                     // somebody could go on, but the rules forbade everything
	visit   func(x *sim.Execution, path []move) bool // false ends it

	past  past
	seen  map[state]int
	path  []move
	nodes []int // by step: where its remaining moves start in rest
	rest  []move
	open  []sim.Choice
}

// A state is where an execution can go on in the same way. With preemptions
// bounded, it matters who runs.
type state struct {
	past    digest
	running int32
}

// A move is a choice and what it costs.
type move struct {
	sim.Choice
	used    int   // preemptions, with this move
	running int32 // the goroutine that runs after it
}

// outcome says how an exploration ended.
type outcome struct {
	complete bool // every state was reached
	stopped  bool // visit ended it
	cut      int  // executions that hit the bound on steps: what follows is unknown
}

// run explores until there is nothing left, the budget is spent, or visit says
// so. An error says that the program is not deterministic.
func (e *exploration) run() (outcome, error) {
	e.seen = map[state]int{}
	e.path, e.nodes, e.rest = e.path[:0], e.nodes[:0], e.rest[:0]
	for _, c := range e.prefix {
		e.path = append(e.path, move{Choice: c, running: c.G})
	}
	var out outcome
	for {
		if e.budget.empty() {
			return out, nil
		}
		x := e.once()
		if x.Outcome == sim.Diverged {
			return out, fmt.Errorf("the program is not deterministic: run again with the same choices, it did something else: %s",
				x.Divergence)
		}
		if x.Outcome != sim.Pruned {
			if !x.Outcome.Complete() {
				out.cut++
			}
			if !e.visit(x, e.path) {
				out.stopped = true
				return out, nil
			}
		}
		if !e.next() {
			out.complete = true
			return out, nil
		}
	}
}

// once runs the present path and then onwards with the first of all moves.
func (e *exploration) once() *sim.Execution {
	e.past.reset()
	e.rules.reset()
	choices := make([]sim.Choice, len(e.path))
	for i, m := range e.path {
		choices[i] = m.Choice
	}
	x := e.lab.run(e, choices)
	e.budget.take(x)
	return x
}

// next goes back to the last step with a move that was not tried.
func (e *exploration) next() bool {
	for len(e.nodes) > 0 {
		last := len(e.nodes) - 1
		e.path = e.path[:len(e.prefix)+last]
		if len(e.rest) > e.nodes[last] {
			e.path = append(e.path, e.rest[len(e.rest)-1])
			e.rest = e.rest[:len(e.rest)-1]
			return true
		}
		e.nodes = e.nodes[:last]
	}
	return false
}

// Pick implements sim.Scheduler for the steps behind the present path.
func (e *exploration) Pick(x *sim.Execution) sim.Choice {
	now := move{running: -1}
	if len(e.path) > 0 {
		now = e.path[len(e.path)-1]
	}
	here := state{past: e.past.advance(x), running: -1}
	if e.capped {
		here.running = now.running
	}
	if used, ok := e.seen[here]; ok && used <= now.used {
		return sim.Stop
	}
	e.seen[here] = now.used
	if e.limit > 0 && x.Steps() >= e.limit {
		e.limited = true
		return sim.Stop
	}
	e.rules.advance(x)
	start := len(e.rest)
	e.rest = e.moves(x, now, e.rest)
	if len(e.rest) == start {
		e.stuck = e.stuck || !e.capped
		return sim.Stop
	}
	slices.Reverse(e.rest[start:])
	e.nodes = append(e.nodes, start)
	m := e.rest[len(e.rest)-1]
	e.rest = e.rest[:len(e.rest)-1]
	e.path = append(e.path, m)
	return m.Choice
}

// moves appends what can be done in the present state, the default first: the
// running goroutine, then the others by path.
func (e *exploration) moves(x *sim.Execution, now move, to []move) []move {
	stays := now.running >= 0 && x.Enabled().Has(now.running)
	if stays {
		to = e.movesOf(x, now.running, now, to)
	}
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		if stays && g == now.running {
			continue
		}
		to = e.movesOf(x, g, nextMove(x, now, g), to)
	}
	return to
}

// nextMove is the move of goroutine g after now. Leaving a goroutine that could
// go on is a preemption; the clock takes its turns between the others.
func nextMove(x *sim.Execution, now move, g int32) move {
	if now.running >= 0 && g != now.running && x.Enabled().Has(now.running) {
		now.used++
	}
	if x.Pending(g).Op != object.Fire {
		now.running = g
	}
	return now
}

func (e *exploration) movesOf(x *sim.Execution, g int32, m move, to []move) []move {
	if e.capped && m.used > e.bound {
		return to
	}
	e.open = choicesOf(x, g, e.open[:0])
	for _, c := range e.open {
		if e.rules.allow(x, c) {
			m.Choice = c
			to = append(to, m)
		}
	}
	return to
}

// choicesOf appends the ways in which an enabled goroutine can go on.
func choicesOf(x *sim.Execution, g int32, to []sim.Choice) []sim.Choice {
	if !x.Pending(g).Op.Chooses() {
		return append(to, sim.Choice{G: g})
	}
	for _, alt := range x.Alternatives(g, nil) {
		to = append(to, sim.Choice{G: g, Alt: alt})
	}
	return to
}
