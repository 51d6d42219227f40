package checks

import (
	"fmt"

	"github.com/interleave-go/interleave/internal/object"
)

// selfWait says of a cycle of waiting that a goroutine is in its own way, and
// what mends that; empty when it is not.
func (s *survey) selfWait(cycle []hop) string {
	for _, h := range cycle {
		if text := s.inOwnWay(h); text != "" {
			return "; " + text
		}
	}
	return ""
}

func (s *survey) inOwnWay(h hop) string {
	c := s.x.Pending(h.wait.g)
	own := h.hold.g == h.wait.g
	if what, _ := s.x.InsideOf(c.Obj); own && what == "call" {
		return "a Do inside the call of the same key waits for itself: take it out of the call"
	}
	switch {
	case own && c.Op == object.OnceEnter:
		return "a Do inside the func of the same Once waits for itself: take it out of the func"
	case own && (c.Op == object.Lock || c.Op == object.CondWake):
		return "who holds a Mutex must not lock it again"
	case own && c.Op == object.WDrained:
		return "a read lock cannot become a write lock: RUnlock, Lock, and look again"
	case own && (c.Op == object.RGranted || c.Op == object.WLock):
		return "who has locked it for writing must unlock it before locking it again"
	case c.Op == object.RGranted && s.reads(h.wait.g, c.Obj):
		return fmt.Sprintf("a writer that waits keeps new readers out, so %s must not RLock what it reads already",
			s.x.Who(h.wait.g))
	}
	return ""
}

// reads reports whether g holds a RWMutex for reading.
func (s *survey) reads(g, obj int32) bool {
	for _, h := range s.holders(obj, true) {
		if h.g == g {
			return true
		}
	}
	return false
}
