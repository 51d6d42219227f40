package linear

import (
	"fmt"
	"strings"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// finding says what was seen, who did what when, and what does not fit.
func (j *Judge) finding(x *sim.Execution, h *history, r reason) checks.Finding {
	f := checks.Finding{Kind: checks.Linearizability, Objects: []string{x.ObjectName(h.object)}}
	for _, g := range h.goroutines() {
		f.Goroutines = append(f.Goroutines, x.GoroutineName(g))
	}
	var lines []string
	for i := range h.ops {
		lines = append(lines, j.line(x, &h.ops[i]))
		f.Steps = append(f.Steps, h.ops[i].Call)
		if !h.ops[i].Pending() {
			f.Steps = append(f.Steps, h.ops[i].Return)
		}
	}
	f.Summary = fmt.Sprintf("%s is not %s: %s. The history: %s", x.What(h.object), j.opt.Criterion,
		j.blame(x, h, r), strings.Join(lines, "; "))
	return f
}

// blame says which operation has no place.
func (j *Judge) blame(x *sim.Execution, h *history, r reason) string {
	if len(r.waits) > 0 {
		var who []string
		for _, i := range r.waits {
			who = append(who, fmt.Sprintf("%s by %s", j.checker.spec.asked(h.ops[i].Input), x.Who(h.ops[i].G)))
		}
		return strings.Join(who, " and ") + " waits for ever, though it could take place"
	}
	if r.op < 0 {
		return "no order of the operations gives their results"
	}
	o := &h.ops[r.op]
	text := fmt.Sprintf("%s by %s has no place in any order of the operations",
		j.checker.spec.describe(o.Input, o.Output), x.Who(o.G))
	if len(r.instead) == 0 {
		return text
	}
	var could []string
	for _, out := range r.instead {
		could = append(could, j.checker.spec.describe(o.Input, out))
	}
	return text + fmt.Sprintf(", but %s would have", strings.Join(could, " or "))
}

// line is one operation: who, what, when, and with what result.
func (j *Judge) line(x *sim.Execution, o *operation) string {
	who := x.Who(o.G)
	if o.Pending() {
		return fmt.Sprintf("%s %s from step %d, not returned", who, j.checker.spec.asked(o.Input), o.Call)
	}
	return fmt.Sprintf("%s %s at steps %d–%d", who, j.checker.spec.describe(o.Input, o.Output), o.Call, o.Return)
}
