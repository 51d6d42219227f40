// Command interleave finds, replays and draws concurrency hazards.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/interleave-go/interleave/kernels"
)

// The exit statuses of every command.
const (
	exitNothing    = 0   // nothing found, and all that was asked for was done
	exitHazard     = 1   // a hazard was found
	exitCannotRun  = 2   // bad input, or the tool failed
	exitIncomplete = 3   // nothing found, but an exhaustive search is incomplete
	exitInterrupt  = 130 // ended by Ctrl-C, after the partial report
)

// An exitError ends the command with a status of its own. Its cause, when
// there is one, is printed as one line.
type exitError struct {
	status int
	cause  error
}

func (e *exitError) Error() string {
	if e.cause == nil {
		return fmt.Sprintf("exit status %d", e.status)
	}
	return e.cause.Error()
}

func (e *exitError) Unwrap() error { return e.cause }

func main() {
	kernels.WorkerMain()
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is main without the process: it returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	root := newRootCommand()
	root.SetArgs(args)
	out := &output{to: stdout}
	root.SetOut(out)
	root.SetErr(stderr)
	settle(root, args)
	err := root.Execute()
	if out.err != nil {
		err = out.err
	}
	if err == nil {
		return exitNothing
	}
	var exit *exitError
	if !errors.As(err, &exit) {
		exit = &exitError{status: exitCannotRun, cause: err}
	}
	if exit.cause != nil {
		fmt.Fprintf(stderr, "interleave: %v\n", exit.cause)
	}
	return exit.status
}

func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "interleave",
		Short:         "Find, replay and draw concurrency hazards",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(
		newListCommand(),
		newRunCommand(),
		newReplayCommand(),
		newExplainCommand(),
		newGraphCommand(),
		newVersionCommand(),
		newManCommand(root),
		newKernelCommand(),
		newMergeCommand(),
	)
	return root
}
