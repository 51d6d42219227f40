package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// partners says what became of those who used the other end of a channel, which
// the sentence calls it.
func (s *survey) partners(ch, self int32, sending bool, it string) string {
	if s.x.World().At(ch).Nil() {
		return "a nil channel blocks for ever"
	}
	if ctx := s.x.ContextOf(ch); ctx >= 0 {
		return "nobody has cancelled " + s.x.What(ctx)
	}
	if s.x.World().At(ch).CloseOnly() {
		return "nobody has closed " + it
	}
	if what, of := s.x.InsideOf(ch); what == "limit" && sending {
		return s.taken(ch, of)
	}
	if t := s.x.TimerBehind(ch); t >= 0 && !sending {
		return s.unarmed(t, ch, it)
	}
	alive, ended := s.users(ch, self, !sending)
	verb := choose(sending, "receive", "send")
	switch {
	case len(alive)+len(ended) == 0:
		if !sending {
			return fmt.Sprintf("nobody has tried to send on %s or to close it", it)
		}
		return fmt.Sprintf("nobody has tried to receive from %s", it)
	case len(alive) > 0:
		return fmt.Sprintf("%s, which %s, %s not come", inWords(alive), onChannel(choose(len(alive) == 1, verb+"s", verb), it), has(len(alive)))
	}
	return fmt.Sprintf("%s, which %s, %s ended", inWords(ended), onChannel(choose(len(ended) == 1, verb+"s", verb), it), has(len(ended)))
}

// taken says that a Group runs as many members as it may.
func (s *survey) taken(limit int32, group string) string {
	switch n := s.x.World().At(limit).Limit; n {
	case 0:
		return "the limit of " + group + " is 0"
	case 1:
		return "the only place in " + group + " is taken"
	default:
		return fmt.Sprintf("all %d places in %s are taken", n, group)
	}
}

// unarmed says why nothing comes from the channel of a timer or a ticker.
func (s *survey) unarmed(timer, ch int32, it string) string {
	name, stopped, received := s.x.What(timer), -1, -1
	events := s.x.Events()
	for step := range events {
		e := &events[step]
		switch {
		case e.Call.Obj == timer && e.Op() == object.Arm:
			stopped, received = -1, -1
		case e.Call.Obj == timer && e.Op() == object.Disarm:
			stopped = step
		case slices.ContainsFunc(s.x.Parts(e), func(p object.Part) bool { return p.Obj == ch && p.Effect == object.ChanReceive }):
			received = step
		}
	}
	value := "its value"
	if it != "it" {
		value = "the value of " + it
	}
	switch {
	case s.x.World().At(timer).State[0] != 0:
		return name + " has not fired"
	case received >= 0 && !s.x.Ticks(timer):
		s.cited = append(s.cited, received)
		return fmt.Sprintf("%s was received at step %d, and %s is not armed", value, received, name)
	case stopped >= 0:
		s.cited = append(s.cited, stopped)
		return fmt.Sprintf("%s was stopped at step %d", name, stopped)
	}
	return name + " is not armed"
}

// cases says of every case of a select why it is not ready; a nil channel never
// is.
func (s *survey) cases(c *object.Call) string {
	var clauses []string
	for _, k := range s.x.World().Cases[c.Cases : c.Cases+c.CaseCount] {
		if k.Obj == object.NoObject {
			continue
		}
		clause := s.partners(k.Obj, c.G, k.Send, s.x.What(k.Obj))
		if !slices.Contains(clauses, clause) {
			clauses = append(clauses, clause)
		}
	}
	if len(clauses) == 0 {
		return "it has no case that can ever be ready"
	}
	return strings.Join(atMost(clauses, 4), ", ")
}

func choose(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// users returns who else has sent on a channel, or received from it, or tried
// to: those who live and those who have ended.
func (s *survey) users(ch, self int32, sent bool) (alive, ended []string) {
	uses := make([]bool, s.x.Goroutines())
	events := s.x.Events()
	for i := range events {
		if e := &events[i]; e.G() != self && usesChannel(s.x, &e.Call, ch, sent) {
			uses[e.G()] = true
		}
	}
	for g, did := range uses {
		switch {
		case !did:
		case s.x.Alive(int32(g)):
			alive = append(alive, s.x.Who(int32(g)))
		default:
			ended = append(ended, s.x.Who(int32(g)))
		}
	}
	return alive, ended
}

// usesChannel reports whether a call is one on the sending end of a channel, or on the
// receiving one.
func usesChannel(x *sim.Execution, c *object.Call, ch int32, sent bool) bool {
	switch c.Op {
	case object.Send:
		return c.Obj == ch && sent
	case object.Receive:
		return c.Obj == ch && !sent
	case object.Select, object.SelectParked:
		cases := x.World().Cases[c.Cases : c.Cases+c.CaseCount]
		return slices.ContainsFunc(cases, func(k object.Case) bool { return k.Obj == ch && k.Send == sent })
	}
	return false
}

// counter says why the counter of a WaitGroup is not 0: who has raised it, who
// has called Done, and that nobody else will.
func (s *survey) counter(wg, self int32) string {
	raised, lowered := make([]int32, s.x.Goroutines()), make([]int32, s.x.Goroutines())
	events := s.x.Events()
	for i := range events {
		e := &events[i]
		if e.Op() != object.Add || e.Call.Obj != wg || e.Fault != object.NoFault {
			continue
		}
		raised[e.G()] += max(e.Call.Arg, 0)
		lowered[e.G()] += max(-e.Call.Arg, 0)
	}
	text := fmt.Sprintf("its counter is %d: %s", s.x.World().At(wg).State[0], s.did("added", raised))
	if done := s.did("called Done for", lowered); done != "" {
		text += ", " + done
	} else {
		text += ", nobody has called Done"
	}
	return text + s.left(wg, self)
}

// did says who did how much of something.
func (s *survey) did(what string, amounts []int32) string {
	var names []string
	sum, alive := int32(0), false
	for g, n := range amounts {
		if n > 0 {
			names = append(names, s.x.Who(int32(g)))
			sum, alive = sum+n, alive || s.x.Alive(int32(g))
		}
	}
	switch {
	case sum == 0:
		return ""
	case alive:
		return fmt.Sprintf("%s %s %d", inWords(names), what, sum)
	}
	return fmt.Sprintf("%s, which %s ended, %s %d", inWords(names), has(len(names)), what, sum)
}

// left says that nobody can call Done any more: all others are blocked, or have
// ended. It is empty while somebody can go on.
func (s *survey) left(wg, self int32) string {
	var blocked []string
	for _, w := range s.waits {
		if w.g == self || len(w.objects) == 1 && w.objects[0] == wg {
			continue
		}
		if !w.blocked {
			return ""
		}
		blocked = append(blocked, s.x.Who(w.g))
	}
	if len(blocked) == 0 {
		return ", and nobody else is left"
	}
	return fmt.Sprintf(", and %s, who could, %s blocked", inWords(blocked), choose(len(blocked) == 1, "is", "are"))
}
