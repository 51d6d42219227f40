package search

import (
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A trace is the trace order of one execution: which events depend on which,
// over all dependent pairs. It is kept from one execution to the next for the
// prefix that they share.
type trace struct {
	loc     *locator
	bound   bool // the shared prefix was checked against the present execution
	width   int  // goroutines that a clock has room for
	events  []traceEvent
	acc     []access // of all events
	clocks  []int32  // of all events: width numbers each; see clock
	own     [][]int32
	steps   []step        // the events that are no local ends
	seconds []int32       // the events that may be the second step of a race
	locs    [2][]location // by number of location; those of goroutines apart
	states  []history     // by object; see remember
	words   []int32       // the states in histories
	undo    []undo
	known   int // events that are in histories
	gates   gates
	run     int64  // the number of the present execution
	seen    uint32 // the number that its runner gives to the last one that was followed
}

type traceEvent struct {
	g, alt int32
	index  int32 // the number of the event among those of its goroutine, from 1
	acc    int32 // its accesses: acc[acc:accEnd]
	accEnd int32
	last   int32 // the last event that happens before it, or -1
	row    int32 // the event whose clock is its own as well: see clock
	op     object.Op
	obj    int32
	cases  int32
	sum    int32 // of its parts, where there are several: see sumOf
	arg    int32
	step   int32 // its place in steps, or that of the next one
	local  bool  // see addLocal
	due    bool  // its clock is still to be made, from those that it follows
	sole   bool  // it races, if at all, with event last, and waits for nothing else
	lone   bool  // what happens before it is its spawn, and events of that goroutine that follow nothing else
	reach  footprint
	born   int64 // the execution that added it
	// settled says that all reversals with the event as second step are redundant
	// as long as the events before this one are those of execution settledAt; 0
	// means that it is not known.
	settled   int32
	settledAt int64
}

// A location lists the events that access it.
type location struct {
	entries   []entry
	lastWrite int // place in entries of the last Write, or -1
	signed    int // entries that are Plus, Minus or Calm
}

type entry struct {
	event int32
	mode  object.Mode
	prevW int32 // lastWrite before it
}

func newTrace(l *locator) *trace { return &trace{loc: l} }

// clock is the vector clock of event i: of each goroutine, the number of its last
// event that happens before it. The entry of its own goroutine may lag behind:
// there the event itself says which one it is.
func (t *trace) clock(i int32) []int32 {
	e := &t.events[i]
	if e.row != i {
		e = &t.events[e.row]
	}
	if e.due {
		t.makeClock(e)
	}
	return t.slot(e.row)
}

// slot is where the clock of an event is, if it has one of its own.
func (t *trace) slot(i int32) []int32 {
	return t.clocks[int(i)*t.width : (int(i)+1)*t.width]
}

// next is the first event of goroutine g from event i on, or -1.
func (t *trace) next(g, i int32) int32 {
	own := t.own[g]
	k := len(own)
	for k > 0 && own[k-1] >= i {
		k--
	}
	if k == len(own) {
		return -1
	}
	return own[k]
}

func (t *trace) accesses(i int32) []access {
	e := &t.events[i]
	return t.acc[e.acc:e.accEnd]
}

// before reports whether event i happens before event j; i < j.
func (t *trace) before(i, j int32) bool {
	e, f := &t.events[i], &t.events[j]
	if e.g == f.g {
		return true
	}
	if f.local {
		return t.clock(j)[e.g] >= e.index
	}
	return t.clocks[int(j)*t.width+int(e.g)] >= e.index
}

// truncate forgets all events from n on.
func (t *trace) truncate(n int) {
	for i := len(t.events) - 1; i >= n; i-- {
		e := &t.events[i]
		own := &t.own[e.g]
		*own = (*own)[:len(*own)-1]
		if e.local {
			continue
		}
		for k := e.accEnd - 1; k >= e.acc; k-- {
			l := t.location(t.acc[k].loc)
			last := len(l.entries) - 1
			l.lastWrite = int(l.entries[last].prevW)
			if l.entries[last].mode > object.Write {
				l.signed--
			}
			l.entries = l.entries[:last]
		}
	}
	t.forget(n)
	if n < len(t.events) {
		t.steps, t.acc = t.steps[:t.events[n].step], t.acc[:t.events[n].acc]
	}
	t.events = t.events[:n]
	t.clocks = t.clocks[:n*t.width]
	for k := len(t.seconds); k > 0 && int(t.seconds[k-1]) >= n; k-- {
		t.seconds = t.seconds[:k-1]
	}
}

// location returns a location's events.
func (t *trace) location(loc int32) *location {
	side, i := 0, int(loc)
	if loc < 0 {
		side, i = 1, int(-1-loc)
	}
	for i >= len(t.locs[side]) {
		t.locs[side] = append(t.locs[side], location{lastWrite: -1})
	}
	return &t.locs[side][i]
}

// grow makes room for more goroutines in every clock.
func (t *trace) grow(n int) {
	if n <= t.width {
		return
	}
	width := (max(n, t.width+t.width/4) + 3) &^ 3
	t.clocks = widen(t.clocks, t.width, width, len(t.events))
	t.width = width
	for len(t.own) < width {
		t.own = append(t.own, nil)
	}
}

func widen(s []int32, from, to, rows int) []int32 {
	out := make([]int32, rows*to, max(rows, 64)*to)
	for i := range rows {
		copy(out[i*to:], s[i*from:(i+1)*from])
	}
	return out
}

// follow takes in the events of x up to (not including) event n. Those that it
// has already are of the same prefix.
func (t *trace) follow(x *sim.Execution, n int) {
	if x.Goroutines() > t.width {
		t.grow(x.Goroutines())
	}
	if len(t.gates.list) > 0 {
		t.gates.resolve(x)
	}
	events := x.Events()
	if !t.bound {
		from := 0
		if x.Number() == t.seen+1 {
			from = x.Repeated()
		}
		t.bound, t.seen = true, x.Number()
		t.bind(x, events, from)
	}
	for i := len(t.events); i < n; i++ {
		if e := &events[i]; e.Call.Op != object.End || !t.addEnd(x, e, int32(i)) {
			t.add(x, e, int32(i))
		}
	}
}

// bind checks which events of the prefix name their objects as before: indices
// depend on who announced itself first, which the prefix does not decide. A call
// that names one object, and accesses no other, needs no look at its parts. The
// events before "from" are known to be as before.
func (t *trace) bind(x *sim.Execution, events []sim.Event, from int) {
	for i := from; i < len(t.events); i++ {
		if i == len(events) {
			t.truncate(i)
			return
		}
		e, c := &t.events[i], &events[i].Call
		if e.local && e.obj == c.Obj && e.op == c.Op {
			continue
		}
		if e.obj != c.Obj || e.cases != c.Cases || e.arg != c.Arg && c.Op != object.CompareAndSwap ||
			e.comparesParts() && e.sum != sumOf(x.Parts(&events[i])) {
			t.truncate(i)
			return
		}
	}
}

// comparesParts reports whether it takes a look at the parts of an event to know that
// it names its objects as before.
func (e *traceEvent) comparesParts() bool { return e.obj == object.NoObject || e.accEnd-e.acc > 1 }

// sumOf tells parts of different objects apart.
func sumOf(parts []object.Part) int32 {
	sum := int32(0)
	for _, p := range parts {
		sum = sum*31 + p.Obj*7 + p.Arg*5 + p.Aux
	}
	return sum
}

func (t *trace) add(x *sim.Execution, e *sim.Event, i int32) {
	g := e.Call.G
	te := t.push(i)
	own := t.own[g]
	te.g, te.alt, te.index, te.last, te.row, te.op = g, e.Alt, int32(len(own)+1), -1, i, e.Call.Op
	te.acc, te.accEnd, te.step = int32(len(t.acc)), 0, int32(len(t.steps))
	te.obj, te.cases, te.sum, te.arg = e.Call.Obj, e.Call.Cases, 0, e.Call.Arg
	te.local, te.due, te.sole, te.lone = false, false, false, false
	te.reach.reads, te.reach.writes = 0, 0
	te.born, te.settled, te.settledAt = t.run, 0, 0
	if len(own) > 0 {
		te.last = own[len(own)-1]
	}
	t.own[g] = append(own, i)
	parts := x.Parts(e)
	if te.op <= object.Join && t.addLocal(te, parts) {
		t.steps = append(t.steps, te.stepOf(i))
		return
	}
	t.steps = append(t.steps, te.stepOf(i))
	t.acc = t.loc.append(x.World(), parts, t.acc)
	if refines(te.op) {
		t.acc = t.acc[:int(te.acc)+len(t.refine(x, &e.Call, t.acc[te.acc:]))]
	}
	t.acc = t.gates.append(g, te.index, t.acc)
	te.accEnd = int32(len(t.acc))
	te.reach.add(t.acc[te.acc:])
	if te.comparesParts() {
		te.sum = sumOf(parts)
	}
	t.enter(x, e, te, i)
}

// push makes room for event i and its clock. Its fields have to be set, each by itself:
// the memory is used again, and a literal would be copied by pieces that are larger
// than what was written just before, for which a processor waits.
func (t *trace) push(i int32) *traceEvent {
	if int(i) == cap(t.events) {
		t.events = slices.Grow(t.events, 1)
	}
	t.events = t.events[:i+1]
	base := len(t.clocks)
	if base+t.width > cap(t.clocks) {
		t.clocks = append(t.clocks, make([]int32, t.width)...)
	} else {
		t.clocks = t.clocks[:base+t.width]
	}
	return &t.events[i]
}
