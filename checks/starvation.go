package checks

import (
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// starvationJudge reports a goroutine that can be passed over for ever: in a
// fair schedule, in which everybody runs who could have run in a round, it waits
// in vain while others get on. See vigil for what that is.
//
// Such schedules have to be made. When a goroutine may have waited in vain in an
// execution, Explore lets an adversary schedule the program, a few times for each
// of them: the goroutine gets its turns only when they are of no use to it. That
// shows something only in programs that do not end by themselves. Algorithms
// without locks are often meant to allow it, so this judge has to be asked for:
// see AllJudges.
type starvationJudge struct {
	victims []string // goroutines that may have waited in vain, by path
	probed  int      // of them
	last    []int32  // scratch: by goroutine, what it looked at last
}

// victimsMax bounds the goroutines for which an adversary is tried.
const victimsMax = 16

// Name implements Judge.
func (*starvationJudge) Name() string { return string(Starvation) }

// Judge implements Judge: it only notes who looks at the same thing twice before
// it does anything else, or makes an attempt that fails.
func (j *starvationJudge) Judge(x *sim.Execution) []Finding {
	j.last = slices.Grow(j.last[:0], x.Goroutines())[:x.Goroutines()]
	for g := range j.last {
		j.last[g] = object.NoObject
	}
	events := x.Events()
	for i := range events {
		e := &events[i]
		if len(j.victims) == victimsMax {
			break
		}
		g := e.G()
		vain := mayFail(e.Op()) && attemptFailed(x, e)
		switch {
		case e.Op() == object.Load:
			vain = vain || j.last[g] == e.Call.Obj
			j.last[g] = e.Call.Obj
		case e.Op() == object.Store || e.Op() == object.Modify:
			j.last[g] = object.NoObject
		}
		if path := x.Path(g); vain && !slices.Contains(j.victims, path) {
			j.victims = append(j.victims, path)
		}
	}
	return nil
}

// probe implements suspecter.
func (j *starvationJudge) probe(program func(*sim.G), opt Options) []Finding {
	var found []Finding
	for ; j.probed < len(j.victims); j.probed++ {
		p := prober{program: program, opt: opt, runner: sim.NewRunner(), watch: opt.watch()}
		if f, ok := p.starve(j.victims[j.probed]); ok {
			found = append(found, f)
		}
		p.runner.Close()
	}
	return found
}

// starveMax is how often an adversary may learn what helps its victim.
const starveMax = 6

// starve lets an adversary schedule the program against a goroutine.
func (p *prober) starve(path string) (Finding, bool) {
	a := &adversary{path: path}
	a.learn(p.run(&favour{path: path}, 1, true))
	a.learn(p.run(&search.Lockstep{Quantum: 1}, 1, true))
	for range starveMax {
		x := p.run(a, 1, true)
		if x.Outcome == sim.OverSteps {
			if f, ok := p.passedOver(x, a); ok {
				return f, true
			}
		}
		if !a.learn(x) {
			break
		}
	}
	return Finding{}, false
}

// passedOver returns the finding of an execution in which the adversary has been
// successful.
func (p *prober) passedOver(x *sim.Execution, a *adversary) (Finding, bool) {
	v := keepVigil(x, a.victim)
	if !v.inVain() || !v.needsNoWayOn() && !a.knows(v) {
		return Finding{}, false
	}
	to, proof := v.forEver()
	if to < 0 {
		return Finding{}, false
	}
	f := Finding{Kind: Starvation, Goroutines: []string{x.GoroutineName(a.victim)}, Steps: []int{v.last(to)},
		steps: search.Steps(x, to)}
	clause, obj := v.clause()
	if obj >= 0 {
		f.Objects = []string{x.ObjectName(obj)}
	}
	f.Summary = clause + ", while others get on" + proof
	if v.proved {
		return f, true
	}
	longer := p.run(a, beyond, true)
	return f, longer.Outcome == sim.OverSteps && keepVigil(longer, a.victim).from == v.from
}

// clause says what the victim does in vain.
func (v *vigil) clause() (clause string, obj int32) {
	clause, obj = inVain(v.x, v.most().step)
	name := v.x.Who(v.victim)
	switch {
	case v.most().op == object.CondWait && v.most().fails < livelockRounds:
		return fmt.Sprintf("%s waits on %s and is not woken", name, v.x.What(obj)), obj
	case v.most().op == object.CondWait:
		clause = fmt.Sprintf("%s is woken from %s in vain", name, v.x.What(obj))
	case v.most().op == object.Load:
		clause += " in vain"
	}
	return clause + ", again and again", obj
}

// favour lets one goroutine run whenever it can.
type favour struct{ path string }

// Pick implements sim.Scheduler.
func (s *favour) Pick(x *sim.Execution) sim.Choice {
	pick := x.First()
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		if x.Path(g) == s.path {
			pick = g
		}
	}
	return sim.Choice{G: pick, Alt: x.FirstAlternative(pick)}
}
