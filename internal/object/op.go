package object

// An Op is what a goroutine asks for.
type Op uint8

// The operations. Where an operation of Go is two events, both are here: the
// arrival and the return.
const (
	Start Op = iota // not an event: the goroutine has not yet announced its first operation
	Spawn
	End
	Join
	Yield
	Choose
	Load
	Store
	Modify         // add, and, or, swap
	CompareAndSwap // Arg: operand to compare with
	Await          // Arg: condition
	Lock
	TryLock
	Unlock
	RLock
	RGranted // Arg: ticket
	TryRLock
	RUnlock
	WLock // take the writers' mutex
	WAnnounce
	WDrained
	TryWLock
	WUnlock
	CondWait // Arg: the mutex, or -1
	CondWake // Arg: the mutex, or -1; Aux: which wake of this goroutine
	Signal
	Broadcast
	Add // Arg: delta
	Wait
	WaitReturn // Arg: ticket; Aux: Waited or 0
	OnceEnter
	OnceDone
	Acquire    // Arg: weight
	Granted    // Arg: ticket
	TryAcquire // Arg: weight
	Release    // Arg: weight
	Arrive
	Pass // Arg: ticket
	CountDown
	LatchWait
	Send
	Receive
	CloseChan
	Len
	Resume // of a parked send or receive; Arg: which wake of this goroutine, or its number there, as Aux says
	Select
	SelectParked // a select that a partner has completed; Arg: which wake of this goroutine
	Now
	Arm      // Arg: the deadline, an index into World.Times
	Disarm   // stop a timer
	Fire     // by the clock; alternative: the timer
	SleepEnd // Arg: which wake of this goroutine
	Cancel   // Aux: 0, or TellsWhether
	CtxRead
	PoolGet // alternatives: PoolTake, PoolMiss
	PoolPut
	Invoke     // an operation on an object under test is called
	Respond    // it returns
	UnlockBoth // Arg: the other mutex
	opCount
)

var opNames = [opCount]string{"start", "spawn", "end", "join", "yield", "choose", "load", "store",
	"modify", "compare-and-swap", "await", "lock", "try-lock", "unlock", "read-lock", "read-lock granted",
	"try-read-lock", "read-unlock", "lock", "announce writer", "readers drained", "try-lock", "unlock",
	"wait", "wake", "signal", "broadcast", "add", "wait", "wait returns", "once", "once done",
	"acquire", "granted", "try-acquire", "release", "arrive", "pass", "count down", "wait",
	"send", "receive", "close", "len", "resume", "select", "select returns", "now", "arm", "disarm", "fire",
	"sleep ends", "cancel", "context", "get", "put", "call", "return", "unlock"}

func (op Op) String() string { return opNames[op] }

// An Effect is how a part changes the state of its object.
type Effect uint8

// The effects.
const (
	Nothing         Effect = iota
	SetEnded               // Goroutine
	Wake                   // Goroutine: Arg is which wake
	SetVersion             // Cell: Arg
	Take                   // Mutex: Arg is the owner
	Free                   // Mutex
	ReaderIn               // RWMutex: Arg is the goroutine
	ReaderQueued           // RWMutex: Arg is the goroutine
	ReaderOut              // RWMutex: Arg is the goroutine whose lock it ends
	WriterIn               // RWMutex: Arg is the owner
	WriterAnnounced        // RWMutex
	WriterOut              // RWMutex
	WriterTry              // RWMutex: Arg is the owner
	CondAdd                // Cond: Arg is the goroutine
	CondRemove             // Cond: Arg is the goroutine
	CondClear              // Cond
	Count                  // WaitGroup: Arg is the delta
	Enqueue                // WaitGroup
	OnceBegin              // Once
	OnceEnd                // Once
	SemTake                // Semaphore: Arg is the weight
	SemQueue               // Semaphore: Arg is the weight
	SemGive                // Semaphore: Arg is the weight
	BarrierIn              // Barrier
	LatchDown              // Latch
	ChanSend               // Chan, Rendezvous
	ChanReceive            // Chan, Rendezvous
	ChanClose              // Chan, Rendezvous
	OfferSend              // Rendezvous, Chan: Arg is the goroutine, Aux where its cases start
	OfferReceive           // Rendezvous, Chan: the same
	ArriveSend             // Rendezvous: Arg is the goroutine
	ArriveReceive          // Rendezvous: the same
	Withdraw               // Rendezvous, Chan: Arg is the goroutine
	ClockSet               // Clock: Arg is an index into World.Times
	TimerArm               // Timer: Arg is an index into World.Times, Aux 1 if it was armed
	TimerOff               // Timer: Aux 1 if it was armed
	CtxCancel              // Context
	PoolIn                 // Pool
	PoolOut                // Pool
)
