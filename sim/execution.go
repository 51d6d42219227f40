package sim

import (
	"fmt"
	"math/bits"
	"time"
	"unsafe"

	"github.com/interleave-go/interleave/internal/object"
)

// A United object had the identity From until it turned out to be To.
type United struct{ Object, From, To int32 }

// An Execution is one run of a program: its events so far and the state that
// they led to. It belongs to its Runner, which reuses it: what it holds is
// valid until the next Run.
type Execution struct {
	runner *Runner
	opt    Options
	run    uint32 // which execution of the runner: the stamp of its objects
	detail bool

	world    object.World
	events   []Event
	parts    []object.Part
	gs       []*G // by goroutine; those of earlier executions are absent
	names    []*string
	insides  []inside // by object
	watch    []watchers
	yielding []*G

	straight  bool // see RunStraight
	free      bool // see RunFree
	held      []int32
	again     int    // the first events may be those of the execution before: see repeatable
	expected  *Event // the one of those that was picked
	repeated  int    // so many of them were
	enabled   Set
	unsettled []*G // spawned, first operation not yet announced
	started   int  // so many of them, at least, have announced it meanwhile
	settling  bool
	running   *G
	next      *G
	chosen    Choice
	clock     *clock
	ticked    int32 // events that had taken place when the clock last moved between two
	alive     int
	locations int32
	fresh     int // goroutines whose order of paths is not that of their numbers
	spawned   int
	highest   int32         // the largest number of a goroutine that is present
	elapsed   time.Duration // by the costs of steps, under CostTime
	charged   int           // steps whose cost has been counted

	over    bool
	wrong   string // what the scheduler did that it must not
	Outcome Outcome
	// Failure says what ended an execution that Panicked, Failed or was Misused.
	Failure Failure
	// Failures are all that failed, the first one first: more than one only when
	// the others ran on. See Options.RunOn.
	Failures []Failure
	// Divergence says where a replay left the recorded schedule.
	Divergence string
	// Merged is set when two identities turned out to be one object: what was
	// concluded before does not hold.
	Merged bool
	// United are the objects that got a new identity in this execution, which
	// then turned out to be one that was known: no other execution was told the
	// new one.
	United []United
	// Renamed is set with Merged when the Runner has to Forget the identities.
	Renamed bool
	hashing bool
	// pointers are what was read or written and points: see G.pointed.
	pointers map[unsafe.Pointer]uint64

	notes      []Note
	marks      []Mark
	operations []Operation
	details    []detail // by step, when details are kept
	told       teller   // of the values in them
	invariants []*invariant
	due        []*invariant
	firing     *timer
	alts       []int32
	failures   []Failure // misuses that the program recovered from
	contexts   []*Context
}

// Events is the log.
func (x *Execution) Events() []Event { return x.events }

// Parts returns the accesses of an event: see [object.Part].
func (x *Execution) Parts(e *Event) []object.Part {
	return x.parts[e.parts : e.parts+e.nparts]
}

// Time is the policy by which virtual time moves.
func (x *Execution) Time() Time { return x.opt.Time }

// World is the state of all objects after the last event.
func (x *Execution) World() *object.World { return &x.world }

// Steps is the number of events so far.
func (x *Execution) Steps() int { return len(x.events) }

// Over reports whether the execution has ended.
func (x *Execution) Over() bool { return x.over }

// Enabled is the set of goroutines whose pending operation can take place now.
// It is the execution's own: look, do not keep.
func (x *Execution) Enabled() Set { return x.enabled }

// Running is the goroutine of the last event, or -1 before the first.
func (x *Execution) Running() int32 {
	if len(x.events) == 0 {
		return -1
	}
	return x.events[len(x.events)-1].Call.G
}

// Goroutines is one more than the largest number of a goroutine. Numbers are
// the same in every execution of a Runner: see [Runner].
func (x *Execution) Goroutines() int { return len(x.gs) }

// Alive reports whether g was spawned in this execution and has not ended.
func (x *Execution) Alive(g int32) bool {
	return x.exists(g) && (x.clock == nil || x.gs[g] != x.clock.g)
}

// Pends is Alive, true of the clock as well: its pending operation is to fire,
// whether a timer is armed or not.
func (x *Execution) Pends(g int32) bool { return x.exists(g) }

// NobodyPends reports that no goroutine has a pending operation, not even the clock, if
// it can tell that at a glance.
func (x *Execution) NobodyPends() bool { return x.alive == 0 && x.clock == nil }

func (x *Execution) exists(g int32) bool {
	s := x.gs[g].state
	return s == announced || s == unstarted
}

// Spawned reports whether g exists in this execution.
func (x *Execution) Spawned(g int32) bool { return x.gs[g].state != absent }

// Unstarted is a goroutine that has not said what it wants to do, or -1. Its
// pending operation is Start, and it counts as enabled, though it may turn out to be
// blocked. A scheduler meets such ones only under Options.Lazy.
func (x *Execution) Unstarted() int32 {
	for ; x.started < len(x.unsettled); x.started++ {
		if g := x.unsettled[x.started]; g.state == unstarted {
			return g.id
		}
	}
	return -1
}

// Pending returns what goroutine g waits to do. Its Op is Start as long as it
// has not announced anything.
func (x *Execution) Pending(g int32) *object.Call {
	return &x.gs[g].call
}

// GoroutineName returns the name of goroutine g, or its path where it has none.
func (x *Execution) GoroutineName(g int32) string { return x.gs[g].Name() }

// Path returns the place of goroutine g in the tree of spawns, such as main/2/1.
func (x *Execution) Path(g int32) string { return x.gs[g].path }

// Parent returns the goroutine that spawned g and the event that did, or -1.
func (x *Execution) Parent(g int32) (parent, event int32) { return x.gs[g].parent, x.gs[g].bornAt }

// ObjectName returns the name of an object: its own, or its kind and number.
func (x *Execution) ObjectName(obj int32) string {
	switch {
	case obj == object.NoObject:
		return "nil"
	case obj < 0:
		return x.GoroutineName(^obj)
	case x.names[obj] != nil && *x.names[obj] != "":
		return *x.names[obj]
	}
	if name := x.calledAfter(obj); name != "" {
		return name
	}
	return fmt.Sprintf("%v#%d", x.world.Objects[obj].Kind, x.world.Objects[obj].ID)
}

// Named reports whether an object has a name of its own.
func (x *Execution) Named(obj int32) bool {
	return obj >= 0 && x.names[obj] != nil && *x.names[obj] != ""
}

// Recovered are the misuses that the program recovered from.
func (x *Execution) Recovered() []Failure { return x.failures }

// RunStraight has the running goroutine go on, without the scheduler being asked,
// as long as what it does is to spawn, to end, or to join a goroutine that has
// ended: nothing that others do can depend on when that comes. Of each goroutine,
// so many events as held says are left to the scheduler all the same. It holds until
// the end of the execution, and does nothing under CostTime, where each step is
// charged.
func (x *Execution) RunStraight(held []int32) { x.straight, x.held = x.opt.Time != CostTime, held }

// RunFree is RunStraight for all steps but those that have alternatives: who goes on is
// as [Execution.GoesOn] says.
func (x *Execution) RunFree(held []int32) {
	x.RunStraight(held)
	x.free = x.straight
}

// GoesOn is the goroutine that goes on where it does not matter who does: the running
// one, or else the first one that does not just join another, which can wait.
func (x *Execution) GoesOn() int32 {
	if r := x.Running(); r >= 0 && x.enabled.Has(r) {
		return r
	}
	if x.fresh > 0 {
		return x.goesOnByPath()
	}
	for i, w := range x.enabled {
		for ; w != 0; w &= w - 1 {
			if g := int32(i<<6 + bits.TrailingZeros64(w)); x.gs[g].call.Op != object.Join {
				return g
			}
		}
	}
	return x.enabled.After(-1)
}

// goesOnByPath is GoesOn where no goroutine goes on, and the order of paths is not that
// of numbers.
func (x *Execution) goesOnByPath() int32 {
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		if x.gs[g].call.Op != object.Join {
			return g
		}
	}
	return x.NextByPath(-1)
}

// First returns the goroutine that a scheduler without a mind would run: the
// running one if it is enabled, else the first in the order of paths.
func (x *Execution) First() int32 {
	if r := x.Running(); r >= 0 && x.enabled.Has(r) {
		return r
	}
	return x.NextByPath(-1)
}

// NextByPath returns the enabled goroutine that follows g in the order of
// paths, or -1; g = -1 starts.
func (x *Execution) NextByPath(g int32) int32 {
	if x.fresh == 0 {
		return x.enabled.After(g)
	}
	best := int32(-1)
	for h := x.enabled.After(-1); h >= 0; h = x.enabled.After(h) {
		if (g < 0 || x.runner.before(g, h)) && (best < 0 || x.runner.before(h, best)) {
			best = h
		}
	}
	return best
}

// Alternatives appends the alternatives of goroutine g's pending operation.
func (x *Execution) Alternatives(g int32, alts []int32) []int32 {
	return x.alternatives(x.gs[g], alts)
}

// FirstAlternative returns the first alternative of an enabled goroutine.
func (x *Execution) FirstAlternative(g int32) int32 {
	c := &x.gs[g].call
	if !c.Op.Chooses() {
		return 0
	}
	x.alts = x.Alternatives(g, x.alts[:0])
	return x.alts[0]
}

func (x *Execution) alternatives(g *G, alts []int32) []int32 {
	if g.call.Op == object.Yield {
		return append(alts, 0)
	}
	return object.Alternatives(&x.world, &g.call, alts)
}

// Preview appends the parts that goroutine g's pending operation would have if
// it took place now, or, when it is disabled, the accesses that decide when it
// can.
func (x *Execution) Preview(g, alt int32, parts []object.Part) []object.Part {
	first := len(parts)
	h := x.gs[g]
	if (h.call.Op == object.Select || h.call.Op == object.SelectParked) && !x.enabled.Has(g) {
		alt = object.CaseDefault
	}
	parts, _ = object.Resolve(&x.world, &h.call, alt, parts)
	if h.call.Op == object.Yield {
		parts = x.yieldParts(h, parts)
	}
	if len(x.invariants) > 0 {
		parts = x.watchedWrites(parts, first)
	}
	return parts
}
