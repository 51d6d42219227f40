package sim

// An inside says that an object is the inside of another one, as the limit of a Group
// is: readers know it by that one.
type inside struct {
	kind string  // what that one is, "group"; empty: the object is nobody's inside
	name *string // the name of that one
	what string  // what it is there, "limit"; empty: it stands for that one
}

// mark notes whose inside an object is.
func (x *Execution) mark(obj int32, in inside) { x.insides[obj] = in }

// InsideOf says what an object is in a Group or a Flight, "limit", "once" or "call",
// and what a reader calls those; both are empty for other objects.
func (x *Execution) InsideOf(obj int32) (what, of string) {
	if obj < 0 || x.insides[obj].what == "" {
		return "", ""
	}
	in := x.insides[obj]
	if *in.name != "" {
		return in.what, *in.name
	}
	return in.what, "the " + in.kind
}

// calledAfter is the name of an object that has none of its own, after the one whose
// inside it is, or whose Done; empty where that has none either.
func (x *Execution) calledAfter(obj int32) string {
	if in := x.insides[obj]; in.what != "" && *in.name != "" {
		return "the " + in.what + " of " + *in.name
	}
	if ctx := x.ContextOf(obj); ctx >= 0 && x.Named(ctx) {
		return "the Done of " + x.ObjectName(ctx)
	}
	return ""
}
