package sim

import "github.com/interleave-go/interleave/internal/object"

// An Event is an operation that took place. Its step is its place in the log.
type Event struct {
	Call  object.Call // what the goroutine asked for
	Alt   int32       // the alternative that was taken
	Read  int32       // variables: the version before the event, otherwise -1
	Wrote int32       // variables: the version that it wrote, otherwise -1
	Child int32       // Spawn: the goroutine that was made, otherwise -1
	// Partner is the goroutine with which a send or a receive on an unbuffered
	// channel takes place: told at the arrival of the second of the two, and where one
	// of them resumes that was not woken. Otherwise it is -1.
	Partner int32
	before  int32 // the goroutine's event before this one, or -1
	parts   int32
	nparts  int32
	Fault   object.Fault // the misuse that it was
	// Quiescent is set when it could take place only because, when QuietAt events
	// had taken place, nothing else could.
	Quiescent bool
	QuietAt   int32 // -1 when that never was so while it waited
	closed    bool  // see isClosed
}

// G is the goroutine whose event it is.
func (e *Event) G() int32 { return e.Call.G }

// Op is the operation.
func (e *Event) Op() object.Op { return e.Call.Op }

// An Outcome is how an execution ended.
type Outcome uint8

// The outcomes.
const (
	Finished   Outcome = iota // every goroutine has ended
	Deadlocked                // main is blocked and nothing can run any more
	Leaked                    // main has returned, others are blocked for ever
	Panicked                  // a panic that nobody recovered
	Failed                    // an assertion or an invariant
	Misused                   // an object was used in a way that Go forbids
	OverSteps                 // the bound on steps was hit
	Diverged                  // a replay met another program: see Execution.Divergence
	Pruned                    // the scheduler ended it
	TooMany                   // the bound on goroutines was hit
)

var outcomeNames = [...]string{"finished", "deadlocked", "leaked", "panicked", "failed",
	"misused", "over-steps", "diverged", "pruned", "too-many-goroutines"}

func (o Outcome) String() string { return outcomeNames[o] }

// Complete reports whether the program itself came to an end, good or bad,
// rather than being cut.
func (o Outcome) Complete() bool { return o < OverSteps }

// A Failure is what ended an execution with outcome Panicked, Failed or
// Misused.
type Failure struct {
	G       int32        // the goroutine
	Message string       // one line
	Fault   object.Fault // of a misuse by a call on an object, if any
	Object  int32        // the object of a misuse, or [object.NoObject]
	Stack   []byte       // of a panic, only when the execution kept details
	Mend    string       // of a misuse: what to do about it
	At      int          // the number of events before it, the failing one included
	Outcome Outcome      // Panicked, Failed or Misused
	Site    Site         // where, only when the execution kept details
}

// A Note is a line that the program wrote into the log with Note or Label.
type Note struct {
	Step  int // the event before which it was written
	G     int32
	Text  string
	Label bool // written with Label
}

// A Site is the place in the program that asked for an event.
type Site struct {
	File string
	Line int
}
