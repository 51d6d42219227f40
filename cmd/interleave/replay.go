package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/explain"
	"github.com/interleave-go/interleave/hazards"
)

type replayFlags struct {
	pictureFlags
	json    bool
	color   string
	steps   int
	certify bool
}

func newReplayCommand() *cobra.Command {
	flags := &replayFlags{}
	command := &cobra.Command{
		Use:   "replay TOKEN",
		Short: "Run the schedule of a token again",
		Long: `Run the schedule of a token again and show what is found there. A token of
orders, which explain prints too, is followed as far as it applies, also in a
program that was edited since; --certify then explores all other schedules.

Exit status: 1 the finding is still there; 0 it is gone; 2 the token is damaged,
or not one of a program of this catalogue.`,
		Example: "  interleave run philosophers          # prints a token\n  interleave replay il1.philosophers.…",
		Args:    oneArgument("a token that run or explain printed"),
		RunE:    func(command *cobra.Command, args []string) error { return flags.run(command, args[0]) },
	}
	flags.register(command)
	set := command.Flags()
	set.BoolVar(&flags.json, "json", false, "write the findings as JSON")
	set.StringVar(&flags.color, "color", "auto", "colours: auto, always, never")
	set.BoolVar(&flags.certify, "certify", false, "of a token of orders: look for the finding in all other schedules too")
	set.IntVar(&flags.steps, "steps", 10_000, "cut the execution after so many steps")
	return command
}

func (f *replayFlags) run(command *cobra.Command, text string) error {
	paint, err := newPainter(f.color, command.OutOrStdout())
	if err != nil {
		return err
	}
	if checks.IsOrders(text) {
		return f.followOrders(command.OutOrStdout(), paint, text)
	}
	token, err := checks.ParseToken(text)
	if err != nil {
		return err
	}
	t, err := find(token.Identity.Scenario, token.Identity.Variant, hazards.Params(token.Identity.Parameters))
	if err != nil {
		return fmt.Errorf("the token's program: %w", err)
	}
	pictures, err := f.open(f.json)
	if err != nil {
		return err
	}
	defer pictures.abort()
	r, err := replayed(t, text, f.steps)
	if err != nil {
		return err
	}
	if err := f.show(command.OutOrStdout(), paint, t, r); err != nil {
		return err
	}
	if err := pictures.draw(command.OutOrStdout(), t, r, checks.Options{StepsMax: f.steps, Identity: t.identity()}); err != nil {
		return err
	}
	if len(r.Findings) > 0 {
		return &exitError{status: exitHazard}
	}
	return nil
}

// replayed is the report of one replay. A schedule that the program does not
// follow any more is no error: its finding is gone.
func replayed(t target, token string, steps int) (checks.Report, error) {
	opt := checks.Options{StepsMax: steps, Identity: t.identity()}
	findings, err := checks.ReplayToken(t.program, token, opt, nil)
	r := checks.Report{Version: checks.ReportVersion, Scenario: t.scenario.Name, Variant: t.variant.Name, Parameters: t.params,
		Strategy: "replay", Executions: 1, Outcomes: map[string]int{}, Findings: findings, Time: "free"}
	if r.Findings == nil {
		r.Findings = []checks.Finding{}
	}
	for _, j := range checks.Judges() {
		r.Judges = append(r.Judges, j.Name())
	}
	for _, found := range findings {
		r.Outcomes[string(found.Kind)]++
	}
	if why, ok := checks.Diverged(err); ok {
		r.Bound = why
		return r, nil
	}
	return r, err
}

func (f *replayFlags) show(out io.Writer, paint painter, t target, r checks.Report) error {
	switch {
	case f.json:
		return writeJSON(out, r)
	case f.toStandardOutput():
		return nil
	case len(r.Findings) > 0:
		return writeReport(out, paint, t, r)
	}
	fmt.Fprintf(out, "%s\n\n%s\n", title(t), paint.good("The finding is gone."))
	if r.Bound != "" {
		fmt.Fprintf(out, "%s.\n", fold("T"+r.Bound[1:], ""))
	}
	fmt.Fprintf(out, "%s\n", fold("That says nothing of other schedules: interleave run "+t.scenario.Name+t.arguments()+" explores them.", ""))
	return nil
}

// followOrders replays a token of orders: see checks.ReplayOrders.
func (f *replayFlags) followOrders(out io.Writer, paint painter, text string) error {
	orders, err := checks.ParseOrders(text)
	if err != nil {
		return err
	}
	t, err := find(orders.Identity.Scenario, orders.Identity.Variant, hazards.Params(orders.Identity.Parameters))
	if err != nil {
		return fmt.Errorf("the token's program: %w", err)
	}
	r, err := checks.ReplayOrders(t.program, text, checks.ExplainOptions{StepsMax: f.steps, Identity: t.identity(), Certify: f.certify})
	if err != nil {
		return err
	}
	if f.json {
		if err := writeJSON(out, r); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(out, "%s\n\n", title(t))
		if err := r.Write(out, explain.Layout{Replay: "interleave replay"}); err != nil {
			return err
		}
	}
	if r.There || r.Certificate != nil && !r.Certificate.Holds {
		return &exitError{status: exitHazard}
	}
	return nil
}
