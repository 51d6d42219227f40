package checks

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/sim"
)

// lockLabels tell locks of one execution apart that have the same name. Its zero
// value is ready.
type lockLabels struct {
	locks []labelled
	twins map[int32]string // by object: its label where the name is not enough
}

type labelled struct {
	name    string
	id, obj int32
}

// read takes in the locks of an execution.
func (l *lockLabels) read(x *sim.Execution) {
	l.locks = l.locks[:0]
	clear(l.twins)
	objects := x.World().Objects
	for i := range objects {
		if isLock(objects[i].Kind) && x.Named(int32(i)) {
			l.locks = append(l.locks, labelled{x.ObjectName(int32(i)), objects[i].ID, int32(i)})
		}
	}
	slices.SortFunc(l.locks, func(a, b labelled) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.id, b.id)) })
	number := 0
	for i, k := range l.locks {
		before := i > 0 && l.locks[i-1].name == k.name
		after := i+1 < len(l.locks) && l.locks[i+1].name == k.name
		if number++; !before {
			number = 1
		}
		if before || after {
			if l.twins == nil {
				l.twins = map[int32]string{}
			}
			l.twins[k.obj] = fmt.Sprintf("%s #%d", k.name, number)
		}
	}
}

// of is the label of a lock.
func (l *lockLabels) of(x *sim.Execution, obj int32) string {
	if text, ok := l.twins[obj]; ok {
		return text
	}
	return x.ObjectName(obj)
}
