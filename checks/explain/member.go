package explain

import "github.com/interleave-go/interleave/internal/object"

// memberOf reports whether a goroutine was started by the Go of a group, by the limit
// of that.
func (u *unblocking) memberOf(g, limit int32) bool {
	x := u.say.x
	parent, born := x.Parent(g)
	if parent < 0 || born < 0 || u.event(int(born)).Op() != object.Spawn {
		return false
	}
	for i := int(born) - 1; i >= 0; i-- {
		e := u.event(i)
		if e.G() != parent || e.Op() == object.Add || e.Op() == object.Resume {
			continue
		}
		return e.Op() == object.Send && e.Call.Obj == limit ||
			e.Op() == object.Select && listed(x, &e.Call, limit, true) && e.Alt >= 0
	}
	return false
}
