package sim

import "github.com/interleave-go/interleave/internal/object"

// A Once is sync.Once. The zero value has not run.
type Once struct {
	Name string
	id   ident
}

// Do runs f if it is the first call, and blocks until the first call has
// returned. A Do of the same Once inside f blocks for ever, as Go's does. It
// counts as done when f panics.
func (o *Once) Do(g *G, f func()) {
	g.check()
	i := o.touch(g)
	e := g.ask(object.OnceEnter, i, 0, 0)
	if !g.took(e) {
		return
	}
	defer func() {
		if !g.x.over {
			g.ask(object.OnceDone, i, 0, 0)
		}
	}()
	f()
}

func (o *Once) touch(g *G) int32 {
	return g.touch(&o.id, spec{kind: object.Once, name: &o.Name})
}

// OnceFunc returns a function that calls f once; if f panics, every call
// panics with the same value.
func OnceFunc(f func(*G)) func(*G) {
	once := OnceValue(func(g *G) struct{} {
		f(g)
		return struct{}{}
	})
	return func(g *G) { once(g) }
}

// OnceValue returns a function that calls f once and returns its value every
// time; if f panics, every call panics with the same value.
func OnceValue[T any](f func(*G) T) func(*G) T {
	once := OnceValues(func(g *G) (T, struct{}) { return f(g), struct{}{} })
	return func(g *G) T {
		v, _ := once(g)
		return v
	}
}

// OnceValues is OnceValue for two values.
func OnceValues[T, U any](f func(*G) (T, U)) func(*G) (T, U) {
	var (
		once  Once
		v     T
		u     U
		valid bool
		value any
	)
	return func(g *G) (T, U) {
		once.Do(g, func() {
			defer func() {
				if !valid && !g.x.over {
					value = recover()
					panic(value)
				}
			}()
			v, u = f(g)
			valid = true
		})
		if !valid {
			panic(value)
		}
		return v, u
	}
}
