package mapreduce

import (
	"encoding/binary"
	"fmt"
	"math"
)

// A Codec writes values to disk and reads them back. Decode must give what
// Append was given, must not keep from, and must not panic on other bytes.
type Codec[T any] struct {
	Append func(to []byte, v T) []byte
	Decode func(from []byte) (T, error)
}

// builtinCodec is the codec for a basic type; the zero value for any other.
func builtinCodec[T any]() Codec[T] {
	var c any
	switch any(*new(T)).(type) {
	case string:
		c = Codec[string]{
			Append: func(to []byte, v string) []byte { return append(to, v...) },
			Decode: func(from []byte) (string, error) { return string(from), nil },
		}
	case bool:
		c = fixedCodec(func(v bool) uint64 {
			if v {
				return 1
			}
			return 0
		}, func(bits uint64) bool { return bits != 0 })
	case int:
		c = integerCodec[int]()
	case int8:
		c = integerCodec[int8]()
	case int16:
		c = integerCodec[int16]()
	case int32:
		c = integerCodec[int32]()
	case int64:
		c = integerCodec[int64]()
	case uint:
		c = integerCodec[uint]()
	case uint8:
		c = integerCodec[uint8]()
	case uint16:
		c = integerCodec[uint16]()
	case uint32:
		c = integerCodec[uint32]()
	case uint64:
		c = integerCodec[uint64]()
	case float32:
		c = fixedCodec(func(v float32) uint64 { return uint64(math.Float32bits(v)) },
			func(bits uint64) float32 { return math.Float32frombits(uint32(bits)) })
	case float64:
		c = fixedCodec(math.Float64bits, math.Float64frombits)
	}
	codec, _ := c.(Codec[T])
	return codec
}

// integerCodec writes small numbers, positive or negative, in few bytes.
func integerCodec[T int | int8 | int16 | int32 | int64 | uint | uint8 | uint16 | uint32 | uint64]() Codec[T] {
	return Codec[T]{
		Append: func(to []byte, v T) []byte { return binary.AppendVarint(to, int64(v)) },
		Decode: func(from []byte) (T, error) {
			v, n := binary.Varint(from)
			if n <= 0 || n != len(from) {
				return 0, fmt.Errorf("%d bytes are not one integer", len(from))
			}
			return T(v), nil
		},
	}
}

// fixedCodec writes eight bytes.
func fixedCodec[T any](bits func(T) uint64, value func(uint64) T) Codec[T] {
	return Codec[T]{
		Append: func(to []byte, v T) []byte { return binary.LittleEndian.AppendUint64(to, bits(v)) },
		Decode: func(from []byte) (T, error) {
			if len(from) != 8 {
				var none T
				return none, fmt.Errorf("%d bytes instead of 8", len(from))
			}
			return value(binary.LittleEndian.Uint64(from)), nil
		},
	}
}
