package killed_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/interleave-go/interleave/internal/killed"
)

func TestMain(m *testing.M) {
	killed.Main(child)
	os.Exit(m.Run())
}

// child saves one thing after the other, and says at its end how many it saved.
func child(dir string) (string, error) {
	if dir == "" {
		return "", errors.New("no directory")
	}
	save := killed.Save(func(data []byte) error {
		return os.WriteFile(filepath.Join(dir, string(data)), data, 0o600)
	})
	for i := range 3 {
		if err := save(fmt.Append(nil, i)); err != nil {
			return "", err
		}
	}
	return "3 saved", nil
}

func saved(t *testing.T, dir string) int {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

// A process that is killed after some lines may have gone on a little, but it does
// not come to its end unless it was allowed to; one that is not killed before has its
// result.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	if last, text := killed.Run(t, dir, 1); last != killed.Writing && last != "" || text != "" {
		t.Errorf("after one line: last line %q, result %q", last, text)
	}
	dir = t.TempDir()
	if _, text := killed.Run(t, dir, 3); text != "" {
		t.Errorf("after three lines: result %q", text)
	}
	if n := saved(t, dir); n == 0 {
		t.Error("nothing is saved, though a line says that one thing is")
	}
	dir = t.TempDir()
	if _, text := killed.Run(t, dir, 1000); text != "3 saved" {
		t.Errorf("without an end before its own: result %q", text)
	}
	if n := saved(t, dir); n != 3 {
		t.Errorf("%d things are saved, not 3", n)
	}
}
