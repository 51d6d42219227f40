package checks

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A survey is what WaitFor and the ending judge know of a state: everybody who
// lives, in the order of places in the tree of spawns, and who holds what.
type survey struct {
	*ledger
	waits []*wait
	place map[int32]int // one more than a goroutine's place in waits
	cited []int         // the steps that reasons have spoken of
}

// A wait is what a goroutine that lives is about.
type wait struct {
	g       int32
	blocked bool
	label   string  // what it asks for, in a word or two
	objects []int32 // what it waits for
	needs   []hold  // who has to act first: the holders
	sure    bool    // nobody else can act for them
}

func surveyOf(x *sim.Execution) *survey {
	s := &survey{ledger: ledgerOf(x), place: map[int32]int{}}
	for g := range int32(x.Goroutines()) {
		if x.Alive(g) && x.Pending(g).Op != object.Fire {
			s.waits = append(s.waits, s.waitOf(g))
		}
	}
	slices.SortFunc(s.waits, func(a, b *wait) int { return comparePaths(x.Path(a.g), x.Path(b.g)) })
	for i, w := range s.waits {
		s.place[w.g] = i + 1
	}
	return s
}

// comparePaths orders parents before children, children by their spawns.
func comparePaths(a, b string) int {
	for a != "" && b != "" {
		var one, other string
		one, a, _ = strings.Cut(a, "/")
		other, b, _ = strings.Cut(b, "/")
		if one != other {
			m, _ := strconv.Atoi(one)
			n, _ := strconv.Atoi(other)
			return cmp.Compare(m, n)
		}
	}
	return cmp.Compare(len(a), len(b))
}

func (s *survey) waitOf(g int32) *wait {
	c := s.x.Pending(g)
	w := &wait{g: g, blocked: c.Op != object.Start && !s.x.Enabled().Has(g)}
	if !w.blocked {
		return w
	}
	w.objects, w.label = []int32{c.Obj}, c.Op.String()
	switch c.Op {
	case object.Join:
		w.needs, w.sure = []hold{{obj: c.Obj, g: ^c.Obj, step: -1}}, true
	case object.CondWake:
		s.condition(w, c)
	case object.Select, object.SelectParked:
		w.objects = s.channels(c)
	case object.Resume:
		w.label = s.x.Events()[s.last[g]].Op().String()
	case object.Yield:
		w.objects, w.label = s.readSinceYield(g), "a change"
	case object.SleepEnd:
		w.objects, w.label = nil, "sleep"
	case object.Await:
		w.label = "a change"
	default:
		s.lock(w, c)
	}
	return w
}

// lock fills in the holders of what can be held.
func (s *survey) lock(w *wait, c *object.Call) {
	switch c.Op {
	case object.Lock, object.WLock, object.OnceEnter:
		w.needs, w.sure = s.holders(c.Obj, false), true
		if c.Op == object.WLock {
			w.label = "write"
		}
	case object.WDrained:
		w.label = "write"
		w.needs, w.sure = s.holders(c.Obj, true), true
	case object.RGranted:
		w.label = "read"
		w.needs, w.sure = s.holders(c.Obj, false), true
	case object.Acquire, object.Granted:
		w.label = "acquire"
		w.needs = s.holders(c.Obj, false)
	}
	// A lock that is handed over can be freed by anybody.
	w.sure = w.sure && !slices.Contains(s.strange, c.Obj)
}

// condition: one who has been woken wants the mutex back.
func (s *survey) condition(w *wait, c *object.Call) {
	w.label = "signal"
	if s.x.World().Goroutines[w.g].State[1] < c.Aux || c.Arg < 0 {
		return
	}
	w.objects, w.label = []int32{c.Arg}, "lock"
	w.needs, w.sure = s.holders(c.Arg, false), !slices.Contains(s.strange, c.Arg)
}

// channels are those of a select's cases, each once.
func (s *survey) channels(c *object.Call) []int32 {
	var out []int32
	for _, k := range s.x.World().Cases[c.Cases : c.Cases+c.CaseCount] {
		if k.Obj != object.NoObject && !slices.Contains(out, k.Obj) {
			out = append(out, k.Obj)
		}
	}
	return out
}

// readSinceYield are the objects whose change a yield waits for.
func (s *survey) readSinceYield(g int32) []int32 {
	var out []int32
	events := s.x.Events()
	for step := s.last[g]; step >= 0; step-- {
		e := &events[step]
		if e.G() != g {
			continue
		}
		if e.Op() == object.Yield {
			break
		}
		for _, p := range s.x.Parts(e) {
			if p.Mode == object.Read && p.Obj >= 0 && !slices.Contains(out, p.Obj) {
				out = append(out, p.Obj)
			}
		}
	}
	return out
}

// of returns the wait of a goroutine that lives, or nil.
func (s *survey) of(g int32) *wait {
	if i := s.place[g]; i > 0 {
		return s.waits[i-1]
	}
	return nil
}
