package linear

import (
	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// Options say what a Judge looks at, and how. The zero value judges every
// history for linearizability.
type Options struct {
	// Object is the name of the sim.History that is judged; empty means all, by
	// the one model.
	Object string
	// Criterion is what the history must be; 0 means Linearizable.
	Criterion Criterion
	// StepsMax bounds the steps of the model in one check of one history; 0 means
	// 1,000,000. Histories that need more are not judged: see Tally.Undecided.
	StepsMax int
}

func (o Options) withDefaults() Options {
	if o.StepsMax == 0 {
		o.StepsMax = 1_000_000
	}
	return o
}

// A Judge finds histories whose results no order of their operations explains.
// It is a checks.Judge, for one exploration at a time. Verdicts are remembered:
// many executions have one history.
type Judge struct {
	opt     Options
	checker checker
	values  values
	reader  reader
	known   map[string]*ruling
	scratch []byte
	count   Tally
}

// A ruling is the verdict on a history, and the reason.
type ruling struct {
	verdict verdict
	reason  reason
}

// A Tally counts what a Judge has seen.
type Tally struct {
	Judged    int // histories, one for each object and execution
	Distinct  int // those that differ
	Undecided int // of Judged: those that hit a bound
}

// NewJudge returns a judge by a model. It panics when the model has no Step.
func NewJudge[S, I, O any](model Model[S, I, O], opt Options) *Judge {
	opt = opt.withDefaults()
	return &Judge{opt: opt, known: map[string]*ruling{},
		checker: checker{spec: specOf(model), criterion: opt.Criterion, stepsMax: opt.StepsMax, watched: -1}}
}

// Name implements checks.Judge.
func (j *Judge) Name() string { return string(checks.Linearizability) }

// Tally returns what the judge has seen so far. As long as Undecided is not 0,
// that nothing was found is no proof.
func (j *Judge) Tally() Tally {
	j.count.Distinct = len(j.known)
	return j.count
}

// Judge implements checks.Judge.
func (j *Judge) Judge(x *sim.Execution) []checks.Finding {
	if len(x.Operations()) == 0 || j.opt.Criterion != Linearizable && !x.Outcome.Complete() {
		return nil
	}
	var found []checks.Finding
	for _, h := range j.reader.read(x) {
		if j.opt.Object != "" && x.ObjectName(h.object) != j.opt.Object {
			continue
		}
		r := j.rule(h, atRest(x))
		j.count.Judged++
		switch r.verdict {
		case undecided:
			j.count.Undecided++
		case unexplained:
			found = append(found, j.finding(x, h, r.reason))
		}
	}
	return found
}

// atRest reports whether whoever is left waits for ever.
func atRest(x *sim.Execution) bool {
	return (x.Outcome == sim.Deadlocked || x.Outcome == sim.Leaked) && len(x.Failures) == 0
}

// rule decides on a history, unless that has been done. Where everybody left
// waits for ever, what has not returned must have to wait.
func (j *Judge) rule(h *history, rest bool) *ruling {
	rest = rest && h.pending() && j.opt.Criterion == Linearizable
	j.scratch = j.values.key(h, j.scratch[:0])
	if rest {
		j.scratch = append(j.scratch, 1)
	}
	if r, ok := j.known[string(j.scratch)]; ok {
		return r
	}
	c := &j.checker
	r := &ruling{verdict: c.check(h)}
	switch {
	case r.verdict == unexplained:
		r.reason = c.why(h)
	case r.verdict == explained && rest:
		r.verdict, r.reason = c.rest(h)
	}
	j.known[string(j.scratch)] = r
	return r
}

// waitsRightly reports whether an execution in which nothing can run any more
// is at rest because the model lets the operations that are left wait.
func (j *Judge) waitsRightly(x *sim.Execution) bool {
	waiting := false
	for _, h := range j.reader.read(x) {
		if j.rule(h, true).verdict != explained {
			return false
		}
		waiting = waiting || h.pending()
	}
	return waiting && atRest(x)
}
