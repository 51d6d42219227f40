package checks

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/interleave-go/interleave/internal/search"
)

// A Checkpoint says when and where an exploration is saved, to go on from there
// in another process: see Options.Resume. What is saved is of one program, one
// version of it, and one set of options; others cannot resume, but an exhaustive
// search may have another bound on executions, or none, and another seed. Explorations
// under a Budget or the strategy bounded, and those whose judges compare all
// executions, cannot be saved: Explore returns an error that says why.
type Checkpoint struct {
	// Save stores a checkpoint in place of the one before. It is called by several
	// goroutines, one at a time; the exploration ends with its error. Nil means
	// that nothing is saved.
	Save func(data []byte) error
	// Every is the number of executions between two checkpoints; 0 means that one
	// is made at the end only, also of an exploration that is interrupted.
	Every int
	// Due is asked before every execution, by all workers at a time, whether to
	// save now; nil means never.
	Due func() bool
	// Version of the program that is explored; empty means the path and version of
	// the main module, and the revision that it was built from, as far as the
	// binary knows them.
	Version string
}

// checkpoint is when to save, and of what.
func (e *exploration) checkpoint() search.Checkpoint {
	c := e.opt.Checkpoint
	out := search.Checkpoint{Save: c.Save, Every: c.Every, Due: c.Due, Version: c.Version, Program: e.subject()}
	if out.Version == "" {
		info, _ := debug.ReadBuildInfo()
		out.Version = versionOf(info)
	}
	return out
}

// versionOf is the main module, its version and its revision, as far as they
// are known.
func versionOf(info *debug.BuildInfo) string {
	if info == nil {
		return "unknown"
	}
	text := strings.TrimSpace(info.Main.Path + " " + info.Main.Version)
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			text += ", revision " + s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			text += ", modified"
		}
	}
	return text
}

// subject is what a checkpoint is of, beside the options of the search.
func (e *exploration) subject() string {
	text := e.opt.Identity.String()
	if e.opt.KeepGoing {
		text += ", keep going"
	}
	if e.opt.Primary != "" {
		text += ", up to " + string(e.opt.Primary)
	}
	return text + ", judged by " + strings.Join(e.report.Judges, " ")
}

// canBeSaved returns an error when an exploration is to be saved, or resumed,
// and a judge remembers what it has seen: that is in no checkpoint.
func (e *exploration) canBeSaved() error {
	if e.opt.Checkpoint.Save == nil && e.opt.Resume == nil {
		return nil
	}
	for _, j := range e.judges {
		_, follows := j.(follower)
		_, learns := j.(learner)
		if follows || learns {
			return fmt.Errorf("checkpoint: the judge %s compares all executions, and what it remembers of them cannot be saved", j.Name())
		}
	}
	return nil
}
