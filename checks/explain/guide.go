package explain

import "github.com/interleave-go/interleave/sim"

// guide is a scheduler that keeps constraints: a goroutine runs on until one of
// them makes it wait, and then those that it waits for come first. Constraints
// that cannot be kept are dropped, and why is noted.
type guide struct {
	rules   rules
	now     move
	open    []sim.Choice
	dropped []Divergence
}

// A Divergence says where a program could not follow the constraints.
type Divergence struct {
	Constraint Constraint `json:"constraint"`
	Step       int        `json:"step"` // before which it was given up; -1 when it never came up
	Why        string     `json:"why"`
}

func newGuide(cs []Constraint) *guide { return &guide{rules: newRules(cs)} }

// Pick implements sim.Scheduler.
func (d *guide) Pick(x *sim.Execution) sim.Choice {
	if x.Steps() == 0 {
		d.rules.reset()
		d.now, d.dropped = move{running: -1}, nil
	}
	d.rules.advance(x)
	for {
		c, ok := d.choose(x)
		if ok {
			d.now = nextMove(x, d.now, c.G)
			return c
		}
		d.drop(x)
	}
}

// choose returns the first choice that keeps the rules: of the running
// goroutine, of one that a rule waits for, of any, by path.
func (d *guide) choose(x *sim.Execution) (sim.Choice, bool) {
	if g := d.now.running; g >= 0 && x.Enabled().Has(g) {
		if c, ok := d.allowed(x, g); ok {
			return c, true
		}
	}
	for _, wanted := range []bool{true, false} {
		for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
			if wanted && !d.wanted(x, g) {
				continue
			}
			if c, ok := d.allowed(x, g); ok {
				return c, true
			}
		}
	}
	return sim.Choice{}, false
}

func (d *guide) allowed(x *sim.Execution, g int32) (sim.Choice, bool) {
	d.open = choicesOf(x, g, d.open[:0])
	for _, c := range d.open {
		if d.rules.allow(x, c) {
			return c, true
		}
	}
	return sim.Choice{}, false
}

// wanted reports whether a rule waits for something that goroutine g does.
func (d *guide) wanted(x *sim.Execution, g int32) bool {
	for i := range d.rules.all {
		k := &d.rules.all[i]
		if k.dropped || k.Choice != "" || k.first.done() {
			continue
		}
		if r := k.First; r.Goroutine == x.GoroutineName(g) || r.Goroutine == "" && r.Path == x.Path(g) {
			return true
		}
	}
	return false
}

// drop gives up the first rule that stands in the way.
func (d *guide) drop(x *sim.Execution) {
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		d.open = choicesOf(x, g, d.open[:0])
		if k := d.rules.forbids(x, d.open[0]); k != nil {
			k.dropped = true
			why := k.First.who() + " cannot get there"
			if k.Choice != "" {
				why = "that way is not open"
			}
			d.dropped = append(d.dropped, Divergence{Constraint: k.Constraint, Step: x.Steps(), Why: why})
			return
		}
	}
	panic("explain: nothing can run, and no rule forbids it")
}
