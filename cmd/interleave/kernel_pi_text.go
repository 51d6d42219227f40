package main

import (
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/interleave-go/interleave/internal/chart"
)

// write writes the runs: one in detail, several as a table and a chart.
func (flags *piFlags) write(to io.Writer, runs []piRun) error {
	switch {
	case flags.json && len(runs) == 1:
		return writeJSON(to, runs[0])
	case flags.json:
		return writeJSON(to, struct {
			Runs []piRun `json:"runs"`
		}{runs})
	case len(runs) == 1:
		writePiRun(to, runs[0])
	default:
		writePiTable(to, runs)
		writeChart(to, piChart(runs))
	}
	return nil
}

func writePiRun(to io.Writer, r piRun) {
	fmt.Fprintf(to, "%s samples, seed %d, kernel %s, %s%s\n\n",
		grouped(r.Samples), r.Seed, r.Kernel, plural(r.Workers, "worker"), shardSuffix(r))
	writePiEstimate(to, r)
	fmt.Fprintf(to, "time            %.3f s, %s samples/s, %s for each worker\n",
		r.Seconds, chart.FormatValue(r.SamplesPerSecond), chart.FormatValue(r.SamplesPerSecond/float64(r.Workers)))
	most := min(r.Workers, runtime.GOMAXPROCS(0))
	fmt.Fprintf(to, "processor       %.3f s user, %.3f s system: %.2f of %s busy (%.0f %%)\n",
		r.CPUUserSeconds, r.CPUSystemSeconds, r.busy(), plural(most, "core"), 100*r.busy()/float64(most))
	if r.Mistake != "" {
		fmt.Fprintf(to, "mistake         %s\n", r.Mistake)
	}
	if r.SameEverywhere {
		fmt.Fprintf(to, "DETECTED        all %d workers counted the same %s hits\n", len(r.Shares), grouped(r.Shares[0].Hits))
	}
	if len(r.Shares) > 1 {
		writeChart(to, shareChart(r))
	}
}

func shardSuffix(r piRun) string {
	if r.Shard == "" {
		return ""
	}
	return ", shard " + r.Shard
}

// writePiEstimate writes what does not depend on time.
func writePiEstimate(to io.Writer, r piRun) {
	if r.Samples == 0 {
		fmt.Fprintln(to, "no samples, no estimate")
		return
	}
	fmt.Fprintf(to, "estimate        %.12f\n", r.Estimate)
	fmt.Fprintf(to, "standard error  %.12f\n", r.StandardError)
	verdict := "pi is inside"
	if math.Pi < r.Low || math.Pi > r.High {
		verdict = "pi is outside"
	}
	fmt.Fprintf(to, "interval        %.9f to %.9f at %.0f %% (%s)\n", r.Low, r.High, 100*r.Confidence, verdict)
}

func shareChart(r piRun) chart.Chart {
	c := chart.Chart{Title: "Share of the work", Unit: "samples"}
	values := make([]float64, len(r.Shares))
	for i, share := range r.Shares {
		c.Labels = append(c.Labels, "worker "+strconv.Itoa(i))
		values[i] = float64(share.Samples)
	}
	c.Series = []chart.Series{{Values: values}}
	return c
}

func writePiTable(to io.Writer, runs []piRun) {
	fmt.Fprintf(to, "%s samples, seed %d\n\n", grouped(runs[0].Samples), runs[0].Seed)
	fmt.Fprintf(to, "%-16s %7s %15s %8s %8s %8s %10s\n",
		"kernel", "workers", "estimate", "seconds", "user s", "system s", "efficiency")
	for _, r := range runs {
		efficiency := "-"
		if r.Efficiency != nil {
			efficiency = fmt.Sprintf("%.0f %%", 100**r.Efficiency)
		}
		fmt.Fprintf(to, "%-16s %7d %15.12f %8.3f %8.3f %8.3f %10s\n",
			r.Kernel, r.Workers, r.Estimate, r.Seconds, r.CPUUserSeconds, r.CPUSystemSeconds, efficiency)
	}
	for _, r := range runs {
		if r.SameEverywhere {
			fmt.Fprintf(to, "\nDETECTED: all %d workers of %s counted the same %s hits\n",
				len(r.Shares), r.Kernel, grouped(r.Shares[0].Hits))
		}
	}
}

// piChart has the speeds: a row for each kernel, a series for each number of
// workers.
func piChart(runs []piRun) chart.Chart {
	c := chart.Chart{Title: "Monte-Carlo pi", Unit: "samples/s"}
	var workers []int
	for _, r := range runs {
		if !slices.Contains(c.Labels, r.Kernel) {
			c.Labels = append(c.Labels, r.Kernel)
		}
		if !slices.Contains(workers, r.Workers) {
			workers = append(workers, r.Workers)
		}
	}
	for _, w := range workers {
		series := chart.Series{Name: plural(w, "worker")}
		for _, kernel := range c.Labels {
			series.Values = append(series.Values, speedOf(runs, kernel, w))
		}
		c.Series = append(c.Series, series)
	}
	return c
}

func speedOf(runs []piRun, kernel string, workers int) float64 {
	for _, r := range runs {
		if r.Kernel == kernel && r.Workers == workers {
			return r.SamplesPerSecond
		}
	}
	return math.NaN()
}

func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	if strings.HasSuffix(thing, "s") {
		thing += "e"
	}
	return grouped(uint64(n)) + " " + thing + "s"
}
