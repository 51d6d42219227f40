package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/interleave-go/interleave/internal/chart"
	"github.com/interleave-go/interleave/kernels"
)

// count runs one way of counting with one number of processes.
func (flags *processesFlags) count(report *processesReport, sharing kernels.Sharing, processes int) error {
	runs := countingRuns{Sharing: sharing, Processes: processes}
	for range flags.runs {
		o := kernels.CountOptions{Sharing: sharing, Processes: processes, Increments: int(flags.increments)}
		c, err := kernels.CountTogether(o)
		if err != nil {
			return err
		}
		if !c.ExitsClean {
			return fmt.Errorf("count %s with %d processes: a process did not end well", sharing, processes)
		}
		runs.Counted = append(runs.Counted, c.Counted)
	}
	slices.Sort(runs.Counted)
	report.Counting = append(report.Counting, runs)
	return nil
}

func writeProcesses(to io.Writer, r processesReport) {
	fmt.Fprintf(to, "Memory of one's own, %d increments by %s:\n"+
		"the parent's counter says %d, the processes' say\n%v\n", r.Increments, plural(len(r.Apart.Workers), "process"), r.Apart.Parent, r.Apart.Workers)
	fmt.Fprintf(to, "\nShared memory, %d increments: the count of %d runs\n\n", r.Increments, len(r.Counting[0].Counted))
	writeCounting(to, r)
	writeChart(to, lostChart(r))
	fmt.Fprintf(to, "\nOne by one: the raw count is %d of %d, at most %s at once\n",
		r.InTurn.Counted, r.InTurn.Wanted, plural(int(r.InTurn.AtOnce), "process"))
	fmt.Fprintf(to, "A cell by pid %% %d: %s, cells %v, lost %d\n",
		len(r.ByPID.PIDs), plural(r.ByPID.Collisions(), "collision"), r.ByPID.Cell, r.ByPID.Lost())
	verdict := "joined"
	if r.DrainDeadlocked {
		verdict = "deadlock"
	}
	fmt.Fprintf(to, "Join before %d messages are received: %s; after %d are: joined\n",
		r.DrainMessages, verdict, r.DrainReceived)
	writeChart(to, processShares(r))
	writeRecoveries(to, r)
	fmt.Fprintf(to, "\ntime            %.1f s; processor %.1f s user, %.1f s system\n",
		r.Seconds, r.CPUUserSeconds, r.CPUSystemSeconds)
}

func writeCounting(to io.Writer, r processesReport) {
	fmt.Fprintf(to, "%-16s %9s %9s %9s %9s %10s\n", "way", "processes", "least", "median", "most", "exact runs")
	for _, c := range r.Counting {
		exact := 0
		for _, n := range c.Counted {
			if n == int64(r.Increments) {
				exact++
			}
		}
		fmt.Fprintf(to, "%-16s %9d %9d %9d %9d %10d\n", c.Sharing, c.Processes,
			c.Counted[0], c.Counted[len(c.Counted)/2], c.Counted[len(c.Counted)-1], exact)
	}
}

func writeRecoveries(to io.Writer, r processesReport) {
	fmt.Fprintf(to, "\nKill -9\n%-16s %9s %12s %9s %16s\n", "place", "noticed", "chunks again", "committed", "total as wanted")
	for _, at := range r.Recoveries {
		right := "yes"
		if at.Total != at.Wanted {
			right = fmt.Sprintf("NO: %d, not %d", at.Total, at.Wanted)
		}
		fmt.Fprintf(to, "%-16s %9d %12d %9d %16s\n", at.Place, at.Killed, at.Redone, at.Committed, right)
	}
}

// lostChart has the mean share of lost increments of every way that loses any.
func lostChart(r processesReport) chart.Chart {
	c := chart.Chart{Title: "Lost increments", Unit: "% of all", Axis: "processes", Kind: chart.Lines}
	index := map[kernels.Sharing]int{}
	for _, runs := range r.Counting {
		label := strconv.Itoa(runs.Processes)
		if !slices.Contains(c.Labels, label) {
			c.Labels = append(c.Labels, label)
		}
		if _, isThere := index[runs.Sharing]; !isThere {
			index[runs.Sharing] = len(c.Series)
			c.Series = append(c.Series, chart.Series{Name: string(runs.Sharing)})
		}
		series := &c.Series[index[runs.Sharing]]
		series.Values = append(series.Values, meanLost(runs, r.Increments))
	}
	return c
}

// meanLost is the mean share of lost increments, in percent.
func meanLost(runs countingRuns, increments int) float64 {
	lost := int64(0)
	for _, n := range runs.Counted {
		lost += int64(increments) - n
	}
	return 100 * float64(lost) / float64(len(runs.Counted)) / float64(increments)
}

func processShares(r processesReport) chart.Chart {
	c := chart.Chart{Title: "Share of 1000 items", Unit: "items", Series: []chart.Series{{}}}
	for i, share := range r.Shares {
		c.Labels = append(c.Labels, "process "+strconv.Itoa(i))
		c.Series[0].Values = append(c.Series[0].Values, float64(share))
	}
	return c
}
