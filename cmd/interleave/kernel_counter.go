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

	"github.com/interleave-go/interleave/internal/chart"
	"github.com/interleave-go/interleave/kernels/counters"
	"github.com/interleave-go/interleave/kernels/shard"
)

// counterProof points at the same program in the simulator.
const counterProof = "prove it in the simulator: interleave run counter"

type counterFlags struct {
	increments quantity
	workers    []int
	ways       []string
	json       bool
	svg        string
	shardFlags
}

func newKernelCounterCommand() *cobra.Command {
	flags := counterFlags{increments: 5e7}
	command := &cobra.Command{
		Use:   "counter",
		Short: "Count with many goroutines: what each way costs and loses",
		Long: `Count with many goroutines at once.

Ways: plain (a data race: it loses updates), mutex, atomic, sharded (a cell for
each worker, side by side), padded (a cell for each worker, each on its own
cache line), merged (a local variable for each worker, added up at the end),
all.

Whether two workers meet is luck: where plain loses nothing it is run again, up
to 20 times or 1e9 increments, and the output says how often.
This measures on real cores, and a run without a loss proves nothing;
` + counterProof,
		Example: `  interleave kernel counter
  interleave kernel counter --way plain,atomic --workers 1,8 --svg c.svg`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			ctx, stop := interruptible(context.Background())
			defer stop()
			return flags.run(ctx, command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	set := command.Flags()
	set.Var(&flags.increments, "increments", "increments by all workers")
	set.IntSliceVar(&flags.workers, "workers", []int{1, 2, 4}, "numbers of workers")
	set.StringSliceVar(&flags.ways, "way", []string{"all"}, "ways of counting")
	set.BoolVar(&flags.json, "json", false, "write JSON")
	set.StringVar(&flags.svg, "svg", "", "write a chart to a file")
	flags.register(set)
	return command
}

// A counterRun is one run's result, as JSON has it. Its seconds are those of
// the measurement, the start of the workers included.
type counterRun struct {
	counters.Result
	// Before is how many runs there were before this one, which lost nothing: see
	// untilLost.
	Before int `json:"runs_before_without_loss,omitempty"`
	measurement
}

func (flags *counterFlags) run(ctx context.Context, stdout, stderr io.Writer) error {
	part, outPath, err := flags.parse()
	if err != nil {
		return err
	}
	plan, ways, err := flags.plan(part)
	if err != nil {
		return err
	}
	if err := checkApart([]flagFile{{"--svg", flags.svg}, {"--out", outPath}}); err != nil {
		return err
	}
	svg, err := openOutput(flags.svg)
	if err != nil {
		return err
	}
	defer abortOutput(svg)
	out, err := openOutput(outPath)
	if err != nil {
		return err
	}
	defer abortOutput(out)
	runs, err := flags.execute(ctx, stderr, plan, ways)
	if errors.Is(err, context.Canceled) {
		return &exitError{status: exitInterrupt, cause: errors.New("interrupted")}
	}
	if err != nil {
		return err
	}
	if err := flags.write(stdout, runs); err != nil {
		return err
	}
	file, err := flags.shardFile(part, runs)
	if err != nil {
		return err
	}
	return errors.Join(commitOutput(svg, []byte(counterChart(runs).SVG())), commitOutput(out, file.Encode()))
}

// plan checks the flags and plans the part's increments: one element of options
// for each number of workers.
func (flags *counterFlags) plan(part shard.Shard) (options []counters.Options, ways []counters.Way, err error) {
	if flags.increments < 1 || flags.increments > math.MaxInt32*1000 {
		return nil, nil, fmt.Errorf("--increments %d: from 1 to %d are possible", flags.increments, uint64(math.MaxInt32*1000))
	}
	if err := flags.checkOut(); err != nil {
		return nil, nil, err
	}
	from, to := part.Range(uint64(flags.increments))
	if from == to {
		return nil, nil, errors.New("--shard: there are more shards than increments")
	}
	if len(flags.workers) == 0 || len(flags.ways) == 0 {
		return nil, nil, errors.New("--way and --workers: nothing to do")
	}
	for _, workers := range flags.workers {
		if workers < 1 || workers > counters.WorkersMost {
			return nil, nil, fmt.Errorf("--workers %d: from 1 to %d are possible", workers, counters.WorkersMost)
		}
		options = append(options, counters.Options{Workers: workers, Increments: int(to - from)})
	}
	for _, name := range flags.ways {
		list := counters.Ways()
		if name != "all" {
			way, err := counters.ParseWay(name)
			if err != nil {
				names := []string{"all"}
				for _, w := range list {
					names = append(names, w.String())
				}
				return nil, nil, unknown("way of counting", name, names)
			}
			list = []counters.Way{way}
		}
		for _, way := range list {
			if !slices.Contains(ways, way) {
				ways = append(ways, way)
			}
		}
	}
	return options, ways, nil
}

func (flags *counterFlags) execute(ctx context.Context, stderr io.Writer, plan []counters.Options, ways []counters.Way) ([]counterRun, error) {
	progress := newProgressLine(stderr, "counter")
	defer progress.clear()
	var runs []counterRun
	for _, way := range ways {
		for _, o := range plan {
			run, err := untilLost(triesOf(way, o, runtime.GOMAXPROCS(0)), func() (run counterRun, err error) {
				run.measurement, err = measure(func() (err error) {
					run.Result, err = counters.Run(ctx, way, o)
					return err
				})
				return run, err
			})
			if err != nil {
				return nil, err
			}
			runs = append(runs, run)
			progress.show(uint64(len(runs)), uint64(len(ways)*len(plan)))
		}
	}
	return runs, nil
}

func (flags *counterFlags) write(to io.Writer, runs []counterRun) error {
	if flags.json {
		return writeJSON(to, struct {
			Runs  []counterRun `json:"runs"`
			Proof string       `json:"proof"`
		}{runs, counterProof})
	}
	fmt.Fprintf(to, "%s increments by all workers together\n\n", grouped(uint64(runs[0].Increments)))
	fmt.Fprintf(to, "%-8s %7s %9s %15s %7s %8s %8s %8s\n", "way", "workers", "ns each", "lost", "lost", "seconds", "user s", "system s")
	for _, r := range runs {
		fmt.Fprintf(to, "%-8s %7d %9.2f %15s %5.1f %% %8.3f %8.3f %8.3f\n", r.Way, r.Workers, r.NsPerIncrement,
			grouped(uint64(r.Lost)), 100*float64(r.Lost)/float64(r.Increments), r.Seconds, r.CPUUserSeconds, r.CPUSystemSeconds)
	}
	writeChart(to, counterChart(runs))
	writeLosses(to, runs, runtime.GOMAXPROCS(0))
	fmt.Fprintf(to, "\n%s\n", counterProof)
	return nil
}

// counterChart has a row for each way and a series for each number of workers.
func counterChart(runs []counterRun) chart.Chart {
	c := chart.Chart{Title: "Counters", Unit: "ns per increment", Log: true}
	column := map[int]int{}
	row := map[counters.Way]int{}
	for _, r := range runs {
		if _, isThere := column[r.Workers]; !isThere {
			column[r.Workers] = len(c.Series)
			c.Series = append(c.Series, chart.Series{Name: plural(r.Workers, "worker")})
		}
		if _, isThere := row[r.Way]; !isThere {
			row[r.Way] = len(c.Labels)
			c.Labels = append(c.Labels, r.Way.String())
		}
	}
	for i := range c.Series {
		c.Series[i].Values = slices.Repeat([]float64{math.NaN()}, len(c.Labels))
	}
	for _, r := range runs {
		c.Series[column[r.Workers]].Values[row[r.Way]] = r.NsPerIncrement
	}
	return c
}
