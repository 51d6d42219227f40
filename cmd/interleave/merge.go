package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/interleave-go/interleave/kernels/shard"
)

// A shardKind is a kind of work that can be cut into shards.
type shardKind struct {
	name    string
	combine shard.Combine
	show    func(to io.Writer, merged shard.File, asJSON bool) error
}

// shardKinds lists every kind.
func shardKinds() []shardKind {
	return []shardKind{
		{name: piKind, combine: combinePi, show: showPi},
		{name: wordcountKind, combine: combineWordcount, show: showWordcount},
		{name: counterKind, combine: combineCounter, show: showCounter},
	}
}

type mergeFlags struct {
	json bool
	out  string
}

func newMergeCommand() *cobra.Command {
	var flags mergeFlags
	command := &cobra.Command{
		Use:   "merge FILE...",
		Short: "Bring the results of all shards of a job together",
		Long: `Bring the results of all shards of a job together. The result is that of the
unsharded job. A missing, repeated, foreign or damaged shard is refused.`,
		Example: "  interleave merge pi-*.json\n  interleave merge --out whole.json pi-*.json",
		Args:    someArguments("files that --shard and --out have written"),
		RunE: func(command *cobra.Command, paths []string) error {
			return flags.run(paths, command.OutOrStdout())
		},
	}
	command.Flags().BoolVar(&flags.json, "json", false, "write JSON")
	command.Flags().StringVar(&flags.out, "out", "", "write the merged result to a file, as shard 0/1")
	return command
}

func (flags *mergeFlags) run(paths []string, stdout io.Writer) error {
	if err := checkApart([]flagFile{{"--out", flags.out}}, paths...); err != nil {
		return err
	}
	files := make([]shard.Named, len(paths))
	for i, path := range paths {
		file, err := shard.Read(path)
		if err != nil {
			return err
		}
		files[i] = shard.Named{Name: path, File: file}
	}
	kind, err := kindOf(files[0])
	if err != nil {
		return err
	}
	merged, err := shard.Merge(files, kind.combine)
	if err != nil {
		return err
	}
	if flags.out != "" {
		if err := merged.Write(flags.out); err != nil {
			return err
		}
	}
	return kind.show(stdout, merged, flags.json)
}

func kindOf(file shard.Named) (shardKind, error) {
	for _, kind := range shardKinds() {
		if kind.name == file.File.Kind {
			return kind, nil
		}
	}
	return shardKind{}, fmt.Errorf("merge %s: no kind of work is called %q", file.Name, file.File.Kind)
}
