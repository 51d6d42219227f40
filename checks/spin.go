package checks

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// A Spin is a loop that waits for a change and does not say so, in an execution
// that was cut by the bound on steps: each number of turns is a trace of its own,
// so that a search of all would never end. It is no hazard, but makes the report
// incomplete.
type Spin struct {
	Goroutine string   `json:"goroutine"`
	Objects   []string `json:"objects"`          // that it uses, by name
	Site      string   `json:"site"`             // file and line of a step that looks for the change
	Writes    bool     `json:"writes,omitempty"` // it does not only read
	reads     bool     // some step only reads, so that Yield is a mend
	tries     bool     // it only tries to take something, so that taking it is a mend
	steps     []search.Step
	path      string
	ids       []string // Objects, by the names that they have in every execution
}

// String says what spins, and the mend.
func (s Spin) String() string {
	on := strings.Join(s.Objects, ", ")
	switch {
	case s.tries:
		return fmt.Sprintf("%s spins at %s: it tries to take %s again and again; take it without trying (Lock, RLock, Acquire), "+
			"or call Yield in the loop, and it takes one turn for each change", s.Goroutine, s.Site, on)
	case !s.Writes:
		return fmt.Sprintf("%s spins at %s: it reads %s again and again, and does nothing else; wait with sim.Await, "+
			"or call Yield in the loop, and it takes one turn for each change", s.Goroutine, s.Site, on)
	case s.reads:
		return fmt.Sprintf("%s spins at %s: it does the same with %s again and again, with the same result; wait with "+
			"sim.Await, or call Yield in the loop, and it takes one turn for each change", s.Goroutine, s.Site, on)
	}
	return fmt.Sprintf("%s spins at %s: it writes %s again and again, with the same result; wait with sim.Await until "+
		"that can succeed, or read in the loop and call Yield before it writes again", s.Goroutine, s.Site, on)
}

// spinTurns is how many events in a row, of one goroutine, make a spin when all
// of them only read, or are the same again and again.
const spinTurns = 64

// spinOf finds the goroutine that spins in an execution which the bound on
// steps has cut.
func spinOf(x *sim.Execution) (Spin, bool) {
	if x.Outcome != sim.OverSteps {
		return Spin{}, false
	}
	turns := make([]int, x.Goroutines())
	broken := make([]bool, x.Goroutines())
	for i := x.Steps() - 1; i >= 0; i-- {
		e := &x.Events()[i]
		g := e.G()
		if broken[g] = broken[g] || !onlyReads(x, e); broken[g] {
			continue
		}
		if turns[g]++; turns[g] == spinTurns {
			s := Spin{Goroutine: x.Who(g), path: x.Path(g), steps: search.Steps(x, i+spinTurns/2)}
			s.Objects, s.ids = usedBy(x, g, i)
			s.tries = e.Op().Tries()
			return s, true
		}
	}
	return lapOf(x)
}

// onlyReads reports whether an event is a turn of a loop that nobody declared.
func onlyReads(x *sim.Execution, e *sim.Event) bool {
	if e.Op() == object.Yield || e.Op() == object.Await {
		return false
	}
	for _, p := range x.Parts(e) {
		if p.Mode != object.Read {
			return false
		}
	}
	return len(x.Parts(e)) > 0
}

// note keeps a spin unless that goroutine is known to spin there already.
func (t *tally) note(s Spin) {
	for _, known := range t.spins {
		if known.path == s.path && slices.Equal(known.ids, s.ids) {
			return
		}
	}
	t.spins = append(t.spins, s)
}

// usedBy lists the objects that a goroutine accesses from a step on, by what they are
// called in this execution, and by the names that they have in all, in whose order
// they are.
func usedBy(x *sim.Execution, g int32, from int) (names, ids []string) {
	seen := map[string]string{}
	for i := from; i < x.Steps(); i++ {
		e := &x.Events()[i]
		if e.G() != g {
			continue
		}
		for _, p := range x.Parts(e) {
			if p.Obj >= 0 {
				seen[x.ObjectName(p.Obj)] = x.What(p.Obj)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(seen)) {
		names, ids = append(names, seen[id]), append(ids, id)
	}
	return names, ids
}

// place finds the spin's line, in a replay that keeps lines.
func (s *Spin) place(program func(*sim.G), opt search.Options) error {
	schedule, err := search.Record(program, s.steps, opt)
	if err != nil {
		return err
	}
	opt.StepsMax = len(s.steps)
	return search.Replay(program, schedule, opt, func(x *sim.Execution) {
		for i := x.Steps() - 1; i >= 0; i-- {
			if x.Path(x.Events()[i].G()) == s.path {
				site := x.Site(i)
				s.Site = fmt.Sprintf("%s:%d", filepath.Base(site.File), site.Line)
				return
			}
		}
	})
}
