package explain

import (
	"fmt"
	"strings"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// wording gives everything in one execution the name that a reader sees: the
// same in the summary, the table, the cause and the advice. It is what Who and
// What of the execution say.
type wording struct {
	goroutines []string
	objects    []string
	there      []bool // by goroutine: whether the execution has it
}

// like is wordingOf for another execution of the same runner: goroutines
// that w knows have the same names.
func (w *wording) like(x *sim.Execution) *wording {
	other := wordingOf(x)
	for g := range other.goroutines {
		if g < len(w.goroutines) && w.there[g] {
			other.goroutines[g] = w.goroutines[g]
		}
	}
	return other
}

// wordingOf needs an execution that has ended.
func wordingOf(x *sim.Execution) *wording {
	w := &wording{}
	for g := range int32(x.Goroutines()) {
		w.goroutines = append(w.goroutines, x.Who(g))
		w.there = append(w.there, x.Spawned(g))
	}
	for obj := range int32(len(x.World().Objects)) {
		w.objects = append(w.objects, x.What(obj))
	}
	return w
}

func (w *wording) who(g int32) string { return w.goroutines[g] }

// label names an object, or the goroutine that it stands for.
func (w *wording) label(obj int32) string {
	if obj < 0 {
		return w.goroutines[^obj]
	}
	return w.objects[obj]
}

// describe is an operation in words.
func (w *wording) describe(x *sim.Execution, call *object.Call, alt int32) string {
	if call.Op == object.Select || call.Op == object.SelectParked {
		return w.selection(x, call)
	}
	obj := subject(x, call, alt)
	if obj == object.NoObject || call.Op == object.Spawn {
		return call.Op.String()
	}
	if what, of := x.InsideOf(obj); what == "limit" {
		if text := limited(x, call, of); text != "" {
			return text
		}
	}
	switch call.Op {
	case object.Resume:
		return parkedOn(x, call) + " " + w.label(obj)
	case object.UnlockBoth:
		return object.Unlock.String() + " " + w.label(obj) + " and " + w.label(call.Arg)
	case object.CondWake:
		return "wake-up by " + w.label(obj)
	case object.OnceEnter:
		return "enter " + w.label(obj)
	case object.OnceDone:
		return "leave " + w.label(obj)
	case object.CtxRead:
		return "look at " + w.label(obj)
	case object.Arm, object.Disarm, object.Fire:
		return w.timing(x, call.Op, obj)
	case object.Add:
		if call.Arg == -1 {
			return "done " + w.label(obj)
		}
		return fmt.Sprintf("%v %d to %s", call.Op, call.Arg, w.label(obj))
	}
	return call.Verb() + " " + w.label(obj)
}

// selection is a select with its cases.
func (w *wording) selection(x *sim.Execution, call *object.Call) string {
	var cases []string
	for _, k := range x.World().Cases[call.Cases : call.Cases+call.CaseCount] {
		cases = append(cases, w.caseText(k))
	}
	return "select (" + strings.Join(cases, ", ") + ")"
}

func (w *wording) caseText(k object.Case) string {
	op := object.Receive
	if k.Send {
		op = object.Send
	}
	if k.Obj == object.NoObject {
		return op.String() + " nil"
	}
	return op.String() + " " + w.label(k.Obj)
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

// event is an event in words, with the way that it went and the value that it
// read or wrote.
func (w *wording) event(x *sim.Execution, step int) string {
	e := &x.Events()[step]
	if e.Op() == object.Spawn && e.Child >= 0 {
		return "spawn " + w.who(e.Child)
	}
	s := w.describe(x, &e.Call, e.Alt)
	if key := x.Key(step); key != "" {
		s += "[" + key + "]"
	}
	switch {
	case e.Op() == object.End:
		return "end"
	case e.Op() == object.Choose:
		return fmt.Sprintf("%s → %d", s, e.Alt)
	case e.Op() == object.Select:
		s = w.selected(x, e)
	case x.Taken(step) >= 0:
		s = "select returns: " + w.caseText(x.World().Cases[e.Call.Cases+x.Taken(step)])
	case e.Op() == object.Resume || e.Op() == object.SelectParked || e.Op() == object.Yield && rested(x, step):
		s += " returns"
	}
	if e.Fault != object.NoFault {
		return s + ": " + e.Fault.String()
	}
	if what, _ := x.InsideOf(e.Call.Obj); what == "limit" {
		return s
	}
	value := x.Text(step)
	if e.Op() == object.Receive && returnsAtOnce(x, step+1) {
		value = x.Text(step + 1)
	}
	switch {
	case e.Op() == object.Disarm && e.Call.Obj >= 0 && !x.Ticks(e.Call.Obj):
		return fmt.Sprintf("%s → %t", s, stopped(x, e))
	case e.Op() == object.PoolGet:
		return s + " → " + w.pooled(x, step)
	case e.Op() == object.Signal && e.Alt >= 0:
		return s + wakes + w.who(e.Alt)
	case e.Op() == object.Signal:
		return s + wakes + "nobody"
	case e.Op() == object.CondWake && e.Call.Arg >= 0:
		return s + ", lock " + w.label(e.Call.Arg)
	case e.Op().Tries():
		return fmt.Sprintf("%s → %t", s, x.Parts(e)[0].Effect != object.Nothing)
	case value == "":
		return s
	case e.Op() == object.Invoke || e.Op() == object.Respond:
		return s + ": " + value
	case e.Wrote >= 0:
		return s + " ← " + value
	}
	return s + " → " + value
}

// wakes stands between a signal and whom it wakes.
const wakes = " → wakes "

// selected says which way a select went.
func (w *wording) selected(x *sim.Execution, e *sim.Event) string {
	switch e.Alt {
	case object.CaseDefault:
		return w.selection(x, &e.Call) + ": takes default"
	case object.CasePark:
		return w.selection(x, &e.Call) + ": waits"
	}
	return "select: " + w.caseText(x.World().Cases[e.Call.Cases+e.Alt])
}

// rested reports whether somebody else ran before a goroutine went on after its
// yield.
func rested(x *sim.Execution, step int) bool {
	return step > 0 && x.Events()[step-1].G() != x.Events()[step].G()
}

// returnsAtOnce reports whether a step is the return, without a fault, of the step
// before: of a send or a receive whose partner had arrived already, of a Wait that
// found nothing to wait for.
func returnsAtOnce(x *sim.Execution, step int) bool {
	if step == 0 || step >= x.Steps() {
		return false
	}
	e := &x.Events()[step]
	return arrivedBefore(e) && e.Fault == object.NoFault && x.Events()[step-1].G() == e.G()
}

// arrivedBefore reports whether an event is the return of a send or a receive that
// was not woken, or of a Wait that did not have to: it changes nothing, its arrival
// did.
func arrivedBefore(e *sim.Event) bool {
	return e.Op() == object.Resume && e.Call.Aux != 0 || e.Op() == object.WaitReturn && e.Call.Aux != object.Waited
}

// phrases are the events of an execution, and what is pending at its end, as a
// cause speaks of them.
type phrases struct {
	words  *wording
	x      *sim.Execution
	places map[Ref]place
}

// A place is where a Ref is found: a step, or -1 for what is still pending.
type place struct {
	step int
	g    int32
	text string // without the goroutine
	miss string // what became of it, when it is still pending
}

func (w *wording) phrases(x *sim.Execution, names *directory) *phrases {
	p := &phrases{words: w, x: x, places: map[Ref]place{}}
	done, pending := refs(x, names)
	for i, r := range done {
		e := &x.Events()[i]
		p.places[r] = place{step: i, g: e.G(), text: w.nth(r, w.describe(x, &e.Call, e.Alt))}
	}
	for g := range int32(x.Goroutines()) {
		if x.Alive(g) && x.Pending(g).Op != object.Start {
			r := pending(sim.Choice{G: g})
			p.places[r] = place{-1, g, w.nth(r, w.describe(x, x.Pending(g), 0)), missed(x, g)}
		}
	}
	return p
}

// missed says what became of the operation that goroutine g still had before it
// at the end.
func missed(x *sim.Execution, g int32) string {
	if failed(x) || x.Enabled().Has(g) {
		return "not reached"
	}
	switch x.Pending(g).Op {
	case object.Lock, object.RLock, object.RGranted, object.WLock, object.WAnnounce, object.WDrained, object.Acquire, object.Granted:
		return "which it never gets"
	}
	return "which never takes place"
}

// where says at which step an event took place, or what became of it.
func (at place) where() string {
	if at.step < 0 {
		return at.miss
	}
	return fmt.Sprintf("step %d", at.step)
}

func (w *wording) nth(r Ref, text string) string {
	if r.Occurrence > 1 {
		return ordinal(r.Occurrence) + " " + text
	}
	return text
}

// event is an event with its goroutine and where in the execution it is.
func (p *phrases) event(r Ref) string {
	at, ok := p.places[r]
	switch {
	case !ok:
		return p.other(r) + " (not reached)"
	}
	return fmt.Sprintf("%s by %s (%s)", at.text, p.words.who(at.g), at.where())
}

// short is an event with its goroutine.
func (p *phrases) short(r Ref) string {
	if at, ok := p.places[r]; ok {
		return fmt.Sprintf("%s by %s", at.text, p.words.who(at.g))
	}
	return p.other(r)
}

// other is an event that this execution does not have.
func (p *phrases) other(r Ref) string {
	for g := range int32(p.x.Goroutines()) {
		if r.Goroutine == "" && p.x.Spawned(g) && p.x.Path(g) == r.Path {
			r.Goroutine = p.words.who(g)
		}
	}
	if r.Op == object.Modify.String() {
		r.Op = p.verbOn(r)
	}
	return r.String()
}

// verbOn is what all changes of a variable do to it, where they do the same.
func (p *phrases) verbOn(r Ref) string {
	verb := r.Op
	for i := range p.x.Events() {
		e := &p.x.Events()[i]
		if e.Op() != object.Modify || p.x.ObjectName(e.Call.Obj) != r.Object {
			continue
		}
		if verb != r.Op && verb != e.Call.Verb() {
			return r.Op
		}
		verb = e.Call.Verb()
	}
	return verb
}

// constraint is a constraint in words.
func (p *phrases) constraint(c Constraint) string {
	if c.Choice == "" {
		return fmt.Sprintf("%s comes before %s", p.event(c.First), p.event(c.Then))
	}
	at, ok := p.places[c.First]
	if !ok || at.step < 0 {
		return c.String()
	}
	e := &p.x.Events()[at.step]
	switch {
	case e.Op() == object.Signal && e.Alt >= 0:
		return p.event(c.First) + " wakes " + p.words.who(e.Alt)
	case e.Op() == object.Select && e.Alt >= 0:
		return p.event(c.First) + " takes " + p.words.caseText(p.x.World().Cases[e.Call.Cases+e.Alt])
	}
	return p.event(c.First) + c.wayString()
}
