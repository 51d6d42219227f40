package explain

import (
	"fmt"
	"maps"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// adapt lets constraints speak of a program that was edited: a name that means
// one thing there is kept; a goroutine whose name is gone is known by its path,
// an object by its kind and its place among those that the goroutine uses.
func (l *lab) adapt(orders Orders, r *Replay) Orders {
	names, renamed := l.probe(orders)
	out := Orders{Kind: orders.Kind, Objects: slices.Clone(orders.Objects)}
	for _, c := range orders.Constraints {
		c.First = names.adapt(c.First)
		c.Then = names.adapt(c.Then)
		out.Constraints = append(out.Constraints, c)
	}
	for _, old := range slices.Sorted(maps.Keys(renamed)) {
		r.Renamed = append(r.Renamed, fmt.Sprintf("%s is now %s", old, renamed[old]))
		for i, o := range out.Objects {
			if o == old {
				out.Objects[i] = renamed[old]
			}
		}
	}
	return out
}

// adapt drops the names from a Ref that do not mean one thing here.
func (d *directory) adapt(r Ref) Ref {
	if d.goroutines[r.Goroutine] == "" {
		r.Goroutine = ""
	} else {
		r.Path = d.goroutines[r.Goroutine]
	}
	if r.Kind != object.Goroutine.String() && d.objects[r.Object] != 1 {
		r.Object = ""
	}
	return r
}

// probe runs the program a few times to learn its names, and what bears
// another name in it now: the object that a goroutine uses in the place of one
// whose name is gone.
func (l *lab) probe(orders Orders) (*directory, map[string]string) {
	d, renamed := newDirectory(), map[string]string{}
	for _, s := range []sim.Scheduler{sim.FirstEnabled{}, &alternate{}, newGuide(orders.Constraints)} {
		d.add(l.run(s, nil))
	}
	x := l.run(&alternate{}, nil)
	all, _ := refs(x, d)
	for _, c := range orders.Constraints {
		for _, old := range []Ref{c.First, c.Then} {
			if old.Object == "" || old.Kind == object.Goroutine.String() || d.objects[old.Object] > 0 {
				continue
			}
			gone := d.adapt(old)
			i := slices.IndexFunc(all, func(r Ref) bool {
				return r.Path == gone.Path && r.Kind == gone.Kind && r.Ordinal == gone.Ordinal
			})
			if i >= 0 {
				renamed[old.Object] = x.ObjectName(subject(x, &x.Events()[i].Call, x.Events()[i].Alt))
			}
		}
	}
	return d, renamed
}

// alternate is a scheduler that lets everybody take turns.
type alternate struct{}

// Pick implements sim.Scheduler.
func (*alternate) Pick(x *sim.Execution) sim.Choice {
	g := x.NextByPath(x.Running())
	if g < 0 {
		g = x.NextByPath(-1)
	}
	return sim.Choice{G: g, Alt: x.FirstAlternative(g)}
}
