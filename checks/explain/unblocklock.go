package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/internal/object"
)

// rwmutex: one who reads asks for it again; or its readers, or the one who has it
// for writing, are what those of a mutex are.
func (u *unblocking) rwmutex(g, obj int32) {
	x := u.say.x
	if x.World().At(obj).State[0] > 0 && len(u.readers(obj)) == 0 {
		u.mutex(g, obj)
		return
	}
	name := u.say.words.label(obj)
	for _, reader := range u.readers(obj) {
		switch {
		case x.Alive(reader) && slices.Contains(wants(x, reader), obj):
			u.settled = true
			u.add(fmt.Sprintf("%s reads %s and asks for it again. A read lock cannot be turned into a write lock, and must not be "+
				"taken twice when a writer may come in between: give it back first.", u.say.words.who(reader), name))
			return
		case !x.Alive(reader):
			u.settled = true
			u.add(fmt.Sprintf("RUnlock %s on every way out, with a defer right after the RLock: %s has ended and holds it for reading.",
				name, u.say.words.who(reader)))
			return
		}
	}
	if slices.ContainsFunc(u.readers(obj), u.waitsForLock) {
		u.settled = true
		u.ordered()
	}
}

// readers are those who hold a lock for reading at the end.
func (u *unblocking) readers(obj int32) []int32 {
	var out []int32
	for i := range u.say.x.Events() {
		for _, p := range u.say.x.Parts(u.event(i)) {
			switch {
			case p.Obj != obj:
			case p.Effect == object.ReaderIn:
				out = append(out, p.Arg)
			case p.Effect == object.ReaderOut:
				if at := slices.Index(out, p.Arg); at >= 0 {
					out = slices.Delete(out, at, at+1)
				}
			}
		}
	}
	return out
}

// ordered is the advice on locks that are taken in different orders.
func (u *unblocking) ordered() {
	u.add("Take the locks in the same order everywhere" + u.instance() + "; or have one lock in place of all of them.")
}

// mutex: its holder has ended, or waits as well.
func (u *unblocking) mutex(g, obj int32) {
	x := u.say.x
	owner := x.World().At(obj).State[0] - 1
	u.settled = true
	switch {
	case owner == g:
		kind := "a Mutex"
		if x.World().At(obj).Kind == object.RWMutex {
			kind = "a RWMutex that is locked for writing"
		}
		u.add(fmt.Sprintf("%s holds %s already: %s cannot be locked twice. Let what it calls rely on the caller's lock.",
			u.say.words.who(g), u.say.words.label(obj), kind))
	case owner >= 0 && x.Spawned(owner) && !x.Alive(owner):
		u.add(fmt.Sprintf("Unlock %s on every way out, with a defer right after the lock: %s has ended and holds it.",
			u.say.words.label(obj), u.say.words.who(owner)))
	case owner >= 0 && !u.waitsForLock(owner):
		u.settled = false // whatever its holder waits for is the matter
	default:
		u.ordered()
	}
}

// instance names an order of the locks that the finding is about.
func (u *unblocking) instance() string {
	x := u.say.x
	var names []string
	for obj := range int32(len(x.World().Objects)) {
		switch x.World().At(obj).Kind {
		case object.Mutex, object.RWMutex, object.Semaphore:
			if slices.Contains(u.found.Objects, x.ObjectName(obj)) {
				names = append(names, u.say.words.label(obj))
			}
		}
	}
	if len(names) < 2 {
		return ""
	}
	slices.Sort(names)
	return ", for instance " + strings.Join(names, " before ")
}

func (u *unblocking) waitsForLock(g int32) bool {
	x := u.say.x
	return x.Alive(g) && slices.ContainsFunc(wants(x, g), func(obj int32) bool {
		if obj < 0 {
			return false
		}
		k := x.World().At(obj).Kind
		return k == object.Mutex || k == object.RWMutex || k == object.Semaphore
	})
}
