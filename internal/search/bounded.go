package search

import (
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// bounded explores every trace that has an execution within a budget, those
// that spend least first. It goes through all schedules, level by level of what
// they spend, and leaves one as soon as what it has come to, the prefix of a
// trace, has been come to before at no higher price: the cache of
// happens-before prefixes of Musuvathi, Qadeer, Ball, Basler, Nainar and
// Neamtiu, OSDI 2008. Where sleep sets and races would lose traces at a bound,
// that loses none. Without the cache (under DFS) it explores every schedule.
type bounded struct {
	opt     Options
	budget  Budget
	trace   *trace
	levels  [][]branch // what is to be tried, by what it spends
	spent   int        // of the present execution
	paid    int        // by the last one that was not seen before
	path    []place    // all steps ever taken, each with the one before it
	at      int32      // the present step in path, or -1
	prefix  []sim.Choice
	way     []int32 // the steps of the present execution, in path
	sums    []mark  // of the prefixes of the present execution
	last    []int32
	seen    map[mark]int32 // prefixes: their first arrival
	arrived []arrival
	ends    map[mark]bool
	alts    []int32
	again   bool // the execution that has just ended was seen before
	over    bool // something was left out because it spends too much
	crowded bool // seen is full
	max     int
}

// A branch is a choice that is to be made after a step of path.
type branch struct {
	after  int32
	choice sim.Choice
}

// A place is a step on the way somewhere.
type place struct {
	before int32
	choice sim.Choice
}

// A mark tells the prefixes of traces apart: 128 bits of hash.
type mark [2]uint64

// An arrival is a way to a prefix of a trace: who ran last, or nobody, and what
// was spent.
type arrival struct{ last, spent, next int32 }

// arrivalsMax bounds the arrivals that are remembered, some 50 bytes each.
const arrivalsMax = 1 << 24

func newBounded(opt Options) *bounded {
	b := &bounded{opt: opt, budget: opt.Budget, max: arrivalsMax}
	if b.budget.Cost == "" {
		b.budget = Budget{Cost: Preemptions, Max: -1}
	}
	b.restart()
	return b
}

func (b *bounded) restart() {
	loc := &locator{relation: b.opt.Relation}
	if b.trace != nil {
		loc.uses = b.trace.loc.uses
	}
	b.trace = newTrace(loc)
	b.levels, b.path, b.way, b.spent = nil, b.path[:0], b.way[:0], 0
	b.sums, b.last, b.arrived = b.sums[:0], b.last[:0], b.arrived[:0]
	if b.opt.Strategy != DFS {
		b.seen, b.ends = map[mark]int32{}, map[mark]bool{}
	}
	b.over, b.at, b.paid = false, -1, 0
	b.push(0, branch{after: -1, choice: sim.Stop})
}

// push plans a branch that spends so much in all.
func (b *bounded) push(spent int, br branch) {
	if b.budget.Max >= 0 && spent > b.budget.Max {
		b.over = true
		return
	}
	for spent >= len(b.levels) {
		b.levels = append(b.levels, nil)
	}
	b.levels[spent] = append(b.levels[spent], br)
}

// prepare takes the branch that was planned last, of those that spend least.
func (b *bounded) prepare() (sim.Options, bool) {
	for b.spent < len(b.levels) && len(b.levels[b.spent]) == 0 {
		b.spent++
	}
	if b.spent >= len(b.levels) || b.crowded {
		return sim.Options{}, false
	}
	level := &b.levels[b.spent]
	br := (*level)[len(*level)-1]
	*level = (*level)[:len(*level)-1]
	b.again = false
	b.enter(br)
	return sim.Options{Scheduler: b, Prefix: b.prefix}, true
}

// enter goes to a branch, and keeps what is known of the way that it has in
// common with the execution before.
func (b *bounded) enter(br branch) {
	before := len(b.way)
	b.prefix = b.prefix[:0]
	if b.at = br.after; br.choice != sim.Stop {
		b.step(br.choice)
	}
	b.way = b.way[:before]
	for i := b.at; i >= 0; i = b.path[i].before {
		b.prefix, b.way = append(b.prefix, b.path[i].choice), append(b.way, i)
	}
	slices.Reverse(b.prefix)
	slices.Reverse(b.way[before:])
	common := 0
	for common < min(before, len(b.prefix)) && b.way[common] == b.way[before+common] {
		common++
	}
	b.way = slices.Delete(b.way, 0, before)
	common = min(common, len(b.sums), len(b.trace.events))
	b.trace.truncate(common)
	b.trace.bound = false
	b.sums, b.last = b.sums[:common], b.last[:common]
}

// step adds a step to the present path.
func (b *bounded) step(c sim.Choice) {
	b.path = append(b.path, place{b.at, c})
	b.at = int32(len(b.path) - 1)
	b.way = append(b.way, b.at)
}

// Pick implements sim.Scheduler: it takes what costs nothing, and plans the
// rest for later.
func (b *bounded) Pick(x *sim.Execution) sim.Choice {
	sum, last := b.follow(x)
	p := prices{cost: b.budget.Cost, x: x, last: last}
	if b.visited(sum, &p) || b.crowded {
		return sim.Stop
	}
	picked := sim.Stop
	from := len(b.levels[b.spent])
	running := p.running()
	if running != nobody {
		b.offer(&p, running, &picked)
	}
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		if g != running {
			b.offer(&p, g, &picked)
		}
	}
	slices.Reverse(b.levels[b.spent][from:])
	if picked != sim.Stop {
		b.step(picked)
	}
	return picked
}

// offer takes a goroutine's first alternative if nothing is picked and it costs
// nothing, and plans the others.
func (b *bounded) offer(p *prices, g int32, picked *sim.Choice) {
	price := p.next(g)
	b.alts = append(b.alts[:0], 0)
	if p.x.Pending(g).Op.Chooses() {
		b.alts = p.x.Alternatives(g, b.alts[:0])
	}
	for _, alt := range b.alts {
		c := sim.Choice{G: g, Alt: alt}
		if *picked == sim.Stop && price == 0 {
			*picked = c
			continue
		}
		b.push(b.spent+price, branch{b.at, c})
	}
}

// visited reports whether the prefix of a trace, and who ran last in it, was
// come to before at no higher price; else it remembers it. Whoever has come
// there with a preemption less can switch to any goroutine for that, and so can
// who came there when nobody could go on.
func (b *bounded) visited(sum mark, p *prices) bool {
	if b.seen == nil {
		return false
	}
	now := arrival{last: p.running(), spent: int32(b.spent), next: -1}
	first, known := b.seen[sum]
	if known {
		for i := first; i >= 0; i = b.arrived[i].next {
			before := &b.arrived[i]
			if before.last == now.last || p.cost == Preemptions && (before.last == nobody || i == first && before.spent < now.spent) {
				return true
			}
		}
		now.next = b.arrived[first].next
		b.arrived[first].next = int32(len(b.arrived))
	} else {
		b.seen[sum] = int32(len(b.arrived))
	}
	b.arrived = append(b.arrived, now)
	b.crowded = len(b.arrived) >= b.max
	return false
}

// follow takes in the events that have taken place, and returns the mark of
// their trace and the goroutine that ran last.
func (b *bounded) follow(x *sim.Execution) (mark, int32) {
	b.trace.follow(x, x.Steps())
	var sum mark
	last := int32(-1)
	if n := len(b.sums); n > 0 {
		sum, last = b.sums[n-1], b.last[n-1]
	}
	for i := len(b.sums); i < x.Steps(); i++ {
		e := &b.trace.events[i]
		h := b.trace.sumOf(int32(i))
		sum[0] += splitMix(h, 0)
		sum[1] += splitMix(h, 1)
		if e.op != object.Fire {
			last = e.g
		}
		b.sums, b.last = append(b.sums, sum), append(b.last, last)
	}
	return sum, last
}

// sumOf is the hash of event i and all that happens before it: its goroutine,
// its number there, its alternative and its clock.
func (t *trace) sumOf(i int32) uint64 {
	e := &t.events[i]
	h := splitMix(uint64(uint32(e.g)), uint64(e.index)<<32|uint64(uint32(e.alt)))
	for g, n := range t.clock(i) {
		if n > 0 {
			h ^= splitMix(uint64(g)*3+1, uint64(n))
		}
	}
	return h
}

func (b *bounded) learn(x *sim.Execution) error {
	if x.Outcome == sim.Diverged {
		return notDeterministic(x)
	}
	if x.Outcome == sim.Pruned {
		return nil
	}
	if b.ends != nil && x.Outcome.Complete() {
		sum, _ := b.follow(x)
		b.again = b.ends[sum]
		b.ends[sum] = true
	}
	if !b.again {
		b.paid = b.spent
	}
	return nil
}
