package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/interleave-go/interleave/kernels"
)

type processesFlags struct {
	processes  []int
	increments quantity
	runs       int
	kills      int
	json       bool
	svg        string
}

func newKernelProcessesCommand() *cobra.Command {
	flags := processesFlags{increments: 1000}
	command := &cobra.Command{
		Use:   "processes",
		Short: "Count in worker processes that share memory, or think that they do",
		Long: `Start worker processes and let them count: in memory of their own, in shared
memory the wrong ways and the right ways, one after another, with a queue that
nobody drains, and with kill -9 at every place of a chunk of work.`,
		Example: `  interleave kernel processes
  interleave kernel processes --processes 1,2,4,8 --runs 50 --svg lost.svg`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			ctx, stop := interruptible(context.Background())
			defer stop()
			return flags.run(ctx, command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	set := command.Flags()
	set.IntSliceVar(&flags.processes, "processes", []int{1, 2, 4, 8}, "numbers of processes")
	set.Var(&flags.increments, "increments", "increments of all processes together")
	set.IntVar(&flags.runs, "runs", 20, "runs of each way of counting")
	set.IntVar(&flags.kills, "kills", 100, "processes killed at each place")
	set.BoolVar(&flags.json, "json", false, "write JSON")
	set.StringVar(&flags.svg, "svg", "", "write a chart of the lost increments to a file")
	return command
}

// A processesReport is what all lessons gave, as JSON has it.
type processesReport struct {
	Increments      int            `json:"increments"`
	Apart           kernels.Apart  `json:"own_memory"`
	Counting        []countingRuns `json:"shared_memory"`
	InTurn          kernels.Count  `json:"one_by_one"`
	ByPID           kernels.Count  `json:"cell_by_pid"`
	Shares          []int          `json:"shares"`
	DrainMessages   int            `json:"drain_messages"`
	DrainDeadlocked bool           `json:"drain_deadlocked"`
	DrainReceived   int            `json:"drain_received"`
	Recoveries      []recoveryAt   `json:"recoveries"`
	measurement
}

// countingRuns is one way of counting with one number of processes.
type countingRuns struct {
	Sharing   kernels.Sharing `json:"sharing"`
	Processes int             `json:"processes"`
	Counted   []int64         `json:"counted"` // by each run, from the least
}

type recoveryAt struct {
	Place kernels.Place `json:"place"`
	kernels.Recovery
}

func (flags *processesFlags) run(ctx context.Context, stdout, stderr io.Writer) error {
	if err := flags.check(); err != nil {
		return err
	}
	svg, err := openOutput(flags.svg)
	if err != nil {
		return err
	}
	defer abortOutput(svg)
	var report processesReport
	progress := newProgressLine(stderr, "processes")
	cost, err := measure(func() error { return flags.lessons(ctx, &report, progress) })
	progress.clear()
	if ctx.Err() != nil {
		// Ctrl-C reaches the worker processes too, so err may tell of their end.
		return &exitError{status: exitInterrupt, cause: errors.New("interrupted")}
	}
	if err != nil {
		return err
	}
	report.measurement = cost
	if flags.json {
		err = writeJSON(stdout, report)
	} else {
		writeProcesses(stdout, report)
	}
	return errors.Join(err, commitOutput(svg, []byte(lostChart(report).SVG())))
}

func (flags *processesFlags) check() error {
	for _, n := range flags.processes {
		if n < 1 || n > 64 {
			return fmt.Errorf("--processes %d: not between 1 and 64", n)
		}
	}
	switch {
	case len(flags.processes) == 0:
		return errors.New("--processes: none given")
	case flags.increments < 1 || flags.increments > 1e9:
		return fmt.Errorf("--increments %d: not between 1 and 1e9", flags.increments)
	case flags.runs < 1 || flags.kills < 1:
		return errors.New("--runs and --kills must be above 0")
	}
	return nil
}

// most is the largest number of processes, which runs the lessons that are run
// once.
func (flags *processesFlags) most() int {
	most := 0
	for _, n := range flags.processes {
		most = max(most, n)
	}
	return most
}

// lessons runs one lesson after another and fills in the report.
func (flags *processesFlags) lessons(ctx context.Context, report *processesReport, progress *progressLine) error {
	o := kernels.CountOptions{Processes: flags.most(), Increments: int(flags.increments)}
	raw, byPID := o, o
	raw.Sharing, byPID.Sharing = kernels.Raw, kernels.CellByPID
	report.Increments = o.Increments
	steps := []func() error{
		func() (err error) { report.Apart, err = kernels.CountApart(o); return err },
		func() (err error) { report.InTurn, err = kernels.CountInTurn(raw); return err },
		func() (err error) { report.ByPID, err = kernels.CountTogether(byPID); return err },
		func() (err error) {
			report.Shares, err = kernels.ShareOut(kernels.ShareOptions{Processes: o.Processes})
			return err
		},
		func() error { return report.drain() },
	}
	for _, sharing := range kernels.Sharings() {
		for _, processes := range flags.processes {
			steps = append(steps, func() error { return flags.count(report, sharing, processes) })
		}
	}
	for _, place := range append(kernels.Places(), kernels.Anywhere) {
		steps = append(steps, func() error { return flags.recover(report, place) })
	}
	for i, step := range steps {
		progress.show(uint64(i), uint64(len(steps)))
		if err := errors.Join(ctx.Err(), step()); err != nil {
			return err
		}
	}
	return nil
}

func (report *processesReport) drain() error {
	result, err := kernels.JoinBeforeDrain(100, 200*time.Millisecond)
	report.DrainMessages, report.DrainReceived = result.Messages, result.Received
	report.DrainDeadlocked = !result.JoinedBefore
	return err
}

func (flags *processesFlags) recover(report *processesReport, place kernels.Place) error {
	o := kernels.RecoverOptions{Place: place, Kills: flags.kills, Chunks: flags.kills + 50}
	if place == kernels.Anywhere {
		// So many that no process runs out of work before it is killed.
		o.Chunks = 200 * flags.kills
	}
	result, err := kernels.Recover(o)
	report.Recoveries = append(report.Recoveries, recoveryAt{Place: place, Recovery: result})
	return err
}
