package atomicfile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/interleave-go/interleave/internal/atomicfile"
)

func Example() {
	folder, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "result")
	file, err := atomicfile.Create(path) // an error here costs no work
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Abort()
	fmt.Fprintln(file, "all of it")
	_, err = os.Stat(path)
	fmt.Println("before the commit:", os.IsNotExist(err))
	fmt.Println("commit:", file.Commit())
	// Output:
	// before the commit: true
	// commit: <nil>
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// The old file stays until the new one is whole, and an aborted file leaves
// nothing behind.
func TestOldOrNew(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "result")
	if err := atomicfile.Write(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	for _, commit := range []bool{false, true} {
		f, err := atomicfile.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte("new")); err != nil {
			t.Fatal(err)
		}
		if got := read(t, path); got != "old" {
			t.Errorf("before the commit: %q", got)
		}
		if commit {
			if err := f.Commit(); err != nil {
				t.Fatal(err)
			}
		}
		f.Abort()
	}
	if got := read(t, path); got != "new" {
		t.Errorf("after the commit: %q", got)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

// A file that cannot be written is an error at once, which names the file that
// was asked for.
func TestCannotBeWritten(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "no", "folder", "x")
	_, err := atomicfile.Create(missing)
	if want := "write " + missing + ": no such file or directory"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	if _, err := atomicfile.Create(t.TempDir()); err == nil {
		t.Error("a folder was accepted")
	}
}
