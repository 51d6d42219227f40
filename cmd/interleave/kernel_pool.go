package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/interleave-go/interleave/internal/chart"
	"github.com/interleave-go/interleave/kernels"
	"github.com/interleave-go/interleave/kernels/pi"
)

type poolFlags struct {
	samples quantity
	jobs    []int
	workers []int
	chunk   string
	size    int
	rounds  int
	kernel  string
	json    bool
	svg     string
}

func newKernelPoolCommand() *cobra.Command {
	flags := poolFlags{samples: 1e8}
	command := &cobra.Command{
		Use:   "pool",
		Short: "Cut the same work into many small jobs and into few large ones",
		Long: `Cut the same work, samples of pi, into many small jobs and into few large ones,
and run each through a pool of workers.

The ideal is the schedule that no pool can beat: the longest queue of a worker,
jobs divided by workers and rounded up, times what a job takes on average. The
rounds take turns, and what is shown is the round with the median time.`,
		Example: `  interleave kernel pool
  interleave kernel pool --jobs 10000,10,7 --workers 1,2 --chunk guided`,
		Args: noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			ctx, stop := interruptible(context.Background())
			defer stop()
			return flags.run(ctx, command.OutOrStdout(), command.ErrOrStderr())
		},
	}
	set := command.Flags()
	set.Var(&flags.samples, "samples", "samples of all jobs together")
	set.IntSliceVar(&flags.jobs, "jobs", []int{10_000, 10}, "numbers of jobs")
	set.IntSliceVar(&flags.workers, "workers", []int{runtime.GOMAXPROCS(0)}, "numbers of workers")
	set.StringVar(&flags.chunk, "chunk", "automatic", "automatic, guided or fixed chunks")
	set.IntVar(&flags.size, "chunk-size", 1, "size of a fixed chunk, least of another")
	set.IntVar(&flags.rounds, "rounds", 5, "how often each is run")
	set.StringVar(&flags.kernel, "kernel", string(pi.Xoshiro), "kernel of the jobs, see kernel pi")
	set.BoolVar(&flags.json, "json", false, "write JSON")
	set.StringVar(&flags.svg, "svg", "", "write a chart of the times to a file")
	return command
}

// A poolRun is one run's result, as JSON has it.
type poolRun struct {
	Jobs    int    `json:"jobs"`
	Samples uint64 `json:"samples_per_job"`
	Workers int    `json:"workers"`
	Chunk   string `json:"chunk"`
	Hits    uint64 `json:"hits"`
	// JobSeconds is the sum over the jobs.
	JobSeconds   float64 `json:"job_seconds"`
	IdealSeconds float64 `json:"ideal_seconds"`
	OverIdeal    float64 `json:"over_ideal"` // 0.01 is one percent longer
	measurement
}

func (flags *poolFlags) run(ctx context.Context, stdout, stderr io.Writer) error {
	plan, err := flags.plan()
	if err != nil {
		return err
	}
	svg, err := openOutput(flags.svg)
	if err != nil {
		return err
	}
	defer abortOutput(svg)
	runs, err := flags.execute(ctx, plan, newProgressLine(stderr, "pool"))
	if errors.Is(err, context.Canceled) {
		return &exitError{status: exitInterrupt, cause: errors.New("interrupted")}
	}
	if err != nil {
		return err
	}
	if err := flags.write(stdout, runs); err != nil {
		return err
	}
	return commitOutput(svg, []byte(poolChart(runs).SVG()))
}

// A poolPlan is what the flags ask for, checked.
type poolPlan struct {
	chunk kernels.Chunk
	count func(seed, samples uint64) uint64
	cases []poolRun // without results
}

func (flags *poolFlags) plan() (plan poolPlan, err error) {
	policies := []string{"automatic", "guided", "fixed"} // in the order of kernels.ChunkPolicy
	policy := slices.Index(policies, flags.chunk)
	if policy < 0 {
		return plan, fmt.Errorf("--chunk %s: there are automatic, guided and fixed", flags.chunk)
	}
	if flags.size < 1 || flags.rounds < 1 {
		return plan, fmt.Errorf("--chunk-size %d --rounds %d: both must be at least 1", flags.size, flags.rounds)
	}
	if len(flags.jobs) == 0 || len(flags.workers) == 0 {
		return plan, errors.New("--jobs and --workers: nothing to do")
	}
	plan.chunk = kernels.Chunk{Policy: kernels.ChunkPolicy(policy), Size: flags.size}
	if plan.count, err = pi.Kernel(flags.kernel).Counter(); err != nil {
		return plan, kernelError(flags.kernel, err, "")
	}
	for _, jobs := range flags.jobs {
		for _, workers := range flags.workers {
			switch {
			case jobs < 1 || jobs > 1e8 || uint64(flags.samples)/uint64(jobs) == 0:
				return plan, fmt.Errorf("--jobs %d: from 1 to 100,000,000 are possible, and a sample for each", jobs)
			case workers < 1 || workers > 4096:
				return plan, fmt.Errorf("--workers %d: from 1 to 4096 are possible", workers)
			}
			plan.cases = append(plan.cases, poolRun{Jobs: jobs, Workers: workers, Chunk: flags.chunk, Samples: uint64(flags.samples) / uint64(jobs)})
		}
	}
	return plan, nil
}

// execute runs all cases in turn, round after round, so that a machine that
// gets slower does so for all of them, and keeps the median of each.
func (flags *poolFlags) execute(ctx context.Context, plan poolPlan, progress *progressLine) ([]poolRun, error) {
	defer progress.clear()
	rounds := make([][]poolRun, len(plan.cases))
	for round := range flags.rounds {
		for i, c := range plan.cases {
			before := uint64(round*len(plan.cases) + i)
			run, err := c.execute(ctx, plan, func(done, total int) {
				progress.show(before*uint64(total)+uint64(done), uint64(flags.rounds*len(plan.cases)*total))
			})
			if err != nil {
				return nil, err
			}
			rounds[i] = append(rounds[i], run)
		}
	}
	var medians []poolRun
	for _, runs := range rounds {
		slices.SortFunc(runs, func(a, b poolRun) int { return cmp.Compare(a.Seconds, b.Seconds) })
		medians = append(medians, runs[len(runs)/2])
	}
	return medians, nil
}

// execute runs one case once.
func (r poolRun) execute(ctx context.Context, plan poolPlan, progress func(done, total int)) (poolRun, error) {
	seeds := make([]uint64, r.Jobs)
	for i := range seeds {
		seeds[i] = uint64(i)
	}
	pool := kernels.Pool{Workers: r.Workers}
	defer pool.Close()
	options := kernels.MapOptions{Pool: &pool, Chunk: plan.chunk, Progress: progress}
	var busy atomic.Int64
	var err error
	r.measurement, err = measure(func() error {
		hits, err := kernels.Map(ctx, options, seeds, func(_ context.Context, seed uint64) (uint64, error) {
			start := time.Now()
			n := plan.count(seed, r.Samples)
			busy.Add(int64(time.Since(start)))
			return n, nil
		})
		for _, n := range hits {
			r.Hits += n
		}
		return err
	})
	r.JobSeconds = time.Duration(busy.Load()).Seconds()
	atOnce := min(r.Workers, runtime.GOMAXPROCS(0))
	r.IdealSeconds = r.JobSeconds / float64(r.Jobs) * float64((r.Jobs+atOnce-1)/atOnce)
	r.OverIdeal = r.Seconds/r.IdealSeconds - 1
	return r, err
}

func (flags *poolFlags) write(to io.Writer, runs []poolRun) error {
	if flags.json {
		return writeJSON(to, struct {
			Runs []poolRun `json:"runs"`
		}{runs})
	}
	fmt.Fprintf(to, "%s samples, kernel %s, %s chunks, median of %s\n\n",
		grouped(uint64(flags.samples)), flags.kernel, flags.chunk, plural(flags.rounds, "round"))
	fmt.Fprintf(to, "%10s %12s %7s %8s %8s %10s %8s %8s\n", "jobs", "samples each", "workers", "seconds", "ideal", "over ideal", "user s", "system s")
	for _, r := range runs {
		fmt.Fprintf(to, "%10s %12s %7d %8.3f %8.3f %8.1f %% %8.3f %8.3f\n", grouped(uint64(r.Jobs)), grouped(r.Samples),
			r.Workers, r.Seconds, r.IdealSeconds, 100*r.OverIdeal, r.CPUUserSeconds, r.CPUSystemSeconds)
	}
	writeChart(to, poolChart(runs))
	return nil
}

// poolChart has the times beside the ideal.
func poolChart(runs []poolRun) chart.Chart {
	c := chart.Chart{Title: "The same work in jobs of two sizes", Unit: "seconds"}
	c.Series = []chart.Series{{Name: "took"}, {Name: "ideal"}}
	for _, r := range runs {
		c.Labels = append(c.Labels, fmt.Sprintf("%s, %s", plural(r.Jobs, "job"), plural(r.Workers, "worker")))
		c.Series[0].Values = append(c.Series[0].Values, r.Seconds)
		c.Series[1].Values = append(c.Series[1].Values, r.IdealSeconds)
	}
	return c
}
