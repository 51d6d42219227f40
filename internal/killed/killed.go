// Package killed runs a part of a test in a process of its own, which the test
// kills: to see that what it left behind can be gone on from.
package killed

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const (
	variable = "INTERLEAVE_TEST_CHILD"
	result   = "result "
)

// Main is the TestMain of a package whose tests call [Run]: in a process that Run
// has started it runs child and never returns.
func Main(child func(argument string) (result string, err error)) {
	argument, ok := os.LookupEnv(variable)
	if !ok {
		return
	}
	text, err := child(argument)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	fmt.Println(result + text)
	os.Exit(0)
}

// Save returns a function that writes by write, and a line on standard output
// before and after, so that a test can kill the process in between.
func Save(write func(data []byte) error) func(data []byte) error {
	return func(data []byte) error {
		fmt.Println(Writing)
		defer fmt.Println("written")
		return write(data)
	}
}

// Writing is the line that a process writes before it saves.
const Writing = "write"

// Run starts the test's binary as a child with an argument, and kills it after so
// many lines of its output. It returns the last of them, and the child's result
// if it came to its end before.
func Run(t testing.TB, argument string, lines int) (last, text string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0])
	c.Env = append(os.Environ(), variable+"="+argument)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	in := bufio.NewScanner(out)
	in.Buffer(nil, 1<<24)
	ended := false
	for n := 0; n < lines && in.Scan(); n++ {
		last = in.Text()
		if r, ok := strings.CutPrefix(last, result); ok {
			text, ended = r, true
		}
	}
	if err := c.Process.Kill(); err != nil && !ended {
		t.Fatal(err)
	}
	if err := c.Wait(); err == nil && !ended {
		last = "" // it ended before the signal came, and its result was not read
	}
	return last, text
}
