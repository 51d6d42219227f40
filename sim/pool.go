package sim

import "github.com/interleave-go/interleave/internal/object"

// A Pool is sync.Pool: a Get may find something that was Put, or may not, as
// if it had been collected; both are explored. The zero value is empty.
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
	if p.access(g); len(p.items) > 0 && g.Choose(2) == 0 {
		p.access(g)
		if last := len(p.items) - 1; last >= 0 {
			item := p.items[last]
			p.items = p.items[:last]
			return item
		}
	}
	if p.New != nil {
		return p.New()
	}
	var zero T
	return zero
}

// Put adds an item.
func (p *Pool[T]) Put(g *G, item T) {
	p.access(g)
	p.items = append(p.items, item)
}

// access is an event that orders what happens to the pool.
func (p *Pool[T]) access(g *G) {
	g.check()
	g.ask(object.Modify, g.touch(&p.id, spec{kind: object.Cell, name: &p.Name}), 0, 0)
}
