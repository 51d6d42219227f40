package object

// gate resolves the calls of barriers and latches: an arrival at a barrier
// writes, count-downs commute, and whoever passes only reads.
func gate(c *Call) Part {
	switch c.Op {
	case Arrive:
		return Part{Obj: c.Obj, Effect: BarrierIn, Mode: Write}
	case CountDown:
		return Part{Obj: c.Obj, Effect: LatchDown, Arg: c.Arg, Mode: Minus}
	}
	return Part{Obj: c.Obj, Mode: Read}
}

// applyBarrier: the last arrival of a round trips the barrier and starts the
// next round.
func applyBarrier(o *Object) {
	o.State[0]++
	if o.State[0] == o.Limit {
		o.State[0] = 0
		o.State[1]++
	}
}
