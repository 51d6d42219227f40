package search

import "github.com/interleave-go/interleave/sim"

// Follow returns a scheduler that follows a schedule, and a func that says,
// once the execution has ended, where it left the schedule, or nil. It is
// Replay for a caller that has a runner of its own.
func Follow(s Schedule) (sim.Scheduler, func() *Divergence) {
	p := &replayer{schedule: s}
	return p, func() *Divergence { return p.lost }
}

// Note returns a scheduler that follows choices of the same runner, and a func
// that returns them as a Schedule once the execution has ended. It is Record
// for a caller that has a runner of its own.
func Note(choices []sim.Choice) (sim.Scheduler, func() (Schedule, error)) {
	c := &recorder{choices: choices}
	return c, func() (Schedule, error) {
		if c.lost != "" {
			return Schedule{}, &Divergence{Step: len(c.schedule.Places), Why: c.lost}
		}
		return c.schedule, nil
	}
}
