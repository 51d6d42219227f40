package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/explain"
)

type explainFlags struct {
	scenarioFlags
	exploreFlags
	json   bool
	width  int
	all    bool
	budget int
	same   bool
}

func newExplainCommand() *cobra.Command {
	flags := &explainFlags{}
	command := &cobra.Command{
		Use:   "explain SCENARIO",
		Short: "Explain a hazard: the smallest schedule, the cause, the cure",
		Long: `Explore a scenario, and explain the first hazard that is found: the smallest
schedule that shows it, the orders of events that cause it, the step after which
it cannot be avoided, and what would prevent it.

Exit status: that of run.`,
		Example: `  interleave explain philosophers
  interleave explain counter --variant plain --width 120`,
		Args: oneArgument("a scenario; interleave list shows them"),
		RunE: func(command *cobra.Command, args []string) error { return flags.run(command, args[0]) },
	}
	flags.scenarioFlags.register(command)
	flags.exploreFlags.register(command)
	set := command.Flags()
	set.BoolVar(&flags.json, "json", false, "write the explanation as JSON, or the report of run where nothing is found")
	set.IntVar(&flags.width, "width", textColumns, "columns to write")
	set.BoolVar(&flags.all, "all", false, "show the steps that do not matter as well")
	set.IntVar(&flags.budget, "budget", 20_000, "executions to spend on each part of the explanation")
	set.BoolVar(&flags.same, "same-size", false, "keep the parameters, do not look for smaller ones")
	return command
}

func (f *explainFlags) run(command *cobra.Command, name string) error {
	t, err := f.find(name, command.Flags())
	if err != nil {
		return err
	}
	opt, err := f.options(t)
	if err != nil {
		return err
	}
	if f.width < 40 || f.budget < 1 {
		return fmt.Errorf("--width must be at least 40, and --budget at least 1")
	}
	ctx, stop := interruptible(context.Background())
	defer stop()
	opt.Interrupt = f.interrupt(ctx)
	r, err := checks.Explore(t.program, opt)
	if err != nil {
		return err
	}
	out := command.OutOrStdout()
	switch {
	case len(r.Findings) > 0:
	case f.json:
		return errors.Join(writeJSON(out, r), (&runFlags{}).status(r))
	default:
		fmt.Fprintf(out, "%s\n\n", fold(title(t), ""))
		writeNothing(out, painter{}, r)
		return (&runFlags{}).status(r)
	}
	o := explainOptions(t, f.budget, !f.same)
	o.Time = opt.Time
	e, err := checks.Explain(t.program, primary(r, t.variant), o)
	if err != nil {
		return err
	}
	if f.json {
		err = writeJSON(out, e)
	} else {
		fmt.Fprintf(out, "%s\n\n", fold(explainedTitle(t, e.Parameters), ""))
		err = e.Write(out, explain.Layout{Width: f.width, All: f.all, Replay: "interleave replay"})
	}
	if err != nil {
		return err
	}
	return &exitError{status: exitHazard}
}

// explainedTitle is a title with the parameters of the program that is shown,
// and with those of them that were others when the hazard was found.
func explainedTitle(t target, p explain.Parameters) string {
	if !p.Smaller() {
		return title(t)
	}
	from := map[string]int{}
	for name, v := range p.From {
		if p.Values[name] != v {
			from[name] = v
		}
	}
	shown := target{scenario: t.scenario, variant: t.variant}
	return title(shown) + ", shown with " + parameters(p.Values) + " (found with " + parameters(from) + ")"
}
