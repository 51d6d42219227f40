package checks

import (
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/order"
	"github.com/interleave-go/interleave/sim"
)

// contention is how an object is used in one execution.
type contention struct {
	name  string
	kind  object.Kind
	pairs int            // of steps by different goroutines that could come in either order, and do not commute
	by    map[int32]bool // who takes part in them
	ops   map[object.Op]bool
	seen  []contender
	sent  bool // of a channel: somebody sends on it
}

// A contender is a step that accesses an object.
type contender struct {
	order.Epoch
	sub  int32
	mode object.Mode
}

// mostContended is the object on which the most pairs of steps could come in
// either order and do not commute; the first one, of several. It returns the
// number of all such pairs as well.
func mostContended(x *sim.Execution) (most contention, all int) {
	uses := make([]contention, len(x.World().Objects))
	h := order.Happens{Edges: order.HardEdges}
	h.Begin(x)
	for i := range x.Events() {
		e := &x.Events()[i]
		h.Step(e, i)
		for _, p := range x.Parts(e) {
			if p.Obj >= 0 && p.Mode != object.None {
				uses[p.Obj].add(e, p, &h)
			}
		}
	}
	for i := range uses {
		u := &uses[i]
		if all += u.pairs; u.pairs > most.pairs {
			most = *u
			most.name, most.kind = x.ObjectName(int32(i)), x.World().Objects[i].Kind
			most.sent = isSentOn(x, int32(i))
		}
	}
	return most, all
}

// isSentOn reports whether somebody has sent on a channel, or tried to.
func isSentOn(x *sim.Execution, ch int32) bool {
	for i := range x.Events() {
		if usesChannel(x, &x.Events()[i].Call, ch, true) {
			return true
		}
	}
	for g := range int32(x.Goroutines()) {
		if x.Pends(g) && usesChannel(x, x.Pending(g), ch, true) {
			return true
		}
	}
	return false
}

// add counts the pairs of a step and those before it.
func (c *contention) add(e *sim.Event, p object.Part, h *order.Happens) {
	now := contender{h.Now(e.G()), p.Sub, p.Mode}
	if c.by == nil {
		c.by, c.ops = map[int32]bool{}, map[object.Op]bool{}
	}
	for _, before := range c.seen {
		if before.G != now.G && before.sub == now.sub && object.Conflict(before.mode, now.mode) && !h.After(now.G, before.Epoch) {
			c.pairs++
			c.by[before.G], c.by[now.G] = true, true
		}
	}
	c.ops[e.Op()] = true
	c.seen = append(c.seen, now)
}

// advice is what would leave fewer orders.
func (c *contention) advice(r Report) string {
	has := func(ops ...object.Op) bool {
		return slices.ContainsFunc(ops, func(op object.Op) bool { return c.ops[op] })
	}
	switch c.kind {
	case object.Mutex, object.RWMutex:
		return "each order of its critical sections is a trace of its own: make them fewer, by one in place of several, " +
			"or give each part of the data a lock"
	case object.Cell:
		if has(object.Load, object.Await) && has(object.Store) && !has(object.Modify, object.CompareAndSwap) {
			return "an Add or a CompareAndSwap in place of a load and a store is one step for two, where that is what is meant"
		}
	case object.Chan, object.Rendezvous:
		switch {
		case c.kind == object.Rendezvous && !c.sent:
			return "if nothing is ever sent on it, let it say CloseOnly: then it does not matter in which order they come to wait"
		case r.Relation != "" && c.kind == object.Chan:
			return "under --relation slot, sends and receives of different slots have one order"
		case r.Relation != "":
			return "under --relation slot, a send and the receive that it meets have one order"
		}
		return "fewer values, or a channel for each sender, leave fewer orders"
	}
	return "fewer goroutines or fewer such steps shrink the space most"
}
