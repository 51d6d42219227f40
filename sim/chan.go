package sim

import (
	"iter"
	"math"

	"github.com/interleave-go/interleave/internal/object"
)

// A Chan is a channel of capacity Cap. The zero value is unbuffered and ready;
// a nil *Chan is Go's nil channel: sending and receiving block for ever.
//
// A goroutine that sends or receives on an unbuffered channel arrives there, which
// is an event: until then, a select with a default does not see it. It goes on by
// another event, when its partner has arrived as well; which of the two was first
// makes no difference to them. Waiting on a buffered channel is no event, since
// nobody could tell, except for a select that waits on an unbuffered channel too.
type Chan[T any] struct {
	Name string
	Cap  int
	// CloseOnly says that nothing is ever sent: the channel is there to be closed,
	// which tells all who wait, as a start signal or a context's Done is. A send,
	// reached in whatever way, is a [*Misuse] then. Nobody can tell who waits
	// already, so that waiting is no event: n goroutines that wait for the close have
	// one order instead of n!. Cap does not matter then.
	CloseOnly bool

	hidden int // a buffer that Cap and Len do not show, as a timer's channel has; of a nil channel object.NilLimit
	id     ident
	buf    []T // the values sent, from buf[head] on still to be received
	head   int
	park   []parked[T]
	spare  []*transfer[T] // of receives that have returned, to be used again
	shut   bool
}

// NewChan returns a channel of a capacity.
func NewChan[T any](capacity int) *Chan[T] { return &Chan[T]{Cap: capacity} }

// parked is a send or receive that waits on an unbuffered channel.
type parked[T any] struct {
	g     *G
	index int // the case of its select, or 0
	send  bool
	value T
	into  *transfer[T]
}

// A transfer is where a receive finds what its partner sent.
type transfer[T any] struct {
	value T
	ok    bool
}

func (c *Chan[T]) touch(g *G) int32 {
	if c.Cap < 0 || c.Cap > math.MaxInt32 {
		panic("makechan: size out of range")
	}
	kind, limit := object.Rendezvous, int32(max(c.Cap, c.hidden))
	if c.CloseOnly {
		limit = 0
	}
	switch {
	case c.buffered():
		kind = object.Chan
	case c.hidden < 0:
		limit = object.NilLimit
	}
	return g.touch(&c.id, spec{kind: kind, name: &c.Name, limit: limit})
}

// buffered reports whether waiting on the channel is no event.
func (c *Chan[T]) buffered() bool { return c.Cap > 0 || c.hidden > 0 || c.CloseOnly }

// mayBeSent makes a send on a channel that is only to be closed a misuse.
func (c *Chan[T]) mayBeSent(g *G) {
	if c.CloseOnly {
		g.x.blame(g, object.SendOnCloseOnly, c.touch(g))
	}
}

// Send blocks until the channel takes the value. On a closed channel it
// panics, with a [*Misuse].
func (c *Chan[T]) Send(g *G, v T) {
	g.check()
	if c == nil {
		nilChan[T]().Send(g, v)
	}
	c.mayBeSent(g)
	i := c.touch(g)
	e := g.ask(object.Send, i, 0, 0)
	show(g, v)
	c.completeSend(g, e, v)
}

// completeSend moves the value of a send that took place, or waits until a
// receiver takes it.
func (c *Chan[T]) completeSend(g *G, e *Event, v T) {
	if c.buffered() {
		c.put(v)
		return
	}
	offer := parked[T]{g: g, send: true, value: v}
	if number, ok := g.arrived(e); ok {
		if c.waits(false) {
			c.meet(g, false).receive(v, true)
		} else {
			c.await(offer)
		}
		g.goOn(number, object.ResumesSend)
		return
	}
	if !g.offered(e) {
		c.meet(g, false).receive(v, true)
		return
	}
	g.parks++
	c.park = append(c.park, offer)
	g.ask(object.Resume, c.id.index, g.parks, 0)
	g.panicIfClosed(c.id.index)
}

// waits reports whether a sender or a receiver is parked.
func (c *Chan[T]) waits(send bool) bool {
	for i := range c.park {
		if c.park[i].send == send {
			return true
		}
	}
	return false
}

// await parks a send or receive that goes on by number.
func (c *Chan[T]) await(offer parked[T]) {
	offer.g.partner = nobody
	c.park = append(c.park, offer)
}

// meet is partner, on an unbuffered channel, for goroutine g: they meet.
func (c *Chan[T]) meet(g *G, send bool) parked[T] {
	p := c.partner(send)
	g.x.events[g.last].Partner, g.partner, p.g.partner = p.g.id, p.g.id, g.id
	return p
}

// nobody is the partner of a goroutine that has none.
const nobody = -1

// goOn is the return of a send or receive that has arrived by number.
func (g *G) goOn(number, aux int32) {
	g.ask(object.Resume, g.call.Obj, number, aux)
	g.x.events[g.last].Partner = g.partner
}

// panicIfClosed answers a parked send that was woken by Close.
func (g *G) panicIfClosed(ch int32) {
	if g.matched < 0 {
		e := &g.x.events[g.last]
		e.Fault, e.closed = object.SendOnClosed, false
		g.x.blame(g, object.SendOnClosed, ch)
	}
}

// matchedByClose, less the case of its select, is the match of a send that a
// Close ended.
const matchedByClose = -1

// Receive blocks until there is a value, or the channel is closed and empty:
// then it returns T's zero value.
func (c *Chan[T]) Receive(g *G) T {
	v, _ := c.ReceiveOK(g)
	return v
}

// ReceiveOK is Receive; ok is false when the channel is closed and empty.
func (c *Chan[T]) ReceiveOK(g *G) (v T, ok bool) {
	g.check()
	if c == nil {
		nilChan[T]().Receive(g)
	}
	i := c.touch(g)
	e := g.ask(object.Receive, i, 0, 0)
	number, byNumber := g.arrived(e)
	if !byNumber && !g.offered(e) {
		v, ok = c.take(g)
		showReceived(g, v, ok)
		return v, ok
	}
	t := c.transfer()
	offer := parked[T]{g: g, into: t}
	if byNumber {
		if c.waits(true) {
			t.value, t.ok = c.meet(g, true).value, true
		} else {
			c.await(offer)
		}
		g.goOn(number, object.ResumesReceive)
	} else {
		g.parks++
		c.park = append(c.park, offer)
		g.ask(object.Resume, i, g.parks, 0)
	}
	v, ok = t.value, t.ok
	*t = transfer[T]{}
	c.spare = append(c.spare, t)
	showReceived(g, v, ok)
	return v, ok
}

func (c *Chan[T]) transfer() *transfer[T] {
	last := len(c.spare) - 1
	if last < 0 {
		return new(transfer[T])
	}
	t := c.spare[last]
	c.spare = c.spare[:last]
	return t
}

// take is a receive that found what it wanted.
func (c *Chan[T]) take(g *G) (v T, ok bool) {
	if c.buffered() {
		if len(c.buf) == c.head {
			return v, false
		}
		v = c.pop()
		if len(c.park) > 0 {
			p := c.partner(true)
			p.g.matched = int32(p.index)
			c.push(p.value)
		}
		return v, true
	}
	if c.shut {
		return v, false
	}
	p := c.meet(g, true)
	p.g.matched = int32(p.index)
	return p.value, true
}

func (c *Chan[T]) pop() T {
	v := c.buf[c.head]
	var zero T
	c.buf[c.head] = zero
	c.head++
	if c.head == len(c.buf) {
		c.buf, c.head = c.buf[:0], 0
	}
	return v
}

// put is a send to a channel that has room: into the hands of a select that has
// parked, else into the buffer.
func (c *Chan[T]) put(v T) {
	if len(c.park) > 0 {
		c.partner(false).receive(v, true)
		return
	}
	c.push(v)
}

// push adds to the buffer, which moves to its front before it would grow.
func (c *Chan[T]) push(v T) {
	if c.head > 0 && len(c.buf) == cap(c.buf) {
		n := copy(c.buf, c.buf[c.head:])
		clear(c.buf[n:])
		c.buf, c.head = c.buf[:n], 0
	}
	c.buf = append(c.buf, v)
}

// drain takes back what a timer has sent and nobody received.
func (c *Chan[T]) drain() bool {
	any := len(c.buf) > c.head
	c.buf, c.head = c.buf[:0], 0
	return any
}

// partner removes and returns the first parked sender or receiver, and takes
// its select off the other channels.
func (c *Chan[T]) partner(send bool) parked[T] {
	for _, p := range c.park {
		if p.send == send {
			p.g.leave()
			c.withdraw(p.g)
			return p
		}
	}
	panic("sim: a channel has no partner for a transfer that took place")
}

// receive hands a value to a parked receive.
func (p parked[T]) receive(v T, ok bool) {
	p.into.value, p.into.ok = v, ok
	p.g.matched = int32(p.index)
}

// withdraw removes every offer of g.
func (c *Chan[T]) withdraw(g *G) {
	kept := c.park[:0]
	for _, p := range c.park {
		if p.g != g {
			kept = append(kept, p)
		}
	}
	clear(c.park[len(kept):])
	c.park = kept
}

// leave takes g's select off every channel where it waits.
func (g *G) leave() {
	for _, w := range g.parked {
		w.withdraw(g)
	}
	g.parked = g.parked[:0]
}

// offered reports whether an event was the arrival of one who is to be woken.
func (g *G) offered(e *Event) bool {
	effect := g.x.parts[e.parts].Effect
	return effect == object.OfferSend || effect == object.OfferReceive
}

// arrived reports whether an event was the arrival of a send or receive that goes
// on by number, and the number.
func (g *G) arrived(e *Event) (number int32, ok bool) { return object.Number(g.x.Parts(e)) }

// Close closes the channel. Closing a closed or a nil channel panics, with a
// [*Misuse]; so does every send that waits.
func (c *Chan[T]) Close(g *G) {
	g.check()
	if c == nil {
		g.x.blame(g, object.CloseOfNil, object.NoObject)
	}
	g.ask(object.CloseChan, c.touch(g), 0, 0)
	c.closed()
}

// closed completes a close: whoever waits goes on.
func (c *Chan[T]) closed() {
	c.shut = true
	for len(c.park) > 0 {
		p := c.park[0]
		p.g.leave()
		c.withdraw(p.g)
		if p.send {
			p.g.matched = matchedByClose - int32(p.index)
			continue
		}
		var zero T
		p.receive(zero, false)
	}
}

// All returns an iterator over the values received until the channel is closed.
func (c *Chan[T]) All(g *G) iter.Seq[T] {
	return func(yield func(T) bool) {
		for {
			v, ok := c.ReceiveOK(g)
			if !ok || !yield(v) {
				return
			}
		}
	}
}

// Len returns the number of values in the buffer. Of an unbuffered or nil
// channel it is always 0, and no event.
func (c *Chan[T]) Len(g *G) int {
	g.check()
	if c == nil || c.Cap == 0 {
		return 0
	}
	g.ask(object.Len, c.touch(g), 0, 0)
	return len(c.buf) - c.head
}

// nilChan is what a nil channel is: an unbuffered channel that nobody else has.
func nilChan[T any]() *Chan[T] { return &Chan[T]{Name: "nil channel", hidden: object.NilLimit} }
