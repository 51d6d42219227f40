package sim

import (
	"math"
	"reflect"
)

// contentOf is a number for a value: the same for equal values, and hardly ever for
// others. Of a value that holds pointers it is unknown: where they point differs
// from run to run, and what is there may change.
func contentOf[T any](v T) (n uint64, known bool) {
	c := content{sum: 14695981039346656037, known: true}
	switch w := any(v).(type) {
	case int:
		c.add(uint64(w))
	default:
		c.value(reflect.ValueOf(&v).Elem())
	}
	return c.sum, c.known
}

// content is FNV-1a of a value, by words.
type content struct {
	sum   uint64
	known bool
}

func (c *content) add(n uint64) {
	for range 8 {
		c.sum = (c.sum ^ n&0xff) * 1099511628211
		n >>= 8
	}
}

func (c *content) text(s string) {
	c.add(uint64(len(s)))
	for _, b := range []byte(s) {
		c.sum = (c.sum ^ uint64(b)) * 1099511628211
	}
}

func (c *content) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		c.add(map[bool]uint64{true: 1}[v.Bool()])
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		c.add(uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		c.add(v.Uint())
	case reflect.Float32, reflect.Float64:
		c.add(math.Float64bits(v.Float()))
	case reflect.Complex64, reflect.Complex128:
		c.add(math.Float64bits(real(v.Complex())))
		c.add(math.Float64bits(imag(v.Complex())))
	case reflect.String:
		c.text(v.String())
	case reflect.Struct:
		for i := range v.NumField() {
			c.value(v.Field(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			c.value(v.Index(i))
		}
	default:
		c.pointer(v)
	}
}

// pointer is a pointer of some kind, or an interface: of the first nil is known.
func (c *content) pointer(v reflect.Value) {
	switch {
	case v.IsZero():
		c.add(1)
	case v.Kind() == reflect.Interface:
		c.text(v.Elem().Type().String())
		c.value(v.Elem())
	default:
		c.known = false
	}
}
