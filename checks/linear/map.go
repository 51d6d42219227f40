package linear

import (
	"fmt"
	"math/rand/v2"
	"reflect"
)

// A MapOp is an operation of [Map]: an input.
type MapOp[K comparable, V any] struct {
	Do    Verb
	Key   K
	Value V // of Put and GetOrPut
}

// String is the operation as a call.
func (o MapOp[K, V]) String() string {
	if o.Do == Put || o.Do == GetOrPut {
		return fmt.Sprintf("%s(%v, %v)", o.Do, o.Key, o.Value)
	}
	return fmt.Sprintf("%s(%v)", o.Do, o.Key)
}

// Result is what came out of the operation, in words; empty when nothing does.
func (o MapOp[K, V]) Result(output any) string {
	out, _ := output.(Result[V])
	return resultOf(o.Do, out)
}

// Map is a model of a map that starts empty: Put, Get, GetOrPut, Delete.
func Map[K comparable, V any]() Model[map[K]V, MapOp[K, V], Result[V]] {
	m := Model[map[K]V, MapOp[K, V], Result[V]]{
		Name: "map",
		Equal: func(a, b map[K]V) bool {
			return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b)
		},
		Describe: func(in MapOp[K, V], out Result[V]) string { return in.String() + equals(in.Do, out) },
		Step:     stepMap[K, V],
	}
	m.Draw, _ = any([]func(*rand.Rand) MapOp[int, int]{drawMap(Put), drawMap(Get), drawMap(GetOrPut), drawMap(Delete)}).([]func(*rand.Rand) MapOp[K, V])
	return m
}

func stepMap[K comparable, V any](m map[K]V, op MapOp[K, V]) []Outcome[map[K]V, Result[V]] {
	v, there := m[op.Key]
	switch op.Do {
	case Put:
		return only(changed(m, op.Key, op.Value), Result[V]{})
	case Get:
		return only(m, Result[V]{Value: v, OK: there})
	case GetOrPut:
		if there {
			return only(m, Result[V]{Value: v, OK: true})
		}
		return only(changed(m, op.Key, op.Value), Result[V]{Value: op.Value})
	case Delete:
		return only(without(m, op.Key), Result[V]{})
	}
	panic(unknownVerb("map", op.Do))
}

// drawMap draws one of two keys and a small value.
func drawMap(do Verb) func(*rand.Rand) MapOp[int, int] {
	return func(r *rand.Rand) MapOp[int, int] {
		op := MapOp[int, int]{Do: do, Key: 1 + r.IntN(2)}
		if do == Put || do == GetOrPut {
			op.Value = 1 + r.IntN(drawMax)
		}
		return op
	}
}
