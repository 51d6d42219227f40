package sim

import (
	"testing"
	"time"
)

// Values are told as fmt does, but for pointers, which are the same in every run.
func TestValuesAsText(t *testing.T) {
	one, two := new(int), new(int)
	round := []any{nil}
	round[0] = round
	for _, c := range []struct {
		value any
		want  string
	}{
		{nil, "nil"},
		{map[string]int{"b": 2, "a": 1}, "map[a:1 b:2]"},
		{one, "*int#1"},
		{[]*int{one, two, one, nil}, "[*int#1 *int#2 *int#1 nil]"},
		{map[string]*int{"b": one, "a": two}, "map[a:*int#1 b:*int#2]"},
		{map[*int]int{one: 1}, "map[1 entries]"},
		{struct {
			M time.Month
			P *int
		}{time.May, nil}, "{May nil}"},
		{make(chan time.Month), "chan Month#1"},
		{&struct{ N int }{1}, "&{1}"},
		{round, "[[[[…]]]]"},
	} {
		if got := new(teller).text(c.value); got != c.want {
			t.Errorf("%T: %q, want %q", c.value, got, c.want)
		}
	}
}
