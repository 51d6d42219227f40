package object

// resolveWaitGroup: counter, waiting, releases. A Wait that finds the counter
// above zero enqueues, and returns once the counter has reached zero
// afterwards, whatever it does then: its ticket is the number of releases so
// far. Adds of one sign commute; a counter that goes below zero writes.
func resolveWaitGroup(s []int32, c *Call, parts []Part) ([]Part, Fault) {
	switch c.Op {
	case Wait:
		if s[0] == 0 {
			return append(parts, Part{Obj: c.Obj, Mode: Read}), NoFault
		}
		return append(parts, Part{Obj: c.Obj, Effect: Enqueue, Mode: Write}), NoFault
	case WaitReturn:
		fault := NoFault
		if s[0] != 0 || s[1] != 0 {
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
	if s[0] == 0 && s[1] > 0 {
		s[1] = 0
		s[2]++
	}
}
