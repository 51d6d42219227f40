package explain

import (
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// Show runs a schedule and lays out the execution, whatever may be found in it.
// The shared objects are those that several goroutines use, and every step matters
// but the spawns, joins and ends of goroutines. When the program
// leaves the schedule, the table ends there, and the error, a
// *search.Divergence, says where and why.
func Show(program func(*sim.G), s search.Schedule, opt Options) (Table, error) {
	l := newLab(program, func(*sim.Execution) []Evidence { return nil }, opt.withDefaults())
	defer l.close()
	scheduler, lost := search.Follow(s)
	x := l.run(scheduler, nil)
	choices := search.Choices(x)
	d := lost()
	switch {
	case d != nil:
		choices = choices[:d.Step]
	case len(choices) < len(s.Places):
		d = &search.Divergence{Step: len(choices), Why: fmt.Sprintf("the program ends before the schedule's %d steps", len(s.Places))}
	}
	found := Evidence{Objects: sharedBy(x)}
	x = l.detailed(choices, nil)
	t, rows := l.tabulate(choices, nil, wordingOf(x).phrases(x, newDirectory()), found)
	for i := range rows.x.Events() {
		op := rows.x.Events()[i].Op()
		t.Rows[i].Matters = op != object.Spawn && op != object.Join && op != object.End && !t.Rows[i].Returns
	}
	if d != nil {
		return t, d
	}
	return t, nil
}

// sharedBy returns the names of the objects that several goroutines use, or wait
// for at the end, in the order of their first use.
func sharedBy(x *sim.Execution) []string {
	var names []string
	first := map[int32]int32{} // by object: who used it first
	use := func(g, obj int32) {
		if obj < 0 {
			return
		}
		other, ok := first[obj]
		if !ok {
			first[obj] = g
		} else if name := x.ObjectName(obj); g != other && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for i := range x.Events() {
		e := &x.Events()[i]
		for _, p := range x.Parts(e) {
			if p.Mode != object.None {
				use(e.G(), p.Obj)
			}
		}
	}
	for g := range int32(x.Goroutines()) {
		if x.Alive(g) {
			use(g, x.Pending(g).Obj)
		}
	}
	return names
}
