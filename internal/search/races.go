package search

import (
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// races is the scratch memory of race reversal.
type races struct {
	candidates []int32
	taken      []taken
	latest     int32 // the last event that happens before one of those
	acc        []access
	alts       []int32
	ways       []reversal // see dpor.ways
	events     []step     // of v
	all        bool       // with all ends and joins
	v          []planned
	own        []access // of the steps of v that are no events
	over       overlay
	reach      footprint // of v
	spots      []spot    // by goroutine: its first step that is left of v, or -1, and its last one in v
	after      []int32   // by goroutine: the number of v if its latest event cannot be in that v
	left       []int32   // by goroutine: the number of v if a join of its was left out of that
	sequence   int32     // the number of v: of other ones, spots do not hold
	from       int32     // the event in whose place v comes
	thinned    bool      // something is gone from v
	rest       int       // steps of v that are left to be planned
	displaced  []int32   // see displace
	same       bool      // the second step of the race accesses the same where it comes first
	second     second    // of the race that is being reversed
	reason     int32     // see weakInitial
	settled    int32     // the events on which it depends that the reversals of an attempt are redundant, or -1
}

// A spot says where in the v of a number the steps of a goroutine stand.
type spot struct{ sequence, at, last int32 }

// A reversal says that a step can come before event i, with these accesses.
type reversal struct {
	event int32
	alt   int32
	acc   []access
}

// A taken says that an alternative of the attempt races with an event.
type taken struct{ event, alt int32 }

// A planned step of a sequence that is to be explored: an event of the present
// execution, or, with event -1, the step whose race is being reversed.
type planned struct {
	event  int32
	g      int32
	alt    int32
	acc    int32 // its accesses: see stepAccesses
	accEnd int32
	next   int32 // the place in v of its goroutine's next step, or -1
	nth    int32 // its number among the events of its goroutine, or 0 if that is not known
	reach  footprint
	op     object.Op
	gone   bool
	decide bool // it has alternatives, known without op
	ends   bool // its goroutine ends right after it, known without the event
	beyond bool // it is not to be planned: see prolong
}

// An attempt is the second half of a race: an event, or the pending operation
// of a goroutine that is blocked at the end (rule R2).
type attempt struct {
	call   *object.Call
	at     int32 // the event's place, or the number of all events
	prev   int32 // the goroutine's event before it, or the spawn, or -1
	alt    int32
	acc    []access
	scope  []access // what its alternatives can depend on, as writes, if that is more than acc
	simple bool     // enabled everywhere, with the same accesses
	nth    int32    // its number among the goroutine's events, from 1
	quiet  int32    // from here on a yield could go on because nothing else could, or -1
}

// reverseRaces plans the reversal of every race of a maximal execution, also of
// those seen before (rule R6): what comes after them is new.
func (d *dpor) reverseRaces(x *sim.Execution) {
	t := d.trace
	d.races.over.begin(x)
	d.races.acc = d.races.acc[:0]
	events := x.Events()
	for _, j := range t.seconds {
		e := &t.events[j]
		if mutant == "R6" && int(j) < d.kept {
			continue // only races whose second event is new
		}
		if d.isSettled(e) {
			continue
		}
		if e.sole && d.chronicle == nil && d.isForeseen(e) {
			e.settled, e.settledAt = j+1, t.run
			continue
		}
		a := attempt{call: &events[j].Call, at: j, prev: t.prevOf(x, j), alt: e.alt, nth: e.index,
			acc: t.acc[e.acc:e.accEnd], simple: isSimple(x, &events[j].Call), quiet: events[j].QuietAt}
		if e.op == object.Fire {
			a.scope = d.scopeOfClock(x, a.call.Aux)
		}
		d.races.settled = j + 1
		d.reverse(x, &a)
		if e.settled, e.settledAt = max(d.races.settled, 0), t.run; d.chronicle != nil || a.scope != nil {
			e.settled = 0 // so that they are told; and where another timer fires, later steps count
		}
	}
	if mutant == "R2" || x.NobodyPends() {
		return
	}
	for g := range int32(x.Goroutines()) {
		// What could go on, and was cut, sleeps or is kept back. But where a timer that
		// could go off sleeps, another one that was stopped could have gone off in its
		// place, which the firing does not read.
		if !x.Pends(g) || x.Pending(g).Op == object.Start ||
			x.Outcome == sim.Pruned && x.Enabled().Has(g) && x.Pending(g).Op != object.Fire {
			continue
		}
		a := d.blocked(x, g)
		d.reverse(x, &a)
	}
}

// isForeseen reports whether an event that waits for nothing but the one with which it
// races is asleep there, or planned.
func (d *dpor) isForeseen(e *traceEvent) bool {
	c := sim.Choice{G: e.g, Alt: e.alt}
	n := d.nodeOf(e.last)
	if n.who&(1<<(e.g&63)) != 0 && d.asleep(n, c) {
		return true
	}
	b := int32(-1)
	if d.mode == modeOptimal {
		b = d.tree.branch(n.wut, c)
	}
	return b >= 0 && d.tree.nodes[b].child < 0
}

// isSettled reports whether every reversal that event e is the second step of was
// redundant before, for a reason that still holds.
func (d *dpor) isSettled(e *traceEvent) bool {
	t := d.trace
	return e.settled > 0 && int(e.settled) <= len(t.events) && t.events[e.settled-1].born <= e.settledAt
}

// blocked is the attempt of a goroutine that is blocked at the end.
func (d *dpor) blocked(x *sim.Execution, g int32) attempt {
	r := &d.races
	t := d.trace
	a := attempt{call: x.Pending(g), at: int32(len(t.events)), prev: t.latest(x, g), nth: int32(len(t.own[g]) + 1), quiet: -1}
	if a.call.Op == object.Fire {
		a.scope = d.scopeOfClock(x, a.call.Aux)
		return a
	}
	from, alt := len(r.acc), int32(0)
	if x.Enabled().Has(g) { // a bound has cut the execution
		alt = x.FirstAlternative(g)
	}
	d.parts = x.Preview(g, alt, d.parts[:0])
	r.acc = d.loc.append(x.World(), d.parts, r.acc)
	a.acc = r.acc[from:]
	return a
}

// latest is the last event of goroutine g so far, or its spawn, or -1.
func (t *trace) latest(x *sim.Execution, g int32) int32 {
	if own := t.own[g]; len(own) > 0 {
		return own[len(own)-1]
	}
	_, born := x.Parent(g)
	return born
}

// prevOf is what event j comes after in the order of its program.
func (t *trace) prevOf(x *sim.Execution, j int32) int32 {
	e := &t.events[j]
	if e.index > 1 {
		return t.own[e.g][e.index-2]
	}
	_, born := x.Parent(e.g)
	return born
}

// isSimple reports whether a call is enabled, and accesses the same, wherever it
// comes.
func isSimple(x *sim.Execution, c *object.Call) bool {
	return simple[c.Op] && (c.Op != object.Arm || x.World().At(c.Obj).Limit == 0)
}

// simple are the operations of which that is true; of Arm only if the timer has no
// channel, from which it takes what was sent.
var simple = [256]bool{object.Spawn: true, object.End: true, object.Load: true, object.Store: true,
	object.Modify: true, object.Unlock: true, object.Now: true, object.Arm: true,
	object.CountDown: true, object.CtxRead: true, object.Arrive: true, object.WAnnounce: true,
	object.OnceDone: true, object.Invoke: true, object.Respond: true}

// reverse finds the events that attempt a races with, latest first (rule R1),
// and plans each reversal.
func (d *dpor) reverse(x *sim.Execution, a *attempt) {
	r := &d.races
	t := d.trace
	d.collect(a)
	d.displace(a)
	r.taken, r.second, r.latest = r.taken[:0], second{a.call.G, a.nth}, -1
	for _, i := range r.candidates {
		if d.keptBack(a.call.G, a.nth, i) {
			continue
		}
		if a.simple {
			if !d.covered(i, a.alt) {
				r.take(t, i, a.alt)
				d.plan(x, a, reversal{i, a.alt, a.acc})
			}
			continue
		}
		if d.reverseAt(x, a, i); mutant == "R1" && len(r.alts) == 0 {
			return // disabled there: no look at earlier events
		}
	}
}

// take notes that an alternative of the attempt races with event i.
func (r *races) take(t *trace, i, alt int32) {
	r.taken = append(r.taken, taken{i, alt})
	r.latest = max(r.latest, t.events[i].last)
}

// covered reports whether event i happens before an event that the
// alternative races with already.
func (d *dpor) covered(i, alt int32) bool {
	r := &d.races
	if i > r.latest {
		return false // all of those come after earlier events only
	}
	t := d.trace
	e := &t.events[i]
	for k := range r.taken {
		n := &r.taken[k]
		if n.alt == alt && (t.events[n.event].g == e.g || t.clocks[int(n.event)*t.width+int(e.g)] >= e.index) {
			return true
		}
	}
	return false
}

// reverseAt evaluates the attempt in the state before event i, without what
// depends on i. Where it is disabled it does not race: a Lock races with a
// Lock, never with an Unlock.
func (d *dpor) reverseAt(x *sim.Execution, a *attempt, i int32) {
	r := &d.races
	if a.call.Op == object.Yield {
		if d.yieldEnabled(a, i) && !d.covered(i, 0) {
			r.take(d.trace, i, 0)
			d.plan(x, a, reversal{i, 0, a.acc})
		}
		return
	}
	until := a.at
	if a.scope != nil { // what comes later may have to do with another timer
		until = int32(len(d.trace.events))
	}
	r.over.without = r.displaced
	w := r.over.at(d.trace, a.call, i, until)
	r.over.without = nil
	if a.call.Op == object.Fire && !fires(x, w, a.call) {
		r.alts = r.alts[:0]
		return
	}
	d.ways(x, a, w, i)
	for _, v := range r.ways {
		if mutant == "R3" {
			v.acc = a.acc // with the label that it had where it took place
		}
		// Of the alternative that was taken it is known; another one may have
		// nothing to do with event i.
		taken := a.at < int32(len(d.trace.events)) && v.alt == a.alt && a.scope == nil
		if !taken && !dependent(v.acc, d.trace.accesses(i)) {
			continue
		}
		r.take(d.trace, i, v.alt)
		d.plan(x, a, v)
	}
}

// ways lists the alternatives that the attempt has before event i, in world w, but
// for those that are covered: all of them before one is planned, which takes w for
// other calls.
func (d *dpor) ways(x *sim.Execution, a *attempt, w *object.World, i int32) {
	r := &d.races
	r.ways = r.ways[:0]
	r.alts = object.Alternatives(w, a.call, r.alts[:0])
	for _, alt := range r.alts {
		if d.covered(i, alt) {
			continue
		}
		from := len(r.acc)
		d.parts, _ = object.Resolve(w, a.call, alt, d.parts[:0])
		r.acc = d.loc.append(x.World(), d.parts, r.acc)
		if refines(a.call.Op) {
			r.acc = r.acc[:from+len(d.trace.refine(x, a.call, r.acc[from:]))]
		}
		r.acc = d.trace.gates.append(a.call.G, a.nth, r.acc)
		r.ways = append(r.ways, reversal{i, alt, r.acc[from:]})
	}
}

// collect gathers the events before the attempt that access its locations in a
// conflicting way, latest first. Of each location it stops at a Write in the
// attempt's own past: all before that is there too. An attempt that is enabled
// everywhere races with the last Write only, which all before it happens before,
// unless an order of the job keeps it back there.
func (d *dpor) collect(a *attempt) {
	r := &d.races
	t := d.trace
	r.candidates = r.candidates[:0]
	scope := a.acc
	if a.scope != nil {
		scope = a.scope
	}
	for _, acc := range scope {
		l := t.location(acc.loc)
		if acc.mode == object.Read && l.signed == 0 {
			d.collectWrites(a, l)
			continue
		}
		for k := len(l.entries) - 1; k >= 0; k-- {
			n := &l.entries[k]
			if n.event >= a.at {
				continue
			}
			past := a.prev >= 0 && (n.event == a.prev || n.event < a.prev && t.before(n.event, a.prev))
			if past && n.mode == object.Write {
				break
			}
			if !past && object.Conflict(n.mode, acc.mode) {
				r.candidates = append(r.candidates, n.event)
				if n.mode == object.Write && a.simple && !d.keptBack(a.call.G, a.nth, n.event) {
					break
				}
			}
		}
	}
	if len(scope) > 1 {
		slices.SortFunc(r.candidates, func(a, b int32) int { return int(b - a) })
	}
	r.candidates = slices.Compact(r.candidates) // an event may access a location twice
}

// collectWrites is collect for a read of a location that is read and written only.
func (d *dpor) collectWrites(a *attempt, l *location) {
	t := d.trace
	for k := l.lastWrite; k >= 0; k = int(l.entries[k].prevW) {
		e := l.entries[k].event
		if e >= a.at {
			continue
		}
		if a.prev >= 0 && (e == a.prev || e < a.prev && t.before(e, a.prev)) {
			break
		}
		if d.races.candidates = append(d.races.candidates, e); a.simple && !d.keptBack(a.call.G, a.nth, e) {
			break
		}
	}
}
