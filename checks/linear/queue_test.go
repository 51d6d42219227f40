package linear_test

import (
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/linear"
	"github.com/interleave-go/interleave/sim"
)

// A linked is a queue as a list: head is the node before the first item, tail
// the last node, or for a while one before it.
type linked struct{ head, tail sim.Atomic[*node] }

func newLinked(g *sim.G) *linked {
	q := &linked{head: sim.Atomic[*node]{Name: "head"}, tail: sim.Atomic[*node]{Name: "tail"}}
	dummy := new(node)
	q.head.Store(g, dummy)
	q.tail.Store(g, dummy)
	return q
}

// michaelScott is the queue of Michael and Scott (PODC 1996): an item is linked
// to the last node first, and the tail moved then, by whoever comes along.
func michaelScott(g *sim.G) linear.Object[op, result] {
	q := newLinked(g)
	return func(g *sim.G, o op) result {
		if o.Do == linear.Enqueue {
			q.link(g, o.Value)
			return result{}
		}
		return q.dequeue(g)
	}
}

func (q *linked) link(g *sim.G, v int) {
	n := new(node)
	n.value.Store(g, v)
	for {
		tail := q.tail.Load(g)
		if next := tail.next.Load(g); next != nil {
			q.tail.CompareAndSwap(g, tail, next)
			continue
		}
		if tail.next.CompareAndSwap(g, nil, n) {
			q.tail.CompareAndSwap(g, tail, n)
			return
		}
	}
}

func (q *linked) dequeue(g *sim.G) result {
	for {
		head, tail := q.head.Load(g), q.tail.Load(g)
		next := head.next.Load(g)
		switch {
		case next == nil:
			return result{}
		case head == tail:
			q.tail.CompareAndSwap(g, tail, next)
		case q.head.CompareAndSwap(g, head, next):
			return result{Value: next.value.Load(g), OK: true}
		}
	}
}

// swapFirst is the queue that moves the tail first, by a swap, and links the
// item then. Who comes in between finds the list cut: the queue looks empty
// though an item behind the cut has been put there for good.
func swapFirst(g *sim.G) linear.Object[op, result] {
	q := newLinked(g)
	return func(g *sim.G, o op) result {
		if o.Do != linear.Enqueue {
			return q.dequeue(g)
		}
		n := new(node)
		n.value.Store(g, o.Value)
		q.tail.Swap(g, n).next.Store(g, n)
		return result{}
	}
}

// Small programs made up of enqueue and dequeue find nothing wrong with Michael
// and Scott's queue; of the other one they find the cut, with the three
// operations that it takes.
func TestQueues(t *testing.T) {
	good, err := linear.Check(linear.Queue[int](0), michaelScott, linear.CheckOptions{PlansMax: 40, GoroutinesMax: 2, OperationsMax: 2})
	if err != nil || good.Failed || good.Complete != good.Plans || good.Undecided > 0 {
		t.Errorf("Michael and Scott: %+v, %v", good, err)
	}
	bad, err := linear.Check(linear.Queue[int](0), swapFirst, linear.CheckOptions{})
	if err != nil || !bad.Failed || !bad.Minimal || bad.Finding.Kind != checks.Linearizability || bad.Plan.Operations() != 3 {
		t.Errorf("swap first: %+v, %v", bad, err)
	}
}
