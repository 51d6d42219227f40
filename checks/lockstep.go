package checks

import (
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// probe runs the program in lockstep: everybody takes one step, or two, three or
// four, in turn. That is fair, and the schedule in which goroutines that give way
// to each other are most likely to do so for ever.
//
// A lap without proof is a finding only when it goes on until the bound on
// steps, and in an execution of ten times as many, and nobody is on the way to
// get out of it: see stuck.
func (j *livelockJudge) probe(program func(*sim.G), opt Options) []Finding {
	if j.probed || !j.suspects {
		return nil
	}
	j.probed = true
	p := prober{program: program, opt: opt, runner: sim.NewRunner(), watch: opt.watch()}
	defer p.runner.Close()
	for quantum := 1; quantum <= lockstepMax; quantum++ {
		if f, ok := p.lockstep(quantum); ok {
			return []Finding{f}
		}
	}
	return nil
}

const (
	lockstepMax = 4  // the most steps in a row
	beyond      = 10 // times the bound on steps
)

// prober runs a program for a judge, and not for the exploration.
type prober struct {
	program func(*sim.G)
	opt     Options
	runner  *sim.Runner
	watch   func(begins bool)
}

// run lets a scheduler run the program, up to so many times the bound on steps.
func (p *prober) run(s sim.Scheduler, times int, details bool) *sim.Execution {
	return p.runner.Run(p.program, sim.Options{Scheduler: s, StepsMax: times * p.stepsMax(), Time: p.opt.Time, Details: details,
		Watch: p.watch})
}

func (p *prober) stepsMax() int {
	if p.opt.StepsMax == 0 {
		return stepsMaxDefault
	}
	return p.opt.StepsMax
}

// stepsMaxDefault is what Options.StepsMax of 0 means.
const stepsMaxDefault = 10_000

// lockstep looks for a lap in the execution in which everybody takes so many
// steps in turn.
func (p *prober) lockstep(quantum int) (Finding, bool) {
	x := p.run(&search.Lockstep{Quantum: quantum}, 1, false)
	l := provedLap(x)
	if l == nil && x.Outcome == sim.OverSteps && fingerprinted(x) {
		x = p.run(&search.Lockstep{Quantum: quantum}, 1, true)
		if l = provedLap(x); l != nil {
			l.detailed = l.from+(livelockRounds+1)*l.steps() <= x.Steps()
		}
	}
	if l == nil {
		if x, l = p.unproved(x, quantum); l == nil {
			return Finding{}, false
		}
	}
	f := l.finding(x)
	f.steps = search.Steps(x, l.shown())
	return f, true
}

// unproved looks for a lap that nobody can get out of as far as is known. It
// returns the execution that shows it.
func (p *prober) unproved(x *sim.Execution, quantum int) (*sim.Execution, *lap) {
	l := repeatedLap(x)
	if l == nil || !l.repeatsToTheEnd(x) || !p.stuck(x, l) {
		return x, nil
	}
	if x = p.run(&search.Lockstep{Quantum: quantum}, beyond, false); !l.repeatsToTheEnd(x) {
		return x, nil
	}
	x = p.run(&search.Lockstep{Quantum: quantum}, 1, true)
	if l = repeatedLap(x); l == nil || !l.repeatsToTheEnd(x) {
		return x, nil
	}
	return x, l
}
