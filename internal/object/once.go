package object

// The states of a Once.
const (
	onceIdle = iota
	onceRunning
	onceDone
)

// once: the first call begins and ends it, calls that come later only read.
// A call that comes while the first one runs waits for its end.
func once(s []int32, c *Call) Part {
	switch {
	case c.Op == OnceDone:
		return Part{Obj: c.Obj, Effect: OnceEnd, Mode: Write}
	case s[0] == onceIdle:
		return Part{Obj: c.Obj, Effect: OnceBegin, Mode: Write}
	}
	return Part{Obj: c.Obj, Mode: Read}
}
