package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// choosers are instructions of which many have alternatives.
var choosers = [][]string{
	{"select", "selectdef", "selectsend", "usend", "urecv", "send", "recv", "close"},
	{"selecttwice", "selectsendtwice", "selectdef", "send", "recv", "close", "select", "len"},
	{"selectboth", "selectone", "selectsend", "usend", "urecv", "close", "nilselect"},
	{"wait", "signal", "broadcast", "wait", "signal", "load", "store"},
	{"wait", "signal", "select", "send", "selectdef", "recv"},
	{"get", "put", "get", "choose", "load", "selectdef", "send"},
	{"timerselect", "timerpoll", "after", "timerstop", "timerreset", "timerrecv"},
	{"timerpoll", "after", "timerstop", "sleep", "afterstop", "now", "timerselect", "usend"},
	{"timeout", "childtimeout", "childerr", "childdone", "cancel", "childcancel", "timerstop", "timerpoll", "ctxafter"},
	{"afterfunc", "store", "timerstop", "timerreset", "tick", "timerpoll"},
}

// drawChoosers draws a program in which nearly everybody chooses.
func drawChoosers(seed uint64) generated {
	r := rand.New(rand.NewPCG(seed, 77))
	p := draw(r, choosers[r.IntN(len(choosers))], 2+r.IntN(3), 3)
	if lazy := r.IntN(3) == 0; p.uses("tick") || lazy && p.uses(timed...) {
		p[0] = slices.Insert(p[0], 0, instruction{"lazy", r.IntN(2), 0})
	}
	return p
}

// Where nearly everybody chooses, too, Optimal and source sets see what sleep sets see,
// and no execution of Optimal is cut as redundant.
func TestRandomProgramsChoosers(t *testing.T) {
	t.Parallel()
	compared := 0
	for seed := range asked(5000) {
		seed += *firstProgram
		p := drawChoosers(seed)
		if interleavings(p) > largerTo {
			continue
		}
		if compared++; !holds(t, seed, p, property{"unlikeSleep", unlikeSleep}) {
			return
		}
	}
	t.Logf("%d programs were compared", compared)
	if compared < 2500 && !testing.Short() && *somePrograms == 0 {
		t.Errorf("%d programs were compared, not 2,500", compared)
	}
}

// A search of such a program that is divided sees what brute force sees.
func TestDividedChoosers(t *testing.T) {
	t.Parallel()
	compared := 0
	for seed := range asked(1500) {
		seed += *firstProgram
		p := drawChoosers(seed)
		if interleavings(p) > 400 {
			continue
		}
		brute := observe(p, DFS, tooMany)
		if brute.cut {
			continue
		}
		compared++
		for _, s := range []Strategy{Optimal, Source} {
			for _, every := range []int{1, 3} {
				o := Options{Strategy: s, StepsMax: 300, SplitEvery: every, Workers: 1, RunOn: true}
				one, _, err := divided(p, brute.uses, o)
				if err != nil {
					t.Fatalf("program %d: %v\n%v", seed, err, p)
				}
				if message := differ(brute, observed{traces: one.traces, observations: brute.observations}, s); message != "" {
					t.Fatalf("program %d, %s, divided after %d: %s\n%v", seed, s, every, message, p)
				}
			}
		}
	}
	if compared < 300 && !testing.Short() && *somePrograms == 0 {
		t.Errorf("%d programs were compared, not 300", compared)
	}
}

// A bound on steps may cut an execution anywhere, whatever is pending then.
func TestCutAnywhere(t *testing.T) {
	t.Parallel()
	cut := 0
	for seed := range asked(2000) {
		seed += *firstProgram
		p := drawChoosers(seed)
		if seed%2 == 0 {
			p = generate(rand.New(rand.NewPCG(seed, 1)))
		}
		if interleavings(p) > largerTo {
			continue
		}
		for _, s := range []Strategy{Optimal, Source, Sleep} {
			o := Options{Strategy: s, StepsMax: 4 + int(seed%10), ExecutionsMax: 300, RunOn: true, Time: p.time(),
				TreeMax: int(seed%3) * 5}
			r, err := Run(p.program(new([]string)), o, func(*sim.Execution) bool { return true })
			if err == nil && r.DepthMax > o.StepsMax {
				err = fmt.Errorf("%d steps were taken", r.DepthMax)
			}
			if err != nil {
				t.Fatalf("program %d, %s, at most %d steps: %v\n%v", seed, s, o.StepsMax, err, p)
			}
			cut += r.Cut
		}
	}
	if cut == 0 {
		t.Error("nothing was cut")
	}
}
