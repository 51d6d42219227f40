package linear_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/linear"
	"github.com/interleave-go/interleave/sim"
)

// A buffer has room for one item. Who finds it full or empty waits for a
// signal; with shared, both kinds wait for the same one, and a signal can wake
// one who cannot go on.
type buffer struct {
	mu         sim.Mutex
	room, item *sim.Cond
	items      sim.Var[[]int] // under mu
}

func newBuffer(shared bool) func(*sim.G) linear.Object[op, result] {
	return func(*sim.G) linear.Object[op, result] {
		b := &buffer{mu: sim.Mutex{Name: "mu"}, items: sim.Var[[]int]{Name: "items"}}
		b.room, b.item = &sim.Cond{Name: "room", L: &b.mu}, &sim.Cond{Name: "item", L: &b.mu}
		if shared {
			b.item = b.room
		}
		return b.do
	}
}

func (b *buffer) do(g *sim.G, o op) result {
	b.mu.Lock(g)
	defer b.mu.Unlock(g)
	if o.Do == linear.Enqueue {
		for len(b.items.Load(g)) == 1 {
			b.room.Wait(g)
		}
		b.items.Store(g, []int{o.Value})
		b.item.Signal(g)
		return result{}
	}
	for len(b.items.Load(g)) == 0 {
		b.item.Wait(g)
	}
	v := b.items.Load(g)[0]
	b.items.Store(g, nil)
	b.room.Signal(g)
	return result{Value: v, OK: true}
}

// blocking are the operations that wait.
func blocking() linear.Model[[]int, op, result] {
	m := linear.Queue[int](1)
	m.Draw = []func(*rand.Rand) op{
		func(r *rand.Rand) op { return op{Do: linear.Enqueue, Value: 1 + r.IntN(3)} },
		func(*rand.Rand) op { return op{Do: linear.Take} },
	}
	return m
}

// Most programs made up of operations that wait come to rest with some of them
// waiting. A buffer that is right may do so only when the model waits as well;
// one whose signals wake the wrong goroutine does so though an item is there,
// with the four operations that it takes.
func TestBuffers(t *testing.T) {
	opt := linear.CheckOptions{AroundMax: -1, PlansMax: 60, OperationsMax: 2}
	good, err := linear.Check(blocking(), newBuffer(false), opt)
	if err != nil || good.Failed || good.Complete != good.Plans {
		t.Errorf("two conditions: %+v, %v", good, err)
	}
	opt.Judges = onlyModel
	bad, err := linear.Check(blocking(), newBuffer(true), opt)
	want := "queue is not linearizable: enqueue(1) by A waits for ever, though it could take place. "
	if err != nil || !bad.Failed || !bad.Minimal || bad.Plan.Operations() != 4 ||
		bad.Finding.Kind != checks.Linearizability || !strings.HasPrefix(bad.Finding.Summary, want) {
		t.Errorf("one condition: %+v, %v", bad, err)
	}
}
