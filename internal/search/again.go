package search

import (
	"fmt"
	"strings"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A firstRun is what the first execution of a search did: with that, the program
// is run again once all is done. A program that looks at what earlier executions
// have left behind, at a random number or at a map's order is likely to do
// something else then, even where the search had no reason to come to the same
// place twice.
type firstRun struct {
	steps []Step
	acts  []act
}

// An act is a step as two executions of it can be compared.
type act struct {
	op     object.Op
	who    string
	object string // and value: of an execution that keeps details
	value  string
}

func (d act) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s: %v %s %s", d.who, d.op, d.object, d.value))
}

// note keeps an execution up to its first failure, after which a replay does not
// go on.
func (f *firstRun) note(x *sim.Execution) {
	n := x.Steps()
	if len(x.Failures) > 0 {
		n = x.Failure.At
	}
	f.steps, f.acts = Steps(x, n), actsOf(x, n, false)
}

func actsOf(x *sim.Execution, n int, details bool) []act {
	out := make([]act, n)
	for i := range out {
		e := &x.Events()[i]
		out[i] = act{op: e.Op(), who: x.GoroutineName(e.G())}
		if details {
			out[i].value = x.Text(i)
		}
		if details && x.Named(e.Call.Obj) { // others have a number, which need not be the same
			out[i].object = x.ObjectName(e.Call.Obj)
		}
	}
	return out
}

// verify runs the first execution again, twice, and compares: what the two do
// with what it did, and with each other what they read and write. There is nothing
// to compare where a checkpoint had that execution behind it: it has a hash of its
// own.
func (f *firstRun) verify(program func(*sim.G), opt Options) error {
	if len(f.steps) == 0 {
		return nil
	}
	r := sim.NewRunner()
	defer r.Close()
	before := f.acts
	for again := range 2 {
		c := &recorder{steps: f.steps}
		x := r.Run(program, sim.Options{Scheduler: c, StepsMax: opt.StepsMax, Time: TimeOfReplay(opt.Time), Details: true,
			Watch: opt.watch()})
		if x.Divergence = c.lost; c.lost == "" {
			now := actsOf(x, min(x.Steps(), len(f.steps)), true)
			x.Divergence = unlike(before, now, again > 0)
			before = now
		}
		if x.Divergence != "" {
			return notDeterministic(x)
		}
	}
	return nil
}

// unlike says where two executions with the same choices differ; empty when they
// do not.
func unlike(a, b []act, details bool) string {
	for i := range min(len(a), len(b)) {
		was, is := a[i], b[i]
		if !details {
			was.object, was.value, is.object, is.value = "", "", "", ""
		}
		if addressed(was.value) || addressed(is.value) {
			was.value, is.value = "", ""
		}
		if was != is {
			return fmt.Sprintf("step %d was %q, and then %q", i, was, is)
		}
	}
	if len(a) != len(b) {
		return fmt.Sprintf("it took %d steps, and then %d", len(a), len(b))
	}
	return ""
}

// addressed reports whether a value shows an address, which may be another one
// in each execution.
func addressed(value string) bool { return strings.Contains(value, "0x") }
