package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A knot is a goroutine that holds something while it waits for what another one
// would have to do, who in turn waits for what the first one holds.
type knot struct {
	wait   *wait
	hold   hold // what it holds
	others []tie
}

// A tie is a goroutine that cannot get what the one in a knot holds.
type tie struct {
	path []hop  // to that one
	role string // what makes it the one to wait for: "receives from c"; or empty
	task string // what it has to do: "receive from c"
}

// knots returns the knots of a state, by goroutine. Waiting for a lock or for the
// end of a goroutine makes cycles instead.
func (s *survey) knots() []*knot {
	var out []*knot
	for _, w := range s.rootsFirst() {
		if k := s.knotOf(w); k != nil {
			out = append(out, k)
		}
	}
	return out
}

// knotOf returns the knot that a wait makes, or nil: with those who have used the
// other end of what is waited for, or, where nobody has, with all others, if none of
// them is outside of it: else who should have come need not be one of them.
func (s *survey) knotOf(w *wait) *knot {
	if !w.blocked || len(w.needs) > 0 || len(w.objects) == 0 || !s.holdsAny(w.g) {
		return nil
	}
	known, counter := s.partnersOf(w), s.x.Pending(w.g).Op == object.WaitReturn
	k := &knot{wait: w}
	all := true
	for _, other := range s.waits {
		if other.g == w.g || s.sameWait(w, other) || s.joinsOnly(other) {
			continue
		}
		if len(known) == 0 || slices.Contains(known, other.g) {
			all = s.tie(k, other, len(known) > 0) && all
		}
	}
	if len(k.others) == 0 && len(known) > 0 && counter {
		return s.allTied(w)
	}
	if len(k.others) == 0 || len(known) == 0 && (!all || !counter && s.deserted(w)) {
		return nil
	}
	return k
}

// allTied is knotOf for a WaitGroup whose users are not in the knot: others may have
// to call Done as well.
func (s *survey) allTied(w *wait) *knot {
	k := &knot{wait: w}
	for _, other := range s.waits {
		if other.g != w.g && !s.sameWait(w, other) && !s.joinsOnly(other) && !s.tie(k, other, false) {
			return nil
		}
	}
	if len(k.others) == 0 {
		return nil
	}
	return k
}

// tie adds a goroutine to a knot; it reports false when it does not belong there.
func (s *survey) tie(k *knot, other *wait, known bool) bool {
	path := s.pathTo(other, k.wait.g, nil)
	if len(path) == 0 {
		return false
	}
	last := path[len(path)-1].hold
	if len(k.others) == 0 {
		k.hold = last
	}
	if last.obj == k.hold.obj {
		t := tie{path: path}
		if known {
			t.role, t.task = s.role(k.wait, other.g)
		}
		k.others = append(k.others, t)
	}
	return true
}

func (s *survey) holdsAny(g int32) bool {
	return slices.ContainsFunc(s.holds, func(h hold) bool { return h.g == g })
}

// joinsOnly reports whether a goroutine only waits for the end of another one.
func (s *survey) joinsOnly(w *wait) bool { return s.x.Pending(w.g).Op == object.Join }

// sameWait reports whether two goroutines wait for one thing in the same way.
func (s *survey) sameWait(a, b *wait) bool {
	return b.blocked && a.label == b.label && slices.Equal(a.objects, b.objects)
}

// deserted reports whether somebody has used what is waited for and has ended.
func (s *survey) deserted(w *wait) bool {
	for g := range int32(s.x.Goroutines()) {
		if g != w.g && !s.x.Alive(g) && s.usedBy(w, g) {
			return true
		}
	}
	return false
}

// pathTo returns the waits that lead from one to what goroutine g holds; nil when
// they lead elsewhere.
func (s *survey) pathTo(w *wait, g int32, seen []int32) []hop {
	if w == nil || !w.blocked || slices.Contains(seen, w.g) {
		return nil
	}
	for _, h := range w.needs {
		if h.g == g && h.step >= 0 {
			return []hop{{w, h}}
		}
	}
	for _, h := range w.needs {
		if rest := s.pathTo(s.of(h.g), g, append(seen, w.g)); h.g != g && rest != nil {
			return append([]hop{{w, h}}, rest...)
		}
	}
	return nil
}

// partnersOf returns those who live and have used the other end of what is waited
// for.
func (s *survey) partnersOf(w *wait) []int32 {
	var out []int32
	for _, other := range s.waits {
		if other.g != w.g && s.usedBy(w, other.g) {
			out = append(out, other.g)
		}
	}
	return out
}

// role is what a goroutine has done that would end a wait, and what it would have to
// do.
func (s *survey) role(w *wait, g int32) (role, task string) {
	c := s.x.Pending(w.g)
	name := s.x.What(w.objects[0])
	sends := w.label != object.Send.String()
	switch c.Op {
	case object.WaitReturn:
		return "is counted by " + name, "call Done"
	case object.CondWake:
		op := s.wakingOp(c.Obj).String()
		return op + "s " + name, op + " " + name
	case object.Select, object.SelectParked:
		for _, k := range s.x.World().Cases[c.Cases : c.Cases+c.CaseCount] {
			if k.Obj != object.NoObject && s.usedEnd(g, k.Obj, !k.Send) {
				name, sends = s.x.What(k.Obj), !k.Send
				break
			}
		}
	}
	return onChannel(choose(sends, "sends", "receives"), name), onChannel(choose(sends, "send", "receive"), name)
}

// usedEnd reports whether a goroutine has used an end of a channel, or tried to.
func (s *survey) usedEnd(g, ch int32, sent bool) bool {
	events := s.x.Events()
	for i := range events {
		if e := &events[i]; e.G() == g && usesChannel(s.x, &e.Call, ch, sent) {
			return true
		}
	}
	return false
}

// usedBy reports whether a goroutine has done, or tried to do, what would end a
// wait.
func (s *survey) usedBy(w *wait, g int32) bool {
	c := s.x.Pending(w.g)
	switch c.Op {
	case object.WaitReturn, object.CondWake:
		return slices.ContainsFunc(s.x.Events(), func(e sim.Event) bool {
			return e.G() == g && e.Call.Obj == c.Obj && (e.Op() == object.Add || e.Op() == object.Signal || e.Op() == object.Broadcast)
		})
	case object.Select, object.SelectParked:
		return slices.ContainsFunc(s.x.World().Cases[c.Cases:c.Cases+c.CaseCount], func(k object.Case) bool {
			return k.Obj != object.NoObject && s.usedEnd(g, k.Obj, !k.Send)
		})
	case object.Send, object.Receive, object.Resume:
		return s.usedEnd(g, c.Obj, w.label != object.Send.String())
	}
	return false
}

// tangle says who holds what while it waits, and who waits for that.
func (s *survey) tangle(k *knot, who string) string {
	clauses := []string{who + " " + s.holding(k.hold) + s.waiting(k.wait)}
	switch {
	case s.x.World().At(k.hold.obj).Kind == object.Once:
		clauses[0] = who + " is in " + s.bodyOf(k.hold.obj) + " and " + s.waiting(k.wait)
	case s.x.Pending(k.wait.g).Op == object.WaitReturn:
		clauses[0] += fmt.Sprintf(", whose counter is %d", s.x.World().At(k.wait.objects[0]).State[0])
	}
	for _, t := range k.others {
		at := s.x.Who(t.path[0].wait.g)
		if t.role != "" {
			at += ", which " + t.role + ","
		}
		for i, h := range t.path {
			if i > 0 {
				at = s.x.Who(h.wait.g)
			}
			text := at + " " + s.waiting(h.wait)
			if i < len(t.path)-1 {
				text += s.whose(h)
			}
			if !slices.Contains(clauses, text) {
				clauses = append(clauses, text)
			}
		}
	}
	return strings.Join(atMost(clauses, 6), "; ")
}

// whose says who has what a hop on the way to the knot waits for.
func (s *survey) whose(h hop) string {
	if h.hold.step < 0 {
		return ""
	}
	return ", " + s.heldBy(&wait{g: h.wait.g, needs: []hold{h.hold}})
}

// untie says how a knot is undone: what it holds is given back before it waits.
func (s *survey) untie(k *knot) string {
	who, name := s.x.Who(k.wait.g), s.x.What(k.hold.obj)
	give := fmt.Sprintf("release %s, which it holds since step %d,", name, k.hold.step)
	switch s.x.World().At(k.hold.obj).Kind {
	case object.Once:
		give = fmt.Sprintf("leave %s, which it entered at step %d,", s.bodyOf(k.hold.obj), k.hold.step)
	case object.RWMutex:
		if k.hold.reader {
			give = fmt.Sprintf("release its read lock of %s, which it holds since step %d,", name, k.hold.step)
		}
	}
	text := fmt.Sprintf("Let %s %s before %s", who, give, s.doing(k.wait))
	s.cited = append(s.cited, k.hold.step)
	other := s.x.Who(k.others[0].path[0].wait.g)
	if k.others[0].role == "" {
		return text + fmt.Sprintf(": %s, which waits for %s, can then go on", other, name)
	}
	return text + fmt.Sprintf("; or see to it that %s does not need %s to %s", other,
		s.x.What(k.others[0].path[0].hold.obj), k.others[0].task)
}

// bodyOf is what runs while others wait at a Once.
func (s *survey) bodyOf(once int32) string {
	if what, _ := s.x.InsideOf(once); what == "call" {
		return s.x.What(once)
	}
	return "the func of " + s.x.What(once)
}

// doing is what a goroutine does that made it wait.
func (s *survey) doing(w *wait) string {
	c, name := s.x.Pending(w.g), s.x.What(w.objects[0])
	text := "it waits for " + name
	switch c.Op {
	case object.Join:
		text += " to end"
	case object.Select, object.SelectParked:
		text = "its select"
	case object.Send, object.Receive, object.Resume:
		text = "it " + onChannel(choose(w.label == object.Send.String(), "sends", "receives"), name)
	case object.CondWake:
		text = "it waits for a " + s.wakingOp(c.Obj).String() + " of " + name
	}
	switch c.Op {
	case object.Resume, object.SelectParked, object.WaitReturn, object.CondWake:
		s.cited = append(s.cited, s.last[w.g])
		return fmt.Sprintf("%s (step %d)", text, s.last[w.g])
	}
	return text
}

// tell notes of whom the words for a knot have spoken.
func (k *knot) tell(told map[int32]bool) {
	told[k.wait.g] = true
	for _, t := range k.others {
		for _, h := range t.path {
			told[h.wait.g] = true
		}
	}
}

// mend says what would let those go on who cannot, if they hold something while
// they wait for one who needs it; otherwise it is empty. stuck are those for whom
// the cycles are to blame.
func (s *survey) mend(cycles [][]hop, stuck map[int32]bool) string {
	if text := s.joined(cycles); text != "" || len(cycles) > 0 {
		return text
	}
	for _, k := range s.knots() {
		if !stuck[k.wait.g] {
			return s.untie(k)
		}
	}
	return ""
}

// joined is mend for a cycle in which somebody holds something and waits for the end
// of another one.
func (s *survey) joined(cycles [][]hop) string {
	for _, cycle := range cycles {
		for i, h := range cycle {
			before := cycle[(i+len(cycle)-1)%len(cycle)]
			if s.joinsOnly(h.wait) && before.hold.step >= 0 && !s.queued(before.hold) && before.wait.g != h.wait.g {
				k := &knot{wait: h.wait, hold: before.hold, others: []tie{{path: []hop{before}}}}
				return s.untie(k)
			}
		}
	}
	return ""
}
