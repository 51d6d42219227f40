package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"

	"github.com/spf13/cobra"

	"github.com/interleave-go/interleave/kernels/pi"
	"github.com/interleave-go/interleave/kernels/shard"
)

type piFlags struct {
	samples quantity
	workers []int
	kernels []string
	seed    uint64
	json    bool
	svg     string
	shardFlags
}

func newKernelPiCommand() *cobra.Command {
	flags := piFlags{samples: 1e9}
	command := &cobra.Command{
		Use:   "pi",
		Short: "Estimate pi by throwing points, the same however it is cut up",
		Long: `Estimate pi by throwing points into a square.

The estimate depends on the seed and the number of samples alone, not on the
kernel (but for "integer"), the number of workers or the machine. Several
kernels or numbers of workers, separated by commas, are run one after another
and compared.

Kernels: plain, xoshiro, avx2, avx512, integer, auto (the fastest that this
processor has), all. Mistakes that serve as kernels: same-state,
locked-generator, global-lock.`,
		Example: `  interleave kernel pi --samples 1e10
  interleave kernel pi --kernel all --workers 1,2 --svg pi.svg
  interleave kernel pi --kernel same-state --workers 4
  interleave kernel pi --samples 1e12 --shard 3/8 --out 'pi-{shard}.json'`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			ctx, stop := interruptible(context.Background())
			defer stop()
			return flags.run(ctx, command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	set := command.Flags()
	set.Var(&flags.samples, "samples", "samples to take, also as 1e9")
	set.IntSliceVar(&flags.workers, "workers", []int{runtime.GOMAXPROCS(0)}, "numbers of workers")
	set.StringSliceVar(&flags.kernels, "kernel", []string{"auto"}, "kernels")
	set.Uint64Var(&flags.seed, "seed", 1, "seed of the streams")
	set.BoolVar(&flags.json, "json", false, "write JSON")
	set.StringVar(&flags.svg, "svg", "", "write a chart of the speeds to a file")
	flags.register(set)
	return command
}

// A piRun is one run's result, as JSON has it.
type piRun struct {
	Estimate         float64    `json:"estimate"`
	StandardError    float64    `json:"standard_error"`
	Confidence       float64    `json:"confidence"`
	Low              float64    `json:"low"`
	High             float64    `json:"high"`
	Hits             uint64     `json:"hits"`
	Samples          uint64     `json:"samples"`
	Complete         bool       `json:"complete"` // false when interrupted
	Seed             uint64     `json:"seed"`
	Kernel           string     `json:"kernel"`
	Workers          int        `json:"workers"`
	SamplesPerSecond float64    `json:"samples_per_second"`
	Efficiency       *float64   `json:"efficiency,omitempty"` // see addEfficiency
	Mistake          string     `json:"mistake,omitempty"`
	SameEverywhere   bool       `json:"same_everywhere,omitempty"`
	Shard            string     `json:"shard,omitempty"`
	Shares           []pi.Share `json:"shares"`
	measurement
}

func (flags *piFlags) run(ctx context.Context, stdout, stderr io.Writer) error {
	plan, err := flags.plan()
	if err != nil {
		return err
	}
	if err := checkApart([]flagFile{{"--svg", flags.svg}, {"--out", plan.outPath}}); err != nil {
		return err
	}
	svg, err := openOutput(flags.svg)
	if err != nil {
		return err
	}
	defer abortOutput(svg)
	out, err := openOutput(plan.outPath)
	if err != nil {
		return err
	}
	defer abortOutput(out)

	runs, err := plan.execute(ctx, stderr)
	if err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	addEfficiency(runs)
	if writeErr := flags.write(stdout, runs); writeErr != nil {
		return writeErr
	}
	if err != nil {
		return &exitError{status: exitInterrupt, cause: errors.New("interrupted: the last run is not complete")}
	}
	if err := commitOutput(svg, []byte(piChart(runs).SVG())); err != nil || out == nil {
		return err
	}
	file, err := piShardFile(plan, runs[0])
	if err != nil {
		return err
	}
	return commitOutput(out, file.Encode())
}

// A piPlan is what the flags ask for, checked.
type piPlan struct {
	options []piOptions
	shard   shard.Shard
	outPath string
}

// piOptions are the options of one run, and its name.
type piOptions struct {
	pi.Options
	mistake pi.Mistake // "" for a right kernel
}

func (o piOptions) name() string {
	if o.mistake != "" {
		return string(o.mistake)
	}
	return string(o.Kernel)
}

func (flags *piFlags) plan() (piPlan, error) {
	var plan piPlan
	var err error
	if plan.shard, plan.outPath, err = flags.parse(); err != nil {
		return plan, err
	}
	for _, name := range flags.kernelNames() {
		for _, workers := range flags.workers {
			o, err := flags.options(name, workers)
			if err != nil {
				return plan, err
			}
			if flags.isPart() {
				o.Part = pi.Part{Index: plan.shard.Index, Count: plan.shard.Count}
			}
			plan.options = append(plan.options, o)
		}
	}
	if flags.out != "" && (len(plan.options) > 1 || plan.options[0].mistake != "") {
		return plan, errors.New("--out takes one right kernel and one number of workers")
	}
	return plan, nil
}

// kernelNames are those that were asked for, each once; "all" stands for the right
// ones.
func (flags *piFlags) kernelNames() []string {
	var names []string
	for _, name := range flags.kernels {
		list := []string{name}
		if name == "all" {
			list = list[:0]
			for _, k := range pi.Kernels() {
				list = append(list, string(k))
			}
		}
		for _, name := range list {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

func (flags *piFlags) options(name string, workers int) (piOptions, error) {
	o := piOptions{Options: pi.Options{Samples: uint64(flags.samples), Seed: flags.seed, Workers: workers}}
	if workers < 1 {
		return o, fmt.Errorf("--workers %d: below 1", workers)
	}
	if flags.samples == 0 {
		return o, errors.New("--samples 0: nothing to do")
	}
	if slices.Contains(pi.Mistakes(), pi.Mistake(name)) {
		o.mistake, name = pi.Mistake(name), string(pi.Plain)
	}
	var err error
	o.Kernel, err = pi.Kernel(name).Resolve()
	return o, kernelError(name, err, "all", pi.Mistakes()...)
}

// kernelError says which kernels there are, and what else can be named, where the
// error of a name is that there is no such kernel.
func kernelError(name string, err error, other string, mistakes ...pi.Mistake) error {
	if err == nil || errors.Is(err, pi.ErrUnavailable) {
		return err
	}
	var names []string
	if other != "" {
		names = append(names, other)
	}
	names = append(names, string(pi.Auto))
	for _, k := range pi.Kernels() {
		names = append(names, string(k))
	}
	for _, m := range mistakes {
		names = append(names, string(m))
	}
	return unknown("kernel", name, names)
}

// execute does the runs in turn. When ctx ends, the last one is partial.
func (plan piPlan) execute(ctx context.Context, stderr io.Writer) ([]piRun, error) {
	var runs []piRun
	for _, o := range plan.options {
		progress := newProgressLine(stderr, "pi, "+o.name()+", "+plural(o.Workers, "worker"))
		o.Progress = progress.show
		run, err := o.run(ctx)
		progress.clear()
		if err != nil && !errors.Is(err, context.Canceled) {
			return nil, err
		}
		if plan.shard.Count > 1 {
			run.Shard = plan.shard.String()
		}
		runs = append(runs, run)
		if err != nil {
			return runs, err
		}
	}
	return runs, nil
}

func (o piOptions) run(ctx context.Context) (piRun, error) {
	var result pi.Result
	cost, err := measure(func() (err error) {
		if o.mistake == "" {
			result, err = pi.Estimate(ctx, o.Options)
		} else {
			result, err = pi.EstimateWrongly(ctx, o.mistake, o.Options)
		}
		return err
	})
	run := newPiRun(result)
	run.Seed, run.Kernel, run.Workers, run.measurement = o.Seed, o.name(), o.Workers, cost
	run.Mistake, run.Complete = o.mistake.Lesson(), err == nil
	run.SameEverywhere = pi.SameEverywhere(result.Workers)
	run.SamplesPerSecond = float64(result.Samples) / math.Max(cost.Seconds, 1e-9)
	return run, err
}

// newPiRun is the part of a run that does not depend on time. Without samples,
// as in the last of more shards than there are blocks, there is no estimate,
// and JSON has no NaN to say so.
func newPiRun(r pi.Result) piRun {
	if r.Samples == 0 {
		return piRun{Shares: r.Workers}
	}
	return piRun{
		Estimate: r.Estimate, StandardError: r.StandardError,
		Confidence: r.Confidence, Low: r.Low, High: r.High,
		Hits: r.Hits, Samples: r.Samples, Shares: r.Workers,
	}
}

// addEfficiency compares each run with the run of the same kernel with one
// worker, where there is one: 1 is as many times as fast as there are workers,
// or processors, when those are fewer.
func addEfficiency(runs []piRun) {
	for i := range runs {
		for _, one := range runs {
			if one.Kernel == runs[i].Kernel && one.Workers == 1 {
				most := min(runs[i].Workers, runtime.GOMAXPROCS(0))
				efficiency := runs[i].SamplesPerSecond / one.SamplesPerSecond / float64(most)
				runs[i].Efficiency = &efficiency
			}
		}
	}
}
