package sim

// Program is what the execution runs, so that a judge can have it run once more
// under another schedule, by a Runner of its own.
func (x *Execution) Program() func(*G) { return x.gs[0].body }

// Options are those of the run.
func (x *Execution) Options() Options { return x.opt }
