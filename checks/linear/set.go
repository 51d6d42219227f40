package linear

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Set is a model of a set that starts empty: Insert, Remove, Contains.
func Set[T comparable]() Model[map[T]bool, Op[T], Result[T]] {
	return Model[map[T]bool, Op[T], Result[T]]{
		Name:          "set",
		Equal:         maps.Equal[map[T]bool, map[T]bool],
		Describe:      describeOp[T],
		DescribeState: func(s map[T]bool) string { return "{" + sortedKeys(s) + "}" },
		Step: func(s map[T]bool, op Op[T]) []Outcome[map[T]bool, Result[T]] {
			there := s[op.Value]
			switch op.Do {
			case Insert:
				return only(changed(s, op.Value, true), Result[T]{OK: !there})
			case Remove:
				return only(without(s, op.Value), Result[T]{OK: there})
			case Contains:
				return only(s, Result[T]{OK: there})
			}
			panic(unknownVerb("set", op.Do))
		},
		Draw: drawsOf[T](valued(Insert), valued(Remove), valued(Contains)),
	}
}

// changed is m with another value of a key.
func changed[K comparable, V any](m map[K]V, key K, v V) map[K]V {
	out := make(map[K]V, len(m)+1)
	maps.Copy(out, m)
	out[key] = v
	return out
}

// without is m without a key.
func without[K comparable, V any](m map[K]V, key K) map[K]V {
	if _, there := m[key]; !there {
		return m
	}
	out := maps.Clone(m)
	delete(out, key)
	return out
}

// sortedKeys are the keys as text, in its order.
func sortedKeys[K comparable, V any](m map[K]V) string {
	var keys []string
	for k := range m {
		keys = append(keys, fmt.Sprint(k))
	}
	slices.Sort(keys)
	return strings.Join(keys, " ")
}
