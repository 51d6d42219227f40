package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/interleave-go/interleave/kernels/pi"
	"github.com/interleave-go/interleave/kernels/shard"
)

// piKind is the kind of a shard file with hits.
const piKind = "pi"

// A piJob is all that determines the hits.
type piJob struct {
	Samples uint64 `json:"samples"`
	Seed    uint64 `json:"seed"`
	Stream  string `json:"stream"`
}

// A piPayload is what a shard has counted.
type piPayload struct {
	Hits    uint64 `json:"hits"`
	Samples uint64 `json:"samples"`
}

func piShardFile(plan piPlan, run piRun) (shard.File, error) {
	o := plan.options[0]
	job := piJob{Samples: o.Samples, Seed: o.Seed, Stream: o.Kernel.Stream()}
	return shard.New(plan.shard, piKind, job, piPayload{Hits: run.Hits, Samples: run.Samples})
}

// combinePi adds hits. The number of samples shows that no part was cut short.
func combinePi(raw json.RawMessage, payloads []json.RawMessage) (any, error) {
	var job piJob
	if err := json.Unmarshal(raw, &job); err != nil {
		return nil, fmt.Errorf("job of kind pi: %w", err)
	}
	sum := piPayload{}
	for i, p := range payloads {
		var part piPayload
		if err := json.Unmarshal(p, &part); err != nil {
			return nil, fmt.Errorf("payload of shard %d of kind pi: %w", i, err)
		}
		sum.Hits += part.Hits
		sum.Samples += part.Samples
	}
	if sum.Samples != job.Samples || sum.Hits > sum.Samples {
		return nil, fmt.Errorf("the shards have %d hits in %d samples, the job %d samples", sum.Hits, sum.Samples, job.Samples)
	}
	return sum, nil
}

// showPi writes a merged file's result.
func showPi(to io.Writer, file shard.File, asJSON bool) error {
	var job piJob
	var payload piPayload
	if err := json.Unmarshal(file.Job, &job); err != nil {
		return fmt.Errorf("job of kind pi: %w", err)
	}
	if err := json.Unmarshal(file.Payload, &payload); err != nil {
		return fmt.Errorf("payload of kind pi: %w", err)
	}
	result := newPiRun(pi.FromHits(payload.Hits, payload.Samples, 0))
	if asJSON {
		return writeJSON(to, map[string]any{
			"kind": piKind, "estimate": result.Estimate, "standard_error": result.StandardError,
			"confidence": result.Confidence, "low": result.Low, "high": result.High,
			"hits": result.Hits, "samples": result.Samples, "seed": job.Seed, "stream": job.Stream,
		})
	}
	fmt.Fprintf(to, "%s samples, seed %d\n\n", grouped(result.Samples), job.Seed)
	writePiEstimate(to, result)
	return nil
}
