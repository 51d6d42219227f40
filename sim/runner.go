package sim

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
)

// A Runner runs executions one after the other and keeps what they can share:
// coroutines, memory, and the identities of goroutines and objects, which are
// the same in all of its executions. It is not safe for concurrent use;
// independent Runners are. Close it, or its coroutines are never freed.
type Runner struct {
	x  Execution
	gs []*G
	// coroutines are all that there are, idle those on which nothing runs.
	coroutines []*coroutine
	idle       []*coroutine
	special    map[birth]int32 // goroutines that are nobody's child, such as the clock
	children   [][]int32       // by parent plus one: its children, or -1
	jumbled    bool            // numbers of goroutines do not follow the order of paths
	paths      []string
	birth      []birth
	names      names
	// histories are those of the atomics of earlier executions, by object.
	histories []any
	handles   []Goroutine // to be given out, and again
	handed    int         // so many of them are
}

// A birth is a goroutine's place in the tree of spawns: the child's count
// under its parent.
type birth struct{ parent, count int32 }

// NewRunner returns a Runner with no executions behind it.
func NewRunner() *Runner { return &Runner{special: map[birth]int32{}} }

// Forget drops the identities that executions have shared so far, but keeps
// what it learned about which names need a history.
func (r *Runner) Forget() {
	r.x.events = r.x.events[:0]
	clear(r.special)
	r.children, r.jumbled = r.children[:0], false
	r.gs, r.paths, r.birth = r.gs[:0], r.paths[:0], r.birth[:0]
	r.names.reset()
}

// Close ends the Runner's coroutines.
func (r *Runner) Close() {
	for _, c := range r.coroutines {
		c.stop()
	}
	r.coroutines, r.idle = nil, nil
}

// Run runs program once. It returns when every goroutine has ended, nothing
// can run, or the scheduler or a bound stopped it; by then no goroutine of the
// execution is left. The result is valid until the next Run. A goroutine that
// never comes back to the scheduler (an endless loop without operations)
// blocks Run for ever.
func (r *Runner) Run(program func(*G), opt Options) *Execution {
	x := &r.x
	opt.fill()
	if opt.Watch != nil {
		opt.Watch(true)
		defer opt.Watch(false)
	}
	x.again = x.repeatable(program, &opt)
	x.reset(r, &opt)
	main := x.spawn(-1, 0, "main", program, -1)
	x.unsettled = x.unsettled[:0]
	x.next = main
	x.transfer(nil)
	x.unwindAll()
	if x.wrong != "" {
		// Not where it was picked: the program might recover from it there.
		panic(x.wrong)
	}
	return x
}

func (x *Execution) reset(r *Runner, opt *Options) {
	x.runner, x.opt, x.detail = r, *opt, opt.Details
	x.run++
	x.events, x.parts = x.events[:0], x.parts[:0]
	w := &x.world
	w.Goroutines, w.Objects = w.Goroutines[:0], w.Objects[:0]
	w.Cases, w.Timers, w.Times, w.Contexts = w.Cases[:0], w.Timers[:0], w.Times[:0], w.Contexts[:0]
	x.names, x.insides, x.watch, x.ticked = x.names[:0], x.insides[:0], x.watch[:0], -1
	x.enabled, x.unsettled, x.started, x.yielding = x.enabled[:0], x.unsettled[:0], 0, x.yielding[:0]
	x.settling, x.straight, x.free, x.over, x.Merged, x.Renamed = false, false, false, false, false, false
	x.United = x.United[:0]
	x.hashing = len(r.names.refine) > 0
	clear(x.pointers)
	r.names.begin()
	x.running, x.next, x.clock = nil, nil, nil
	x.alive, x.locations, x.fresh, x.repeated = 0, 0, 0, 0
	x.spawned, x.highest, x.elapsed, x.charged = 0, -1, 0, 0
	x.Outcome, x.Failure, x.Divergence = Finished, Failure{}, ""
	x.wrong = ""
	x.Failures = x.Failures[:0]
	x.marks = x.marks[:0]
	x.operations = x.operations[:0]
	x.notes, x.details, x.told = x.notes[:0], x.details[:0], teller{}
	x.invariants, x.failures, x.due = x.invariants[:0], x.failures[:0], x.due[:0]
	x.contexts = x.contexts[:0]
	for _, g := range r.gs {
		g.state = absent
	}
	x.gs = r.gs
}

// transfer gives control to the goroutine that was picked, and reports true when
// it is me's turn, false when the execution is over; me is nil for the driver.
// Control goes straight from one coroutine to the next: those that were resumed
// and have not yielded are a chain that starts at the driver, and only who is
// further up the chain than the next one gives way to the one below. So a switch
// costs at most a resume and a yield, and half of that where two goroutines take
// turns.
func (x *Execution) transfer(me *G) bool {
	for {
		switch next := x.next; {
		case x.settling && !x.over:
			x.settle()
		case x.over || next != me && next.co != nil && next.co.resumed:
			return me != nil && me.pause()
		case next == me:
			x.running = me
			return true
		default:
			next.resume()
		}
	}
}

// settle runs goroutines that were just spawned up to their first operation,
// so that the scheduler knows what they want, and decides.
func (x *Execution) settle() {
	for i := 0; i < len(x.unsettled); i++ {
		g := x.unsettled[i]
		if g.state != unstarted {
			continue
		}
		g.resume()
		if x.over {
			return
		}
	}
	x.unsettled, x.started = x.unsettled[:0], 0
	x.settling = false
	if x.schedule(nil) {
		panic("sim: the driver was picked")
	}
}

// unwindAll ends what is left of the goroutines of an execution that is over.
func (x *Execution) unwindAll() {
	for _, g := range x.gs {
		if g.state == absent || g.co == nil {
			continue
		}
		co := g.co
		if g.state == announced && !co.dying {
			g.resume()
		}
		if co.dying {
			co.reap()
		}
	}
}

// spawn makes a goroutine: the count-th child of parent.
func (x *Execution) spawn(parent, count int32, name string, body func(*G), born int32) *G {
	g := x.runner.identify(birth{parent, count})
	x.gs = x.runner.gs
	return x.begin(g, name, body, parent, born)
}

// begin makes g a goroutine that event born of its parent spawned.
func (x *Execution) begin(g *G, name string, body func(*G), parent, born int32) *G {
	g.reset(x, name, body)
	g.parent, g.bornAt = parent, born
	for int(g.id) >= len(x.world.Goroutines) {
		x.addGoroutine()
	}
	o := &x.world.Goroutines[g.id]
	o.State[0], o.State[1] = 0, 0
	x.enabled.add(g.id)
	x.alive++
	x.spawned++
	x.unsettled = append(x.unsettled, g)
	x.place(g.id)
	return g
}

// reset makes g a goroutine that was just spawned. It keeps the memory of its
// earlier lives.
func (g *G) reset(x *Execution, name string, body func(*G)) {
	if g.x != x {
		g.x = x
	}
	if g.name != name {
		g.name = name
	}
	g.body = body
	g.call = object.Call{G: g.id}
	g.state = unstarted
	g.events, g.spawned, g.parks, g.touched, g.timers, g.matched = 0, 0, 0, 0, 0, 0
	g.last, g.yielded, g.quietAt = -1, -1, -1
	g.history, g.retries, g.watches, g.passed, g.site = 0, 0, false, false, 0
	g.watching, g.sleeper = nil, nil
	clear(g.seen)
	g.watchers.reset()
	g.parked = g.parked[:0]
}

// addGoroutine makes room for the state of one more goroutine, spawned or not.
func (x *Execution) addGoroutine() {
	w := &x.world
	n := len(w.Goroutines)
	if n < cap(w.Goroutines) {
		w.Goroutines = w.Goroutines[:n+1]
	} else {
		w.Goroutines = append(w.Goroutines, object.Object{})
	}
	o := &w.Goroutines[n]
	o.Kind, o.ID = object.Goroutine, int32(^n)
	if o.State == nil {
		o.State = make([]int32, object.Goroutine.StateSize())
	}
	o.Base = x.locations
	x.locations += o.Locations()
}

// known returns the goroutine of a place in the tree, or nil.
func (r *Runner) known(b birth) *G {
	if b.count < 0 {
		if id, ok := r.special[b]; ok {
			return r.gs[id]
		}
		return nil
	}
	if int(b.parent+1) < len(r.children) {
		if c := r.children[b.parent+1]; int(b.count) < len(c) && c[b.count] >= 0 {
			return r.gs[c[b.count]]
		}
	}
	return nil
}

func (r *Runner) remember(b birth, id int32) {
	if b.count < 0 {
		r.special[b] = id
		return
	}
	for int(b.parent+1) >= len(r.children) {
		r.children = append(r.children, nil)
	}
	c := &r.children[b.parent+1]
	for int(b.count) >= len(*c) {
		*c = append(*c, -1)
	}
	(*c)[b.count] = id
}

// identify returns the goroutine of a place in the tree of spawns, the same in
// every execution.
func (r *Runner) identify(b birth) *G {
	if g := r.known(b); g != nil {
		return g
	}
	id := int32(len(r.gs))
	r.remember(b, id)
	path := "main"
	switch {
	case b.count < 0:
		path = "clock"
	case b.parent >= 0:
		path = fmt.Sprintf("%s/%d", r.paths[b.parent], b.count+1)
	}
	r.paths = append(r.paths, path)
	r.birth = append(r.birth, b)
	r.jumbled = r.jumbled || id > 0 && r.before(id, id-1)
	if int(id) < cap(r.gs) && r.gs[:id+1][id] != nil {
		r.gs = r.gs[:id+1]
		g := r.gs[id]
		g.id, g.path = id, path
		return g
	}
	g := &G{id: id, path: path}
	r.gs = append(r.gs, g)
	return g
}

// place notes whether a goroutine that has just become present comes at another
// place in the order of paths than in that of numbers.
func (x *Execution) place(id int32) {
	r := x.runner
	if !r.jumbled {
		x.highest = max(x.highest, id)
		return
	}
	below, above := id-1, id+1
	for below >= 0 && r.gs[below].state == absent {
		below--
	}
	for above <= x.highest && r.gs[above].state == absent {
		above++
	}
	if below >= 0 && r.before(id, below) || above <= x.highest && r.before(above, id) {
		x.fresh++
	}
	x.highest = max(x.highest, id)
}

// before reports whether a comes before b in the order of paths: parents
// before children, children in the order of their spawns.
func (r *Runner) before(a, b int32) bool {
	da, db := r.depth(a), r.depth(b)
	for x := da; x > db; x-- {
		a = r.birth[a].parent
	}
	for x := db; x > da; x-- {
		b = r.birth[b].parent
	}
	if a == b {
		return da < db
	}
	for r.birth[a].parent != r.birth[b].parent {
		a, b = r.birth[a].parent, r.birth[b].parent
	}
	return r.birth[a].count < r.birth[b].count
}

func (r *Runner) depth(g int32) int {
	d := 0
	for g >= 0 {
		g = r.birth[g].parent
		d++
	}
	return d
}
