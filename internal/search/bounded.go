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
	path    []place    // all steps ever taken, each with the one before it
	at      int32      // the present step in path, or -1
	prefix  []sim.Choice
	sums    []mark // of the prefixes of the present execution
	last    []int32
	seen    map[mark]int32 // prefixes, with and without who ran last: what was spent on the way there first
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

// after is the mark of a prefix and the goroutine that ran last in it.
func (m mark) after(last int32) mark {
	return mark{splitMix(m[0], uint64(uint32(last))), m[1]}
}

// prefixesMax bounds the prefixes that are remembered, some 50 bytes each.
const prefixesMax = 1 << 24

func newBounded(opt Options) *bounded {
	b := &bounded{opt: opt, budget: opt.Budget, max: prefixesMax}
	if b.budget.Cost == "" {
		b.budget = Budget{Cost: Preemptions, Max: -1}
	}
	b.restart()
	return b
}

func (b *bounded) restart() {
	drains := int32(0)
	if b.trace != nil {
		drains = b.trace.loc.drains
	}
	b.trace = newTrace(&locator{relation: b.opt.Relation, drains: drains})
	b.levels, b.path, b.spent = nil, b.path[:0], 0
	if b.opt.Strategy != DFS {
		b.seen, b.ends = map[mark]int32{}, map[mark]bool{}
	}
	b.over, b.at = false, -1
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
	b.prefix, b.again = b.prefix[:0], false
	if b.at = br.after; br.choice != sim.Stop {
		b.prefix = append(b.prefix, br.choice)
		for i := br.after; i >= 0; i = b.path[i].before {
			b.prefix = append(b.prefix, b.path[i].choice)
		}
		slices.Reverse(b.prefix)
		b.step(br.choice)
	}
	b.trace.truncate(0)
	b.trace.bound = true
	b.sums, b.last = b.sums[:0], b.last[:0]
	return sim.Options{Scheduler: b, Prefix: b.prefix}, true
}

// step adds a step to the present path.
func (b *bounded) step(c sim.Choice) {
	b.path = append(b.path, place{b.at, c})
	b.at = int32(len(b.path) - 1)
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
// there with a preemption less can switch to any goroutine for that.
func (b *bounded) visited(sum mark, p *prices) bool {
	if b.seen == nil {
		return false
	}
	first, ok := b.seen[sum]
	if !ok {
		b.seen[sum] = int32(b.spent)
	} else if p.cost == Preemptions {
		if _, free := b.seen[sum.after(nobody)]; free || int(first) < b.spent {
			return true
		}
	}
	who := sum.after(p.running())
	if _, again := b.seen[who]; again {
		return true
	}
	b.seen[who] = int32(b.spent)
	b.crowded = len(b.seen) >= b.max
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
	if x.Outcome == sim.Pruned || !x.Outcome.Complete() {
		return nil
	}
	if b.ends != nil {
		sum, _ := b.follow(x)
		b.again = b.ends[sum]
		b.ends[sum] = true
	}
	return nil
}
