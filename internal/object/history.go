package object

// resolveHistory: an operation that returns before another one is called has to
// take effect before it, and that is all that is known of their order. So a
// return is dependent with every call, while calls commute, and returns too.
func resolveHistory(c *Call) Part {
	if c.Op == Invoke {
		return Part{Obj: c.Obj, Mode: Plus}
	}
	return Part{Obj: c.Obj, Mode: Minus}
}
