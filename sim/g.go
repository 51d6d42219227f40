package sim

import (
	"fmt"
	"time"

	"github.com/interleave-go/interleave/internal/object"
)

// A G is the handle of a simulated goroutine: every operation takes the handle
// of the goroutine that asks for it. It is valid in that goroutine only.
type G struct {
	id   int32
	path string
	name string

	x        *Execution
	co       *coroutine // on which its body runs, or nil
	body     func(*G)
	call     object.Call // the pending operation
	state    gstate
	spawned  int32   // children so far
	parks    int32   // waits so far that end with a wake
	touched  int32   // distinct objects that it has touched
	seen     Set     // those objects
	history  uint64  // a hash of what it did and saw, where names need it
	events   int32   // so far
	last     int32   // its last event, or -1
	yielded  int32   // its last Yield, or -1
	retries  int     // operations asked for while unwinding
	at       int     // place in its object's list of watchers, or -1
	watches  bool    // it is among those who wait for what its pending operation depends on
	passed   bool    // its Yield may pass though nothing that it read has changed
	quietAt  int32   // the number of events when that was granted, or -1
	matched  int32   // the case that its partner completed
	partner  int32   // whom it met last on an unbuffered channel, or nobody
	site     uintptr // where the pending operation was asked for, with details
	parent   int32
	watching *invariant    // the handle of an invariant's predicate
	delay    time.Duration // of the arming that is pending
	sleeper  *timer        // the one of its sleeps, or nil
	timers   int32         // timers that it has made
	watchers watchers      // of those who wait for it to end or to be woken
	bornAt   int32         // the event that spawned it, or -1
	parked   []withdrawer
}

// A withdrawer is a channel on which a select waits.
type withdrawer interface{ withdraw(g *G) }

// gstate is where a goroutine is between two of its operations.
type gstate uint8

const (
	absent    gstate = iota // not spawned in this execution
	unstarted               // spawned, its first operation not yet known
	announced               // waiting to be picked for its pending operation
	ended
	halted // it failed, and the others run on
)

// stepsWhileUnwinding is how often a body may catch the unwinding panic and
// ask for another operation before it is ended by Goexit.
const stepsWhileUnwinding = 4

// Name returns the name that the goroutine was given, or its path.
func (g *G) Name() string {
	if g.name != "" {
		return g.name
	}
	return g.path
}

// ask announces an operation on an object and returns once it has taken place.
func (g *G) ask(op object.Op, obj, arg, aux int32) *Event {
	g.call.Op, g.call.Obj, g.call.Arg, g.call.Aux = op, obj, arg, aux
	return g.step()
}

// step is the door through which every operation goes: announce, wait to be
// picked, take place. It does not return when the execution is over.
func (g *G) step() *Event {
	x := g.x
	if x.detail {
		g.site = callSite()
	}
	if x.again > 0 {
		if e := x.stepAgain(g); e != nil {
			return e
		}
	}
	var e *Event
	switch {
	case x.goesStraight(g):
		e = x.performStraight(g)
	case x.await(g):
		e = x.perform(g)
	default:
		g.unwind()
	}
	if x.over || g.state == halted {
		g.unwind()
	}
	return e
}

// check answers the ways in which a handle can be misplaced. It is called at
// the start of every operation.
func (g *G) check() {
	if x := g.x; x == nil || x.running != g || x.over || g.watching != nil {
		g.misplaced()
	}
}

// misplaced is check where something is wrong.
func (g *G) misplaced() {
	x := g.x
	if g.watching != nil {
		g.refuse(object.NoObject)
	}
	if x == nil {
		panic("sim: the zero G is not a goroutine: use the handle that the body is given")
	}
	if x.over || g.state == halted {
		g.unwind()
	}
	user := x.running
	x.fail(Misused, Failure{G: user.id, Object: object.NoObject,
		Message: fmt.Sprintf("the handle of %s is used inside %s", g.Name(), user.Name()),
		Mend:    "use the handle that the goroutine's own func is given"})
	user.unwind()
}

// unwind leaves the body of a goroutine whose execution is over.
func (g *G) unwind() {
	g.retries++
	if g.retries > stepsWhileUnwinding {
		exitCoroutine()
	}
	panic(unwinding{})
}

// end announces and performs the goroutine's last event. When the execution
// ends before that, it just returns.
func (g *G) end() {
	g.call.Op, g.call.Obj = object.End, ^g.id
	x := g.x
	if x.again == 0 || x.stepAgain(g) == nil {
		switch {
		case x.goesStraight(g):
			x.performStraight(g)
		case x.await(g):
			x.perform(g)
		default:
			return
		}
	}
	g.state = ended
	x.alive--
	x.enabled.remove(g.id)
	if !x.over {
		x.schedule(nil)
	}
}

// resume runs g, and what its coroutine goes on with, until that pauses or ends.
func (g *G) resume() {
	co := g.co
	if co == nil {
		co = g.x.runner.coroutine()
		co.g, g.co = g, co
	}
	g.x.running = g
	co.resumed = true
	co.resume()
	co.resumed = false
}

// pause switches to whoever resumed g; it reports whether the execution goes on
// when g is resumed again.
func (g *G) pause() bool {
	g.co.yield(struct{}{})
	return !g.x.over
}
