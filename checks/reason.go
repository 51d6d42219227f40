package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/internal/object"
)

// reason says in one clause for what a goroutine waits and why nobody comes:
// facts of the present state and the log.
func (s *survey) reason(w *wait) string { return s.reasonOf(w, s.x.Who(w.g)) }

// reasonOf is reason with other words for the goroutine.
func (s *survey) reasonOf(w *wait, who string) string {
	text := who + " " + s.waiting(w)
	if why := s.why(w); why != "" {
		text += ": " + why
	}
	return text
}

// waiting is what the goroutine does, without its name.
func (s *survey) waiting(w *wait) string {
	c := s.x.Pending(w.g)
	name := "nothing"
	if len(w.objects) > 0 {
		names := make([]string, len(w.objects))
		for i, obj := range w.objects {
			names[i] = s.x.What(obj)
		}
		name = strings.Join(names, ", ")
	}
	switch c.Op {
	case object.Join:
		return fmt.Sprintf("waits for %s to end", name)
	case object.Send, object.Receive, object.Resume:
		if what, of := s.x.InsideOf(c.Obj); what == "limit" {
			return "waits for a place in " + of
		}
		return fmt.Sprintf("waits to %s", onChannel(w.label, name))
	case object.Select, object.SelectParked:
		return fmt.Sprintf("waits in a select on %s", name)
	case object.Wait, object.WaitReturn:
		return fmt.Sprintf("waits for %s", name)
	case object.Pass:
		return fmt.Sprintf("waits at %s", name)
	case object.LatchWait:
		return fmt.Sprintf("waits for %s to open", name)
	case object.Await, object.Yield:
		return fmt.Sprintf("waits for a change of %s", name)
	case object.OnceEnter:
		return fmt.Sprintf("waits for %s to be done", name)
	case object.SleepEnd:
		return "sleeps"
	}
	return s.waitingToHold(w, name)
}

func (s *survey) waitingToHold(w *wait, name string) string {
	switch w.label {
	case "read", "write":
		return fmt.Sprintf("waits to %s %s", w.label, name)
	case "signal":
		return fmt.Sprintf("waits for a %s of %s", s.wakingOp(w.objects[0]), name)
	}
	return fmt.Sprintf("waits for %s", name)
}

func onChannel(what, name string) string {
	if strings.HasPrefix(what, object.Send.String()) {
		return what + " on " + name
	}
	return what + " from " + name
}

// why says who would have to act, and why that does not happen.
func (s *survey) why(w *wait) string {
	c := s.x.Pending(w.g)
	switch c.Op {
	case object.Join:
		return ""
	case object.Send, object.Receive, object.Resume:
		return s.partners(c.Obj, w.g, w.label == object.Send.String(), "it")
	case object.WaitReturn:
		return s.counter(c.Obj, w.g)
	case object.Pass, object.LatchWait:
		return stateInWords(s.x, c.Obj)
	case object.Select, object.SelectParked:
		if len(w.objects) == 0 {
			return "it has no case that can ever be ready"
		}
		return s.cases(c)
	}
	if w.label == "signal" {
		return s.lastSignal(w)
	}
	if text := s.units(w); text != "" {
		return text
	}
	return s.heldBy(w)
}

// heldBy names the holders.
func (s *survey) heldBy(w *wait) string {
	var clauses []string
	for _, h := range w.needs {
		clause := "held by " + s.x.Who(h.g)
		switch {
		case h.reader:
			clause = "read by " + s.x.Who(h.g)
		case s.queued(h):
			clause = "behind " + s.x.Who(h.g)
		}
		switch {
		case h.g == w.g:
			clause += " itself"
		case !s.x.Alive(h.g):
			clause += ", which has ended"
		}
		clauses = append(clauses, clause)
	}
	return strings.Join(clauses, " and ")
}

// queued reports whether a writer has its place among writers and waits for
// readers to leave.
func (s *survey) queued(h hold) bool {
	if !s.x.Alive(h.g) {
		return false
	}
	c := s.x.Pending(h.g)
	return c.Obj == h.obj && (c.Op == object.WAnnounce || c.Op == object.WDrained)
}

// lastSignal says where the signal is that a waiter missed.
func (s *survey) lastSignal(w *wait) string {
	events := s.x.Events()
	for step, e := range slices.Backward(events) {
		if e.Call.Obj != w.objects[0] || e.Op() != object.Signal && e.Op() != object.Broadcast {
			continue
		}
		waited := s.last[w.g]
		s.cited = append(s.cited, step, waited)
		switch {
		case step < waited && s.wokenBy(w, step):
			return fmt.Sprintf("it was woken by the %v of %s at step %d, and waited again at step %d",
				e.Op(), s.x.Who(e.G()), step, waited)
		case step < waited:
			return fmt.Sprintf("%s, of %s at step %d, came before it waited, at step %d",
				s.rank(step), s.x.Who(e.G()), step, waited)
		case e.Op() == object.Signal && e.Alt >= 0:
			return fmt.Sprintf("%s, of %s at step %d, woke %s", s.rank(step), s.x.Who(e.G()), step, s.x.Who(e.Alt))
		}
		return fmt.Sprintf("%s, of %s at step %d, woke somebody else", s.rank(step), s.x.Who(e.G()), step)
	}
	return "nobody has signalled"
}

// wakingOp is what the program wakes those with who wait for a condition.
func (s *survey) wakingOp(cond int32) object.Op {
	op := object.Signal
	for _, e := range s.x.Events() {
		if e.Call.Obj != cond {
			continue
		}
		switch e.Op() {
		case object.Signal:
			return object.Signal
		case object.Broadcast:
			op = object.Broadcast
		}
	}
	return op
}

// rank says whether the signal or broadcast at a step is the only one that its
// condition had, or the last.
func (s *survey) rank(step int) string {
	at := &s.x.Events()[step]
	for _, e := range s.x.Events()[:step] {
		if e.Call.Obj == at.Call.Obj && (e.Op() == object.Signal || e.Op() == object.Broadcast) {
			return fmt.Sprintf("the last %v", at.Op())
		}
	}
	return fmt.Sprintf("the only %v", at.Op())
}

// wokenBy reports whether a signal or broadcast woke the goroutine, which then
// waited again.
func (s *survey) wokenBy(w *wait, signal int) bool {
	waits := false
	for _, e := range s.x.Events()[:signal] {
		if e.G() == w.g && e.Call.Obj == w.objects[0] {
			waits = e.Op() == object.CondWait
		}
	}
	at := &s.x.Events()[signal]
	return waits && (at.Op() == object.Broadcast || at.Alt == w.g)
}

// inWords is a list as a sentence has it, at most three of it.
func inWords(names []string) string {
	if n := len(names); n > 3 {
		names = append(slices.Clone(names[:2]), fmt.Sprintf("%d others", n-2))
	}
	if len(names) == 1 {
		return names[0]
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

func has(n int) string {
	if n == 1 {
		return "has"
	}
	return "have"
}
