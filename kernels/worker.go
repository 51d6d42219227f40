package kernels

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
)

// The descriptors that a worker process begins with. Standard input is the
// lifeline: it ends when the parent does.
const (
	resultsDescriptor = 3
	memoryDescriptor  = 4
)

// The exit statuses of a worker process.
const (
	exitTaskFailed = 1
	exitNoParent   = 3
)

// A Task is what a worker process can be asked to do.
type Task struct {
	Name string
	Run  func(*Worker) error
}

// A Worker is a worker process seen from inside.
type Worker struct {
	Memory   *Memory // nil when none was shared
	argument []byte
	results  *json.Encoder
}

// WorkerMain must be the first line of main, and of TestMain, of a program that
// starts worker processes. In a worker process it runs the task and does not
// return; elsewhere it does nothing. The tasks are those of this package's
// lessons and those given.
func WorkerMain(tasks ...Task) {
	if len(os.Args) != 4 || os.Args[0] != workerName {
		return
	}
	go exitWithParent()
	if err := work(os.Args[1:], slices.Concat(lessonTasks(), tasks)); err != nil {
		fmt.Fprintf(os.Stderr, "worker process: %v\n", err)
		os.Exit(exitTaskFailed)
	}
	os.Exit(0)
}

// exitWithParent ends the process when its parent has gone, however that went.
func exitWithParent() {
	// Nothing is ever written to the lifeline, so that this returns at its end.
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(exitNoParent)
}

func work(arguments []string, tasks []Task) error {
	name := arguments[0]
	at := slices.IndexFunc(tasks, func(t Task) bool { return t.Name == name })
	if at < 0 {
		return fmt.Errorf("no task %q", name)
	}
	words, err := strconv.Atoi(arguments[2])
	if err != nil {
		return fmt.Errorf("task %s: size of the memory: %w", name, err)
	}
	worker := &Worker{
		argument: []byte(arguments[1]),
		results:  json.NewEncoder(os.NewFile(resultsDescriptor, "results")),
	}
	if words > 0 {
		worker.Memory, err = mapMemory(os.NewFile(memoryDescriptor, "shared memory"), words)
		if err != nil {
			return fmt.Errorf("task %s: %w", name, err)
		}
	}
	if err := tasks[at].Run(worker); err != nil {
		return fmt.Errorf("task %s: %w", name, err)
	}
	return nil
}

// Decode reads the argument that the process was started with.
func (w *Worker) Decode(argument any) error {
	if err := json.Unmarshal(w.argument, argument); err != nil {
		return fmt.Errorf("argument: %w", err)
	}
	return nil
}

// Send puts a result into the queue. It waits while the queue is full.
func (w *Worker) Send(result any) error {
	if err := w.results.Encode(result); err != nil {
		return fmt.Errorf("send a result: %w", err)
	}
	return nil
}
