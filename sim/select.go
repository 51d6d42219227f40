package sim

import "github.com/interleave-go/interleave/internal/object"

// A Case is one case of a Select: made by OnSend, OnReceive or Default.
type Case struct {
	ch        selectable
	send      bool
	otherwise bool // the default
}

// selectable is one case, tied to the type of its channel.
type selectable interface {
	withdrawer
	object(g *G) int32       // of the channel
	wait(g *G, index int)    // parks the case
	complete(g *G, e *Event) // the case was taken at once
	resume(g *G)             // a partner completed it
}

// OnSend is the case that sends v.
func (c *Chan[T]) OnSend(v T) Case {
	return Case{ch: &sendCase[T]{c: c, v: v}, send: true}
}

// OnReceive is the case that receives into v, and sets ok to whether there was
// a value; either may be nil.
func (c *Chan[T]) OnReceive(v *T, ok *bool) Case {
	return Case{ch: &receiveCase[T]{c: c, v: v, ok: ok}}
}

// Default is the case that is taken when no other one is ready.
func Default() Case { return Case{otherwise: true} }

// DefaultCase is what Select returns when it takes the default.
const DefaultCase = -1

// Select blocks until one of the cases can take place, and performs it: any one
// of those that are ready, each of which is explored. It returns the place of
// the case among its arguments, or DefaultCase. Without a case that is not on
// a nil channel it blocks for ever.
func Select(g *G, cases ...Case) int {
	g.check()
	x := g.x
	first := int32(len(x.world.Cases))
	count, hasDefault := int32(0), false
	for _, k := range cases {
		if k.otherwise {
			hasDefault = true
			continue
		}
		x.world.Cases = append(x.world.Cases, object.Case{Obj: k.ch.object(g), Send: k.send})
		count++
	}
	x.world.Cases = append(x.world.Cases, object.Case{Obj: object.CasesEnd})
	g.call.Cases, g.call.CaseCount, g.call.Default = first, count, hasDefault
	e := g.ask(object.Select, object.NoObject, 0, 0)
	index := g.selected(cases, e)
	g.call.Default = false
	return index
}

// selected completes a select, parking it first if nothing was ready.
func (g *G) selected(cases []Case, e *Event) int {
	if e.Alt == object.CasePark {
		g.parks++
		for i, k := range cases {
			if !k.otherwise {
				k.ch.wait(g, i)
				g.parked = append(g.parked, k.ch)
			}
		}
		g.ask(object.SelectParked, object.NoObject, g.parks, 0)
		if g.matched < 0 {
			g.panicIfClosed(cases[matchedByClose-g.matched].ch.object(g))
		}
		if g.x.detail {
			g.x.details[g.last].taken = g.matched
		}
		cases[g.matched].ch.resume(g)
		return int(g.matched)
	}
	if e.Alt == object.CaseDefault {
		return DefaultCase
	}
	i := argument(cases, int(e.Alt))
	cases[i].ch.complete(g, e)
	return i
}

// argument is the place among the arguments of the n-th case that is not the
// default.
func argument(cases []Case, n int) int {
	for i, k := range cases {
		if k.otherwise {
			continue
		}
		if n == 0 {
			return i
		}
		n--
	}
	panic("sim: a select took a case that it does not have")
}

type sendCase[T any] struct {
	c *Chan[T]
	v T
}

func (k *sendCase[T]) object(g *G) int32 {
	if k.c != nil {
		k.c.mayBeSent(g)
	}
	return objectOf(g, k.c)
}

func (k *sendCase[T]) resume(*G)     {}
func (k *sendCase[T]) withdraw(g *G) { withdrawFrom(k.c, g) }

func (k *sendCase[T]) wait(g *G, index int) {
	if k.c != nil {
		k.c.park = append(k.c.park, parked[T]{g: g, index: index, send: true, value: k.v})
	}
}

func (k *sendCase[T]) complete(g *G, _ *Event) {
	show(g, k.v)
	if k.c.buffered() {
		k.c.put(k.v)
		return
	}
	k.c.meet(g, false).receive(k.v, true)
}

type receiveCase[T any] struct {
	c    *Chan[T]
	v    *T
	ok   *bool
	into transfer[T]
}

func (k *receiveCase[T]) object(g *G) int32 { return objectOf(g, k.c) }
func (k *receiveCase[T]) withdraw(g *G)     { withdrawFrom(k.c, g) }

func (k *receiveCase[T]) wait(g *G, index int) {
	if k.c != nil {
		k.c.park = append(k.c.park, parked[T]{g: g, index: index, into: &k.into})
	}
}

func (k *receiveCase[T]) complete(g *G, _ *Event) {
	k.into.value, k.into.ok = k.c.take(g)
	k.resume(g)
}

func (k *receiveCase[T]) resume(g *G) {
	showReceived(g, k.into.value, k.into.ok)
	if k.v != nil {
		*k.v = k.into.value
	}
	if k.ok != nil {
		*k.ok = k.into.ok
	}
}

func objectOf[T any](g *G, c *Chan[T]) int32 {
	if c == nil {
		return object.NoObject
	}
	return c.touch(g)
}

func withdrawFrom[T any](c *Chan[T], g *G) {
	if c != nil {
		c.withdraw(g)
	}
}
