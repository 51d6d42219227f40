package main

import (
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/internal/atomicfile"
)

// checkpointFlags say where an exploration is saved, and where it goes on.
type checkpointFlags struct {
	save   string
	resume string
}

func (f *checkpointFlags) register(command *cobra.Command) {
	set := command.Flags()
	set.StringVar(&f.save, "checkpoint", "", "save the exploration in this file every 10 s and at its end (not with strategy bounded, a budget, or --judges all)")
	set.StringVar(&f.resume, "resume", "", "go on from this checkpoint, and save there unless --checkpoint says otherwise")
}

// checkpointEvery is the time between two checkpoints.
const checkpointEvery = 10 * time.Second

// options reads the checkpoint to go on from, and says where to write.
func (f *checkpointFlags) options(o *checks.Options) error {
	if f.resume != "" {
		data, err := os.ReadFile(f.resume)
		if err != nil {
			return fmt.Errorf("resume: %w", err)
		}
		o.Resume = data
	}
	to := f.save
	if to == "" {
		to = f.resume
	}
	if to == "" {
		return nil
	}
	var last atomic.Int64
	last.Store(time.Now().UnixNano())
	o.Checkpoint = checks.Checkpoint{
		Save: func(data []byte) error { return atomicfile.Write(to, data) },
		Due: func() bool {
			now, before := time.Now().UnixNano(), last.Load()
			return now-before >= int64(checkpointEvery) && last.CompareAndSwap(before, now)
		},
	}
	return nil
}
