package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/interleave-go/interleave/internal/chart"
	"github.com/interleave-go/interleave/kernels/wordcount"
)

// add takes the next word.
func (t *countTable) add(word string, count int) error {
	r := t.result
	r.Words += count
	r.Distinct++
	if len(r.Top) < r.topMost || r.topMost > 0 && count > r.Top[len(r.Top)-1].Count {
		at, _ := slices.BinarySearchFunc(r.Top, count, func(w wordFrequency, count int) int {
			if w.Count >= count { // of equal ones the first in order is first
				return -1
			}
			return 1
		})
		r.Top = slices.Insert(r.Top, at, wordFrequency{Word: word, Count: count})
		r.Top = r.Top[:min(len(r.Top), r.topMost)]
	}
	if r.all != nil {
		r.all = append(r.all, wordFrequency{Word: word, Count: count})
	}
	if t.out == nil {
		return nil
	}
	_, err := fmt.Fprintf(t.out, "%s\t%d\n", word, count)
	return err
}

func (t *countTable) flush() error {
	if t.out == nil {
		return nil
	}
	return t.out.Flush()
}

// plain takes the words of the files from the baseline.
func (t *countTable) plain(paths []string) error {
	total := map[string]int{}
	for _, path := range paths {
		counts, err := plainFile(path)
		if err != nil {
			return fmt.Errorf("count the words of %s: %w", path, err)
		}
		if len(paths) == 1 {
			total = counts
			break
		}
		for word, n := range counts {
			total[word] += n
		}
	}
	for _, word := range slices.SortedFunc(maps.Keys(total), cmp.Compare[string]) {
		if err := t.add(word, total[word]); err != nil {
			return err
		}
	}
	return t.flush()
}

func plainFile(path string) (map[string]int, error) {
	if path == "-" {
		return wordcount.Plain(os.Stdin)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return wordcount.Plain(f)
}

func (flags *wordcountFlags) write(to io.Writer, r *wordcountResult) error {
	if flags.json {
		return writeJSON(to, r)
	}
	r.writeTotals(to)
	fmt.Fprintf(to, "\nway        %s, %s\n", r.Way, plural(r.Workers, "worker"))
	fmt.Fprintf(to, "time       %.3f s, %.0f MB/s\n", r.Seconds, r.MegabytesASecond)
	fmt.Fprintf(to, "processor  %.3f s user, %.3f s system: %.2f busy\n", r.CPUUserSeconds, r.CPUSystemSeconds, r.busy())
	if !flags.plain {
		fmt.Fprintf(to, "memory     at most %s; spilled %s bytes in %s; %s\n", flags.memory.String(),
			grouped(uint64(r.SpilledBytes)), plural(r.SpilledRuns, "run"), plural(r.Partitions, "partition"))
	}
	if len(r.Top) > 0 {
		writeChart(to, r.chart())
	}
	return nil
}

// writeTotals writes what does not depend on time.
func (r *wordcountResult) writeTotals(to io.Writer) {
	fmt.Fprintf(to, "%s words, %s of them different, in %s bytes of %s\n",
		grouped(uint64(r.Words)), grouped(uint64(r.Distinct)), grouped(uint64(r.Bytes)), plural(r.Files, "file"))
}

// chart has the most frequent words.
func (r *wordcountResult) chart() chart.Chart {
	c := chart.Chart{Title: "Most frequent words", Unit: "occurrences"}
	var values []float64
	for _, w := range r.Top {
		c.Labels = append(c.Labels, w.Word)
		values = append(values, float64(w.Count))
	}
	c.Series = []chart.Series{{Values: values}}
	return c
}
