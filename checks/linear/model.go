package linear

import (
	"fmt"
	"math/rand/v2"
	"reflect"
)

// A Model says what an object should do when it is used by one goroutine: its
// states S, what can be asked for I, and what comes out O. There are ready ones:
// [Counter], [Register], [Stack], [Queue], [Set], [Map], [Mutex] and
// [Semaphore]. Only Step is needed.
type Model[S, I, O any] struct {
	Name string
	// Init returns the state of a new object; nil means S's zero value.
	Init func() S
	// Step returns all that may happen to an operation in a state, which it must
	// not change: mostly one outcome, several where the object is free to choose,
	// none where the operation has to wait.
	Step func(state S, in I) []Outcome[S, O]
	// Equal reports whether states are the same; nil means reflect.DeepEqual.
	Equal func(a, b S) bool
	// Describe is an operation and its result in words; nil means "input = output".
	// The outcome of one that has not returned is not asked for.
	Describe func(in I, out O) string
	// DescribeState is a state in words; nil means as fmt prints it.
	DescribeState func(state S) string
	// Draw are the operations that Check makes up programs of: each returns an
	// input by chance. Those of ready models use few different values, so that
	// goroutines get in each other's way.
	Draw []func(r *rand.Rand) I
	// DrawOwner are more operations, of which only one goroutine at a time may ask:
	// A, and main before and after it. Nil means none.
	DrawOwner []func(r *rand.Rand) I
	// DrawTogether are operations that one goroutine asks for in a row, such as Lock
	// and Unlock. One that is left out while a program is made smaller takes those
	// after it along. Nil means none.
	DrawTogether []func(r *rand.Rand) []I
}

// An Outcome is what may happen to an operation: the state that follows, and
// what comes out.
type Outcome[S, O any] struct {
	State  S
	Output O
}

// only is the outcome of an operation that has no choice.
func only[S, O any](state S, out O) []Outcome[S, O] { return []Outcome[S, O]{{state, out}} }

// A spec is a Model whose types are hidden.
type spec struct {
	name     string
	init     func() any
	step     func(state, in any) []Outcome[any, any]
	equal    func(a, b any) bool
	describe func(in, out any) string
	asked    func(in any) string
	state    func(state any) string
}

func specOf[S, I, O any](m Model[S, I, O]) spec {
	if m.Step == nil {
		panic("linear: a Model without Step")
	}
	s := spec{name: m.Name, equal: reflect.DeepEqual,
		asked: func(in any) string { return fmt.Sprint(in) },
		state: func(state any) string { return fmt.Sprint(state) },
		init: func() any {
			var zero S
			return zero
		},
		describe: func(in, out any) string { return fmt.Sprintf("%v = %v", in, out) },
		step: func(state, in any) []Outcome[any, any] {
			var out []Outcome[any, any]
			for _, o := range m.Step(state.(S), as[I](m.Name, "input", in)) {
				out = append(out, Outcome[any, any]{o.State, o.Output})
			}
			return out
		},
	}
	if m.Init != nil {
		s.init = func() any { return m.Init() }
	}
	if m.Equal != nil {
		s.equal = func(a, b any) bool { return m.Equal(a.(S), b.(S)) }
	}
	if m.Describe != nil {
		s.describe = func(in, out any) string {
			return m.Describe(as[I](m.Name, "input", in), as[O](m.Name, "output", out))
		}
	}
	if m.DescribeState != nil {
		s.state = func(state any) string { return m.DescribeState(state.(S)) }
	}
	return s
}

// as is v, which a program has recorded, as what the model wants.
func as[T any](model, what string, v any) T {
	t, ok := v.(T)
	if !ok && v != nil {
		panic(fmt.Sprintf("linear: the model %q wants an %s of type %T, and %v of type %T was recorded", model, what, t, v, v))
	}
	return t
}
