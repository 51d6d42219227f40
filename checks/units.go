package checks

import (
	"fmt"
	"strings"

	"github.com/interleave-go/interleave/internal/object"
)

// asked is how much of a semaphore a goroutine waits for; 0 when it waits for
// something else.
func (s *survey) asked(g int32) int32 {
	switch c := s.x.Pending(g); c.Op {
	case object.Acquire:
		return c.Arg
	case object.Granted:
		return s.x.Events()[s.last[g]].Call.Arg
	}
	return 0
}

// units says why a goroutine does not get what it asks a semaphore for: it never can,
// or it is not its turn; empty when neither is so.
func (s *survey) units(w *wait) string {
	c, n := s.x.Pending(w.g), s.asked(w.g)
	if n == 0 {
		return ""
	}
	if limit := s.x.World().At(c.Obj).Limit; n > limit {
		return fmt.Sprintf("%d are asked for and there are never more than %d", n, limit)
	}
	head := w.g
	for _, other := range s.waits {
		p := s.x.Pending(other.g)
		if p.Op == object.Granted && p.Obj == c.Obj && p.Arg < s.x.Pending(head).Arg {
			head = other.g
		}
	}
	if head == w.g || c.Op != object.Granted {
		return ""
	}
	text := fmt.Sprintf("behind %s, which waits for %d of %s", s.x.Who(head), s.asked(head), s.x.What(c.Obj))
	var held []string
	for _, h := range w.needs {
		held = append(held, fmt.Sprintf("%s holds %d", s.x.Who(h.g), h.units))
	}
	if len(held) > 0 {
		text += ", and " + strings.Join(atMost(held, 3), ", ")
	}
	return text
}
