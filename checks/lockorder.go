package checks

import (
	"slices"
	"strings"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// lockOrderJudge looks, in executions that went well too, for locks that are
// taken in orders that could deadlock: a cycle of goroutines, each of which
// asks for a lock that the next one held at another time (Havelund, Goodlock:
// SPIN 2000). Two of them that hold a common lock meanwhile, a gate, cannot
// wait for each other, nor can two that are ordered by other synchronization
// than locks; those cycles are left out.
//
// A reader counts as waiting for other readers, and for itself, where a third
// goroutine locks the lock for writing: a writer that waits keeps new readers out.
//
// Orders that no single execution shows together are put together in the end.
//
// A cycle is a prediction. When the exploration has ended, Explore tries to
// steer the program into it: see confirm. Only a cycle that was seen to deadlock
// is a finding; the others become notes.
//
// Locks are mutexes, read-write locks, and Onces while they run. Semaphores and
// channels that are used as locks are not looked at.
//
// Judge itself returns nothing. Linear in the length of an execution, unless it
// takes locks in an order that was not seen before.
type lockOrderJudge struct {
	held    [][]heldLock // by goroutine
	asks    []lockAsk
	gates   []heldLock // what goroutines held when they asked: see lockAsk
	writers []writer
	labels  lockLabels
	seen    map[askKey]*knownAsk
	order   []*knownAsk // those of seen
	wrote   map[writerKey]bool
	graph   LockGraph
	nodes   map[string]int // by label
	said    []string

	predictions []prediction
	predicted   map[string]bool
	impossible  map[string]bool // cycles that an execution shows to be ordered
}

// A writer is a goroutine that locks a RWMutex for writing, at which step.
type writer struct{ g, obj, step int32 }

// A writerKey is what is the same about a writer in every execution.
type writerKey struct{ g, lock string }

// A heldLock is a lock that a goroutine holds.
type heldLock struct {
	obj  int32
	step int32 // the event that took it
	read bool  // of a RWMutex
}

// A lockAsk is a goroutine that asks for a lock while it holds another one.
type lockAsk struct {
	g           int32
	from        heldLock
	to          heldLock // what it asked for, at which step
	gates, upTo int      // all that it held: gates[gates:upTo]
}

// An askKey is what is the same about an ask in every execution.
type askKey struct {
	g, from, to    string // a path, and names of locks
	fromRead, read bool
	gates          string
}

func newLockOrderJudge() *lockOrderJudge {
	return &lockOrderJudge{seen: map[askKey]*knownAsk{}, wrote: map[writerKey]bool{}, nodes: map[string]int{},
		predicted: map[string]bool{}, impossible: map[string]bool{}}
}

// Name implements Judge.
func (*lockOrderJudge) Name() string { return string(LockOrder) }

// Judge implements Judge.
func (j *lockOrderJudge) Judge(x *sim.Execution) []Finding {
	if !hasLocks(x) {
		return nil
	}
	j.begin(x)
	events := x.Events()
	for step := range events {
		if e := &events[step]; mayLock(e.Op()) {
			j.event(x, e, int32(step))
		}
	}
	if len(j.asks) > 0 {
		j.labels.read(x)
		if j.learn(x) {
			j.predict(x)
		}
	}
	return nil
}

func hasLocks(x *sim.Execution) bool {
	objects := x.World().Objects
	for i := range objects {
		if isLock(objects[i].Kind) {
			return true
		}
	}
	return false
}

func isLock(k object.Kind) bool {
	return k == object.Mutex || k == object.RWMutex || k == object.Once
}

func mayLock(op object.Op) bool {
	return op >= object.Lock && op <= object.CondWake || op == object.UnlockBoth || op == object.OnceEnter || op == object.OnceDone
}

func (j *lockOrderJudge) begin(x *sim.Execution) {
	j.asks, j.gates, j.writers = j.asks[:0], j.gates[:0], j.writers[:0]
	for len(j.held) < x.Goroutines() {
		j.held = append(j.held, nil)
	}
	for g := range j.held {
		j.held[g] = j.held[g][:0]
	}
}

// event books what an event takes and gives back.
func (j *lockOrderJudge) event(x *sim.Execution, e *sim.Event, step int32) {
	g := e.G()
	if e.Op() == object.RGranted {
		j.held[g] = append(j.held[g], heldLock{e.Call.Obj, step, true})
		return
	}
	for _, p := range x.Parts(e) {
		lock := heldLock{p.Obj, step, false}
		switch p.Effect {
		case object.ReaderIn, object.ReaderQueued:
			lock.read = true
			j.ask(e, lock)
			if p.Effect == object.ReaderIn {
				j.held[g] = append(j.held[g], lock)
			}
		case object.Take, object.WriterIn, object.WriterTry, object.OnceBegin:
			j.ask(e, lock)
			j.held[g] = append(j.held[g], lock)
			if p.Effect == object.WriterIn {
				j.writers = append(j.writers, writer{g, p.Obj, step})
			}
		case object.Free, object.WriterOut, object.OnceEnd:
			j.free(x, g, lock)
		case object.ReaderOut:
			lock.read = true
			j.free(x, p.Arg, lock)
		}
	}
}

// ask notes who asks for a lock while holding others. A try never waits.
func (j *lockOrderJudge) ask(e *sim.Event, lock heldLock) {
	g := e.G()
	switch e.Op() {
	case object.TryLock, object.TryRLock, object.TryWLock:
		return
	}
	if len(j.held[g]) == 0 {
		return
	}
	first := len(j.gates)
	j.gates = append(j.gates, j.held[g]...)
	for _, h := range j.held[g] {
		if h.obj != lock.obj || h.read && lock.read {
			j.asks = append(j.asks, lockAsk{g: g, from: h, to: lock, gates: first, upTo: len(j.gates)})
		}
	}
}

// free takes a lock from who holds it. Go lets anybody unlock a Mutex: that is
// a note.
func (j *lockOrderJudge) free(x *sim.Execution, g int32, lock heldLock) {
	same := func(h heldLock) bool { return h.obj == lock.obj && h.read == lock.read }
	if at := slices.IndexFunc(j.held[g], same); at >= 0 {
		j.held[g] = slices.Delete(j.held[g], at, at+1)
		return
	}
	for owner := range j.held {
		if at := slices.IndexFunc(j.held[owner], same); at >= 0 {
			j.held[owner] = slices.Delete(j.held[owner], at, at+1)
			j.note(x.GoroutineName(g) + " unlocks " + x.ObjectName(lock.obj) + ", which " +
				x.GoroutineName(int32(owner)) + " has locked: Go allows it, but whoever reads the code must know of it")
			return
		}
	}
}

// notesMax bounds the notes of one judge.
const notesMax = 20

func (j *lockOrderJudge) note(text string) {
	if len(j.said) < notesMax && !slices.Contains(j.said, text) {
		j.said = append(j.said, text)
	}
}

// A knownAsk is an ask as all executions have it, with the first of them.
type knownAsk struct {
	key   askKey
	name  string // of the goroutine
	held  []heldName
	edge  int // of the graph
	ask   lockAsk
	steps []search.Step
}

// A heldName is a lock that is held, by its label.
type heldName struct {
	lock string
	read bool
}

// knownMax bounds the asks whose executions are remembered.
const knownMax = 500

// learn adds the asks and writers of an execution to what is known; it reports
// whether one of them is new.
func (j *lockOrderJudge) learn(x *sim.Execution) bool {
	fresh := false
	for _, w := range j.writers {
		k := writerKey{x.Path(w.g), j.labels.of(x, w.obj)}
		fresh = fresh || !j.wrote[k]
		j.wrote[k] = true
	}
	var steps []search.Step
	for i := range j.asks {
		a := &j.asks[i]
		k := j.key(x, a)
		if j.seen[k] != nil {
			continue
		}
		fresh = true
		known := &knownAsk{key: k, name: x.GoroutineName(a.g), edge: j.draw(x, a), ask: *a}
		for _, h := range j.gates[a.gates:a.upTo] {
			known.held = append(known.held, heldName{j.labels.of(x, h.obj), h.read})
		}
		if j.seen[k] = known; len(j.order) < knownMax {
			if steps == nil {
				steps = search.Steps(x, x.Steps())
			}
			known.steps = steps
			j.order = append(j.order, known)
		}
	}
	return fresh
}

func (j *lockOrderJudge) key(x *sim.Execution, a *lockAsk) askKey {
	k := askKey{g: x.Path(a.g), from: j.labels.of(x, a.from.obj), to: j.labels.of(x, a.to.obj), fromRead: a.from.read, read: a.to.read}
	if a.upTo-a.gates > 1 {
		k.gates = strings.Join(j.gateNames(x, a), ",")
	}
	return k
}

// gateNames are the locks that a goroutine held besides when it asked, sorted.
func (j *lockOrderJudge) gateNames(x *sim.Execution, a *lockAsk) []string {
	var names []string
	for _, h := range j.gates[a.gates:a.upTo] {
		if h.obj != a.from.obj {
			names = append(names, j.labels.of(x, h.obj))
		}
	}
	slices.Sort(names)
	return names
}

// A prediction is a cycle of asks that was seen, but did not deadlock there.
type prediction struct {
	cycle      []*knownAsk
	apart      bool // no execution shows all of it
	goroutines []string
	locks      []string // by name, as findings have them
	text       string
}
