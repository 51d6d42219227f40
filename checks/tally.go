package checks

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// A tally is what the judges say of the executions of one job of a search, or
// of several jobs, added in order. It implements search.Visitor and
// search.Collector.
type tally struct {
	program func(*sim.G)
	opt     *Options
	judges  []Judge

	outcomes map[string]int
	failing  int
	findings []Finding
	seen     map[string]bool
	counted  map[Kind]bool // scratch
	spins    []Spin
	spun     bool   // a spin ended the search
	job      *tally // the job that was begun last

	observers observers
	notes     []string
}

// A noter is a judge that has remarks which are no findings.
type noter interface{ notes() []string }

// remarks are what the judges have said so far.
func (t *tally) remarks() []string {
	for _, j := range t.judges {
		if n, ok := j.(noter); ok {
			for _, text := range n.notes() {
				t.remark(text)
			}
		}
	}
	return t.notes
}

// remark adds a remark unless it is there already.
func (t *tally) remark(text string) {
	if len(t.notes) < notesMax && !slices.Contains(t.notes, text) {
		t.notes = append(t.notes, text)
	}
}

func newTally(program func(*sim.G), opt *Options) *tally {
	return &tally{program: program, opt: opt, outcomes: map[string]int{}, seen: map[string]bool{}, counted: map[Kind]bool{},
		observers: observers{}}
}

// Begin implements search.Collector: every job has its own judges, because they
// keep memory, unless the caller gave some.
func (t *tally) Begin() search.Visitor {
	job := newTally(t.program, t.opt)
	t.job = job
	if job.judges = t.opt.Judges; job.judges == nil {
		job.judges = Judges()
	}
	return job
}

// Merge implements search.Collector.
func (t *tally) Merge(v search.Visitor) {
	job := v.(*tally)
	for _, outcome := range slices.Sorted(maps.Keys(job.outcomes)) {
		t.outcomes[outcome] += job.outcomes[outcome]
	}
	t.failing += job.failing
	maps.Copy(t.observers, job.observers)
	for _, text := range job.remarks() {
		t.remark(text)
	}
	for _, f := range job.findings {
		t.add(f)
	}
	for _, s := range job.spins {
		t.note(s)
	}
	t.spun = job.spun
}

// Restart implements search.Collector.
func (t *tally) Restart() {
	*t = *newTally(t.program, t.opt)
}

// Found implements search.Finder.
func (t *tally) Found() bool { return len(t.findings) > 0 }

// Visit implements search.Visitor: it shows an execution to the judges.
func (t *tally) Visit(x *sim.Execution) bool {
	found := false
	clear(t.counted)
	t.observers.add(x)
	for _, j := range t.judges {
		for _, f := range t.ask(j, x) {
			if !isReal(&f, x) {
				continue
			}
			found = found || t.opt.Primary == "" || f.Kind == t.opt.Primary
			if !t.counted[f.Kind] {
				t.counted[f.Kind] = true
				t.outcomes[string(f.Kind)]++
			}
			t.keep(j, f, x)
		}
	}
	if len(t.counted) == 0 {
		t.outcomes[x.Outcome.String()]++
	} else {
		t.failing++
	}
	for _, j := range t.judges {
		if l, ok := j.(learner); ok {
			l.learn(x, len(t.counted) > 0)
		}
	}
	if s, ok := spinOf(x); ok {
		t.note(s)
		t.spun = !found && search.Strategy(t.opt.Strategy).Exhaustive()
	}
	return t.opt.KeepGoing || !found && !t.spun
}

// A suspecter is a judge that may want executions of its own once it suspects
// something. It is asked after every execution.
type suspecter interface {
	probe(program func(*sim.G), opt Options) []Finding
}

// A learner is a judge that compares executions that failed, by what judges
// found in them, with those that went well.
type learner interface {
	learn(x *sim.Execution, failed bool)
}

// ask returns what a judge finds in an execution, and beyond it; of a sketcher,
// without words.
func (t *tally) ask(j Judge, x *sim.Execution) []Finding {
	if s, ok := j.(sketcher); ok {
		return s.sketch(x)
	}
	found := j.Judge(x)
	if s, ok := j.(suspecter); ok {
		found = append(found, s.probe(t.program, *t.opt)...)
	}
	return found
}

// isReal reports whether a finding would be seen in the program itself: what
// depends on others running on after a failure would not. It keeps the steps
// that lead to the finding, and not to a failure before it.
func isReal(f *Finding, x *sim.Execution) bool {
	if len(x.Failures) == 0 || f.steps != nil {
		return true
	}
	if len(f.Steps) > 0 && slices.Max(f.Steps) >= x.Failure.At {
		steps, ok := search.Before(x, f.Steps)
		f.steps = steps
		return ok
	}
	f.steps = search.Steps(x, x.Failure.At)
	return true
}

// keep adds a finding of the present execution, in words.
func (t *tally) keep(j Judge, f Finding, x *sim.Execution) {
	if t.seen[f.place()] {
		return
	}
	if s, ok := j.(sketcher); ok {
		s.describe(x, &f)
	}
	if f.steps == nil {
		f.steps = search.Steps(x, x.Steps())
	}
	t.add(f)
}

// add adds a finding unless one of the same kind and place is there already.
func (t *tally) add(f Finding) {
	if !t.seen[f.place()] {
		t.seen[f.place()] = true
		t.findings = append(t.findings, f)
	}
}

// savedTally is a tally in a checkpoint.
type savedTally struct {
	Outcomes  map[string]int
	Failing   int
	Findings  []savedFinding
	Spins     []savedSpin
	Observers [][2]string
	Notes     []string
}

type savedSpin struct {
	Spin
	Reads bool          `json:"reads"`
	Steps []search.Step `json:"way"`
	Path  string        `json:"path"`
	IDs   []string      `json:"ids"`
}

type savedFinding struct {
	Finding
	Steps []search.Step `json:"way"`
	At    []int         `json:"at"`
}

// MarshalBinary implements encoding.BinaryMarshaler, for checkpoints.
func (t *tally) MarshalBinary() ([]byte, error) {
	s := savedTally{Outcomes: t.outcomes, Failing: t.failing, Notes: t.remarks()}
	for _, f := range t.findings {
		s.Findings = append(s.Findings, savedFinding{Finding: f, Steps: f.steps, At: f.Steps})
	}
	for _, p := range t.spins {
		s.Spins = append(s.Spins, savedSpin{Spin: p, Reads: p.reads, Steps: p.steps, Path: p.path, IDs: p.ids})
	}
	for _, o := range slices.SortedFunc(maps.Keys(t.observers), observer.compare) {
		s.Observers = append(s.Observers, [2]string{o.kind, o.name})
	}
	return json.Marshal(s)
}

// UnmarshalBinary implements encoding.BinaryUnmarshaler.
func (t *tally) UnmarshalBinary(data []byte) error {
	var s savedTally
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	maps.Copy(t.outcomes, s.Outcomes)
	t.failing, t.notes = s.Failing, s.Notes
	for _, o := range s.Observers {
		t.observers[observer{o[0], o[1]}] = true
	}
	for _, f := range s.Findings {
		f.Finding.steps, f.Finding.Steps = f.Steps, f.At
		t.add(f.Finding)
	}
	for _, p := range s.Spins {
		p.Spin.reads, p.Spin.steps, p.Spin.path, p.Spin.ids = p.Reads, p.Steps, p.Path, p.IDs
		t.note(p.Spin)
	}
	return nil
}
