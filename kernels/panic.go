package kernels

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// ErrGoexit is the error of a job that called runtime.Goexit, as testing's
// FailNow does.
var ErrGoexit = errors.New("kernels: the job called runtime.Goexit")

// A PanicError is a panic of a job or a callback, made an error.
type PanicError struct {
	Value any    // what panic was called with
	Stack []byte // the stack of the goroutine that panicked, as debug.Stack writes it
}

// Error is one line: the stack is left to who wants it.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap is the value when it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// panicked is the error for what recover gave in a deferred call of a function
// that did not return. It must be called from that deferred call, while the
// panic's frames are still on the stack.
func panicked(value any) error {
	if value == nil { // panic(nil) gives a *runtime.PanicNilError
		return ErrGoexit
	}
	return &PanicError{Value: value, Stack: debug.Stack()}
}

// protect runs f and gives the error for its panic. When f calls
// runtime.Goexit, protect does not return either, so the error goes to a
// function.
func protect(f func(), report func(error)) {
	returned := false
	defer func() {
		if !returned {
			report(panicked(recover()))
		}
	}()
	f()
	returned = true
}
