package search

import (
	"math/rand/v2"
	"slices"
	"testing"
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

// Where nearly everybody chooses, too, Optimal and source sets see what sleep sets see,
// and no execution of Optimal is cut as redundant.
func TestRandomProgramsChoosers(t *testing.T) {
	t.Parallel()
	compared := 0
	for seed := range asked(5000) {
		seed += *firstProgram
		r := rand.New(rand.NewPCG(seed, 77))
		p := draw(r, choosers[r.IntN(len(choosers))], 2+r.IntN(3), 3)
		if lazy := r.IntN(3) == 0; p.uses("tick") || lazy && p.uses(timed...) {
			p[0] = slices.Insert(p[0], 0, instruction{"lazy", r.IntN(2), 0})
		}
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
