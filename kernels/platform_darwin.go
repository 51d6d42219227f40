package kernels

import (
	"errors"
	"os"
)

// newSharedFile is a temporary file that has lost its name.
func newSharedFile() (*os.File, error) {
	file, err := os.CreateTemp("", "interleave")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}
