package checks

import (
	"regexp"
	"strings"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// verdicts remembers which overwritings lose something. Its zero value knows
// nothing.
type verdicts struct {
	known map[updateKey]int8 // lost, or how often nothing was
	tries int
}

// An updateKey says of an overwriting what is the same in other schedules: the
// goroutines by path, and the places of its events among those of each.
type updateKey struct {
	a, b              string
	read, store, lost int
}

// Bounds on the executions that a judge asks for: of all, and of those in which
// an overwriting turned out to lose nothing, before it counts as harmless.
const (
	hindsightMax = 200
	harmlessMax  = 3
	isLost       = -1
)

// loses reports whether an overwriting in x loses the update: whether a would
// have left another value had it seen that.
func (v *verdicts) loses(x *sim.Execution, o overwriting) bool {
	events := x.Events()
	a, b := events[o.read].G(), events[o.lost].G()
	k := updateKey{x.Path(a), x.Path(b), ordinal(x, o.read), ordinal(x, o.store), ordinal(x, o.lost)}
	switch n := v.known[k]; {
	case n == isLost:
		return true
	case n == harmlessMax || v.tries == hindsightMax:
		return false
	}
	if v.known == nil {
		v.known = map[updateKey]int8{}
	}
	v.tries++
	h := hindsight{runner: sim.NewRunner(), opt: x.Options()}
	defer h.runner.Close()
	if h.follow(x, o, k) && h.loses() {
		v.known[k] = isLost
		return true
	}
	v.known[k]++
	return false
}

// ordinal is the place of an event among those of its goroutine.
func ordinal(x *sim.Execution, step int) int {
	n := 0
	events := x.Events()
	for i := range step {
		if events[i].G() == events[step].G() {
			n++
		}
	}
	return n
}

// hindsight answers what a goroutine would have stored had it seen an update: it
// runs the program again, with the goroutine held back until the update has
// taken place. Everybody else does what they did, as far as they can without
// it. What the goroutine leaves in the variable then is compared with what it
// left when it had not seen the update.
//
// The answer is unknown when the update cannot come first, or when the goroutine
// then reads other values elsewhere, too; that is taken for nothing lost.
type hindsight struct {
	runner  *sim.Runner
	opt     sim.Options
	run     func(*sim.G)
	choices []sim.Choice
	a, b    int32
	object  int32 // the variable's identity
	overwriting
	events    []sim.Event // of the execution as it was
	texts     []string    // what its events read and wrote
	updates   int         // events of b up to the update
	heldBack  int         // the step from which a is held back
	follows   int         // the next choice of the others
	waitsOver bool        // the update has taken place
}

// follow runs the execution once more in the runner that the question is asked
// in, keeping what was read and written. It reports false when that cannot be
// done.
func (h *hindsight) follow(x *sim.Execution, o overwriting, k updateKey) bool {
	h.run = x.Program()
	h.opt.Time = sim.FreeTime // timers fire where they fired, and for whoever goes on alone
	steps := search.Steps(x, o.store+1)
	if len(x.Failures) > 0 && o.store >= x.Failure.At {
		var ok bool
		if steps, ok = search.Before(x, []int{o.read, o.lost, o.store}); !ok {
			return false
		}
	}
	s, err := search.Record(h.run, steps, search.Options{StepsMax: h.opt.StepsMax, Time: h.opt.Time, Watch: h.opt.Watch})
	if err != nil {
		return false
	}
	again, diverged := search.Follow(s)
	y := h.again(again)
	if diverged() != nil || y.Steps() <= len(steps)-1 {
		return false
	}
	h.choices = search.Choices(y)[:len(steps)]
	h.read, h.lost, h.store = stepOf(y, k.a, k.read), stepOf(y, k.b, k.lost), stepOf(y, k.a, k.store)
	if h.read < 0 || h.lost < 0 || h.store < 0 {
		return false
	}
	h.events = append(h.events, y.Events()[:len(steps)]...)
	h.a, h.b, h.updates = h.events[h.read].G(), h.events[h.lost].G(), k.lost+1
	h.object = y.World().Objects[h.events[h.store].Call.Obj].ID
	h.texts = textsOf(y, len(steps))
	return true
}

func (h *hindsight) again(s sim.Scheduler) *sim.Execution {
	return h.runner.Run(h.run, sim.Options{Scheduler: s, StepsMax: h.opt.StepsMax,
		GoroutinesMax: h.opt.GoroutinesMax, Time: h.opt.Time, Details: true, Watch: h.opt.Watch})
}

// stepOf is the step of the n-th event, from 0, of a goroutine; -1 when there is
// none.
func stepOf(x *sim.Execution, path string, n int) int {
	events := x.Events()
	for i := range events {
		if x.Path(events[i].G()) != path {
			continue
		}
		if n == 0 {
			return i
		}
		n--
	}
	return -1
}

// holdsMax bounds the places at which a goroutine is held back in turn.
const holdsMax = 16

// loses holds the goroutine back at its read, then at the events before it: it
// may have to be kept from a lock that the other one needs.
func (h *hindsight) loses() bool {
	holds := 0
	for i := h.read; i >= 0 && holds < holdsMax; i-- {
		e := &h.events[i]
		if e.G() != h.a {
			continue
		}
		if i < h.read && h.writes(e) {
			break
		}
		holds++
		h.heldBack, h.follows, h.waitsOver = i, i, false
		if lost, known := h.differs(h.again(h)); known {
			return lost
		}
	}
	return false
}

// writes reports whether an event of the execution as it was writes the
// variable.
func (h *hindsight) writes(e *sim.Event) bool {
	return e.Call.Obj == h.events[h.store].Call.Obj && writesCell(e)
}

func writesCell(e *sim.Event) bool {
	_, writes := accessOf(e)
	return writes
}

// Pick implements sim.Scheduler.
func (h *hindsight) Pick(x *sim.Execution) sim.Choice {
	if x.Steps() < h.heldBack {
		return ifOpen(x, h.choices[x.Steps()])
	}
	if !h.waitsOver && h.count(x) >= h.updates {
		h.waitsOver = true
	}
	if !h.waitsOver {
		return h.others(x)
	}
	if _, done := h.left(x); done || x.Steps() > 2*len(h.choices)+100 {
		return sim.Stop
	}
	if g := h.a; x.Enabled().Has(g) {
		return sim.Choice{G: g, Alt: x.FirstAlternative(g)}
	}
	g := x.First()
	return sim.Choice{G: g, Alt: x.FirstAlternative(g)}
}

// count is how many events b has had.
func (h *hindsight) count(x *sim.Execution) int {
	n := 0
	events := x.Events()
	for i := range events {
		if events[i].G() == h.b {
			n++
		}
	}
	return n
}

// others goes on with what all but a did next, as far as it is possible, and
// then with b alone.
func (h *hindsight) others(x *sim.Execution) sim.Choice {
	for h.follows <= h.lost {
		c := h.choices[h.follows]
		h.follows++
		if c.G == h.a {
			continue
		}
		if c = ifOpen(x, c); c != sim.Stop {
			return c
		}
	}
	if !x.Enabled().Has(h.b) {
		return sim.Stop
	}
	return sim.Choice{G: h.b, Alt: x.FirstAlternative(h.b)}
}

// ifOpen is a choice if it can be made, otherwise Stop.
func ifOpen(x *sim.Execution, c sim.Choice) sim.Choice {
	if !x.Enabled().Has(c.G) {
		return sim.Stop
	}
	if !x.Pending(c.G).Op.Chooses() {
		return sim.Choice{G: c.G}
	}
	for _, alt := range x.Alternatives(c.G, nil) {
		if alt == c.Alt {
			return c
		}
	}
	return sim.Stop
}

// left is the step that left the value in the variable which a wanted it to
// have: its first write since it was held back, or when it has ended without one
// the last write by anybody. It reports false as long as there is none.
func (h *hindsight) left(x *sim.Execution) (step int, ok bool) {
	events := x.Events()
	last := -1
	for i := range events {
		e := &events[i]
		if e.Call.Obj < 0 || !writesCell(e) || x.World().Objects[e.Call.Obj].ID != h.object {
			continue
		}
		if last = i; e.G() == h.a && i >= h.heldBack {
			return i, true
		}
	}
	return last, last >= 0 && !x.Alive(h.a)
}

// differs reports whether a left another value in the variable than it did, and
// whether that is known.
func (h *hindsight) differs(y *sim.Execution) (differs, known bool) {
	step, done := h.left(y)
	if !h.waitsOver || !done || len(y.Failures) > 0 {
		return false, false
	}
	texts := textsOf(y, y.Steps())
	if !h.sawTheSame(y, texts, step) {
		return false, false
	}
	return texts[step] != h.texts[h.store], true
}

// sawTheSame reports whether a, since it was held back, read the same as it did
// when it was not, but for the variable, for as long as it went the same way.
func (h *hindsight) sawTheSame(y *sim.Execution, texts []string, upTo int) bool {
	events := y.Events()
	k := h.heldBack
	for i := h.heldBack; i < min(upTo, len(events)); i++ {
		e := &events[i]
		if e.G() != h.a {
			continue
		}
		for k < h.store && h.events[k].G() != h.a {
			k++
		}
		before := &h.events[k]
		if k >= h.store || before.Op() != e.Op() {
			return true
		}
		if e.Call.Obj < 0 || y.World().Objects[e.Call.Obj].ID != h.object {
			if texts[i] != h.texts[k] {
				return false
			}
		}
		k++
	}
	return true
}

// addresses are pointers as text.
var addresses = regexp.MustCompile(`(\*|chan )\S*?#[0-9]+|0x[0-9a-f]+`)

// textsOf is what the first events of an execution read or wrote, as text that
// can be compared with another execution's: pointers, which have a number, and
// addresses are replaced by who showed them first.
func textsOf(x *sim.Execution, n int) []string {
	out := make([]string, n)
	names := map[string]string{}
	events := x.Events()
	for i := range out {
		text := x.Text(i)
		if !strings.ContainsAny(text, "#x") {
			out[i] = text
			continue
		}
		out[i] = addresses.ReplaceAllStringFunc(text, func(a string) string {
			if name, ok := names[a]; ok {
				return name
			}
			return "new"
		})
		for _, a := range addresses.FindAllString(text, -1) {
			if names[a] == "" {
				names[a] = "of " + x.Path(events[i].G()) + " " + x.ObjectName(events[i].Call.Obj)
			}
		}
	}
	return out
}
