package kernels_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/kernels"
)

// processTestTasks lists what the tests' worker processes do.
func processTestTasks() []kernels.Task {
	return []kernels.Task{
		{Name: "square", Run: square},
		{Name: "fail", Run: func(*kernels.Worker) error { return errors.New("on purpose") }},
		{Name: "exit 7", Run: func(*kernels.Worker) error { os.Exit(7); return nil }},
		{Name: "panic", Run: func(*kernels.Worker) error { panic("on purpose") }},
		{Name: "wait", Run: waitForever},
		{Name: "hold lock", Run: holdLock},
		{Name: "half a result", Run: sendHalf},
	}
}

func square(w *kernels.Worker) error {
	var numbers []int
	if err := w.Decode(&numbers); err != nil {
		return err
	}
	for _, n := range numbers {
		if err := w.Send(n * n); err != nil {
			return err
		}
	}
	return nil
}

func waitForever(w *kernels.Worker) error {
	if err := w.Send("here"); err != nil {
		return err
	}
	select {}
}

func holdLock(w *kernels.Worker) error {
	if err := w.Memory.Lock(3).Lock(); err != nil {
		return err
	}
	w.Memory.Value(0).Store(int64(os.Getpid()))
	return waitForever(w)
}

func sendHalf(*kernels.Worker) error {
	_, err := os.NewFile(3, "results").WriteString(`"half a str`)
	return err
}

func start(t *testing.T, spawn kernels.Spawn) *kernels.Process {
	t.Helper()
	p, err := kernels.Start(spawn)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func newMemory(t *testing.T, words int) *kernels.Memory {
	t.Helper()
	m, err := kernels.NewMemory(words)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

func ExampleStart() {
	// The task "square" is in the list that TestMain gives to WorkerMain.
	p, err := kernels.Start(kernels.Spawn{Task: "square", Argument: []int{2, 3}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for {
		var n int
		if err := p.Receive(&n); err != nil {
			fmt.Println(err)
			break
		}
		fmt.Println(n)
	}
	fmt.Println(p.Join())
	// Output:
	// 4
	// 9
	// EOF
	// exit status 0
}

// A process's end is told as it was: its status, a failure's, a panic's.
func TestExit(t *testing.T) {
	t.Parallel()
	tests := []struct {
		task, want, stderr string
	}{
		{"fail", "exit status 1", "worker process: task fail: on purpose\n"},
		{"exit 7", "exit status 7", ""},
		{"panic", "exit status 2", "panic: on purpose"},
		{"no such task", "exit status 1", "worker process: no task \"no such task\"\n"},
	}
	for _, test := range tests {
		var stderr strings.Builder
		p := start(t, kernels.Spawn{Task: test.task, Stderr: &stderr})
		if exit := p.Join(); exit.String() != test.want || exit.Clean() || p.Running() {
			t.Errorf("%s: %v, running %v, want %s", test.task, exit, p.Running(), test.want)
		}
		if !strings.HasPrefix(stderr.String(), test.stderr) {
			t.Errorf("%s: stderr %q, want %q", test.task, &stderr, test.stderr)
		}
	}
}

// A process that would never end can be killed, also twice, and joined, also
// twice; a join with a context gives up when that ends.
func TestKill(t *testing.T) {
	t.Parallel()
	p := start(t, kernels.Spawn{Task: "wait"})
	var word string
	if err := p.Receive(&word); err != nil || word != "here" || !p.Running() {
		t.Errorf("received %q, %v, running %v", word, err, p.Running())
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.JoinUntil(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("join: error %v, want context canceled", err)
	}
	for range 2 {
		if err := p.Kill(); err != nil {
			t.Error(err)
		}
		if exit := p.Join(); exit.Signal != "killed" || exit.Code != -1 {
			t.Errorf("exit %+v, want killed", exit)
		}
	}
}

// A result that the process died amid is not taken for one.
func TestHalfAResult(t *testing.T) {
	t.Parallel()
	p := start(t, kernels.Spawn{Task: "half a result"})
	var word string
	if err := p.Receive(&word); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("received %q, %v, want %v", word, err, io.ErrUnexpectedEOF)
	}
	p.Join()
}

// The kernel frees the lock of a process that was killed while it held it, and
// what the process wrote is there.
func TestLockOfTheDead(t *testing.T) {
	t.Parallel()
	memory := newMemory(t, 1)
	lock := memory.Lock(3)
	for range 20 {
		p := start(t, kernels.Spawn{Task: "hold lock", Memory: memory})
		var word string
		if err := p.Receive(&word); err != nil {
			t.Fatal(err)
		}
		if err := p.Kill(); err != nil {
			t.Fatal(err)
		}
		// The lock may still be held here: taking it waits for the death.
		if err := lock.Do(func() {
			if holder := memory.Value(0).Load(); holder != int64(p.ID()) {
				t.Errorf("the region says %d, want %d", holder, p.ID())
			}
		}); err != nil {
			t.Fatal(err)
		}
		p.Join()
	}
}

// Locks of different numbers do not exclude each other; goroutines that use one
// lock do.
func TestLockWithinAProcess(t *testing.T) {
	t.Parallel()
	memory := newMemory(t, 1)
	first, second := memory.Lock(0), memory.Lock(1)
	counter := 0
	done := make(chan error)
	for range 8 {
		go func() {
			var err error
			for range 100 {
				err = errors.Join(err, first.Do(func() { counter++ }))
			}
			done <- err
		}()
	}
	if err := second.Do(func() {
		for range 8 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	}); err != nil {
		t.Error(err)
	}
	if counter != 800 {
		t.Errorf("counted %d, want 800", counter)
	}
}

// A region without words is refused.
func TestNoMemory(t *testing.T) {
	t.Parallel()
	if _, err := kernels.NewMemory(0); err == nil {
		t.Error("a region of 0 words was made")
	}
}

// Where nothing waits, joining before draining works; with more messages than
// the queue holds it cannot.
func TestJoinBeforeDrain(t *testing.T) {
	t.Parallel()
	few, err := kernels.JoinBeforeDrain(3, time.Minute)
	if err != nil || !few.JoinedBefore || few.Received != 3 {
		t.Errorf("3 messages: %+v, %v", few, err)
	}
	many, err := kernels.JoinBeforeDrain(1000, 50*time.Millisecond)
	if err != nil || many.JoinedBefore || many.Received != 1000 || !many.Exit.Clean() {
		t.Errorf("1000 messages: %+v, %v", many, err)
	}
}
