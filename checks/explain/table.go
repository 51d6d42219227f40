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
	// Lap is the number of steps at the end that a livelock repeats for ever, Laps
	// how many times until the judge was sure; 0 for anything else. The orders of
	// the cause are then those of every lap.
	Lap  int `json:"lap,omitempty"`
	Laps int `json:"laps,omitempty"`

	extra int // how many of Shared, the last ones, are shown only where there is room
}

// A Row is an event, or an operation that was still pending at the end.
type Row struct {
	Step   int    `json:"step"` // of a pending operation, -1
	Column int    `json:"column"`
	Text   string `json:"text"`
	// Failure marks the row, without a step, that says how a goroutine failed.
	Failure bool     `json:"failure,omitempty"`
	Shared  []string `json:"shared"` // the state of the shared objects after it
	Site    int      `json:"site"`   // in Sites, or -1
	Switch  *Switch  `json:"switch,omitempty"`
	Notes   []string `json:"notes,omitempty"` // what the program noted before it
	// Matters says that the event is a part of the cause or of the evidence, or
	// changes a shared object; the others can be folded.
	Matters bool `json:"matters"`
	// Returns says that the event is the return of the send or the receive in the row
	// before, whose partner had arrived already.
	Returns bool `json:"returns,omitempty"`
	// Critical marks the step after which the finding cannot be avoided.
	Critical bool `json:"critical"`
}

// A Switch is a change of goroutines before a row.
type Switch struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Reason string `json:"reason"` // preempted, blocked on X, ended, yields
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
	At   int    `json:"at"`   // where in Text the operation stands, in characters; 0 when that is not clear
}

// tabulator makes a Table while the execution is run once more.
type tabulator struct {
	x        *sim.Execution
	say      *phrases
	table    *Table
	objects  []int32
	states   [][]string // by step: before it
	rules    rules
	switches []*Switch
	now      move
	column   map[int32]int
	sources  sources
	least    int // the rank down to which events are shown
	spawned  int // the step of the first spawn
}

// tabulate runs choices with details and lays them out. The execution is valid
// until the next one.
func (l *lab) tabulate(choices []sim.Choice, cause []Constraint, say *phrases, found Evidence) (Table, *tabulator) {
	t := &tabulator{table: &Table{}, say: say, rules: newRules(cause), now: move{running: -1}, column: map[int32]int{}}
	choices = slices.Clone(choices)
	t.x = l.detailed(choices, func(x *sim.Execution) { t.before(x, choices) })
	t.columns()
	t.share(cause, found)
	t.rows(found)
	return *t.table, t
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
		s = &Switch{From: t.say.words.who(last), To: t.say.words.who(next), Reason: t.reason(x, last)}
		left := t.now.running
		s.Preemption = left >= 0 && next != left && x.Enabled().Has(left)
		if s.Preemption {
			if k := t.rules.forbids(x, choicesOf(x, left, nil)[0]); k != nil {
				s.Necessary = true
				s.Why = t.necessity(left, k.Constraint)
			}
		}
	}
	t.switches = append(t.switches, s)
	t.now = nextMove(x, t.now, next)
}

// necessity says why goroutine g must not go on before a preemption.
func (t *tabulator) necessity(g int32, c Constraint) string {
	if c.Choice != "" {
		return fmt.Sprintf("%s would go another way now", t.say.words.who(g))
	}
	return fmt.Sprintf("%s has to come before %s", t.say.short(c.First), t.say.short(c.Then))
}

// reason says why goroutine g does not go on.
func (t *tabulator) reason(x *sim.Execution, g int32) string {
	call := x.Pending(g)
	switch {
	case call.Op == object.Fire:
		return "time moved"
	case !x.Alive(g):
		return "ended"
	case x.Enabled().Has(g):
		return "preempted"
	case call.Op == object.Yield:
		return "yields"
	}
	return "blocked on " + t.say.words.describe(x, call, 0)
}

func (t *tabulator) columns() {
	x := t.x
	var gs []int32
	for i := range x.Events() {
		if g := x.Events()[i].G(); !slices.Contains(gs, g) {
			gs = append(gs, g)
		}
	}
	if g := x.Failure.G; failed(x) && !slices.Contains(gs, g) {
		gs = append(gs, g)
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
		t.table.Columns = append(t.table.Columns, t.say.words.who(g))
	}
}

// rows makes a row of every event, of the failure that ended the execution, and
// of what is pending at the end.
func (t *tabulator) rows(found Evidence) {
	x := t.x
	notes := x.Notes()
	t.table.Initial = t.states[0]
	rank := t.ranks(found)
	for i := range x.Events() {
		e := &x.Events()[i]
		r := Row{Step: i, Column: t.column[e.G()], Text: t.say.words.event(x, i), Shared: t.states[i+1],
			Switch: t.switches[i], Site: t.site(x.Site(i), e.Op()), Matters: rank[i] <= t.least, Returns: returnsAtOnce(x, i)}
		for ; len(notes) > 0 && notes[0].Step <= i; notes = notes[1:] {
			r.Notes = append(r.Notes, notes[0].Text)
		}
		t.table.Rows = append(t.table.Rows, r)
	}
	t.failure()
	for g := range int32(x.Goroutines()) {
		if !x.Alive(g) || x.Pending(g).Op == object.Start || x.Pending(g).Op == object.Fire || x.Enabled().Has(g) {
			continue
		}
		r := Row{Step: -1, Column: t.column[g], Text: "waits: " + t.say.words.describe(x, x.Pending(g), 0),
			Shared: t.states[len(t.states)-1], Site: t.site(x.PendingSite(g), x.Pending(g).Op), Matters: true}
		t.table.Rows = append(t.table.Rows, r)
	}
}

// failure adds the row of a failure that is not the fault of an event, which
// says so itself.
func (t *tabulator) failure() {
	x := t.x
	if !failed(x) || x.Failure.Fault != object.NoFault {
		return
	}
	column, ok := t.column[x.Failure.G]
	if !ok {
		return
	}
	r := Row{Step: -1, Column: column, Text: "fails: " + x.Failure.Message, Failure: true,
		Shared: t.states[len(t.states)-1], Site: t.site(x.Failure.Site, object.Start), Matters: true}
	if x.Outcome == sim.Panicked {
		r.Text = "panics: " + x.Failure.Message
	}
	t.table.Rows = append(t.table.Rows, r)
}

// The ranks of events, the ones that matter most first.
const (
	isCause  = iota // evidence, or an end of the cause's constraints
	isShared        // changes a shared object
	isLook          // uses an object that is shown where there is room
	isLock          // changes a lock that is not what the finding is about
	isOther
)

// rowsRoom is how many rows there is room for: with more of them, those of a
// lower rank are folded.
const rowsRoom = 10

// ranks says how much each event matters, and sets the rank from which on they
// are shown.
func (t *tabulator) ranks(found Evidence) []int {
	out := make([]int, t.x.Steps())
	t.spawned = max(slices.IndexFunc(t.x.Events(), func(e sim.Event) bool { return e.Op() == object.Spawn }), 0)
	var count [isOther + 1]int
	for i := range out {
		out[i] = t.rank(i, found)
		count[out[i]]++
	}
	shown := count[isCause]
	for r := isShared; r < isOther && shown+count[r] <= rowsRoom; r++ {
		shown += count[r]
		t.least = r
	}
	return out
}

func (t *tabulator) rank(step int, found Evidence) int {
	// What a return is evidence of, its arrival in the row before says as well.
	evident := slices.Contains(found.Steps, step) && !returnsAtOnce(t.x, step) ||
		returnsAtOnce(t.x, step+1) && slices.Contains(found.Steps, step+1)
	if evident || slices.ContainsFunc(t.rules.all, func(k rule) bool { return k.firstAt == step || k.thenAt == step }) {
		return isCause
	}
	best := isOther
	if step < t.spawned || arrivedBefore(&t.x.Events()[step]) {
		return best // how things are set up, and what follows from a row before
	}
	for _, p := range t.x.Parts(&t.x.Events()[step]) {
		if p.Mode == object.None || !slices.Contains(t.objects, p.Obj) {
			continue
		}
		switch t.x.World().At(p.Obj).Kind {
		case object.Mutex, object.RWMutex:
			if !slices.Contains(found.Objects, t.x.ObjectName(p.Obj)) {
				best = min(best, isLock)
				continue
			}
		}
		if slices.Index(t.objects, p.Obj) >= len(t.objects)-t.table.extra {
			best = min(best, isLook)
			continue
		}
		best = isShared
	}
	return best
}
