package checks

import (
	"cmp"
	"maps"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// An observer is what a program says of itself for judges: an invariant, a
// history of an object under test, its fingerprints, its marks of progress.
type observer struct{ kind, name string }

// observers are those of the executions that were seen.
type observers map[observer]bool

// add takes in those of an execution.
func (o observers) add(x *sim.Execution) {
	objects := x.World().Objects
	for i := range objects {
		switch kind := objects[i].Kind; {
		case kind != object.Invariant && kind != object.History:
		case x.Named(int32(i)):
			o[observer{kind.String(), x.ObjectName(int32(i))}] = true
		default:
			o[observer{kind.String(), ""}] = true
		}
	}
	for _, m := range x.Marks() {
		if m.Progress {
			o[observer{"progress", ""}] = true
		} else {
			o[observer{"fingerprints", ""}] = true
		}
	}
}

// names are the observers in order, each as the report has it.
func (o observers) names() []string {
	var out []string
	for _, k := range slices.SortedFunc(maps.Keys(o), observer.compare) {
		if k.name == "" {
			out = append(out, k.kind)
		} else {
			out = append(out, k.kind+" "+k.name)
		}
	}
	return out
}

func (k observer) compare(other observer) int {
	return cmp.Or(cmp.Compare(k.kind, other.kind), cmp.Compare(k.name, other.name))
}
