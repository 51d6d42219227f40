package linear

import "math/rand/v2"

// Counter is a model of an integer that starts at zero: Increment, Add, Value.
func Counter() Model[int, Op[int], Result[int]] {
	return Model[int, Op[int], Result[int]]{
		Name:     "counter",
		Describe: describeOp[int],
		Step: func(n int, op Op[int]) []Outcome[int, Result[int]] {
			switch op.Do {
			case Increment:
				return only(n+1, Result[int]{})
			case Add:
				return only(n+op.Value, Result[int]{Value: n + op.Value})
			case Value:
				return only(n, Result[int]{Value: n})
			}
			panic(unknownVerb("counter", op.Do))
		},
		Draw: []func(*rand.Rand) Op[int]{plain[int](Increment), valued(Add), plain[int](Value)},
	}
}

// drawMax bounds the values that ready models draw: 1 to drawMax.
const drawMax = 3

// plain draws an operation without a value.
func plain[T any](do Verb) func(*rand.Rand) Op[T] {
	return func(*rand.Rand) Op[T] { return Op[T]{Do: do} }
}

// valued draws an operation with a small number.
func valued(do Verb) func(*rand.Rand) Op[int] {
	return func(r *rand.Rand) Op[int] { return Op[int]{Do: do, Value: 1 + r.IntN(drawMax)} }
}

// drawsOf are draws of small numbers where T is int; otherwise none, and a
// caller of Check gives his own.
func drawsOf[T any](draws ...func(*rand.Rand) Op[int]) []func(*rand.Rand) Op[T] {
	own, _ := any(draws).([]func(*rand.Rand) Op[T])
	return own
}
