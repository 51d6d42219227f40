package object

// The alternatives of PoolGet: the item that was put last, or none, as if all
// had been collected.
const (
	PoolTake = 0
	PoolMiss = 1
)

func resolvePool(c *Call, alt int32) Part {
	switch {
	case c.Op == PoolPut:
		return Part{Obj: c.Obj, Effect: PoolIn, Mode: Write}
	case alt == PoolTake:
		return Part{Obj: c.Obj, Effect: PoolOut, Mode: Write}
	}
	return Part{Obj: c.Obj, Mode: Read}
}
