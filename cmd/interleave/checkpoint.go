package main

import (
	"cmp"
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
	set.StringVar(&f.save, "checkpoint", "", "save the exploration in this file, which must not be there yet, every 10 s and at its end (not with strategy bounded, a budget, or --judges all)")
	set.StringVar(&f.resume, "resume", "", "go on from this checkpoint, and save there unless --checkpoint says otherwise")
}

func (f *checkpointFlags) files() []flagFile {
	return []flagFile{{"--checkpoint", f.save}, {"--resume", f.resume}}
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
	if isSame(f.save, f.resume) {
		f.save = ""
	}
	if info, err := os.Stat(f.save); err == nil && info.Size() > 0 {
		return fmt.Errorf("--checkpoint %s: the file is there already: give another name, remove it, or go on from it with --resume %[1]s", f.save)
	}
	to := cmp.Or(f.save, f.resume)
	if to == "" {
		return nil
	}
	file, err := atomicfile.Create(to)
	if err != nil {
		return err // now, and not when there is something to save
	}
	file.Abort()
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
