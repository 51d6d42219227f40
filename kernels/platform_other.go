//go:build !linux && !darwin

package kernels

import "os"

const isSupported = false

func newSharedFile() (*os.File, error) { return nil, ErrUnsupported }

func mapFile(*os.File, int) ([]byte, error) { return nil, ErrUnsupported }

func unmapFile([]byte) error { return ErrUnsupported }

func lockByte(*os.File, int64) error { return ErrUnsupported }

func unlockByte(*os.File, int64) error { return ErrUnsupported }
