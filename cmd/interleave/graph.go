package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/internal/diagram"
)

type graphFlags struct {
	scenarioFlags
	exploreFlags
	pictureFlags
	kind string
}

// graphKinds are the values of --kind.
func graphKinds() []string { return []string{"wait-for", "allocation"} }

func newGraphCommand() *cobra.Command {
	flags := &graphFlags{}
	command := &cobra.Command{
		Use:   "graph SCENARIO",
		Short: "Draw a scenario: who waits for whom",
		Long: `Draw the state at the end of the first execution with a hazard, or, when there is
none, of one in which every goroutine runs for as long as it can. Without a file
the picture is written to standard output in the DOT language.

Kinds: wait-for, allocation (the resource-allocation graph of textbooks).`,
		Example: `  interleave graph philosophers --svg philosophers.svg
  interleave graph two-locks --kind allocation | dot -Tpdf >two-locks.pdf`,
		Args: oneArgument("a scenario; interleave list shows them"),
		RunE: func(command *cobra.Command, args []string) error { return flags.run(command, args[0]) },
	}
	flags.scenarioFlags.register(command)
	flags.exploreFlags.register(command)
	flags.pictureFlags.register(command)
	command.Flags().StringVar(&flags.kind, "kind", "wait-for", "what to draw")
	_ = command.RegisterFlagCompletionFunc("kind", cobra.FixedCompletions(graphKinds(), cobra.ShellCompDirectiveNoFileComp))
	return command
}

func (f *graphFlags) run(command *cobra.Command, name string) error {
	t, err := f.find(name, command.Flags())
	if err != nil {
		return err
	}
	opt, err := f.options(t)
	if err != nil {
		return err
	}
	style := diagram.WaitForStyle
	switch f.kind {
	case "wait-for":
	case "allocation":
		style = diagram.AllocationStyle
	default:
		return unknown("kind of graph", f.kind, graphKinds())
	}
	if f.dot+f.svg+f.png+f.pdf == "" {
		f.dot = "-"
	}
	pictures, err := f.open(false)
	if err != nil {
		return err
	}
	defer pictures.abort()
	ctx, stop := interruptible(context.Background())
	defer stop()
	opt.Interrupt = f.interrupt(ctx)
	r, err := checks.Explore(t.program, opt)
	if err != nil {
		return err
	}
	if r.Bound == boundInterrupt {
		return &exitError{status: exitInterrupt, cause: fmt.Errorf("interrupted: nothing is drawn")}
	}
	graph, err := waitGraph(t, r, opt)
	if err != nil {
		return err
	}
	return pictures.write(command.OutOrStdout(), diagram.WaitFor(graph, style))
}
