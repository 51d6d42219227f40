package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// What is checked in is what the generator writes, but for the first line,
// which has the command in it.
func TestCheckedIn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"vector_amd64.s", "vector_amd64.go"} {
		flag := map[string]string{".s": "-out", ".go": "-stubs"}[filepath.Ext(name)]
		command := exec.Command("go", "run", ".", "-pkg", "pi", flag, filepath.Join(dir, name))
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		want, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join("..", "..", "..", "kernels", "pi", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(afterFirstLine(got), afterFirstLine(want)) {
			t.Errorf("%s is not what the generator writes", name)
		}
	}
}

func afterFirstLine(text []byte) []byte {
	_, rest, _ := bytes.Cut(text, []byte("\n"))
	return rest
}
