package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/explain"
	"github.com/interleave-go/interleave/hazards"
	"github.com/interleave-go/interleave/sim"
)

type replayFlags struct {
	scenarioFlags
	pictureFlags
	json    bool
	color   string
	steps   int
	time    string
	width   int
	budget  int
	certify bool
}

func newReplayCommand() *cobra.Command {
	flags := &replayFlags{}
	command := &cobra.Command{
		Use:   "replay TOKEN",
		Short: "Run the schedule of a token again, or follow its orders",
		Long: `Run the schedule of a token (il1…, il2…) again and show the execution and what
is found there.

A token of orders (ilc1…, ilc2…), which explain prints too, is followed as far
as it applies, also in a program that was edited since, or in another variant of
its scenario or with other parameters; --certify then explores all other
schedules.

Exit status: 1 the finding is there, or another one was seen; 0 nothing was
found; 2 the token is damaged, or not one of a program of this catalogue.`,
		Example: `  interleave run philosophers          # prints a token
  interleave replay il1.philosophers.…
  interleave explain philosophers      # prints a token of orders, too
  interleave replay ilc1.philosophers.… --variant ordered --certify`,
		Args: oneArgument("a token that run or explain printed"),
		RunE: func(command *cobra.Command, args []string) error { return flags.run(command, args[0]) },
	}
	flags.scenarioFlags.register(command)
	command.ValidArgsFunction = cobra.NoFileCompletions
	flags.pictureFlags.register(command, "the wait-for graph")
	set := command.Flags()
	set.Lookup("variant").Usage = "follow a token of orders in this variant of its scenario"
	set.BoolVar(&flags.json, "json", false, "write the findings as JSON")
	set.StringVar(&flags.color, "color", "auto", "colours: auto, always, never")
	set.BoolVar(&flags.certify, "certify", false, "of a token of orders: look for the finding in all other schedules too")
	set.IntVar(&flags.steps, "steps", 10_000, "cut an execution after so many steps, where the token does not say")
	set.StringVar(&flags.time, "time", "free", "how virtual time moves, where the token does not say: free, lazy")
	set.IntVar(&flags.width, "width", textColumns, "columns of the table, or of the text about orders")
	set.IntVar(&flags.budget, "budget", 0, fmt.Sprintf("of a token of orders: executions to spend on each question (default %d)", ordersExecutions))
	return command
}

func (f *replayFlags) run(command *cobra.Command, text string) error {
	paint, err := newPainter(f.color, command.OutOrStdout())
	if err != nil {
		return err
	}
	if f.width < 40 || f.budget < 0 || f.steps < 1 {
		return fmt.Errorf("--width must be at least 40, --steps at least 1, and --budget not negative")
	}
	if checks.IsOrders(text) {
		return f.followOrders(command, text)
	}
	token, err := checks.ParseToken(text)
	if err != nil {
		return err
	}
	if err := f.ofOrdersOnly(command); err != nil {
		return err
	}
	opt, err := f.settle(command, token.Settings)
	if err != nil {
		return err
	}
	t, err := findOfToken(token.Identity.Scenario, token.Identity.Variant, hazards.Params(token.Identity.Parameters))
	if err != nil {
		return fmt.Errorf("the token's program: %w", err)
	}
	opt.Identity = t.identity()
	pictures, err := f.open(f.json)
	if err != nil {
		return err
	}
	defer pictures.abort()
	r, err := replayed(t, text, opt)
	if err != nil {
		return err
	}
	if err := f.show(command.OutOrStdout(), paint, replay{t, text, opt, r}); err != nil {
		return err
	}
	if err := pictures.draw(command.OutOrStdout(), t, text, opt); err != nil {
		return err
	}
	if len(r.Findings) > 0 {
		return &exitError{status: exitHazard}
	}
	return nil
}

// ofOrdersOnly refuses the flags that mean nothing for the token of a schedule.
func (f *replayFlags) ofOrdersOnly(command *cobra.Command) error {
	names := []string{"certify", "variant", "param", "budget"}
	for name := range f.numbers {
		names = append(names, name)
	}
	for _, name := range names {
		if command.Flags().Changed(name) {
			return fmt.Errorf("--%s goes with a token of orders (ilc1…), which explain prints; this one is of one schedule of one program", name)
		}
	}
	return nil
}

// settle puts together what the token and the flags say of how to run an
// execution. They must not say different things.
func (f *replayFlags) settle(command *cobra.Command, s checks.Settings) (checks.Options, error) {
	opt := checks.Options{StepsMax: f.steps}
	var err error
	if opt.Time, err = policy(f.time); err != nil {
		return opt, err
	}
	set := command.Flags()
	if s.Time != sim.FreeTime {
		if set.Changed("time") && opt.Time != s.Time {
			return opt, fmt.Errorf("--time %s: the token says %s", f.time, s.Time)
		}
		opt.Time = s.Time
	}
	if s.StepsMax != 0 {
		if set.Changed("steps") && opt.StepsMax != s.StepsMax {
			return opt, fmt.Errorf("--steps %d: the token says %d", f.steps, s.StepsMax)
		}
		opt.StepsMax = s.StepsMax
	}
	return opt, nil
}

// A replay is one execution that was run again.
type replay struct {
	target target
	token  string
	opt    checks.Options
	report checks.Report
}

// strategyReplay stands in a replay's report for the name of a strategy.
const strategyReplay = "replay"

// replayed is the report of one replay. A schedule that the program does not
// follow any more is no error: nothing is found in it.
func replayed(t target, token string, opt checks.Options) (checks.Report, error) {
	r := checks.Report{Version: checks.ReportVersion, Scenario: t.scenario.Name, Variant: t.variant.Name, Parameters: t.params,
		Strategy: strategyReplay, Executions: 1, Outcomes: map[string]int{}, Time: opt.Time.String()}
	findings, err := checks.ReplayToken(t.program, token, opt, func(x *sim.Execution) { r.Steps = x.Steps() })
	r.Findings = append([]checks.Finding{}, findings...)
	for _, j := range checks.Judges() {
		r.Judges = append(r.Judges, j.Name())
	}
	if why, ok := checks.Diverged(err); ok {
		r.Bound, r.Findings = why, []checks.Finding{}
		return r, nil
	}
	for _, found := range findings {
		r.Outcomes[string(found.Kind)]++
	}
	return r, err
}

func (f *replayFlags) show(out io.Writer, paint painter, r replay) error {
	switch {
	case f.json:
		return writeJSON(out, r.report)
	case f.toStandardOutput():
		return nil
	}
	table, err := checks.Show(r.target.program, r.token, checks.ExplainOptions{StepsMax: r.opt.StepsMax, Time: r.opt.Time})
	why, diverged := checks.Diverged(err)
	if err != nil && !diverged {
		return err
	}
	fmt.Fprintf(out, "%s\n%s\n\n", title(r.target), fold(r.target.variant.Summary, "  "))
	for _, found := range r.report.Findings {
		writeHazard(out, paint, string(found.Kind), []string{found.Summary + "."})
	}
	switch {
	case diverged:
		fmt.Fprintf(out, "%s\n\n", fold(paint.bad("This schedule does not apply")+": "+why+". Up to there:", ""))
	case len(r.report.Findings) == 0:
		fmt.Fprintf(out, "%s\n\n", paint.good("Nothing wrong in this schedule."))
	}
	if err := table.Write(out, explain.Layout{Width: f.width}); err != nil {
		return err
	}
	if !diverged {
		fmt.Fprintln(out)
		writeTotals(out, r.report)
	}
	if len(r.report.Findings) > 0 {
		writeHints(out, r.target, r.report, r.token)
		return nil
	}
	fmt.Fprintf(out, "\n%s\n", fold("That says nothing of other schedules: interleave run "+r.target.scenario.Name+r.target.arguments()+" explores them.", ""))
	return nil
}
