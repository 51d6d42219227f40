package linear

import (
	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// shrink leaves out operations one by one as long as the plan still fails in
// the same way by any schedule at all, then looks for the simplest schedule.
func (t *trials[I]) shrink(p Plan[I], o tried) error {
	kind := o.finding.Kind
	t.Minimal = true
	for again := true; again; {
		again = false
		t.Minimal = true
		for _, q := range p.smaller() {
			less, err := t.try(q, kind)
			if err != nil {
				return err
			}
			if less.failed {
				p, o, again = q, less, true
				break
			}
			t.Minimal = t.Minimal && less.complete
		}
	}
	t.Plan, t.Program, t.Finding = p, t.program(p), o.finding
	return t.simplify()
}

// simplify exchanges the schedule of the finding for the one with the fewest
// preemptions.
func (t *trials[I]) simplify() error {
	e, err := checks.Explain(t.Program, t.Finding, checks.ExplainOptions{Executions: t.opt.ExecutionsMax, Judges: t.judges(t.judge())})
	if err != nil {
		return err
	}
	found, err := checks.ReplayToken(t.Program, e.Token, checks.Options{Judges: t.judges(t.judge())}, nil)
	if err != nil {
		return err
	}
	for _, f := range found {
		if f.Kind == t.Finding.Kind {
			t.Finding = f
			break
		}
	}
	return nil
}

// judges are new ones, that of the model among them.
func (t *trials[I]) judges(model *Judge) []checks.Judge {
	judges := append(t.opt.Judges(), model)
	for i, j := range judges {
		if j.Name() == "ending" {
			judges[i] = patient{j, model}
		}
	}
	return judges
}

// A patient judge of how executions end says nothing of goroutines that wait
// because the model lets them.
type patient struct {
	ending checks.Judge
	model  *Judge
}

// Name implements checks.Judge.
func (p patient) Name() string { return p.ending.Name() }

// Judge implements checks.Judge.
func (p patient) Judge(x *sim.Execution) []checks.Finding {
	found := p.ending.Judge(x)
	if len(found) > 0 && p.model.waitsRightly(x) {
		return nil
	}
	return found
}
