package search

import (
	"maps"
	"slices"
	"testing"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// locus is a kind of object and one of its locations, those of slots as one.
type locus struct {
	kind object.Kind
	sub  int32
}

// note remembers how an operation accesses which kinds of objects.
func (w *witness) note(x *sim.Execution, op object.Op) {
	if w.accesses[op] == nil {
		w.accesses[op] = map[locus]uint8{}
	}
	for _, p := range w.parts {
		if p.Mode != object.None {
			w.accesses[op][locus{x.World().At(p.Obj).Kind, min(p.Sub, 2)}] |= 1 << p.Mode
		}
	}
}

// mayDepend reports whether two operations access objects of one kind in such a way
// that their order could matter. An end and a join, or a wake and what it lets go
// on, are never both possible, and two wakes of one goroutine meet where it waits.
func (w *witness) mayDepend(a, b object.Op) bool {
	for kind, modes := range w.accesses[a] {
		if kind.kind == object.Goroutine {
			continue
		}
		for p := object.Read; p <= object.Minus; p++ {
			for q := object.Read; q <= object.Minus; q++ {
				if modes>>p&1 != 0 && w.accesses[b][kind]>>q&1 != 0 && object.Conflict(p, q) {
					return true
				}
			}
		}
	}
	return false
}

// covered asserts that each couple of operations occurs often: independent, and
// dependent if it can be. Programs in which both are open are put together for
// those that are rare.
func covered(t *testing.T, w *witness) {
	const often, triesMax = 100, 20_000
	// Whatever looks at the clock depends on a timer that moves it.
	never := []couple{coupleOf(object.Now, object.Fire), coupleOf(object.Arm, object.Fire), coupleOf(object.Fire, object.Fire)}
	ops := slices.Sorted(maps.Keys(w.showing))
	for range 2 { // a program for one couple may show another one for the first time
		for i, a := range ops {
			for _, b := range ops[:i+1] {
				w.held = coupleOf(a, b)
				for try := 0; w.independent[w.held] < often && try < triesMax && !slices.Contains(never, w.held); try++ {
					together(t, w, try%2 == 0, w.one(w.showing[a]), w.one(w.showing[b]))
				}
				for try := 0; len(w.coupling[w.held]) > 0 && w.dependent[w.held] < often && try < triesMax; try++ {
					together(t, w, false, w.one(w.coupling[w.held]))
				}
			}
		}
	}
	for op := object.Spawn; op <= object.UnlockBoth; op++ {
		if !slices.Contains(ops, op) {
			t.Errorf("%d, %v, never was open", op, op)
		}
	}
	possible := 0
	for i, a := range ops {
		for _, b := range ops[:i+1] {
			c := coupleOf(a, b)
			if n := w.independent[c]; n < often && !slices.Contains(never, c) {
				t.Errorf("%v and %v were independent %d times", a, b, n)
			}
			n := w.dependent[c]
			switch {
			case !w.mayDepend(a, b) || neverDependent[c] != "":
				if n > 0 && neverDependent[c] != seldom {
					t.Errorf("%d, %v, and %d, %v, were dependent %d times, which they never should be", a, a, b, b, n)
				}
				continue
			case n < often && (a == object.Yield || b == object.Yield):
				continue // it depends on what was read before, of which the programs have little
			}
			if possible++; n < often {
				t.Errorf("%d, %v, and %d, %v, were dependent %d times", a, a, b, b, n)
			}
		}
	}
	t.Logf("%d kinds of operations, %d couples, %d of them can be dependent", len(ops), len(w.independent), possible)
}

// neverDependent says of operations on one kind of object why no two of them
// that can take place now depend on each other.
var neverDependent = map[couple]string{
	coupleOf(object.TryRLock, object.TryRLock):   "both find the lock announced, or neither",
	coupleOf(object.WLock, object.WUnlock):       "one needs the writers' mutex free, the other one taken",
	coupleOf(object.WAnnounce, object.WAnnounce): "only who has the writers' mutex announces itself",
	coupleOf(object.OnceEnter, object.OnceDone):  "nobody enters as long as somebody is inside",
	coupleOf(object.OnceDone, object.OnceDone):   "only one is inside",
	coupleOf(object.Granted, object.TryAcquire):  "the programs try to acquire from the semaphore that keeps no order",
	coupleOf(object.Fire, object.Fire):           "there is one clock",
	coupleOf(object.Arm, object.Send):            seldom,
	coupleOf(object.Arm, object.CloseChan):       seldom,
	coupleOf(object.Arm, object.Len):             noSender,
	coupleOf(object.Disarm, object.Send):         seldom,
	coupleOf(object.Disarm, object.CloseChan):    seldom,
	coupleOf(object.Disarm, object.Len):          noSender,
	coupleOf(object.Fire, object.Len):            noSender,
	coupleOf(object.Cancel, object.Send):         closedOnce,
	coupleOf(object.Cancel, object.Receive):      closedOnce,
	coupleOf(object.Cancel, object.CloseChan):    closedOnce,
	coupleOf(object.Cancel, object.Len):          closedOnce,
	coupleOf(object.Resume, object.Send):         farApart,
	coupleOf(object.Resume, object.Receive):      farApart,
	coupleOf(object.Resume, object.CloseChan):    farApart,
	coupleOf(object.Resume, object.Select):       farApart,
	coupleOf(object.Cancel, object.Disarm):       "the timer of a context is stopped by nobody else",
}

const (
	noSender   = "the programs do not ask for the length of a timer's channel"
	seldom     = "the programs seldom have a select that waits for a timer, to be met elsewhere just then"
	farApart   = "of those who share a slot of an unbuffered channel eight have to wait at once, or the one lets the other go on"
	closedOnce = "a channel that tells of a cancelling is closed by that alone, and nothing can be received before"
)

// together runs programs at once, on the same objects if they share them.
func together(t *testing.T, w *witness, share bool, crowds ...[]generated) {
	programs := slices.Concat(crowds...)
	if share {
		programs = []generated{slices.Concat(programs...)}
	}
	if !witnessed(t, w, programs...) {
		t.Fatalf("%v", programs)
	}
}

// one picks one of several.
func (w *witness) one(of [][]generated) []generated { return of[w.rng.IntN(len(of))] }
