//go:build linux || darwin

package kernels

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

const isSupported = true

func mapFile(file *os.File, size int) ([]byte, error) {
	return unix.Mmap(int(file.Fd()), 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
}

func unmapFile(data []byte) error { return unix.Munmap(data) }

func lockByte(file *os.File, at int64) error {
	return setLock(file, unix.Flock_t{Type: unix.F_WRLCK, Start: at, Len: 1})
}

func unlockByte(file *os.File, at int64) error {
	return setLock(file, unix.Flock_t{Type: unix.F_UNLCK, Start: at, Len: 1})
}

// setLock waits as long as another process has the lock. Go's own signals, by
// which it interrupts goroutines, can end the wait early.
func setLock(file *os.File, lock unix.Flock_t) error {
	for {
		err := unix.FcntlFlock(file.Fd(), unix.F_SETLKW, &lock)
		if !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}
