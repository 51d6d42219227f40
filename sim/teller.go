package sim

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unsafe"
)

// A teller writes values as text. It numbers pointers in the order in which they
// come up: where they point differs from run to run. Its zero value is ready; it
// keeps what is pointed to, so that no other gets its place in memory.
type teller struct {
	names map[unsafe.Pointer]string
	count map[string]int // by type
}

// textDepth is how deep a value is written.
const textDepth = 8

// text is a value as fmt writes it, but for the pointers in it, which are named by
// type and number, and the objects of this package, which are left out. So is a
// pointer to what has such objects: it is known by its number.
func (p *teller) text(v any) string {
	if v == nil {
		return "nil"
	}
	return p.value(reflect.ValueOf(v), textDepth)
}

// value is text of a value that was asked for, or stands in an interface.
func (p *teller) value(v reflect.Value, depth int) string {
	if told, ok := ofItself(v); ok {
		return told
	}
	if isPlain(v.Type(), textDepth) {
		return fmt.Sprint(v)
	}
	if v.Kind() == reflect.Pointer && !v.IsNil() && v.Elem().Kind() == reflect.Struct && !holdsObjects(v.Elem().Type()) {
		return "&" + p.write(v.Elem(), depth)
	}
	return p.write(v, depth)
}

// ofItself is what a value says of itself, if it is one that does.
func ofItself(v reflect.Value) (string, bool) {
	if !v.CanInterface() || v.Kind() == reflect.Interface {
		return "", false
	}
	switch v.Interface().(type) {
	case error, fmt.Stringer, fmt.Formatter:
		return fmt.Sprint(v.Interface()), true
	}
	return "", false
}

// holdsObjects reports whether a struct is an object of this package, or has one.
func holdsObjects(t reflect.Type) bool {
	if t.PkgPath() == packagePath {
		return true
	}
	for i := range t.NumField() {
		f := t.Field(i).Type
		for f.Kind() == reflect.Array {
			f = f.Elem()
		}
		if f.PkgPath() == packagePath || f.Kind() == reflect.Struct && holdsObjects(f) {
			return true
		}
	}
	return false
}

// isPlain reports whether values of a type hold no pointers and no objects.
func isPlain(t reflect.Type, depth int) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return false
	case reflect.Array, reflect.Slice:
		return depth > 0 && isPlain(t.Elem(), depth-1)
	case reflect.Map:
		return depth > 0 && isPlain(t.Key(), depth-1) && isPlain(t.Elem(), depth-1)
	case reflect.Struct:
		if t.PkgPath() == packagePath {
			return false
		}
		for i := range t.NumField() {
			if depth == 0 || !isPlain(t.Field(i).Type, depth-1) {
				return false
			}
		}
	}
	return true
}

func (p *teller) write(v reflect.Value, depth int) string {
	if told, ok := ofItself(v); ok {
		return told
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Chan, reflect.UnsafePointer, reflect.Func, reflect.Interface, reflect.Map:
		if v.IsZero() {
			return "nil"
		}
	}
	if depth == 0 {
		return "…"
	}
	switch v.Kind() {
	case reflect.Pointer:
		return p.name("*"+typeName(v.Type().Elem()), v.UnsafePointer())
	case reflect.Chan:
		return p.name("chan "+typeName(v.Type().Elem()), v.UnsafePointer())
	case reflect.UnsafePointer:
		return p.name("*", v.UnsafePointer())
	case reflect.Func:
		return "func"
	case reflect.Interface:
		return p.value(v.Elem(), depth-1)
	case reflect.Struct:
		if v.Type().PkgPath() == packagePath {
			return typeName(v.Type())
		}
		var parts []string
		for i := range v.NumField() {
			if v.Field(i).Type().PkgPath() != packagePath {
				parts = append(parts, p.write(v.Field(i), depth-1))
			}
		}
		return "{" + strings.Join(parts, " ") + "}"
	case reflect.Array, reflect.Slice:
		var parts []string
		for i := range v.Len() {
			parts = append(parts, p.write(v.Index(i), depth-1))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case reflect.Map:
		return p.entries(v, depth)
	}
	return fmt.Sprint(v)
}

// entries is a map, in the order of its keys, so that pointers get the same numbers
// in every run. Keys that hold pointers have no such order.
func (p *teller) entries(v reflect.Value, depth int) string {
	if !isPlain(v.Type().Key(), textDepth) {
		return fmt.Sprintf("map[%d entries]", v.Len())
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	var parts []string
	for _, key := range keys {
		parts = append(parts, fmt.Sprint(key)+":"+p.write(v.MapIndex(key), depth-1))
	}
	return "map[" + strings.Join(parts, " ") + "]"
}

// packagePath is the path of this package.
const packagePath = "github.com/interleave-go/interleave/sim"

// name is the type and number of a pointer.
func (p *teller) name(kind string, at unsafe.Pointer) string {
	if p.names == nil {
		p.names, p.count = map[unsafe.Pointer]string{}, map[string]int{}
	}
	name, ok := p.names[at]
	if !ok {
		p.count[kind]++
		name = fmt.Sprintf("%s#%d", kind, p.count[kind])
		p.names[at] = name
	}
	return name
}

// typeName is a type's name without its package.
func typeName(t reflect.Type) string {
	switch {
	case t.Name() != "":
		return t.Name()
	case t.Kind() == reflect.Struct:
		return "struct"
	}
	return t.String()
}
