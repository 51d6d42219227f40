package kernels

import (
	"fmt"
	"os"
	"sync"
)

// Lock is a lock of the region. Locks with different numbers are different
// locks, in all processes. Every goroutine of a process that uses a lock must
// use the same *Lock.
func (m *Memory) Lock(number int) *Lock { return &Lock{file: m.file, number: int64(number)} }

// A Lock excludes processes, and goroutines within one, from each other. The
// kernel frees it when its holder dies, wherever that is: what the lock guards
// may then be half changed.
//
// It is a record lock on a byte of the region's file. Such locks belong to a
// process, so that inherited descriptors do not share them, unlike those of
// flock.
type Lock struct {
	file   *os.File
	number int64
	within sync.Mutex // among the goroutines of this process
}

// Lock waits until the lock is free and takes it. An error is the system's:
// a circle of processes that wait for each other, or no room for a lock.
func (l *Lock) Lock() error {
	l.within.Lock()
	if err := lockByte(l.file, l.number); err != nil {
		l.within.Unlock()
		return fmt.Errorf("lock %d: %w", l.number, err)
	}
	return nil
}

// Unlock gives the lock back.
func (l *Lock) Unlock() error {
	defer l.within.Unlock()
	if err := unlockByte(l.file, l.number); err != nil {
		return fmt.Errorf("unlock %d: %w", l.number, err)
	}
	return nil
}

// Do runs a critical section.
func (l *Lock) Do(section func()) error {
	if err := l.Lock(); err != nil {
		return err
	}
	section()
	return l.Unlock()
}
