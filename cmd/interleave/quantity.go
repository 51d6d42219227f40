package main

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// A quantity is a flag's value: a whole number, also written as 1e9 or
// 1_000_000. It is a pflag.Value.
type quantity uint64

func (q *quantity) String() string { return strconv.FormatUint(uint64(*q), 10) }

// Type is the word for the value in the help.
func (q *quantity) Type() string { return "number" }

// Set reads the value.
func (q *quantity) Set(text string) error {
	digits := strings.ReplaceAll(text, "_", "")
	if n, err := strconv.ParseUint(digits, 10, 64); err == nil {
		*q = quantity(n)
		return nil
	}
	f, err := strconv.ParseFloat(digits, 64)
	switch {
	case f < 0:
		return errors.New("it must be 0 or more")
	case f > 1<<62:
		return errors.New("it must be at most 4e18")
	case err != nil || f != math.Trunc(f):
		return errors.New("it must be a whole number, such as 1000 or 1e9")
	}
	*q = quantity(f)
	return nil
}

// grouped writes a number with a comma after every three digits.
func grouped(n uint64) string {
	text := strconv.FormatUint(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
