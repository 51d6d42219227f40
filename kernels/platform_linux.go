package kernels

import (
	"os"

	"golang.org/x/sys/unix"
)

// newSharedFile is a file that never had a name.
func newSharedFile() (*os.File, error) {
	descriptor, err := unix.MemfdCreate("interleave", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(descriptor), "shared memory"), nil
}
