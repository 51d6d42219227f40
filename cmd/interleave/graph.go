package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/internal/diagram"
)

type graphFlags struct {
	scenarioFlags
	exploreFlags
	pictureFlags
	kind   string
	states int
}

// graphKinds are the values of --kind.
func graphKinds() []string { return []string{"wait-for", "allocation", "lock-order", "states", "tree"} }

func newGraphCommand() *cobra.Command {
	flags := &graphFlags{}
	command := &cobra.Command{
		Use:   "graph SCENARIO",
		Short: "Draw a scenario: who waits for whom, its states, its exploration",
		Long: `Draw the state at the end of the first execution with a hazard, or, when there
is none, of one in which every goroutine runs for as long as it can. Without a
file the picture is written to standard output in the DOT language.

Kinds: wait-for and allocation (the resource-allocation graph of textbooks).
lock-order: an arrow from A to B for every goroutine that asks for the lock B
while it holds A, in 1,000 executions unless --executions says otherwise, with
what became of the cycles. states: all states that the scenario can be in, each
as far down as the fewest steps that lead to it, deadlocks in red. A state is
what each goroutine has got so far, what it is about to do, and the state of
every object; starts, ends and joins of goroutines are left out. tree: the
exploration, a column for each execution below the step at which it leaves the
one before; a dashed red arrow is a race that led to another column. When
--states or --executions (for a tree, 64 unless given) is hit, the picture says
so and the exit status is 3.`,
		Example: `  interleave graph philosophers --svg philosophers.svg
  interleave graph two-locks --kind allocation | dot -Tpdf >two-locks.pdf
  interleave graph two-locks --kind lock-order --svg locks.svg
  interleave graph counter --kind states --svg states.svg
  interleave graph counter --kind tree --strategy source --svg tree.svg`,
		Args: oneArgument("a scenario; interleave list shows them"),
		RunE: func(command *cobra.Command, args []string) error { return flags.run(command, args[0]) },
	}
	flags.scenarioFlags.register(command)
	flags.exploreFlags.register(command)
	flags.pictureFlags.register(command, "the picture")
	command.Flags().StringVar(&flags.kind, "kind", "wait-for", "what to draw: "+strings.Join(graphKinds(), ", "))
	command.Flags().IntVar(&flags.states, "states", 5000, "draw at most so many states")
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
	case "wait-for", "lock-order":
	case "allocation":
		style = diagram.AllocationStyle
	case "states":
		if f.states < 1 {
			return fmt.Errorf("--states %d: it must be 1 or more", f.states)
		}
	case "tree":
		if f.strategy == "random" {
			return fmt.Errorf("--kind tree: executions of strategy random are no tree; take one that explores all")
		}
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
	switch f.kind {
	case "lock-order":
		return drawLockOrder(command.OutOrStdout(), pictures, t, opt)
	case "states":
		return f.drawStates(command.OutOrStdout(), pictures, t, opt)
	case "tree":
		return f.drawTree(command.OutOrStdout(), pictures, t, opt)
	}
	r, err := checks.Explore(t.program, opt)
	if err != nil {
		return err
	}
	if r.Bound == boundInterrupt {
		return errNotDrawn()
	}
	graph, err := waitGraph(t, firstToken(r), opt)
	if err != nil {
		return err
	}
	return pictures.write(command.OutOrStdout(), diagram.WaitFor(graph, style))
}

func errNotDrawn() error {
	return &exitError{status: exitInterrupt, cause: errors.New("interrupted: nothing is drawn")}
}

// drawLockOrder draws in which orders a scenario takes its locks.
func drawLockOrder(out io.Writer, p *pictures, t target, opt checks.Options) error {
	g, r, err := checks.LockOrders(t.program, opt)
	if err != nil {
		return err
	}
	if r.Bound == boundInterrupt {
		return errNotDrawn()
	}
	return p.write(out, diagram.LockOrder(g))
}

// drawStates draws the states of a scenario.
func (f *graphFlags) drawStates(out io.Writer, p *pictures, t target, opt checks.Options) error {
	g, err := checks.States(t.program, opt, f.states)
	if err != nil {
		return err
	}
	if err := p.write(out, diagram.States(g)); err != nil {
		return err
	}
	if !g.Complete {
		return &exitError{status: exitIncomplete, cause: fmt.Errorf("there are more than %d states: the picture is not complete", f.states)}
	}
	return nil
}

// drawTree draws the exploration of a scenario.
func (f *graphFlags) drawTree(out io.Writer, p *pictures, t target, opt checks.Options) error {
	most := cmp.Or(f.executions, 64)
	tree, err := checks.Tree(t.program, opt, most)
	if err != nil {
		return err
	}
	if err := p.write(out, diagram.Tree(tree)); err != nil {
		return err
	}
	if !tree.Complete {
		return &exitError{status: exitIncomplete, cause: fmt.Errorf("there are more than %d executions: the picture is not complete", most)}
	}
	return nil
}
