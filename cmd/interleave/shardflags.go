package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"github.com/interleave-go/interleave/kernels/shard"
)

// shardFlags are the flags of a command whose work can be cut into shards.
type shardFlags struct {
	shard string
	out   string
}

func (flags *shardFlags) register(set *pflag.FlagSet) {
	set.StringVar(&flags.shard, "shard", "", "do one part only: i/n, auto/n or auto")
	set.StringVar(&flags.out, "out", "", "write the result to a file that can be merged")
}

// isPart reports whether a shard was asked for, and not the whole.
func (flags *shardFlags) isPart() bool { return flags.shard != "" }

// parse returns the shard, 0/1 when none was asked for, and the name of the
// file for its result, "" for none.
func (flags *shardFlags) parse() (s shard.Shard, path string, err error) {
	s = shard.Shard{Index: 0, Count: 1}
	if flags.isPart() {
		if s, err = shard.Parse(flags.shard, os.LookupEnv); err != nil {
			return s, "", err
		}
		if flags.out == "" {
			return s, "", errors.New("--shard needs --out, the file for its result")
		}
	}
	name := fmt.Sprintf("%d-of-%d", s.Index, s.Count)
	return s, strings.ReplaceAll(flags.out, "{shard}", name), nil
}
