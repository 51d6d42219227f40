package linear

import "math/rand/v2"

// Register is a model of a variable that starts with T's zero value: Read,
// Write, Swap, CompareAndSwap.
func Register[T comparable]() Model[T, Op[T], Result[T]] {
	return Model[T, Op[T], Result[T]]{
		Name:     "register",
		Equal:    func(a, b T) bool { return a == b },
		Describe: describeOp[T],
		Step: func(v T, op Op[T]) []Outcome[T, Result[T]] {
			switch op.Do {
			case Read:
				return only(v, Result[T]{Value: v})
			case Write:
				return only(op.Value, Result[T]{})
			case Swap:
				return only(op.Value, Result[T]{Value: v})
			case CompareAndSwap:
				if v == op.Old {
					return only(op.Value, Result[T]{OK: true})
				}
				return only(v, Result[T]{})
			}
			panic(unknownVerb("register", op.Do))
		},
		Draw: drawsOf[T](plain[int](Read), valued(Write), valued(Swap), func(r *rand.Rand) Op[int] {
			return Op[int]{Do: CompareAndSwap, Old: r.IntN(drawMax + 1), Value: 1 + r.IntN(drawMax)}
		}),
	}
}
