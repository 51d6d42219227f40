package object

// A Kind is what an object is.
type Kind uint8

// The kinds of objects. The comment gives the layout of the state.
const (
	Goroutine  Kind = iota // ended, wakes
	Cell                   // version, the number of writes so far: a variable, atomic or plain
	Mutex                  // owner+1
	RWMutex                // owner+1 of the writers' mutex, announced, readers, to drain, queued, unlocks; then who reads, who queues
	Cond                   // waiting goroutines, in order of arrival
	WaitGroup              // counter, waiting, zeros: how often an Add has made it zero
	Once                   // idle, running or done
	Semaphore              // taken, tickets given out, tickets granted, weights of the queue
	Barrier                // arrived, trips
	Latch                  // counted down so far
	Chan                   // closed, received, sent, then an offer for each parked select (capacity at least 1, or nothing is sent: see CloseOnly)
	Rendezvous             // closed, received, sent, senders that are parked, then an offer for each who is (capacity 0)
	Clock                  // now: an index into World.Times
	Timer                  // armed, deadline: an index into World.Times
	Context                // cancelled
	Invariant              // nothing: a place for accesses
	Pool                   // items
	History                // nothing: a place for accesses
)

var kindNames = [...]string{"goroutine", "cell", "mutex", "rwmutex", "cond", "waitgroup",
	"once", "semaphore", "barrier", "latch", "chan", "chan", "clock", "timer", "context", "invariant", "pool", "history"}

func (k Kind) String() string { return kindNames[k] }

// stateSizes are the words that a fresh state has, all zero.
var stateSizes = [...]int{2, 1, 1, 6, 0, 3, 1, 3, 2, 1, 3, 4, 1, 2, 1, 0, 1, 0}

// StateSize returns the number of words of a fresh state, all of them zero.
func (k Kind) StateSize() int { return stateSizes[k] }

// An Object is one object in one state.
type Object struct {
	Kind  Kind
	Fair  bool    // a Semaphore that serves in order of arrival
	ID    int32   // the same in every execution: see sim
	Base  int32   // the number of its location 0 among all locations
	Plain bool    // a Cell that is accessed as ordinary memory, if perhaps not always
	Keyed bool    // a Cell that is a map: a write need not replace what was there
	Limit int32   // capacity of a Chan (0: see CloseOnly) or Semaphore, size of a Barrier, count of a Latch; of a Timer, 1 + the Chan that it sends to; of a nil channel NilLimit
	State []int32 // laid out as its Kind says
	// Values judges the versions of a Cell; nil unless there is a
	// compare-and-swap or an await on it.
	Values Values
}

// Values is the typed history of a Cell: versions, operands and conditions are
// indices into it.
type Values interface {
	// Equal reports whether a version holds the same value as an operand.
	Equal(version, operand int32) bool
	// Holds reports whether a condition is true of a version.
	Holds(version, condition int32) bool
	// Text is the value of a version as text.
	Text(version int32) string
	// Content is a number for the value of a version: the same for equal values,
	// and hardly ever for others. It is unknown, which false says, of values that
	// hold pointers.
	Content(version int32) (uint64, bool)
}

// NoObject is the object of a call that has none, and of a nil channel.
const NoObject = -1 << 31

// A World is all objects of an execution. Goroutines are objects as well:
// goroutine g is object ^g, all others count from 0. Cases is the arena into
// which calls of Select point, Timers ties timers to what their firing delivers,
// Times holds the moments, in nanoseconds since the start, to which clocks and
// timers point, and Contexts ties contexts to what their cancelling changes.
type World struct {
	Goroutines []Object
	Objects    []Object
	Cases      []Case
	Timers     []TimerLink
	Times      []int64
	Contexts   []ContextLink
}

// At returns the object of an index.
func (w *World) At(i int32) *Object {
	if i < 0 {
		return &w.Goroutines[^i]
	}
	return &w.Objects[i]
}

// Locations returns how many locations an object has: see [Part].
func (o *Object) Locations() int32 {
	switch o.Kind {
	case Goroutine, RWMutex:
		return 2
	case Chan:
		return chanSlot + o.Limit
	case Rendezvous:
		return chanSlot + meetSlots
	}
	return 1
}

// NilLimit is the Limit of a nil channel.
const NilLimit = -1

// Nil reports whether an object is the Rendezvous that stands for a nil channel:
// nobody else has it, so that whoever uses it waits for ever.
func (o *Object) Nil() bool { return o.Kind == Rendezvous && o.Limit == NilLimit }

// CloseOnly reports whether an object is a channel on which nothing is ever sent.
// It has the locations of an empty buffer.
func (o *Object) CloseOnly() bool { return o.Kind == Chan && o.Limit == 0 }

// A TimerLink ties a timer to what its firing does besides moving the clock. A
// timer that sends has the channel in its Limit.
type TimerLink struct {
	Timer   int32 // the object of kind Timer
	Wakes   int32 // the goroutine that sleeps, or -1
	Context int32 // the object of the context whose deadline it is, or NoObject
}

// A ContextLink ties a context to its parent and to the objects that its
// cancelling changes.
type ContextLink struct {
	Context int32 // the object of kind Context
	Parent  int32 // the parent's object, or NoObject
	Done    int32 // the object of its done channel
	Timer   int32 // the timer of its deadline, or NoObject
}

// A Mode is how a part accesses its location.
type Mode uint8

// Two accesses of one location conflict unless both have the same mode and
// that mode is not Write, or one is Calm and neither Read nor Write.
const (
	None  Mode = iota // no access
	Read              // sees the location
	Write             // changes it
	Plus              // a change that commutes with its like: Add(+n), a reader's arrival or departure, a call
	Minus             // a change that commutes with its like: Add(-n), a count-down, a return
	Calm              // a change that commutes with all but a Write: an Add to a high counter, which a search may find out
)

var modeNames = [...]string{"-", "R", "W", "+", "-", "±"}

func (m Mode) String() string { return modeNames[m] }

// Conflict reports whether the order of two accesses of one location matters.
func Conflict(a, b Mode) bool { return conflicts[a]>>b&1 != 0 }

// conflicts has a bit for each mode that conflicts with another one.
var conflicts = [...]uint8{
	Read:  1<<Write | 1<<Plus | 1<<Minus | 1<<Calm,
	Write: 1<<Read | 1<<Write | 1<<Plus | 1<<Minus | 1<<Calm,
	Plus:  1<<Read | 1<<Write | 1<<Minus,
	Minus: 1<<Read | 1<<Write | 1<<Plus,
	Calm:  1<<Read | 1<<Write,
}

// A Part is one deterministic change of one object, and the access that it
// makes: of location Sub of object Obj.
type Part struct {
	Obj, Sub int32
	Arg, Aux int32 // operands, by Effect
	Effect   Effect
	Mode     Mode
}

// A Call is an operation that a goroutine asks for.
type Call struct {
	G         int32 // the goroutine
	Obj       int32 // the object, or NoObject
	Arg, Aux  int32 // operands, by Op
	Cases     int32 // Select: its first case in World.Cases
	CaseCount int32
	Op        Op
	Default   bool // Select: has a default
}

// OfPlainMemory is the Aux of a Load or Store that is an ordinary access of
// memory, not an atomic one.
const OfPlainMemory = 1

// Plain reports whether a call is an ordinary access of a Cell.
func (c *Call) Plain() bool { return (c.Op == Load || c.Op == Store) && c.Aux == OfPlainMemory }

// A Fault is a misuse that a call turned out to be.
type Fault uint8

// The faults. Those that Go answers with a panic can be recovered from.
const (
	NoFault Fault = iota
	UnlockOfUnlocked
	RUnlockOfUnlocked
	NegativeCounter
	ReusedBeforeReturn
	SendOnClosed
	CloseOfClosed
	CloseOfNil
	ReleasedTooMuch
	UnlockInWait
	SendOnCloseOnly
)

var faultNames = [...]string{"", "unlock of unlocked mutex", "read-unlock of a lock that no reader holds",
	"negative WaitGroup counter", "WaitGroup is reused before previous Wait has returned",
	"send on closed channel", "close of closed channel", "close of nil channel",
	"semaphore: released more than held", "Cond.Wait with its mutex unlocked",
	"send on a channel that is CloseOnly"}

func (f Fault) String() string { return faultNames[f] }

// Recoverable reports whether Go panics at the fault, so that the program may
// recover, instead of ending the process.
func (f Fault) Recoverable() bool {
	return f != NoFault && f != UnlockOfUnlocked && f != RUnlockOfUnlocked && f != UnlockInWait
}
