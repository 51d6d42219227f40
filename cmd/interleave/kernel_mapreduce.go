package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/interleave-go/interleave/internal/atomicfile"
	"github.com/interleave-go/interleave/kernels/mapreduce"
	"github.com/interleave-go/interleave/kernels/shard"
	"github.com/interleave-go/interleave/kernels/wordcount"
)

// programBytes is what the process takes beside what the garbage collector has
// a limit for, measured as 12 to 14 MiB: code, mostly. With less than memoryLeast the garbage
// collector would run all the time.
const (
	programBytes = 16 << 20
	memoryLeast  = 48 << 20
)

type wordcountFlags struct {
	workers    int
	memory     byteSize
	partitions int
	temp       string
	top        int
	plain      bool
	counts     string
	json       bool
	svg        string
	shardFlags
}

func newKernelWordcountCommand() *cobra.Command {
	flags := wordcountFlags{memory: 512 << 20}
	command := &cobra.Command{
		Use:   "wordcount FILE...",
		Short: "Count the words of files by map-reduce, in bounded memory",
		Long: `Count the words of files by map-reduce, on all cores, in bounded memory.

What does not fit into the memory is spilled to temporary files. The counts and
their order do not depend on the workers, the memory or the partitions. Text
that is not UTF-8 is refused. The file "-" is standard input.

All counts that --out writes must fit into memory.

--plain counts with one goroutine, a bufio.Scanner and a map, in memory without
bound: the baseline.`,
		Example: `  interleave kernel wordcount book.txt
  interleave kernel wordcount --memory 64M --counts counts.tsv part-*.txt
  interleave kernel wordcount --shard 3/8 --out 'words-{shard}.json' book.txt
  interleave kernel wordcount --plain book.txt`,
		Args: someArguments("files; - is standard input"),
		RunE: func(command *cobra.Command, paths []string) error {
			ctx, stop := interruptible(context.Background())
			defer stop()
			return flags.run(ctx, paths, command)
		},
	}
	set := command.Flags()
	set.IntVar(&flags.workers, "workers", runtime.GOMAXPROCS(0), "number of workers")
	set.Var(&flags.memory, "memory", "bound of the process's memory")
	set.IntVar(&flags.partitions, "partitions", 0, "ranges of words, 0 for as many as suit")
	set.StringVar(&flags.temp, "temp", "", "folder for temporary files (default the system's)")
	set.IntVar(&flags.top, "top", 10, "how many frequent words to show")
	set.BoolVar(&flags.plain, "plain", false, "count in a plain loop, for comparison")
	set.StringVar(&flags.counts, "counts", "", "write all counts to a file: word, tab, count")
	set.BoolVar(&flags.json, "json", false, "write JSON")
	set.StringVar(&flags.svg, "svg", "", "write a chart of the most frequent words to a file")
	flags.register(set)
	return command
}

func (flags *wordcountFlags) run(ctx context.Context, paths []string, command *cobra.Command) error {
	if err := flags.check(); err != nil {
		return err
	}
	part, outPath, err := flags.parse()
	if err != nil {
		return err
	}
	files, err := sizesOf(paths)
	if err != nil {
		return err
	}
	named := []flagFile{{"--svg", flags.svg}, {"--counts", flags.counts}, {"--out", outPath}}
	if err := checkApart(named, paths...); err != nil {
		return err
	}
	var outputs [3]*atomicfile.File
	for i, to := range named {
		if outputs[i], err = openOutput(to.path); err != nil {
			return err
		}
		defer abortOutput(outputs[i])
	}
	svg, counts, out := outputs[0], outputs[1], outputs[2]
	result, err := flags.count(ctx, files, wordcountTo{part: part, counts: counts, all: out != nil}, command.ErrOrStderr())
	if errors.Is(err, context.Canceled) {
		return &exitError{status: exitInterrupt, cause: errors.New("interrupted: the words are not all counted")}
	}
	if err != nil {
		return err
	}
	if err := flags.write(command.OutOrStdout(), result); err != nil {
		return err
	}
	file, err := wordcountShardFile(part, files, result)
	if err != nil {
		return err
	}
	return errors.Join(commitOutput(counts, nil), commitOutput(svg, []byte(result.chart().SVG())), commitOutput(out, file.Encode()))
}

func (flags *wordcountFlags) check() error {
	switch {
	case flags.workers < 1 || flags.workers > mapreduce.WorkersMost:
		return fmt.Errorf("--workers %d: from 1 to %d are possible", flags.workers, mapreduce.WorkersMost)
	case flags.memory < memoryLeast:
		return fmt.Errorf("--memory %s: at least 48M is needed", flags.memory.String())
	case flags.plain && flags.isPart():
		return errors.New("--shard cannot be had with --plain")
	case flags.partitions < 0:
		return fmt.Errorf("--partitions %d: below 0", flags.partitions)
	case flags.top < 0 || flags.top > 1000:
		return fmt.Errorf("--top %d: from 0 to 1000 are possible", flags.top)
	}
	return nil
}

// sizesOf are the sizes of all files, 0 for pipes. That a file cannot be opened
// is said before the work begins.
func sizesOf(paths []string) ([]wordcountFile, error) {
	var files []wordcountFile
	for _, path := range paths {
		file := wordcountFile{Path: path}
		if path != "-" {
			info, err := os.Stat(path)
			if err != nil {
				return nil, err
			}
			if info.Mode().IsRegular() { // opening a pipe has an effect
				f, err := os.Open(path)
				if err != nil {
					return nil, err
				}
				f.Close()
				file.Bytes = info.Size()
			}
		}
		files = append(files, file)
	}
	return files, nil
}

// A wordcountResult is what JSON has.
type wordcountResult struct {
	Files            int             `json:"files"`
	Bytes            int64           `json:"bytes"`
	Words            int             `json:"words"`
	Distinct         int             `json:"distinct"`
	Top              []wordFrequency `json:"top"`
	Way              string          `json:"way"`
	Workers          int             `json:"workers"`
	MemoryMax        int64           `json:"memory_max,omitempty"`
	MegabytesASecond float64         `json:"megabytes_per_second"`
	mapreduce.Stats  `json:"map_reduce"`
	measurement
	topMost int
	all     []wordFrequency // for --out; nil when nobody wants it
}

// A wordcountTo says which part to count and where all counts go.
type wordcountTo struct {
	part   shard.Shard
	counts *atomicfile.File // nil for nowhere
	all    bool             // into the result
}

// A wordFrequency is a word and how often it occurs.
type wordFrequency struct {
	Word  string `json:"word"`
	Count int    `json:"count"`
}

// count counts in the way that the flags ask for.
func (flags *wordcountFlags) count(ctx context.Context, files []wordcountFile, to wordcountTo, stderr io.Writer) (*wordcountResult, error) {
	progress := newProgressLine(stderr, "wordcount")
	defer progress.clear()
	result := &wordcountResult{Files: len(files), Workers: flags.workers, Way: "map-reduce", MemoryMax: int64(flags.memory), topMost: flags.top}
	var sink io.Writer
	if to.counts != nil {
		sink = to.counts
	}
	table := newCountTable(sink, result)
	if to.all {
		result.all = []wordFrequency{} // written as such when there are none
	}
	in := wordcountInput{part: to.part}
	size := int64(0)
	for _, f := range files {
		in.paths, size = append(in.paths, f.Path), size+f.Bytes
	}
	var err error
	result.measurement, err = measure(func() error {
		if flags.plain {
			result.Workers, result.Way, result.MemoryMax = 1, "plain", 0
			return table.plain(in.paths)
		}
		return flags.mapReduce(ctx, in, table, func(done int64) {
			result.Bytes = done
			progress.show(uint64(done), uint64(size/int64(to.part.Count)))
		})
	})
	if flags.plain {
		result.Bytes = size
	}
	result.MegabytesASecond = float64(result.Bytes) / 1e6 / math.Max(result.Seconds, 1e-9)
	return result, err
}

// A wordcountInput is what to count.
type wordcountInput struct {
	paths []string
	part  shard.Shard
}

func (flags *wordcountFlags) mapReduce(ctx context.Context, in wordcountInput, table *countTable, progress func(int64)) error {
	memory := int64(flags.memory) - programBytes
	// The library's bound is an estimate of live memory; this makes the
	// collector work harder rather than go beyond it.
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(memory))
	o := wordcount.Options{Progress: progress}
	o.Workers, o.MemoryMax, o.Partitions = flags.workers, memory, flags.partitions
	o.Text.SplitBytes = int(min(max(memory/16/int64(flags.workers), 64<<10), 1<<20))
	o.Text.Part = mapreduce.Part{Index: in.part.Index, Count: in.part.Count}
	o.TempDir, o.Stats = flags.temp, &table.result.Stats
	for pair, err := range wordcount.Count(ctx, in.paths, o) {
		if err != nil {
			return err
		}
		if err := table.add(pair.Key, pair.Value); err != nil {
			return err
		}
	}
	return table.flush()
}

// A countTable takes the counts in the order of the words.
type countTable struct {
	out    *bufio.Writer // nil when nobody wants all counts
	result *wordcountResult
}

func newCountTable(out io.Writer, result *wordcountResult) *countTable {
	t := &countTable{result: result}
	if out != nil {
		t.out = bufio.NewWriterSize(out, 1<<16)
	}
	return t
}
