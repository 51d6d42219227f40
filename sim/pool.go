package sim

import "github.com/interleave-go/interleave/internal/object"

// A Pool is sync.Pool: a Get may find something that was Put, or may not, as
// if it had been collected; both are explored. The zero value is empty. No
// operation blocks.
type Pool[T any] struct {
	Name string
	// New makes what Get returns when it finds nothing; nil means T's zero
	// value.
	New   func() T
	id    ident
	items []T
}

// Get returns the item that was put last, or a new one.
func (p *Pool[T]) Get(g *G) T {
	g.check()
	e := g.ask(object.PoolGet, p.touch(g), 0, 0)
	var item T
	switch {
	case e.Alt == object.PoolTake:
		last := len(p.items) - 1
		item, p.items[last] = p.items[last], item
		p.items = p.items[:last]
		learned(g, item)
	case p.New != nil:
		return p.New()
	}
	return item
}

// Put adds an item.
func (p *Pool[T]) Put(g *G, item T) {
	g.check()
	g.ask(object.PoolPut, p.touch(g), 0, 0)
	learned(g, item)
	p.items = append(p.items, item)
}

func (p *Pool[T]) touch(g *G) int32 {
	return g.touch(&p.id, spec{kind: object.Pool, name: &p.Name})
}
