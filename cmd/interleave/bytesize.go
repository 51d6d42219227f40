package main

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// A byteSize is a flag's value: a number of bytes, also written as 512M, 1.5G
// or 64KiB; the prefixes are powers of 1024. It is a pflag.Value.
type byteSize int64

func (b *byteSize) String() string {
	for _, u := range []struct {
		letter string
		shift  int
	}{{"G", 30}, {"M", 20}, {"K", 10}} {
		if *b != 0 && *b&(1<<u.shift-1) == 0 {
			return strconv.FormatInt(int64(*b>>u.shift), 10) + u.letter
		}
	}
	return strconv.FormatInt(int64(*b), 10)
}

// Type is the word for the value in the help.
func (b *byteSize) Type() string { return "bytes" }

// Set reads the value.
func (b *byteSize) Set(text string) error {
	number := strings.TrimSuffix(strings.TrimSuffix(strings.ToUpper(text), "B"), "I")
	factor := 1.0
	for letter, value := range map[string]float64{"K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40} {
		if rest, found := strings.CutSuffix(number, letter); found {
			number, factor = rest, value
			break
		}
	}
	n, err := strconv.ParseFloat(number, 64)
	if size := n * factor; err == nil && size >= 0 && size < 1<<62 && size == math.Trunc(size) {
		*b = byteSize(size)
		return nil
	}
	return errors.New("it must be a number of bytes, such as 64M or 1.5G")
}
