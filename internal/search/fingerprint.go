package search

import (
	"errors"
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/interleave-go/interleave/sim"
)

// A fingerprint says which search a checkpoint is of.
type fingerprint struct {
	Program, Version, Options string
	First                     uint64 // a hash of the first execution's events
}

func fingerprintOf(program func(*sim.G), o Options) fingerprint {
	return fingerprint{Program: o.Checkpoint.Program, Version: o.Checkpoint.Version, Options: o.fingerprint(),
		First: firstExecution(program, o)}
}

// fingerprint is every option that decides what is explored, in which order, or
// how it is divided. Those that it leaves out say who does the work, who watches,
// and when to stop for now; and where nothing is drawn, the seed, and the bound on
// executions, beyond which a search can go on.
func (o *Options) fingerprint() string {
	budget := "none"
	if o.Budget.Cost != "" {
		budget = fmt.Sprintf("%d %s", o.Budget.Max, o.Budget.Cost)
	}
	seed, executions := o.Seed, o.ExecutionsMax
	if o.Strategy.Exhaustive() {
		seed, executions = 0, 0
	}
	return fmt.Sprintf("strategy %s, seed %d, executions %d, steps %d, time %v, tree %d, budget %s, run on %v, relation %v, split every %d",
		o.Strategy, seed, executions, o.StepsMax, o.Time, o.TreeMax, budget, o.RunOn, o.Relation, o.SplitEvery)
}

// firstExecution is a hash of the events of the execution in which everybody
// runs on for as long as possible.
func firstExecution(program func(*sim.G), opt Options) uint64 {
	r := sim.NewRunner()
	defer r.Close()
	x := r.Run(program, sim.Options{StepsMax: opt.StepsMax, Time: opt.Time,
		Watch: opt.watch()})
	h := fnv.New64a()
	for i := range x.Events() {
		e := &x.Events()[i]
		fmt.Fprintf(h, "%s %v %d %d\n", x.Path(e.G()), e.Op(), e.Call.Obj, e.Alt)
	}
	fmt.Fprint(h, x.Outcome)
	return h.Sum64()
}

// accept says why a checkpoint is not of this search.
func (p fingerprint) accept(other fingerprint) error {
	switch {
	case p.Program != other.Program:
		return fmt.Errorf("the checkpoint is of %q, not of %q", other.Program, p.Program)
	case p.Version != other.Version:
		return fmt.Errorf("the checkpoint was made by version %q, this is %q", other.Version, p.Version)
	case p.Options != other.Options:
		return fmt.Errorf("the checkpoint was made with other options: %s", changed(other.Options, p.Options))
	case p.First != other.First:
		return errors.New("the program is not the one of the checkpoint: its first execution differs")
	}
	return nil
}

// changed lists the options that differ, as they were and as they are.
func changed(then, now string) string {
	before, after := strings.Split(then, ", "), strings.Split(now, ", ")
	var out []string
	for i := range min(len(before), len(after)) {
		if before[i] != after[i] {
			out = append(out, fmt.Sprintf("%s then, %s now", before[i], after[i]))
		}
	}
	return strings.Join(out, "; ")
}
