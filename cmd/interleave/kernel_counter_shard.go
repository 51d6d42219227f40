package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/interleave-go/interleave/kernels/counters"
	"github.com/interleave-go/interleave/kernels/shard"
)

// counterKind is the kind of a shard file with increments.
const counterKind = "counter"

// A counterJob is all that determines the count. The way does not.
type counterJob struct {
	Increments uint64 `json:"increments"`
}

// A counterPayload is what a shard has counted.
type counterPayload struct {
	Counted uint64 `json:"counted"`
}

// checkOut checks that one count comes out that can be trusted.
func (flags *counterFlags) checkOut() error {
	if flags.out == "" {
		return nil
	}
	if len(flags.workers) != 1 || len(flags.ways) != 1 || flags.ways[0] == "all" || flags.ways[0] == counters.Plain.String() {
		return errors.New("--out takes one right way and one number of workers")
	}
	return nil
}

func (flags *counterFlags) shardFile(part shard.Shard, runs []counterRun) (shard.File, error) {
	job := counterJob{Increments: uint64(flags.increments)}
	return shard.New(part, counterKind, job, counterPayload{Counted: uint64(runs[0].Counted)})
}

// combineCounter adds what was counted, which must be all.
func combineCounter(raw json.RawMessage, payloads []json.RawMessage) (any, error) {
	var job counterJob
	if err := json.Unmarshal(raw, &job); err != nil {
		return nil, fmt.Errorf("job of kind counter: %w", err)
	}
	sum := counterPayload{}
	for i, p := range payloads {
		var part counterPayload
		if err := json.Unmarshal(p, &part); err != nil {
			return nil, fmt.Errorf("payload of shard %d of kind counter: %w", i, err)
		}
		sum.Counted += part.Counted
	}
	if sum.Counted != job.Increments {
		return nil, fmt.Errorf("the shards counted %d, the job has %d increments", sum.Counted, job.Increments)
	}
	return sum, nil
}

// showCounter writes a merged file's result.
func showCounter(to io.Writer, file shard.File, asJSON bool) error {
	var payload counterPayload
	if err := json.Unmarshal(file.Payload, &payload); err != nil {
		return fmt.Errorf("payload of kind counter: %w", err)
	}
	if asJSON {
		return writeJSON(to, map[string]any{"kind": counterKind, "counted": payload.Counted})
	}
	_, err := fmt.Fprintf(to, "%s increments counted\n", grouped(payload.Counted))
	return err
}
