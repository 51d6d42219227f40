package search

import (
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A StateGraph is the states that a program can be in, and the steps between
// them. Node 0 is the first one; nodes come in the order of their depth.
type StateGraph struct {
	Nodes    []StateNode
	Edges    []StateEdge
	Complete bool // no state was left out
}

// A StateNode is a state, as StateReader tells them apart. Spawns, ends and joins
// are not seen: where one is possible, it has taken place.
type StateNode struct {
	Depth      int         // the fewest steps that lead there
	Outcome    sim.Outcome // how the execution ends there, if it does
	Last       bool        // it does
	Goroutines []GoroutineState
	Objects    []ObjectState
}

// A StateEdge is a step, by a goroutine.
type StateEdge struct {
	From, To  int
	Goroutine string
	Operation string
}

// States explores the states of a program, breadth first, and at most so many.
// It runs the program once for every edge. Of the options it heeds StepsMax,
// Time and Interrupt. Objects that are no variables are told in words; those for
// which there are none are not among a node's Objects.
func States(program func(*sim.G), opt Options, most int, words Words) (StateGraph, error) {
	opt = opt.withDefaults()
	w := &stateWalk{opt: opt, program: program, runner: sim.NewRunner(), watch: opt.watch(), most: most, words: words}
	defer w.runner.Close()
	for range restartsMax {
		w.known, w.way, w.open, w.graph, w.merged = map[uint64]int{}, nil, nil, StateGraph{}, false
		if g, err := w.walk(); !w.merged {
			return g, err
		}
	}
	return StateGraph{}, errUnsettled
}

// walk visits all states. It is cut short when two identities of an object turn out
// to be one, since states have been told apart by them.
func (w *stateWalk) walk() (StateGraph, error) {
	opt := w.opt
	if err := w.visit(nil, -1, StateEdge{}, 0); err != nil {
		return StateGraph{}, err
	}
	w.graph.Complete = true
	for n := 0; n < len(w.graph.Nodes) && w.graph.Complete; n++ {
		for _, c := range w.open[n] {
			if opt.Interrupt != nil && opt.Interrupt() != "" || len(w.graph.Nodes) > w.most {
				w.graph.Complete = false
				break
			}
			edge := StateEdge{From: n, Goroutine: c.goroutine, Operation: c.operation}
			if err := w.visit(append(slices.Clone(w.way[n]), c.Choice), n, edge, w.graph.Nodes[n].Depth+1); err != nil {
				return w.graph, err
			}
			if w.merged {
				return w.graph, nil
			}
		}
	}
	return w.graph, nil
}

// stateWalk runs the program to each state that it knows a way to.
type stateWalk struct {
	opt     Options
	program func(*sim.G)
	runner  *sim.Runner
	watch   func(begins bool)
	most    int
	words   Words
	graph   StateGraph
	known   map[uint64]int
	way     [][]sim.Choice // by node
	open    [][]openStep   // by node
	merged  bool           // it has to begin again

	prefix  []sim.Choice // of the present run
	steps   []sim.Choice
	choices []openStep
	alts    []int32
}

// An openStep is a step that can be taken in a state.
type openStep struct {
	sim.Choice
	goroutine, operation string
}

// visit runs a way to its end, and on through what is not seen; where that
// leads is a node, new or not, and the edge leads to it.
func (w *stateWalk) visit(prefix []sim.Choice, from int, edge StateEdge, depth int) error {
	w.prefix, w.steps, w.choices = prefix, w.steps[:0], nil
	x := w.runner.Run(w.program, sim.Options{Scheduler: w, StepsMax: w.opt.StepsMax, Time: w.opt.Time, Watch: w.watch})
	if w.merged = x.Merged; w.merged {
		if x.Renamed {
			w.runner.Forget()
		}
		return nil
	}
	if x.Outcome == sim.Diverged || len(w.steps) < len(prefix) {
		return notDeterministic(x)
	}
	r := readToEnd(x)
	key := r.Number(x.World(), atEnd{x})
	n, ok := w.known[key]
	if !ok {
		n = len(w.graph.Nodes)
		w.known[key] = n
		w.graph.Nodes = append(w.graph.Nodes, StateNode{Depth: depth, Outcome: x.Outcome, Last: x.Outcome != sim.Pruned,
			Goroutines: goroutineStates(x, r), Objects: objectStates(x, r, w.words)})
		w.way, w.open = append(w.way, slices.Clone(w.steps)), append(w.open, w.choices)
	}
	if from >= 0 {
		edge.To = n
		w.graph.Edges = append(w.graph.Edges, edge)
	}
	return nil
}

// Pick implements sim.Scheduler.
func (w *stateWalk) Pick(x *sim.Execution) sim.Choice {
	if n := x.Steps(); n < len(w.prefix) {
		w.steps = append(w.steps, w.prefix[n])
		return w.prefix[n]
	}
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		if hidden(x.Pending(g).Op) {
			w.steps = append(w.steps, sim.Choice{G: g})
			return sim.Choice{G: g}
		}
	}
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		w.alts = append(w.alts[:0], 0)
		if x.Pending(g).Op.Chooses() {
			w.alts = x.Alternatives(g, w.alts[:0])
		}
		for _, alt := range w.alts {
			w.choices = append(w.choices, openStep{sim.Choice{G: g, Alt: alt}, x.GoroutineName(g),
				operation(x, x.Pending(g), alt)})
		}
	}
	return sim.Stop
}

func hidden(op object.Op) bool {
	return op == object.Spawn || op == object.End || op == object.Join
}

func readToEnd(x *sim.Execution) *StateReader {
	r := ReadStates(x)
	for range x.Events() {
		r.Next()
	}
	return r
}

// atEnd is the situation after the last event.
type atEnd struct{ x *sim.Execution }

// Pending implements Situation.
func (s atEnd) Pending(g int32) *object.Call {
	if !s.x.Alive(g) {
		return nil
	}
	return s.x.Pending(g)
}

// Enabled implements Situation.
func (s atEnd) Enabled(g int32) bool { return s.x.Enabled().Has(g) }
