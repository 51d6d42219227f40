package shard

import (
	"fmt"
	"strconv"
	"strings"
)

// countMost bounds the number of shards: far above any array of jobs, far below
// what would make a merge run out of memory.
const countMost = 1 << 20

// A Shard is one of Count parts of a job, counted from 0. Its zero value is not
// a shard; the whole job is shard 0 of 1.
type Shard struct{ Index, Count int }

// String is the form that Parse reads.
func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.Index, s.Count) }

func (s Shard) check() error {
	if s.Count < 1 || s.Count > countMost {
		return fmt.Errorf("shard %v: the number of shards is not between 1 and %d", s, countMost)
	}
	if s.Index < 0 || s.Index >= s.Count {
		return fmt.Errorf("shard %v: the index is not between 0 and %d", s, s.Count-1)
	}
	return nil
}

// Range is the shard's even part of n pieces of work: those from "from" up to,
// not including, "to".
func (s Shard) Range(n uint64) (from, to uint64) {
	size, rest := n/uint64(s.Count), n%uint64(s.Count)
	start := func(i uint64) uint64 { return i*size + min(i, rest) }
	return start(uint64(s.Index)), start(uint64(s.Index) + 1)
}

// Parse reads a shard: "i/n", or "auto/n" with the index, or "auto" with both
// numbers, from the environment that a cluster's scheduler sets. lookup is
// os.LookupEnv or a stand-in for it.
func Parse(text string, lookup func(string) (string, bool)) (Shard, error) {
	index, count, isPair := strings.Cut(text, "/")
	if index == "auto" {
		return fromEnvironment(count, lookup)
	}
	if !isPair {
		return Shard{}, fmt.Errorf("shard %q: want i/n, auto/n or auto", text)
	}
	return numbers(index, count)
}

func numbers(index, count string) (Shard, error) {
	i, err := strconv.Atoi(index)
	if err != nil {
		return Shard{}, fmt.Errorf("shard %s/%s: %q is not an index", index, count, index)
	}
	n, err := strconv.Atoi(count)
	if err != nil {
		return Shard{}, fmt.Errorf("shard %s/%s: %q is not a number of shards", index, count, count)
	}
	s := Shard{Index: i, Count: n}
	return s, s.check()
}

// fromEnvironment reads the variables of a Kubernetes Indexed Job, which does
// not tell how many there are, and of a Slurm job array, which does.
func fromEnvironment(count string, lookup func(string) (string, bool)) (Shard, error) {
	index, isKubernetes := lookup("JOB_COMPLETION_INDEX")
	if isKubernetes {
		if count == "" {
			return Shard{}, fmt.Errorf("shard auto: a Kubernetes job does not say how many: give auto/n")
		}
		return numbers(index, count)
	}
	index, isSlurm := lookup("SLURM_ARRAY_TASK_ID")
	if !isSlurm {
		return Shard{}, fmt.Errorf("shard auto: neither JOB_COMPLETION_INDEX nor SLURM_ARRAY_TASK_ID is set")
	}
	if first, isSet := lookup("SLURM_ARRAY_TASK_MIN"); isSet && first != "0" {
		return Shard{}, fmt.Errorf("shard auto: the Slurm array begins at %s, want --array=0-(n-1)", first)
	}
	if count == "" {
		count, _ = lookup("SLURM_ARRAY_TASK_COUNT")
	}
	return numbers(index, count)
}
