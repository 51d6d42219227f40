package search

import (
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A step is what gather needs of an event.
type step struct {
	event, g, alt int32
	joins         int32 // a local join: the goroutine; otherwise one of the constants
}

const (
	joinsNobody   = -1 // not a local event
	joinsStranger = -2 // a join that is not local
	spawns        = -3 // a local spawn
)

// stepOf is the step of event i.
func (e *traceEvent) stepOf(i int32) step {
	s := step{i, e.g, e.alt, joinsNobody}
	switch {
	case e.local && e.op == object.Join:
		s.joins = ^e.obj
	case e.local:
		s.joins = spawns
	case e.op == object.Join:
		s.joins = joinsStranger
	}
	return s
}

// gather lists the events of v = notdep(i).attempt, if it can without ends and joins
// that are local: see addLocal. Where nothing else in v comes after those, they can
// take place whenever they come, so that no execution begins otherwise because of
// them.
func (d *dpor) gather(a *attempt, v reversal) {
	r := &d.races
	for len(r.after) < d.trace.width {
		r.after, r.left = append(r.after, 0), append(r.left, 0)
	}
	if r.all = !d.gatherSteps(a, v); r.all {
		d.gatherAll(a, v)
	}
}

// gatherSteps is gather without ends and joins that are local. It reports false when
// something in v may come after one: a step of the goroutine that joins, or a join
// that is not local.
func (d *dpor) gatherSteps(a *attempt, v reversal) bool {
	r := &d.races
	t := d.trace
	r.begin(v.event)
	g, index := t.events[v.event].g, t.events[v.event].index
	after, left, number := r.after, r.left, r.sequence
	after[g] = number
	displaced, clocks, width := len(r.displaced) > 0, t.clocks, t.width
	steps := t.steps[t.events[v.event].step+1:]
	for k := range steps {
		s := &steps[k]
		if after[s.g] == number {
			continue
		}
		switch {
		case s.joins >= 0:
			if after[s.joins] == number {
				after[s.g] = number
			} else {
				left[s.g] = number
			}
			continue
		case s.joins != spawns && clocks[int(s.event)*width+int(g)] >= index:
			after[s.g] = number
			continue
		case s.joins == joinsStranger && mutant != "joins":
			return false
		}
		if s.event == a.at || displaced && isDisplaced(r.displaced, s.event) {
			continue
		}
		if mutant == "R5" && s.event > a.at {
			break // cut at the attempt
		}
		if left[s.g] == number && mutant != "joins" {
			return false
		}
		r.events = append(r.events, *s)
	}
	return left[a.call.G] != number || mutant == "joins"
}

// gatherAll is gather with all ends and joins.
func (d *dpor) gatherAll(a *attempt, v reversal) {
	r := &d.races
	t := d.trace
	r.begin(v.event)
	g, index := t.events[v.event].g, t.events[v.event].index
	after, number := r.after, r.sequence
	after[g] = number
	for k := v.event + 1; k < int32(len(t.events)); k++ {
		e := &t.events[k]
		if after[e.g] == number {
			continue
		}
		if !e.local && t.clocks[int(k)*t.width+int(g)] >= index || e.local && e.op == object.Join && after[^e.obj] == number {
			after[e.g] = number
			continue
		}
		if k == a.at || len(r.displaced) > 0 && isDisplaced(r.displaced, k) {
			continue
		}
		if mutant == "R5" && k > a.at {
			break
		}
		r.events = append(r.events, e.stepOf(k))
	}
}

// sequence builds v from the events that were gathered, in scratch memory.
func (d *dpor) sequence(a *attempt, v reversal) {
	r := &d.races
	t := d.trace
	for _, s := range r.events {
		e := &t.events[s.event]
		p := r.more(s.g)
		p.event, p.alt, p.op, p.acc, p.accEnd, p.reach, p.nth = s.event, s.alt, e.op, e.acc, e.accEnd, e.reach, e.index
		r.reach.join(e.reach)
	}
	r.push(a.call.G, v.alt, a.call.Op, v.acc).nth = a.nth
}

// prolong adds the first step of the race to v, behind all else, if that is enabled
// wherever it comes, with the same accesses; otherwise executions could end before it
// comes, and be redundant (which the mutant shows). The step is not planned: v is to be
// explored if nothing covers v and the step together.
//
// Optimal-DPOR plans v if no sleeper is in WI(v). It may as well hold v.w against the
// sleepers, for any w that can be executed behind v: then nothing that begins with v.w
// has been explored. With w the first step of the race, planning v alone is enough. The
// step is enabled behind v, and awake, since the end of v depends on it. So it comes in
// every execution below, unless some go to sleep again when it has been explored, of
// which the same holds. And it wakes all that v has not, so that none ends asleep.
//
// Without it a reversal that something independent covers is found once more behind
// that, as a part of a longer sequence. Of n readers and a writer, all 2ⁿ sequences have
// a place in the tree then; with it, n for each step of the present path.
func (d *dpor) prolong(x *sim.Execution, a *attempt, v reversal) {
	e := &d.trace.events[v.event]
	if d.mode != modeOptimal || a.scope != nil || d.reserves(v.event) {
		return
	}
	if isSimple(x, &x.Events()[v.event].Call) || mutant == "prolong" {
		d.races.push(e.g, e.alt, e.op, d.trace.accesses(v.event)).beyond = true
		d.races.rest--
	}
}

// ending reports whether the goroutine of a step of v ends right after it, and has its
// end not in v but at once: see descend.
func (d *dpor) ending(p *planned) bool {
	t := d.trace
	k := p.event + 1
	return p.event >= 0 && !d.races.all && int(k) < len(t.events) && t.events[k].local && t.events[k].op == object.End &&
		t.events[k].g == p.g && !p.op.Chooses()
}

// begin empties v, which is to come in the place of event i.
func (r *races) begin(i int32) {
	r.events, r.v, r.own, r.from, r.thinned, r.rest = r.events[:0], r.v[:0], r.own[:0], i, false, 0
	r.reach = footprint{}
	r.sequence++
}

// more makes room for one more step of v, by goroutine g.
func (r *races) more(g int32) *planned {
	for int(g) >= len(r.spots) {
		r.spots = append(r.spots, spot{})
	}
	at := len(r.v)
	if l := &r.spots[g]; l.sequence != r.sequence {
		*l = spot{r.sequence, int32(at), int32(at)}
	} else {
		r.v[l.last].next = int32(at)
		if l.last = int32(at); l.at < 0 {
			l.at = int32(at)
		}
	}
	if at == cap(r.v) {
		r.v = slices.Grow(r.v, 1)
	}
	r.v = r.v[:at+1]
	r.rest++
	p := &r.v[at]
	p.g, p.next, p.nth, p.gone, p.decide, p.ends, p.beyond = g, -1, 0, false, false, false, false
	return p
}

// push adds a step to v that is no event.
func (r *races) push(g, alt int32, op object.Op, acc []access) *planned {
	p := r.more(g)
	p.event, p.alt, p.op = -1, alt, op
	p.acc = int32(len(r.own))
	r.own = append(r.own, acc...)
	p.accEnd = int32(len(r.own))
	p.reach = footprint{}
	p.reach.add(acc)
	r.reach.join(p.reach)
	return p
}

// stepAccesses are the accesses of a step of v.
func (d *dpor) stepAccesses(p *planned) []access {
	if p.event < 0 {
		return d.races.own[p.acc:p.accEnd]
	}
	return d.trace.acc[p.acc:p.accEnd]
}

// leave takes the k-th step out of v, and the end of its goroutine, which is its next
// step then, if the branch that has the step ends it too.
func (r *races) leave(k int, ends bool) {
	p := &r.v[k]
	p.gone, r.thinned = true, true
	r.drop(p)
	r.spots[p.g].at = p.next
	if end := p.next; ends && end >= 0 {
		if r.v[end].op != object.End {
			panic(fmt.Sprintf("search: goroutine %d ends in a branch, and goes on with %v in the sequence", p.g, r.v[end].op))
		}
		r.v[end].gone = true
		r.drop(&r.v[end])
		r.spots[p.g].at = r.v[end].next
	}
}

// drop counts a step that is gone.
func (r *races) drop(p *planned) {
	if !p.beyond {
		r.rest--
	}
}

// restore undoes every leave.
func (r *races) restore() {
	for k := len(r.v) - 1; k >= 0; k-- {
		if p := &r.v[k]; p.gone && !p.beyond {
			r.rest++
		}
		r.v[k].gone = false
		r.spots[r.v[k].g].at = int32(k)
	}
}

// first is where in v goroutine g has its first step that is not gone, or -1.
func (r *races) first(g int32) int {
	if int(g) >= len(r.spots) || r.spots[g].sequence != r.sequence {
		return -1
	}
	return int(r.spots[g].at)
}

// displace notes what depends on a firing. Where another timer goes off in its
// place, that does not come about, though it need not depend on the first step of
// the race. All other operations read what any of their alternatives depends on.
func (d *dpor) displace(a *attempt) {
	r := &d.races
	t := d.trace
	if r.displaced = r.displaced[:0]; a.scope == nil {
		return
	}
	for k := a.at; k < int32(len(t.events)); k++ {
		if k == a.at || t.before(a.at, k) {
			r.displaced = append(r.displaced, k)
		}
	}
}

// isDisplaced reports whether an event is one of those that displace noted.
func isDisplaced(displaced []int32, k int32) bool {
	_, found := slices.BinarySearch(displaced, k)
	return found
}

// What weakInitial answers besides a place in v.
const (
	notInitial  = -1
	independent = -2
)

// weakInitial reports whether a step can come first in v, and where it stands
// there: WI(v). A step that is not in v is independent of all of it. The reason for
// the answer is in the first events of the execution, as many as races.reason says,
// or, at -1, in all of them: as long as those events stay, so does the answer,
// whatever comes behind them.
func (d *dpor) weakInitial(g, alt int32, acc []access, reach footprint) int {
	r := &d.races
	if k := r.first(g); k >= 0 {
		p := &r.v[k]
		if r.reason = p.event + 1; p.event < 0 && !r.same {
			r.reason = -1 // what comes later may depend on it where it is now, not where it was
		}
		if p.alt != alt || !d.initial(k) {
			return notInitial
		}
		return k
	}
	for k := len(r.v) - 1; k >= 0 && r.reach.meets(reach); k-- {
		if p := &r.v[k]; !p.gone && p.reach.meets(reach) && dependent(acc, d.stepAccesses(p)) {
			r.reason = p.event + 1
			return notInitial
		}
	}
	r.reason = -1
	return independent
}

// initial reports whether nothing that is left of v happens before its k-th
// step. All that an event of v comes after, behind the event in whose place v
// comes, is in v.
func (d *dpor) initial(k int) bool {
	r := &d.races
	t := d.trace
	p := &r.v[k]
	if p.event >= 0 {
		last := t.events[p.event].last
		if first := last < r.from; first || !r.thinned {
			return first
		}
		if m := r.first(t.events[last].g); m >= 0 && m < k && r.v[m].event <= last {
			return false
		}
		return d.follows(p.event, k)
	}
	for m := k - 1; m >= 0; m-- {
		if q := &r.v[m]; !q.gone && (q.g == p.g || q.reach.meets(p.reach) && dependent(d.stepAccesses(q), d.stepAccesses(p))) {
			return false
		}
	}
	return true
}

// follows reports whether nothing that is left of v, before its k-th step, happens
// before event e: of each goroutine, the first step tells.
func (d *dpor) follows(e int32, k int) bool {
	r := &d.races
	t := d.trace
	clock := t.clock(e)
	for g := range min(len(r.spots), len(clock)) {
		if clock[g] == 0 {
			continue
		}
		if m := r.first(int32(g)); m >= 0 && m < k && r.v[m].event >= 0 && t.events[r.v[m].event].index <= clock[g] {
			return false
		}
	}
	return true
}
