package checks

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// A Spin is a loop that only reads, in an execution that was cut by the bound on
// steps: each number of turns is a trace of its own, so that a search of all
// would never end. It is no hazard, but makes the report incomplete.
type Spin struct {
	Goroutine string   `json:"goroutine"`
	Objects   []string `json:"objects"` // that it reads, by name
	Site      string   `json:"site"`    // file and line of its last read
	steps     []search.Step
	path      string
}

// String says what spins, and the mend.
func (s Spin) String() string {
	return fmt.Sprintf("%s spins at %s: it reads %s again and again, and does nothing else; wait with sim.Await, "+
		"or call Yield in the loop, and it takes one turn for each change", s.Goroutine, s.Site, strings.Join(s.Objects, ", "))
}

// spinTurns is how many events in a row, of one goroutine, make a spin when all
// of them only read.
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
			return Spin{Goroutine: x.GoroutineName(g), Objects: readBy(x, g, i), path: x.Path(g),
				steps: search.Steps(x, i+spinTurns/2)}, true
		}
	}
	return Spin{}, false
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
		if known.path == s.path && slices.Equal(known.Objects, s.Objects) {
			return
		}
	}
	t.spins = append(t.spins, s)
}

// readBy lists the objects that a goroutine reads from a step on.
func readBy(x *sim.Execution, g int32, from int) []string {
	var names []string
	seen := map[int32]bool{}
	for i := from; i < x.Steps(); i++ {
		e := &x.Events()[i]
		if obj := e.Call.Obj; e.G() == g && obj >= 0 && !seen[obj] {
			seen[obj] = true
			names = append(names, x.ObjectName(obj))
		}
	}
	return names
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
