package object

import "fmt"

// Ready reports whether at least one alternative of the call can take place.
// O(1) but for Select and Fire, which look at each case and each timer.
func Ready(w *World, c *Call) bool {
	switch c.Op {
	case Join, Lock, Await, RGranted, WLock, WDrained, WaitReturn, OnceEnter, Acquire, Granted,
		Pass, LatchWait, Send, Receive:
		return readyOn(w.At(c.Obj), c)
	case Resume:
		return resumes(w, c)
	case SelectParked, SleepEnd:
		return woken(w, c.G, c.Arg)
	case CondWake:
		return woken(w, c.G, c.Aux) && (c.Arg < 0 || w.At(c.Arg).State[0] == 0)
	case Select:
		return selectReady(w, c)
	case Fire:
		return nextDeadline(w) >= 0
	default:
		return true
	}
}

// Blocking reports whether a call of this kind can be disabled at all.
func (op Op) Blocking() bool { return blocking[op] }

var blocking = [opCount]bool{Join: true, Lock: true, Await: true, RGranted: true, WLock: true,
	WDrained: true, WaitReturn: true, OnceEnter: true, Acquire: true, Granted: true, Pass: true,
	LatchWait: true, Send: true, Receive: true, Resume: true, SleepEnd: true, CondWake: true,
	Select: true, SelectParked: true, Fire: true, Yield: true}

func readyOn(o *Object, c *Call) bool {
	s := o.State
	switch c.Op {
	case Join:
		return s[0] != 0
	case Await:
		return o.Values.Holds(s[0], c.Arg)
	case Lock, WLock:
		return s[0] == 0
	case RGranted:
		return s[rwUnlocks] > c.Arg
	case WDrained:
		return s[rwDrain] == 0
	case WaitReturn:
		return s[2] > c.Arg
	case OnceEnter:
		return s[0] != onceRunning
	case Acquire:
		return semaphoreReady(o, c.Arg)
	case Granted:
		return s[semGranted] > c.Arg
	case Pass:
		return s[1] > c.Arg
	case LatchWait:
		return s[0] >= o.Limit
	case Send:
		return o.Kind == Rendezvous || s[chanClosed] != 0 || s[chanSent]-s[chanReceived] < o.Limit
	default: // Receive
		return o.Kind == Rendezvous || s[chanClosed] != 0 || s[chanSent] > s[chanReceived]
	}
}

// woken reports whether goroutine g has been woken as often as ticket says.
func woken(w *World, g, ticket int32) bool { return w.Goroutines[g].State[1] >= ticket }

// Alternatives appends the ways in which the call can take place: a case of a
// Select (or one of the Case… constants), the goroutine that a Signal wakes, a
// value of Choose, a timer of Fire, otherwise 0. None are appended when the
// call is disabled.
func Alternatives(w *World, c *Call, alts []int32) []int32 {
	switch c.Op {
	case Choose:
		for i := range max(c.Arg, 1) {
			alts = append(alts, i)
		}
		return alts
	case Signal:
		if waiting := w.At(c.Obj).State; len(waiting) > 0 {
			return append(alts, waiting...)
		}
		return append(alts, CondNobody)
	case Select:
		return selectAlternatives(w, c, alts)
	case Fire:
		return fireAlternatives(w, alts)
	case PoolGet:
		if w.At(c.Obj).State[0] > 0 {
			alts = append(alts, PoolTake)
		}
		return append(alts, PoolMiss)
	}
	if Ready(w, c) {
		alts = append(alts, 0)
	}
	return alts
}

// Resolve appends the parts of the call's alternative in the present state,
// the access that names the operation first. A call that is a misuse has parts
// too: the accesses that say what its fault depends on.
func Resolve(w *World, c *Call, alt int32, parts []Part) ([]Part, Fault) {
	if Mutant != Start && c.Op == Mutant || MutantReads != Start && c.Op == MutantReads {
		return mutate(w, c, alt, parts)
	}
	return resolve(w, c, alt, parts)
}

// resolve tells the most frequent calls apart before it calls what has room for all
// of them.
func resolve(w *World, c *Call, alt int32, parts []Part) ([]Part, Fault) {
	switch c.Op {
	case Load, Store, Modify:
		return resolveMemory(c, parts), NoFault
	case End:
		return one(parts, ^c.G, SetEnded, Write), NoFault
	case Join:
		return one(parts, c.Obj, Nothing, Read), NoFault
	case Spawn:
		return parts, NoFault
	}
	from := len(parts)
	parts, fault := resolveRare(w, c, alt, parts)
	if fault != NoFault {
		for i := range parts[from:] {
			parts[from+i].Effect = Nothing // what it would have changed before the fault showed
		}
	}
	return parts, fault
}

func resolveMemory(c *Call, parts []Part) []Part {
	if c.Op == Load || c.Op == Await {
		return one(parts, c.Obj, Nothing, Read)
	}
	return one(parts, c.Obj, SetVersion, Write)
}

// one appends a part without operands, a word at a time, as it will be read: a literal
// would be made elsewhere and copied by larger pieces, for which a processor waits.
func one(parts []Part, obj int32, e Effect, m Mode) []Part {
	n := len(parts)
	if n == cap(parts) {
		parts = append(parts, Part{})
	}
	parts = parts[:n+1]
	p := &parts[n]
	p.Obj, p.Sub, p.Arg, p.Aux, p.Effect, p.Mode = obj, 0, 0, 0, e, m
	return parts
}

// mutate is Resolve for an operation whose writes are taken for reads, or whose
// reads are left out.
func mutate(w *World, c *Call, alt int32, parts []Part) ([]Part, Fault) {
	from := len(parts)
	parts, fault := resolve(w, c, alt, parts)
	for i := range parts[from:] {
		switch p := &parts[from+i]; {
		case c.Op == Mutant:
			p.Mode = min(p.Mode, Read)
		case p.Mode == Read:
			p.Mode = None
		}
	}
	return parts, fault
}

func resolveRare(w *World, c *Call, alt int32, parts []Part) ([]Part, Fault) {
	switch c.Op {
	case Start, Yield, Choose:
		return parts, NoFault
	case Await:
		return resolveMemory(c, parts), NoFault
	case CompareAndSwap:
		return append(parts, compareAndSwap(w.At(c.Obj), c)), NoFault
	case UnlockBoth:
		return unlockBoth(w, c, parts)
	case Lock, TryLock, Unlock:
		return resolveMutex(w.At(c.Obj).State, c, parts)
	case RLock, RGranted, TryRLock, RUnlock, WLock, WAnnounce, WDrained, TryWLock, WUnlock:
		return resolveRWMutex(w.At(c.Obj).State, c, parts)
	case CondWait, CondWake, Signal, Broadcast:
		return resolveCond(w, c, alt, parts)
	case Add, Wait, WaitReturn:
		return resolveWaitGroup(w.At(c.Obj).State, c, parts)
	case OnceEnter, OnceDone:
		return append(parts, once(w.At(c.Obj).State, c)), NoFault
	case Acquire, Granted, TryAcquire, Release:
		return resolveSemaphore(w.At(c.Obj), c, parts)
	case Arrive, Pass, CountDown, LatchWait:
		return append(parts, gate(c)), NoFault
	case Send, Receive, CloseChan, Len, Resume, Select, SelectParked:
		return resolveChannel(w, c, alt, parts)
	case Now, Arm, Disarm, Fire, SleepEnd:
		return resolveTime(w, c, alt, parts), NoFault
	case Cancel, CtxRead:
		return resolveContext(w, c, parts), NoFault
	case PoolGet, PoolPut:
		return append(parts, resolvePool(c, alt)), NoFault
	case Invoke, Respond:
		return append(parts, resolveHistory(c)), NoFault
	}
	panic(fmt.Sprintf("object: resolve: unknown operation %d", c.Op))
}

// Apply changes the object's state as the part says.
func Apply(o *Object, p Part) {
	s := o.State
	switch p.Effect {
	case Nothing:
	case SetEnded:
		s[0] = 1
	case Wake:
		s[1] = p.Arg
	case SetVersion:
		s[0]++
	case Take, ClockSet:
		s[0] = p.Arg
	case Free, TimerOff:
		s[0] = 0
	case ReaderIn, ReaderQueued, ReaderOut, WriterIn, WriterAnnounced, WriterOut, WriterTry:
		o.State = applyRWMutex(s, p)
	case CondAdd, CondRemove, CondClear:
		o.State = applyCond(s, p)
	case Count, Enqueue:
		applyWaitGroup(s, p)
	case OnceBegin:
		s[0] = onceRunning
	case OnceEnd:
		s[0] = onceDone
	case SemTake, SemQueue, SemGive:
		o.State = applySemaphore(o, p)
	case BarrierIn:
		applyBarrier(o)
	case LatchDown:
		s[0] = min(s[0]+p.Arg, o.Limit)
	case ChanSend:
		s[chanSent]++
	case ChanReceive:
		s[chanReceived]++
	case ChanClose, OfferSend, OfferReceive, ArriveSend, ArriveReceive, Withdraw:
		o.State = applyChannel(o, p)
	case TimerArm:
		s[0], s[1] = 1, p.Arg
	case CtxCancel:
		s[0] = 1
	case PoolIn:
		s[0]++
	case PoolOut:
		s[0]--
	default:
		panic(fmt.Sprintf("object: apply: unknown effect %d", p.Effect))
	}
}

// Dependent reports whether the order of two parts matters, both resolved in
// the present state of the world. It is [Conflict] of one location, but for two
// Adds to a WaitGroup: decrements matter that together would take its counter
// below zero, and those of opposite sign do not if it stays above. Of two
// events that followed each other Conflict tells too: the second decrement would
// have been a fault, which writes.
func Dependent(w *World, a, b Part) bool {
	if a.Obj != b.Obj || a.Sub != b.Sub {
		return false
	}
	if a.Mode > Write && b.Mode > Write && a.Effect == Count {
		counter := w.At(a.Obj).State[0]
		return a.Mode == Minus && b.Mode == Minus && counter+a.Arg+b.Arg < 0 ||
			a.Mode != b.Mode && counter+min(a.Arg, b.Arg) <= 0
	}
	return Conflict(a.Mode, b.Mode)
}

// Tries reports whether a call of this kind is an attempt to take something, which
// can fail.
func (op Op) Tries() bool {
	return op == TryLock || op == TryRLock || op == TryWLock || op == TryAcquire
}

// Chooses reports whether a call of this kind can have several alternatives.
func (op Op) Chooses() bool {
	return op == Choose || op == Signal || op == Select || op == Fire || op == PoolGet
}
