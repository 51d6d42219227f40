package explain

import (
	"fmt"
	"slices"

	"github.com/interleave-go/interleave/internal/object"
)

// share chooses the shared objects that are shown and works out their states
// after every step, by applying the events once more.
func (t *tabulator) share(cause []Constraint, found Evidence) {
	x := t.x
	for _, name := range found.Objects {
		t.showObject(func(obj int32) bool { return x.ObjectName(obj) == name })
	}
	if len(found.Objects) == 0 && failed(x) {
		t.showReads(x.Failure.G)
	}
	if inv := x.Failure.Object; failed(x) && inv >= 0 {
		for _, read := range x.Watches(inv) {
			t.showObject(func(obj int32) bool { return obj == read })
		}
	}
	// The rules have followed the execution but for its last event.
	t.rules.advance(x)
	for i := range t.rules.all {
		for _, step := range []int{t.rules.all[i].firstAt, t.rules.all[i].thenAt} {
			if step < 0 {
				continue
			}
			for _, p := range x.Parts(&x.Events()[step]) {
				t.showObject(func(obj int32) bool { return obj == p.Obj })
			}
		}
	}
	core := len(t.objects)
	t.showLooks()
	t.table.extra = len(t.objects) - core
	for _, obj := range t.objects {
		t.table.Shared = append(t.table.Shared, t.say.words.label(obj))
	}
	t.replayStates()
}

func (t *tabulator) showObject(is func(int32) bool) {
	for obj := range int32(len(t.x.World().Objects)) {
		if is(obj) && hasState(t.x.World().At(obj)) && !slices.Contains(t.objects, obj) {
			t.objects = append(t.objects, obj)
		}
	}
}

// readsShown is how many of the last variables that a failing goroutine read
// are shown.
const readsShown = 3

// showReads shows what a goroutine read before it failed.
func (t *tabulator) showReads(g int32) {
	var last []int32
	for i := t.x.Steps() - 1; i >= 0 && len(last) < readsShown; i-- {
		e := &t.x.Events()[i]
		if e.G() == g && e.Op() == object.Load && !slices.Contains(last, e.Call.Obj) {
			last = append(last, e.Call.Obj)
		}
	}
	slices.Reverse(last)
	for _, obj := range last {
		t.showObject(func(o int32) bool { return o == obj })
	}
}

// showLooks shows what those who wait for a condition at the end read last, and
// what was stored last under the same lock by others.
func (t *tabulator) showLooks() {
	for g := range int32(t.x.Goroutines()) {
		if !t.x.Alive(g) || t.x.Pending(g).Op != object.CondWake {
			continue
		}
		looked, stored := int32(-1), int32(-1)
		for i := range t.x.Events() {
			switch e := &t.x.Events()[i]; {
			case e.G() == g && e.Op() == object.Load:
				looked = e.Call.Obj
			case e.G() != g && e.Op() == object.Store:
				stored = e.Call.Obj
			}
		}
		if looked < 0 {
			looked = stored
		}
		t.showObject(func(obj int32) bool { return obj == looked })
	}
}

func hasState(o *object.Object) bool {
	switch o.Kind {
	case object.Invariant, object.Clock, object.Timer, object.History:
		return false
	}
	return true
}

// replayStates fills in the states before the first step and after each.
func (t *tabulator) replayStates() {
	x := t.x
	versions := t.versions()
	now := map[int32]*object.Object{}
	for _, obj := range t.objects {
		o := *x.World().At(obj)
		o.State = make([]int32, o.Kind.StateSize())
		now[obj] = &o
	}
	snapshot := func() {
		row := make([]string, 0, len(t.objects))
		for _, obj := range t.objects {
			row = append(row, t.stateText(now[obj], versions[obj]))
		}
		t.states = append(t.states, row)
	}
	snapshot()
	for i := range x.Events() {
		e := &x.Events()[i]
		for _, p := range x.Parts(e) {
			if o, ok := now[p.Obj]; ok && e.Fault == object.NoFault {
				object.Apply(o, p)
			}
		}
		snapshot()
	}
}

// versions gives, by object, the values of its versions as far as anybody read
// or wrote them.
func (t *tabulator) versions() map[int32]map[int32]string {
	out := map[int32]map[int32]string{}
	for i := range t.x.Events() {
		e := &t.x.Events()[i]
		obj := e.Call.Obj
		if obj < 0 || t.x.Text(i) == "" || t.x.World().At(obj).Kind != object.Cell {
			continue
		}
		if out[obj] == nil {
			out[obj] = map[int32]string{}
		}
		text := t.x.Text(i)
		if key := t.x.Key(i); key != "" {
			text = key + ": " + text
		}
		if e.Wrote >= 0 {
			out[obj][e.Wrote] = text
		} else if e.Read >= 0 {
			out[obj][e.Read] = text
		}
	}
	return out
}

// stateText is the state of an object in a word or two.
func (t *tabulator) stateText(o *object.Object, versions map[int32]string) string {
	s := o.State
	switch o.Kind {
	case object.Cell:
		if v, ok := versions[s[0]]; ok {
			return v
		}
		return "·"
	case object.Mutex:
		return t.holder(s[0])
	case object.RWMutex:
		if s[0] == 0 && s[2] > 0 {
			return fmt.Sprintf("%d read", s[2])
		}
		return t.holder(s[0])
	case object.Cond:
		return fmt.Sprintf("%d wait", len(s))
	case object.WaitGroup:
		return fmt.Sprint(s[0])
	case object.Once:
		return [...]string{"idle", "running", "done"}[min(s[0], 2)]
	case object.Semaphore:
		return fmt.Sprintf("%d of %d", s[0], o.Limit)
	case object.Barrier, object.Latch:
		return fmt.Sprintf("%d of %d", s[0], o.Limit)
	case object.Chan:
		if o.CloseOnly() {
			return [...]string{"open", "closed"}[min(s[0], 1)]
		}
		if s[0] != 0 {
			return fmt.Sprintf("closed, %d", s[2]-s[1])
		}
		return fmt.Sprintf("%d of %d", s[2]-s[1], o.Limit)
	case object.Rendezvous:
		return offers(o)
	case object.Context:
		return [...]string{"open", "cancelled"}[min(s[0], 1)]
	}
	return ""
}

func (t *tabulator) holder(owner int32) string {
	if owner == 0 {
		return "free"
	}
	return t.say.words.who(owner - 1)
}

// offers says who waits at an unbuffered channel.
func offers(o *object.Object) string {
	senders, receivers := o.Waiting()
	switch {
	case o.State[0] != 0:
		return "closed"
	case senders > 0:
		return fmt.Sprintf("%d send", senders)
	case receivers > 0:
		return fmt.Sprintf("%d receive", receivers)
	}
	return "idle"
}
