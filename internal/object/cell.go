package object

// compareAndSwap writes when it succeeds and only reads when it fails: n
// competing ones have n outcomes, not n!.
func compareAndSwap(o *Object, c *Call) Part {
	if o.Values.Equal(o.State[0], c.Arg) {
		return Part{Obj: c.Obj, Effect: SetVersion, Mode: Write}
	}
	return Part{Obj: c.Obj, Mode: Read}
}
