package kernels

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
)

// workerName is the first argument of a worker process, by which WorkerMain
// knows one. It is not the name of a program.
const workerName = "interleave worker process"

// A Spawn says what a worker process is to do.
type Spawn struct {
	Task     string    // the name in the list of tasks that WorkerMain was given
	Argument any       // written as JSON; the worker reads it with Worker.Decode
	Memory   *Memory   // shared with the process; may be nil
	Stderr   io.Writer // nil discards what the process writes there
}

// A Process is a worker process: this program, started again. It shares no
// memory with its parent but the one it was given.
//
// Results that a process sends go into a pipe that holds a few pages. A process
// that sends more waits until they are received: so receive until io.EOF, and
// join after that. Joining first can wait for ever.
type Process struct {
	command  *exec.Cmd
	results  *os.File
	decoder  *json.Decoder
	lifeline *os.File // the process ends when this is closed
	ended    chan struct{}
	exit     Exit
}

// An Exit is how a process ended.
type Exit struct {
	Code   int    // of a process that ended by itself; otherwise -1
	Signal string // that ended the process, or ""
}

// Clean reports whether the process did all that it was to do.
func (e Exit) Clean() bool { return e.Code == 0 && e.Signal == "" }

func (e Exit) String() string {
	if e.Signal != "" {
		return e.Signal
	}
	return fmt.Sprintf("exit status %d", e.Code)
}

// Start starts a worker process. Whoever starts one must join it.
func Start(spawn Spawn) (*Process, error) {
	command, err := spawn.command()
	if err != nil {
		return nil, fmt.Errorf("start a worker process for task %s: %w", spawn.Task, err)
	}
	p, err := start(command, spawn.Memory)
	if err != nil {
		return nil, fmt.Errorf("start a worker process for task %s: %w", spawn.Task, err)
	}
	return p, nil
}

func (spawn Spawn) command() (*exec.Cmd, error) {
	if !isSupported {
		return nil, ErrUnsupported
	}
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	argument, err := json.Marshal(spawn.Argument)
	if err != nil {
		return nil, err
	}
	command := exec.Command(program)
	command.Args = []string{workerName, spawn.Task, string(argument), fmt.Sprint(spawn.Memory.Words())}
	command.Stderr = spawn.Stderr
	return command, nil
}

func start(command *exec.Cmd, memory *Memory) (*Process, error) {
	lifelineEnd, lifeline, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	results, resultsEnd, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, lifelineEnd.Close(), lifeline.Close())
	}
	command.Stdin = lifelineEnd
	command.ExtraFiles = []*os.File{resultsEnd}
	if memory != nil {
		command.ExtraFiles = append(command.ExtraFiles, memory.file)
	}
	err = command.Start()
	// The process has its own copies of these ends now. The read end must be
	// the only one left here, or its end would never be seen.
	err = errors.Join(err, lifelineEnd.Close(), resultsEnd.Close())
	if err != nil {
		return nil, errors.Join(err, lifeline.Close(), results.Close())
	}
	p := &Process{command: command, results: results, decoder: json.NewDecoder(results),
		lifeline: lifeline, ended: make(chan struct{})}
	go p.wait()
	return p, nil
}

// wait reaps the process, whether or not anybody joins it.
func (p *Process) wait() {
	// The state says more than the error.
	_ = p.command.Wait()
	state := p.command.ProcessState
	p.exit = Exit{Code: state.ExitCode()}
	if status, isStatus := state.Sys().(syscall.WaitStatus); isStatus && status.Signaled() {
		p.exit.Signal = status.Signal().String()
	}
	close(p.ended)
}

// ID is the process's number in the operating system.
func (p *Process) ID() int { return p.command.Process.Pid }

// Running reports whether the process has not ended yet.
func (p *Process) Running() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// Receive waits for the next result. It returns io.EOF after the last one of a
// process that ended, and io.ErrUnexpectedEOF when the process ended amid one.
func (p *Process) Receive(result any) error {
	err := p.decoder.Decode(result)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("receive from process %d: %w", p.ID(), err)
	}
	return err
}

// Join waits until the process has ended, and frees what it took here. Results
// that were not received are lost.
func (p *Process) Join() Exit {
	<-p.ended
	p.close()
	return p.exit
}

// JoinUntil is Join as long as ctx lasts. When it ends first, nothing is freed
// and Join is still to be called.
func (p *Process) JoinUntil(ctx context.Context) (Exit, error) {
	select {
	case <-p.ended:
		return p.Join(), nil
	case <-ctx.Done():
		return Exit{}, fmt.Errorf("join process %d: %w", p.ID(), context.Cause(ctx))
	}
}

// close frees the pipes. Doing so again has no effect.
func (p *Process) close() {
	// Nothing is lost when a pipe that nobody writes to cannot be closed.
	_ = p.results.Close()
	_ = p.lifeline.Close()
}

// Kill ends the process at once, wherever it is (SIGKILL). Killing one that has
// ended already is no error.
func (p *Process) Kill() error {
	err := p.command.Process.Kill()
	if err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("kill process %d: %w", p.ID(), err)
	}
	return nil
}
