package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/interleave-go/interleave/checks"
)

type runFlags struct {
	scenarioFlags
	exploreFlags
	pictureFlags
	workers         int
	checkpoint      checkpointFlags
	json            bool
	allowIncomplete bool
	color           string
	judges          string
	decisions       bool
}

func newRunCommand() *cobra.Command {
	flags := &runFlags{}
	command := &cobra.Command{
		Use:   "run SCENARIO",
		Short: "Explore a scenario and show what goes wrong",
		Long: `Explore a scenario of the catalogue and show what goes wrong: the interleaving,
who waits for whom, and a token that replays it.

Exit status: 0 nothing found and all that was asked for was done; 1 a hazard was
found; 2 it could not run; 3 nothing found, but the search of all executions is
incomplete; 130 interrupted.`,
		Example: `  interleave run philosophers
  interleave run philosophers --variant ordered --n 4
  interleave run counter --n 3 --keep-going --json
  interleave run two-locks --svg cycle.svg
  interleave run philosophers --strategy random --seed 7 --executions 1000`,
		Args: oneArgument("a scenario; interleave list shows them"),
		RunE: func(command *cobra.Command, args []string) error { return flags.run(command, args[0]) },
	}
	flags.scenarioFlags.register(command)
	flags.exploreFlags.register(command)
	flags.pictureFlags.register(command, "the wait-for graph")
	set := command.Flags()
	set.IntVar(&flags.workers, "workers", 0, "how many explore at the same time (default: one a core); the output is the same for every number; strategy bounded has one")
	flags.checkpoint.register(command)
	set.BoolVar(&flags.json, "json", false, "write the report as JSON; see docs/report.md")
	set.BoolVar(&flags.allowIncomplete, "allow-incomplete", false, "exit with 0, not 3, when nothing was found in an incomplete search")
	set.StringVar(&flags.judges, "judges", "default", "default, or all: also lock-order, atomicity, starvation (with one worker)")
	_ = command.RegisterFlagCompletionFunc("judges", cobra.FixedCompletions([]string{"default", "all"}, cobra.ShellCompDirectiveNoFileComp))
	set.BoolVar(&flags.decisions, "decisions", false, "write every decision of the exploration, which then has one worker")
	set.StringVar(&flags.color, "color", "auto", "colours: auto, always, never")
	return command
}

func (f *runFlags) run(command *cobra.Command, name string) error {
	t, err := f.find(name, command.Flags())
	if err != nil {
		return err
	}
	opt, err := f.options(t)
	if err != nil {
		return err
	}
	if f.workers < 0 {
		return fmt.Errorf("--workers %d: it must be 0 or more", f.workers)
	}
	opt.Workers = cmp.Or(f.workers, runtime.GOMAXPROCS(0))
	switch f.judges {
	case "default":
	case "all":
		opt.Judges = checks.AllJudges()
	default:
		return unknown("set of judges", f.judges, []string{"default", "all"})
	}
	if err := f.checkpoint.options(&opt); err != nil {
		return err
	}
	if err := checkApart(append(f.files(), f.checkpoint.files()...)); err != nil {
		return err
	}
	paint, err := newPainter(f.color, command.OutOrStdout())
	if err != nil {
		return err
	}
	pictures, err := f.open(f.json)
	if err != nil {
		return err
	}
	defer pictures.abort()
	if err := f.decide(command.OutOrStdout(), &opt); err != nil {
		return err
	}
	ctx, stop := interruptible(context.Background())
	defer stop()
	opt.Interrupt = f.interrupt(ctx)
	start := time.Now()
	line := newProgressLine(command.ErrOrStderr(), "")
	opt.Progress = exploreProgress(line, opt)
	report, err := checks.Explore(t.program, opt)
	line.clear()
	if err != nil {
		return err
	}
	speed(command.ErrOrStderr(), report, time.Since(start))
	if err := f.show(command.OutOrStdout(), paint, t, report); err != nil {
		return err
	}
	if err := pictures.draw(command.OutOrStdout(), t, firstToken(report), opt); err != nil {
		return err
	}
	return f.status(report)
}

// decide has every decision of the exploration written, if they are asked for.
func (f *runFlags) decide(out io.Writer, opt *checks.Options) error {
	switch {
	case !f.decisions:
		return nil
	case f.json || f.toStandardOutput():
		return errors.New("--decisions: they are text on standard output; leave out --json, or write the picture to a file")
	}
	opt.Decided = decisionWriter(out)
	return nil
}

func (f *runFlags) show(out io.Writer, paint painter, t target, r checks.Report) error {
	if f.json {
		return writeJSON(out, r)
	}
	if f.decisions {
		fmt.Fprintln(out)
	}
	if f.toStandardOutput() {
		return nil // the picture is the output
	}
	return writeReport(out, paint, t, r)
}

// status is how the command ends.
func (f *runFlags) status(r checks.Report) error {
	switch {
	case r.Bound == boundInterrupt:
		return &exitError{status: exitInterrupt}
	case len(r.Findings) > 0:
		return &exitError{status: exitHazard}
	case r.Exhaustive && !r.Complete && !f.allowIncomplete:
		return &exitError{status: exitIncomplete}
	}
	return nil
}

// speed tells on standard error, where it disturbs nobody, what it took; and
// only on a terminal, so that scripts see what they asked for.
func speed(stderr io.Writer, r checks.Report, took time.Duration) {
	if !isTerminal(stderr) {
		return
	}
	fmt.Fprintf(stderr, "%s executions in %v, %.0f a second\n", grouped(uint64(r.Executions+r.Blocked)),
		took.Round(time.Millisecond), float64(r.Executions+r.Blocked)/max(took.Seconds(), 1e-9))
}
