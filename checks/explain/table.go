package explain

import (
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A Table is an execution with a column for each goroutine and one for each
// shared object.
type Table struct {
	Columns []string `json:"columns"` // goroutines, in the order of their spawns
	Shared  []string `json:"shared"`  // objects, those of the finding first
	Initial []string `json:"initial"` // their states before the first step
	Rows    []Row    `json:"rows"`
	Sites   []Site   `json:"sites"` // in the order of their first use
}

// A Row is an event, or an operation that was still pending at the end.
type Row struct {
	Step   int      `json:"step"` // of a pending operation, -1
	Column int      `json:"column"`
	Text   string   `json:"text"`
	Shared []string `json:"shared"` // the state of the shared objects after it
	Site   int      `json:"site"`   // in Sites, or -1
	Switch *Switch  `json:"switch,omitempty"`
	Notes  []string `json:"notes,omitempty"` // what the program noted before it
	// Matters says that the event is a part of the cause or of the evidence, or
	// changes a shared object; the others can be folded.
	Matters bool `json:"matters"`
	// Critical marks the step after which the finding cannot be avoided.
	Critical bool `json:"critical"`
}

// A Switch is a change of goroutines before a row.
type Switch struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Reason string `json:"reason"` // preempted, blocked on X, ended, yielded
	// Preemption says that the goroutine could have gone on.
	Preemption bool `json:"preemption"`
	// Necessary says that the cause forbids to go on, and Why which part of it.
	Necessary bool   `json:"necessary"`
	Why       string `json:"why,omitempty"`
}

// A Site is a place in the program.
type Site struct {
	File string `json:"file"` // without its directory
	Line int    `json:"line"`
	Text string `json:"text"` // the line, where the file can be read
}

// tabulator makes a Table while the execution is run once more.
type tabulator struct {
	x        *sim.Execution
	table    *Table
	objects  []int32
	states   [][]string // by step: before it
	rules    rules
	switches []*Switch
	now      move
	column   map[int32]int
	sources  sources
}

// tabulate runs choices with details and lays them out. The execution is valid
// until the next one.
func (l *lab) tabulate(choices []sim.Choice, cause []Constraint, found Evidence) (Table, *sim.Execution) {
	t := &tabulator{table: &Table{}, rules: newRules(cause), now: move{running: -1}, column: map[int32]int{}}
	choices = slices.Clone(choices)
	x := l.detailed(choices, func(x *sim.Execution) { t.before(x, choices) })
	t.x = x
	t.columns()
	t.share(cause, found)
	t.rows(found)
	return *t.table, x
}

// before looks at the execution before a step: why does the goroutine change?
func (t *tabulator) before(x *sim.Execution, choices []sim.Choice) {
	if x.Steps() >= len(choices) {
		return
	}
	t.rules.advance(x)
	next := choices[x.Steps()].G
	last := x.Running()
	var s *Switch
	if last >= 0 && next != last {
		s = &Switch{From: nameOf(x, last), To: nameOf(x, next), Reason: reason(x, last)}
		left := t.now.running
		s.Preemption = left >= 0 && next != left && x.Enabled().Has(left)
		if s.Preemption {
			if k := t.rules.forbids(x, choicesOf(x, left, nil)[0]); k != nil {
				s.Necessary = true
				s.Why = necessity(x, left, k.Constraint)
			}
		}
	}
	t.switches = append(t.switches, s)
	t.now = nextMove(x, t.now, next)
}

func necessity(x *sim.Execution, g int32, c Constraint) string {
	if c.Choice != "" {
		return fmt.Sprintf("%s would go another way", nameOf(x, g))
	}
	return fmt.Sprintf("%s has to wait for %s", describe(x, x.Pending(g), 0), c.First)
}

func nameOf(x *sim.Execution, g int32) string {
	if x.Pending(g).Op == object.Fire {
		return "clock"
	}
	return x.GoroutineName(g)
}

// reason says why goroutine g does not go on.
func reason(x *sim.Execution, g int32) string {
	call := x.Pending(g)
	switch {
	case call.Op == object.Fire:
		return "time moved"
	case !x.Alive(g):
		return "ended"
	case x.Enabled().Has(g):
		return "preempted"
	case call.Op == object.Yield:
		return "yielded"
	}
	return "blocked on " + describe(x, call, 0)
}

// describe is an operation in words.
func describe(x *sim.Execution, call *object.Call, alt int32) string {
	obj := subject(x, call, alt)
	if obj == object.NoObject || call.Op == object.Spawn {
		return call.Op.String()
	}
	switch call.Op {
	case object.Resume:
		return parkedOn(x, call) + " " + label(x, obj)
	case object.UnlockBoth:
		return object.Unlock.String() + " " + label(x, obj) + " and " + label(x, call.Arg)
	case object.CondWake:
		return "wake-up by " + label(x, obj)
	}
	return call.Op.String() + " " + label(x, obj)
}

// parkedOn is the operation that a resumption ends: the goroutine's last one on
// the channel before it.
func parkedOn(x *sim.Execution, call *object.Call) string {
	op := call.Op
	for i := range x.Events() {
		e := &x.Events()[i]
		if &e.Call == call {
			break
		}
		if e.G() == call.G && e.Call.Obj == call.Obj && e.Op() != object.Resume {
			op = e.Op()
		}
	}
	return op.String()
}

func (t *tabulator) columns() {
	x := t.x
	var gs []int32
	for i := range x.Events() {
		if g := x.Events()[i].G(); !slices.Contains(gs, g) {
			gs = append(gs, g)
		}
	}
	for g := range int32(x.Goroutines()) {
		if x.Alive(g) && x.Spawned(g) && !slices.Contains(gs, g) && x.Pending(g).Op != object.Start {
			gs = append(gs, g)
		}
	}
	slices.SortStableFunc(gs, func(a, b int32) int {
		_, ea := x.Parent(a)
		_, eb := x.Parent(b)
		return int(ea - eb)
	})
	for _, g := range gs {
		t.column[g] = len(t.table.Columns)
		t.table.Columns = append(t.table.Columns, nameOf(x, g))
	}
}

// rows makes a row of every event and of what is pending at the end.
func (t *tabulator) rows(found Evidence) {
	x := t.x
	notes := x.Notes()
	t.table.Initial = t.states[0]
	for i := range x.Events() {
		e := &x.Events()[i]
		r := Row{Step: i, Column: t.column[e.G()], Text: t.text(i), Shared: t.states[i+1], Switch: t.switches[i],
			Site: t.site(x.Site(i)), Matters: t.matters(i, found)}
		for ; len(notes) > 0 && notes[0].Step <= i; notes = notes[1:] {
			r.Notes = append(r.Notes, notes[0].Text)
		}
		t.table.Rows = append(t.table.Rows, r)
	}
	for g := range int32(x.Goroutines()) {
		if !x.Alive(g) || x.Pending(g).Op == object.Start || x.Pending(g).Op == object.Fire || x.Enabled().Has(g) {
			continue
		}
		r := Row{Step: -1, Column: t.column[g], Text: "waits: " + describe(x, x.Pending(g), 0),
			Shared: t.states[len(t.states)-1], Site: t.site(x.PendingSite(g)), Matters: true}
		t.table.Rows = append(t.table.Rows, r)
	}
}

// matters reports whether an event is evidence, changes a shared object, or is
// an end of the cause's constraints.
func (t *tabulator) matters(step int, found Evidence) bool {
	if slices.Contains(found.Steps, step) {
		return true
	}
	e := &t.x.Events()[step]
	for _, p := range t.x.Parts(e) {
		if p.Mode != object.None && slices.Contains(t.objects, p.Obj) {
			return true
		}
	}
	return slices.ContainsFunc(t.rules.all, func(k rule) bool { return k.firstAt == step || k.thenAt == step })
}

// text is an event in words, with the value that it read or wrote.
func (t *tabulator) text(step int) string {
	e := &t.x.Events()[step]
	s := describe(t.x, &e.Call, e.Alt)
	if e.Op() == object.Spawn {
		s = "spawn"
		if e.Child >= 0 {
			s += " " + nameOf(t.x, e.Child)
		}
	}
	if e.Op() == object.End {
		return "end"
	}
	if e.Fault != object.NoFault {
		return s + ": " + e.Fault.String()
	}
	value := t.x.Text(step)
	if e.Op() == object.Resume {
		s += " returns"
	}
	switch {
	case value == "":
		return s
	case e.Op() == object.Invoke || e.Op() == object.Respond:
		return s + ": " + value
	case e.Wrote >= 0:
		return s + " ← " + value
	}
	return s + " → " + value
}
