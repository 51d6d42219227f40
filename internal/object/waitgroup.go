package object

// Waited is the Aux of a WaitReturn of a Wait that found the counter above zero.
const Waited = 1

// resolveWaitGroup: counter, waiting, zeros. A Wait arrives, and returns once the
// counter has reached zero: its ticket is how often that has happened so far, less
// one if it is zero already. Whatever the counter does after that, the Wait returns;
// but for one that had to wait it is a misuse then. Adds of one sign commute; a
// counter that goes below zero writes.
func resolveWaitGroup(s []int32, c *Call, parts []Part) ([]Part, Fault) {
	switch c.Op {
	case Wait:
		if s[0] == 0 {
			return append(parts, Part{Obj: c.Obj, Mode: Read}), NoFault
		}
		return append(parts, Part{Obj: c.Obj, Effect: Enqueue, Mode: Write}), NoFault
	case WaitReturn:
		fault := NoFault
		if c.Aux == Waited && (s[0] != 0 || s[1] != 0) {
			fault = ReusedBeforeReturn
		}
		return append(parts, Part{Obj: c.Obj, Mode: Read}), fault
	}
	p := Part{Obj: c.Obj, Effect: Count, Arg: c.Arg, Mode: Read}
	switch {
	case s[0]+c.Arg < 0:
		return append(parts, Part{Obj: c.Obj, Mode: Write}), NegativeCounter
	case c.Arg > 0:
		p.Mode = Plus
	case c.Arg < 0:
		p.Mode = Minus
	}
	return append(parts, p), NoFault
}

func applyWaitGroup(s []int32, p Part) {
	if p.Effect == Enqueue {
		s[1]++
		return
	}
	s[0] += p.Arg
	if s[0] == 0 && p.Arg != 0 {
		s[1] = 0
		s[2]++
	}
}
