package sim

import "math/bits"

// A Set is a set of goroutines.
type Set []uint64

// Has reports whether g is in the set.
func (s Set) Has(g int32) bool {
	return int(g>>6) < len(s) && s[g>>6]&(1<<(g&63)) != 0
}

// Len is the number of members.
func (s Set) Len() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// Empty reports whether the set has no members.
func (s Set) Empty() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

// After returns the smallest member above g, or -1. Start with g = -1.
func (s Set) After(g int32) int32 {
	g++
	i := int(g >> 6)
	if i >= len(s) {
		return -1
	}
	w := s[i] &^ (1<<(g&63) - 1)
	for w == 0 {
		i++
		if i == len(s) {
			return -1
		}
		w = s[i]
	}
	return int32(i<<6 + bits.TrailingZeros64(w))
}

func (s *Set) add(g int32) {
	for int(g>>6) >= len(*s) {
		*s = append(*s, 0)
	}
	(*s)[g>>6] |= 1 << (g & 63)
}

func (s Set) remove(g int32) {
	if int(g>>6) < len(s) {
		s[g>>6] &^= 1 << (g & 63)
	}
}

// put adds or removes all of other.
func (s *Set) put(other Set, in bool) {
	for len(*s) < len(other) {
		*s = append(*s, 0)
	}
	for i, w := range other {
		if in {
			(*s)[i] |= w
		} else {
			(*s)[i] &^= w
		}
	}
}
