package search_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// modelObjects are what the operations of a model's program work on.
type modelObjects struct {
	x    [2]sim.AtomicInt[int]
	m    [2]sim.Mutex
	sem  [2]sim.Semaphore
	ch   [2]sim.Chan[int]
	meet [2]sim.Chan[int]
	pool sim.Pool[int]
	cond *sim.Cond
}

// simulated is a model's program in sim. With names for the objects it has the
// same states.
func simulated(p [][]modelOp, named bool) func(*sim.G) {
	return func(g *sim.G) {
		o := &modelObjects{}
		o.cond = sim.NewCond(&o.m[0])
		for i := range 2 {
			o.sem[i].N, o.ch[i].Cap = 2, i+1
			if named {
				o.x[i].Name, o.m[i].Name, o.sem[i].Name = fmt.Sprint("x", i), fmt.Sprint("m", i), fmt.Sprint("sem", i)
				o.ch[i].Name, o.meet[i].Name = fmt.Sprint("ch", i), fmt.Sprint("meet", i)
			}
		}
		if named {
			o.pool.Name, o.cond.Name = "pool", "cond"
		}
		for i, body := range p {
			g.Go("", func(g *sim.G) {
				for _, op := range body {
					o.do(g, i, op)
				}
			})
		}
	}
}

func (o *modelObjects) do(g *sim.G, i int, op modelOp) {
	x, ch := &o.x[op.a], &o.ch[op.a]
	switch op.name {
	case "load":
		x.Load(g)
	case "await":
		sim.Await(g, x, func(v int) bool { return v != 0 })
	case "store":
		x.Store(g, i+1)
	case "add":
		x.Add(g, 1)
	case "swap":
		x.Swap(g, i+5)
	case "cas":
		x.CompareAndSwap(g, op.v, 7)
	case "lock":
		o.m[op.a].Lock(g)
	case "unlock":
		o.m[op.a].Unlock(g)
	case "trylock":
		o.m[op.a].TryLock(g)
	case "acquire":
		o.sem[op.a].Acquire(g, 1+op.v)
	case "release":
		o.sem[op.a].Release(g, 1+op.v)
	case "tryacquire":
		o.sem[op.a].TryAcquire(g, 1+op.v)
	case "send":
		ch.Send(g, i)
	case "receive":
		ch.Receive(g)
	case "trysend":
		sim.Select(g, ch.OnSend(i), sim.Default())
	case "tryreceive":
		sim.Select(g, ch.OnReceive(nil, nil), sim.Default())
	case "len":
		ch.Len(g)
	case "meetsend":
		o.meet[op.a].Send(g, i)
	case "meetreceive":
		o.meet[op.a].Receive(g)
	case "put":
		o.pool.Put(g, i)
	case "get":
		o.pool.Get(g)
	case "wait":
		o.cond.Wait(g)
	case "signal":
		o.cond.Signal(g)
	case "broadcast":
		o.cond.Broadcast(g)
	}
}

// The states of random programs, their edges, and the states in which somebody is
// blocked for ever are as many as those of a model that is no part of the tool;
// names of objects make no difference.
func TestStatesOfRandomPrograms(t *testing.T) {
	compared, nodes := 0, 0
	for seed := uint64(0); compared < 400; seed++ {
		p := modelProgram(rand.New(rand.NewPCG(seed, 2)))
		n, e, b, ok := countStates(p, 250)
		if !ok {
			continue
		}
		compared++
		nodes += n
		for _, named := range []bool{false, true} {
			g, err := search.States(simulated(p, named), search.Options{}, 10_000, nil)
			if err != nil {
				t.Fatal(seed, err)
			}
			blocked := 0
			for _, node := range g.Nodes {
				if node.Outcome == sim.Leaked || node.Outcome == sim.Deadlocked {
					blocked++
				}
			}
			if len(g.Nodes) != n || len(g.Edges) != e || blocked != b || !g.Complete {
				t.Errorf("seed %d, named %v: %d states, %d edges, %d blocked; the model has %d, %d, %d\n%v",
					seed, named, len(g.Nodes), len(g.Edges), blocked, n, e, b, p)
			}
		}
	}
	t.Logf("%d programs, %d states", compared, nodes)
}
