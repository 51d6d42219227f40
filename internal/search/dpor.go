package search

import (
	"math"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A mode is how much the reduction does.
type mode uint8

const (
	modeOptimal mode = iota // wakeup trees: no execution is redundant
	modeSource              // source sets: some executions end asleep
	modeSleep               // sleep sets alone: every enabled goroutine is tried
)

// dpor explores one execution of each trace: Optimal-DPOR (Abdulla, Aronis,
// Jonsson, Sagonas, JACM 2017), with races reversed at maximal executions, and
// the rules of design for blocking operations. Source-DPOR and plain sleep sets
// are the same engine with other answers to a race.
type dpor struct {
	mode  mode
	loc   *locator
	trace *trace
	nodes []node
	tree  wakeupTree

	prefix   []sim.Choice
	sleepers []sleeper // of all nodes, in order of depth
	acc      []access  // of the sleepers
	alts     []int32
	picked   []access // scratch
	parts    []object.Part
	races    races
	started  bool

	start     root
	enter     replayer // follows the way to the start
	top       int32    // what is above this node is for other jobs
	low       int32    // the first node that some execution so far has left by another step
	least     []int32  // by goroutine: the events that it had in every execution
	plain     *trace   // of the present execution, without the orders of the job
	keeps     bool     // the search is to be divided: see keep
	level     int      // see root.Level
	treeMax   int      // nodes of the wakeup tree beyond which the mode becomes modeSource; 0 means none
	fell      bool     // that has happened
	kept      int      // events of the present execution that the one before had too
	stuck     bool     // orders kept back all that could have come in the present execution
	away      bool     // it is for another job
	chronicle *chronicle
}

// A node is the state before one event of the present path.
type node struct {
	choice  sim.Choice
	wut     int32 // its wakeup tree: the branches still to be explored; -1 if there were none yet
	sleep   int32 // its sleepers: sleepers[sleep:sleepTo]; they may be those of the node above
	sleepTo int32
	accTo   int32     // where the accesses of the sleepers of this node and those above end
	who     uint64    // the goroutines of its sleepers, by the last six bits of their numbers
	reach   footprint // of its sleepers
	spare   int32     // a tree of sequences in reserve, or -1
	crowded bool      // they were too many
}

// addNode makes the next node of the path, whose sleepers are not known yet.
func (d *dpor) addNode(c sim.Choice, wut int32) *node {
	d.nodes = append(d.nodes, node{choice: c, wut: wut, spare: -1, sleep: -1})
	return &d.nodes[len(d.nodes)-1]
}

func newDPOR(m mode, r Relation, at root) *dpor {
	l := &locator{relation: r}
	d := &dpor{mode: m, loc: l, start: at, level: at.Level}
	d.reset()
	return d
}

// reset puts the search at its start.
func (d *dpor) reset() {
	d.trace, d.plain, d.least = newTrace(d.loc), nil, d.least[:0]
	for _, o := range d.start.Orders {
		d.trace.gates.add(d.loc, o)
	}
	d.top, d.low = int32(len(d.start.Places)), math.MaxInt32
	d.tree.reset()
}

func (d *dpor) restart() {
	loc := d.loc
	*loc = locator{relation: loc.relation, uses: loc.uses}
	d.nodes, d.prefix = d.nodes[:0], d.prefix[:0]
	d.sleepers, d.acc = d.sleepers[:0], d.acc[:0]
	d.started = false
	if d.fell {
		d.mode, d.fell = modeOptimal, false
	}
	d.reset()
}

// prepare moves to the next branch of the deepest node that has one.
func (d *dpor) prepare() (sim.Options, bool) {
	if d.started && !d.backtrack() {
		return sim.Options{}, false
	}
	if !d.started {
		d.enter = replayer{schedule: d.start.Schedule}
	}
	d.started = true
	d.trace.bound = false
	d.trace.run++
	d.descend()
	return sim.Options{Scheduler: d, Prefix: d.prefix, Lazy: d.mode != modeSleep}, true
}

// backtrack leaves the last path: deepest first, a node's choice goes to sleep
// and its next branch is taken; a node without one is left.
func (d *dpor) backtrack() bool {
	for k := len(d.nodes) - 1; k >= int(d.top); k-- {
		n := &d.nodes[k]
		if n.wut < 0 && n.spare < 0 {
			continue
		}
		if d.tree.first(n.wut) < 0 {
			d.tree.free(n.wut)
			d.tree.free(n.spare)
			n.spare = -1
			continue
		}
		d.nodes = d.nodes[:k+1]
		d.sleepUntil(k + 1)
		d.putToSleep(n, int32(k))
		d.trace.truncate(k)
		d.kept = k
		d.low = min(d.low, int32(k))
		d.tree.free(n.spare)
		n.spare = -1
		d.prefix = d.prefix[:k]
		return true
	}
	d.nodes = d.nodes[:0]
	return false
}

// descend takes the first branch of the last node, and of the nodes below it,
// as far as the wakeup tree goes: those are the choices that need no decision.
// A step with alternatives is decided when it comes, to learn them.
func (d *dpor) descend() {
	if len(d.nodes) == 0 {
		return
	}
	n := &d.nodes[len(d.nodes)-1]
	c, sub := d.tree.take(n.wut)
	n.choice = c
	if d.tree.nodes[sub].decide {
		d.tree.pending = sub
		return // Pick learns its alternatives, and goes on below it
	}
	for {
		d.prefix = append(d.prefix, c)
		if d.tree.nodes[sub].ends {
			end := sim.Choice{G: c.G}
			d.addNode(end, -1)
			d.prefix = append(d.prefix, end)
		}
		first := d.tree.first(sub)
		if first < 0 || d.tree.nodes[first].decide {
			break
		}
		var below int32
		c, below = d.tree.take(sub)
		d.addNode(c, sub)
		sub = below
	}
	// The rest of the branch waits for the node that Pick will make.
	d.tree.pending = sub
}

// Pick implements sim.Scheduler: it is asked for the steps after the prefix.
func (d *dpor) Pick(x *sim.Execution) sim.Choice {
	step := x.Steps()
	d.trace.follow(x, step)
	if d.chronicle != nil {
		d.chronicle.follow(x, step)
	}
	if step < len(d.start.Places) {
		return d.approach(x, step)
	}
	d.passStraight(step)
	if step > 0 && d.nodes[step-1].sleep < 0 {
		d.sleepUntil(step)
	}
	if g := x.Unstarted(); g >= 0 {
		if g = d.toStart(x, step, g); g >= 0 {
			return sim.Choice{G: g}
		}
	}
	if step < len(d.nodes) {
		n := &d.nodes[step]
		d.siblings(x, n, n.choice)
		d.prefix = append(d.prefix, n.choice)
		return n.choice
	}
	wut := d.tree.takePending()
	n := d.addNode(sim.Choice{}, wut)
	d.fillSleep(step)
	if step == len(d.start.Places) && len(d.start.Asleep) > 0 {
		d.lull(x, n)
	}
	var c sim.Choice
	if d.tree.first(wut) >= 0 {
		c, d.tree.pending = d.tree.take(wut)
	} else {
		if d.mode != modeSleep {
			d.runStraight(x, n)
		}
		if c = d.branch(x, n); c == sim.Stop {
			d.tree.free(n.wut)
			d.nodes = d.nodes[:step]
			return c
		}
	}
	n.choice = c
	d.siblings(x, n, c)
	d.prefix = append(d.prefix, c)
	return c
}

// branch picks the first step of a new node: any that is enabled and not asleep.
// Under sleep sets all others become branches. It returns sim.Stop when all are
// asleep.
func (d *dpor) branch(x *sim.Execution, n *node) sim.Choice {
	first := x.GoesOn()
	if d.mode != modeSleep && n.who&(1<<(first&63)) == 0 && !x.Pending(first).Op.Chooses() && !d.waits(first) {
		return sim.Choice{G: first}
	}
	picked := sim.Stop
	for g := first; g >= 0; g = d.nextOther(x, g, first) {
		if d.waits(g) {
			continue
		}
		d.alts = d.alternatives(x, g)
		for _, alt := range d.alts {
			switch c := (sim.Choice{G: g, Alt: alt}); {
			case d.asleep(n, c):
			case picked == sim.Stop:
				if picked = c; d.mode != modeSleep {
					return c
				}
			default:
				d.chronicle.alternative(x, c)
				d.tree.add(d.treeOf(n), c, x.Pending(g).Op.Chooses())
			}
		}
	}
	return picked
}

// treeOf is a node's wakeup tree, which is made when it is needed.
func (d *dpor) treeOf(n *node) int32 {
	if n.wut < 0 {
		n.wut = d.tree.make(sim.Choice{})
	}
	return n.wut
}

// nextOther follows first, then all others by number.
func (d *dpor) nextOther(x *sim.Execution, g, first int32) int32 {
	if g == first {
		g = -1
	}
	g = x.Enabled().After(g)
	if g == first {
		g = x.Enabled().After(g)
	}
	return g
}

func (d *dpor) alternatives(x *sim.Execution, g int32) []int32 {
	if !x.Pending(g).Op.Chooses() {
		return append(d.alts[:0], 0)
	}
	return x.Alternatives(g, d.alts[:0])
}

// learn looks for races in a maximal execution and plans their reversals.
func (d *dpor) learn(x *sim.Execution) error {
	if x.Outcome == sim.Diverged {
		return notDeterministic(x)
	}
	if err := d.arrived(x); err != nil {
		return err
	}
	last := d.lastNeeded(x)
	d.trace.follow(x, last)
	d.atLeast()
	d.chronicle.follow(x, x.Steps())
	d.tree.dropPending()
	d.stuck = x.Outcome == sim.Pruned && d.isStuck(x)
	d.away = x.Outcome != sim.Pruned && d.isElsewhere(x)
	if x.Outcome == sim.Pruned && d.mode == modeOptimal && !d.stuck || d.mode == modeSleep {
		return nil // under source sets, an execution that fell asleep has races of its own
	}
	d.reverseRaces(x)
	return nil
}
