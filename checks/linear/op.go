package linear

import "fmt"

// A Verb is what an operation of a ready model does.
type Verb string

// The verbs, by model. What the result holds stands behind them.
const (
	Increment      Verb = "increment" // Counter
	Add            Verb = "add"       // Counter; Value: the sum
	Value          Verb = "value"     // Counter; Value
	Read           Verb = "read"      // Register; Value
	Write          Verb = "write"     // Register
	Swap           Verb = "swap"      // Register; Value: the one before
	CompareAndSwap Verb = "cas"       // Register, Old is compared with; OK
	Push           Verb = "push"      // Stack
	Pop            Verb = "pop"       // Stack; Value and OK, not OK when empty
	Enqueue        Verb = "enqueue"   // Queue, waits while it is full
	Offer          Verb = "offer"     // Queue; OK, not OK when full
	Dequeue        Verb = "dequeue"   // Queue; Value and OK, not OK when empty
	Take           Verb = "take"      // Queue, waits while it is empty; Value and OK
	Insert         Verb = "insert"    // Set; OK: it is new
	Remove         Verb = "remove"    // Set; OK: it was there
	Contains       Verb = "contains"  // Set; OK
	Put            Verb = "put"       // Map
	Get            Verb = "get"       // Map; Value and OK, not OK when there is none
	GetOrPut       Verb = "getOrPut"  // Map; Value and OK, OK when it was there
	Delete         Verb = "delete"    // Map
	Lock           Verb = "lock"      // Mutex, waits while it is locked
	TryLock        Verb = "tryLock"   // Mutex; OK
	Unlock         Verb = "unlock"    // Mutex
	Acquire        Verb = "acquire"   // Semaphore, waits until so many are free
	TryAcquire     Verb = "tryAcquire"
	Release        Verb = "release"
)

// An Op is an operation of a ready model: an input.
type Op[T any] struct {
	Do    Verb
	Value T
	Old   T // of CompareAndSwap
}

// String is the operation as a call.
func (o Op[T]) String() string {
	switch o.Do {
	case Increment, Value, Read, Pop, Dequeue, Take, Lock, TryLock, Unlock:
		return fmt.Sprintf("%s()", o.Do)
	case CompareAndSwap:
		return fmt.Sprintf("%s(%v, %v)", o.Do, o.Old, o.Value)
	}
	return fmt.Sprintf("%s(%v)", o.Do, o.Value)
}

// Result is what came out of the operation, in words; empty when nothing does.
func (o Op[T]) Result(output any) string {
	out, _ := output.(Result[T])
	return resultOf(o.Do, out)
}

// A Result is what comes out of an Op: the fields that its Verb does not speak
// of are zero.
type Result[T any] struct {
	Value T
	OK    bool
}

// describeOp is an operation as a call, with its result.
func describeOp[T any](in Op[T], out Result[T]) string {
	return in.String() + equals(in.Do, out)
}

// equals is the result of a verb, behind an equals sign; nothing where it has
// none.
func equals[T any](do Verb, out Result[T]) string {
	if text := resultOf(do, out); text != "" {
		return " = " + text
	}
	return ""
}

// resultOf is the result of a verb in words, empty where it has none.
func resultOf[T any](do Verb, out Result[T]) string {
	switch do {
	case Add, Value, Read, Swap:
		return fmt.Sprint(out.Value)
	case Pop, Dequeue, Take, Get:
		if !out.OK {
			return "nothing"
		}
		return fmt.Sprint(out.Value)
	case GetOrPut:
		if out.OK {
			return fmt.Sprintf("%v, there before", out.Value)
		}
		return fmt.Sprintf("%v, new", out.Value)
	case CompareAndSwap, Offer, Insert, Remove, Contains, TryLock, TryAcquire:
		return fmt.Sprint(out.OK)
	}
	return ""
}

// unknownVerb answers an operation that a model does not have.
func unknownVerb(model string, do Verb) string {
	return fmt.Sprintf("linear: the model %q has no operation %q", model, do)
}
