// Package atomicfile writes a file that is there whole or not at all.
//
// [Create] shows at once whether the file can be written, before the work
// whose result it will hold. Nothing stands under the file's name until
// [File.Commit].
package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// A File is a file being written. It must be ended by Commit or Abort.
type File struct {
	path string
	temp *os.File
}

// Create opens a temporary file beside path.
func Create(path string) (*File, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("write %s: not a regular file", path)
	}
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", path, cause(err))
	}
	return &File{path: path, temp: temp}, nil
}

// cause leaves out the name of the temporary file, which says nothing to who
// asked for another one.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// Write writes to the temporary file.
func (f *File) Write(data []byte) (int, error) {
	n, err := f.temp.Write(data)
	if err != nil {
		return n, fmt.Errorf("write %s: %w", f.path, cause(err))
	}
	return n, nil
}

// Commit puts the file under its name, after its data is on the disk. On an
// error nothing has changed there, and the temporary file is removed.
func (f *File) Commit() error {
	err := f.temp.Chmod(0o644)
	if err == nil {
		err = f.temp.Sync()
	}
	err = errors.Join(err, f.temp.Close())
	if err == nil {
		err = os.Rename(f.temp.Name(), f.path)
	}
	if err != nil {
		// The first error is the one to tell.
		_ = os.Remove(f.temp.Name())
		return fmt.Errorf("write %s: %w", f.path, err)
	}
	return nil
}

// Abort removes the temporary file. After Commit it does nothing.
func (f *File) Abort() {
	// The file is not wanted, so that it cannot be closed is no loss either.
	if f.temp.Close() == nil {
		_ = os.Remove(f.temp.Name())
	}
}

// Write writes a whole file at once.
func Write(path string, data []byte) error {
	f, err := Create(path)
	if err != nil {
		return err
	}
	defer f.Abort()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Commit()
}
