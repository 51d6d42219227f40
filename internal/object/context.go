package object

// TellsWhether is the Aux of a Cancel that tells its caller whether it cancelled
// the context, or somebody had done so before.
const TellsWhether = 1

// resolveContext: cancelling is one event that writes every context below that
// is not cancelled yet, closes their done channels and stops their timers.
func resolveContext(w *World, c *Call, parts []Part) []Part {
	if c.Op == CtxRead {
		return append(parts, Part{Obj: c.Obj, Mode: Read})
	}
	return CancelTree(w, c.Obj, parts)
}

// CancelTree appends the parts that cancel a context and all below it. One
// that is cancelled already is read: had its own cancelling come later, this
// one would have done it.
func CancelTree(w *World, ctx int32, parts []Part) []Part {
	if w.At(ctx).State[0] != 0 {
		return append(parts, Part{Obj: ctx, Mode: Read})
	}
	parts = append(parts, Part{Obj: ctx, Effect: CtxCancel, Mode: Write})
	for _, link := range w.Contexts {
		switch ctx {
		case link.Context:
			parts = closeParts(w, link.Done, parts)
			if link.Timer != NoObject {
				parts = append(parts, timerOff(w, link.Timer))
			}
		case link.Parent:
			parts = CancelTree(w, link.Context, parts)
		}
	}
	return parts
}
