package sim_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// uniform picks any of the choices that are open, each as likely.
type uniform struct{ rand *rand.Rand }

// Pick implements sim.Scheduler.
func (u uniform) Pick(x *sim.Execution) sim.Choice {
	n := u.rand.IntN(x.Enabled().Len())
	g := x.NextByPath(-1)
	for range n {
		g = x.NextByPath(g)
	}
	alts := x.Alternatives(g, nil)
	return sim.Choice{G: g, Alt: alts[u.rand.IntN(len(alts))]}
}

// zoo is what the goroutines of a random program share.
type zoo struct {
	mu    sim.Mutex
	rw    sim.RWMutex
	wg    sim.WaitGroup
	cond  sim.Cond
	meet  sim.Chan[int]
	buf   sim.Chan[int]
	sem   sim.Semaphore
	once  sim.Once
	count sim.AtomicInt[int]
	plain sim.Var[int]
	items sim.Pool[int]
	table sim.SyncMap[int, int]
	timer *sim.Timer
	ctx   *sim.Context
	stop  func(*sim.G)
}

// actions are the steps of a random program; their misuses are recovered from.
var actions = []func(g *sim.G, z *zoo){
	func(g *sim.G, z *zoo) { z.mu.Lock(g); z.plain.Store(g, z.plain.Load(g)+1); z.mu.Unlock(g) },
	func(g *sim.G, z *zoo) { z.mu.TryLock(g) },
	func(g *sim.G, z *zoo) { z.rw.RLock(g); g.Yield(); z.rw.RUnlock(g) },
	func(g *sim.G, z *zoo) { z.rw.Lock(g); z.rw.Unlock(g) },
	func(g *sim.G, z *zoo) { z.wg.Go(g, "", func(g *sim.G) { z.count.Add(g, 1) }) },
	func(g *sim.G, z *zoo) { z.wg.Wait(g) },
	func(g *sim.G, z *zoo) { z.wg.Done(g) },
	func(g *sim.G, z *zoo) { z.mu.Lock(g); z.cond.Wait(g); z.mu.Unlock(g) },
	func(g *sim.G, z *zoo) { z.cond.Signal(g) },
	func(g *sim.G, z *zoo) { z.cond.Broadcast(g) },
	func(g *sim.G, z *zoo) { z.meet.Send(g, 1) },
	func(g *sim.G, z *zoo) { z.meet.Receive(g) },
	func(g *sim.G, z *zoo) { z.buf.Send(g, 2) },
	func(g *sim.G, z *zoo) { z.buf.Receive(g) },
	func(g *sim.G, z *zoo) { z.buf.Close(g) },
	func(g *sim.G, z *zoo) { sim.Select(g, z.meet.OnReceive(nil, nil), z.buf.OnReceive(nil, nil)) },
	func(g *sim.G, z *zoo) { sim.Select(g, z.meet.OnSend(3), z.timer.C.OnReceive(nil, nil), sim.Default()) },
	func(g *sim.G, z *zoo) { sim.Select(g, z.meet.OnSend(3), z.ctx.Done().OnReceive(nil, nil)) },
	func(g *sim.G, z *zoo) { z.sem.Acquire(g, 1); z.sem.Release(g, 1) },
	func(g *sim.G, z *zoo) { z.sem.Acquire(g, 2) },
	func(g *sim.G, z *zoo) { z.once.Do(g, func() { z.count.Add(g, 1) }) },
	func(g *sim.G, z *zoo) { z.count.CompareAndSwap(g, 1, 2) },
	func(g *sim.G, z *zoo) { sim.Await(g, &z.count, func(v int) bool { return v > 1 }) },
	func(g *sim.G, z *zoo) { z.items.Put(g, z.items.Get(g)) },
	func(g *sim.G, z *zoo) { z.table.LoadOrStore(g, g.Choose(2), 1) },
	func(g *sim.G, z *zoo) { g.Sleep(time.Duration(1 + g.Choose(2))) },
	func(g *sim.G, z *zoo) { z.timer.Reset(g, 1) },
	func(g *sim.G, z *zoo) { z.timer.Stop(g) },
	func(g *sim.G, z *zoo) { z.stop(g) },
	func(g *sim.G, z *zoo) { z.ctx.AfterFunc(g, func(g *sim.G) { z.count.Load(g) }) },
	func(g *sim.G, z *zoo) {
		for z.count.Load(g) < 1 {
			g.Yield()
		}
	},
}

// zooProgram has goroutines perform lists of actions.
func zooProgram(lists [][]int) func(*sim.G) {
	return func(g *sim.G) {
		z := &zoo{buf: sim.Chan[int]{Cap: 1}, sem: sim.Semaphore{N: 2, Fair: true}}
		z.cond.L = &z.mu
		z.timer = g.NewTimer(2)
		z.ctx, z.stop = sim.WithTimeout(g, sim.Background(), 3)
		for _, list := range lists {
			g.Go("", func(g *sim.G) {
				for _, i := range list {
					perform(g, z, actions[i])
				}
			})
		}
	}
}

// perform recovers from misuses, as a program may; all else goes on.
func perform(g *sim.G, z *zoo, action func(*sim.G, *zoo)) {
	defer func() {
		if r := recover(); r != nil {
			if _, misuse := r.(*sim.Misuse); !misuse {
				panic(r)
			}
		}
	}()
	action(g, z)
}

// story is an execution without what may differ between executions that are
// the same: the numbers of objects follow the announcing, which a replay may
// put off, and their IDs what earlier executions told. Here they are numbered
// as the events name them.
func story(x *sim.Execution) string {
	ids := map[int32]int{}
	id := func(obj int32) string {
		if obj < 0 {
			return x.ObjectName(obj)
		}
		if _, ok := ids[obj]; !ok {
			ids[obj] = len(ids)
		}
		return fmt.Sprintf("%v%d", x.World().Objects[obj].Kind, ids[obj])
	}
	s := fmt.Sprintf("%v %s\n", x.Outcome, x.Divergence)
	for i := range x.Events() {
		e := &x.Events()[i]
		s += fmt.Sprintf("%s %v %s alt %d read %d wrote %d child %d fault %v quiescent %v:", x.Path(e.G()), e.Op(),
			id(e.Call.Obj), e.Alt, e.Read, e.Wrote, e.Child, e.Fault, e.Quiescent)
		for _, p := range x.Parts(e) {
			s += fmt.Sprintf(" %s.%d %v %v", id(p.Obj), p.Sub, p.Mode, p.Effect)
		}
		s += "\n"
	}
	return s
}

// Following the choices of a random execution as a prefix gives the same
// events, by the same Runner and under every policy of time. Random programs go
// on until enough of them was seen.
func TestReplayIsIdentical(t *testing.T) {
	t.Parallel()
	outcomes := map[sim.Outcome]int{}
	ops := map[object.Op]int{}
	enough := func() bool {
		return outcomes[sim.Finished] > 0 && outcomes[sim.Deadlocked]+outcomes[sim.Leaked] > 0 && len(ops) >= 40
	}
	check := func(rt *rapid.T) {
		action := rapid.IntRange(0, len(actions)-1)
		lists := rapid.SliceOfN(rapid.SliceOfN(action, 1, 6), 1, 4).Draw(rt, "lists")
		opt := sim.Options{StepsMax: 300, Time: sim.Time(rapid.IntRange(0, 2).Draw(rt, "time")),
			Costs: func(x *sim.Execution) time.Duration { return time.Duration(x.Steps() % 2) }}
		seed := rapid.Uint64().Draw(rt, "seed")
		r := sim.NewRunner()
		defer r.Close()
		for i := range uint64(10) {
			opt.Scheduler, opt.Prefix = uniform{rand.New(rand.NewPCG(seed, i))}, nil
			x := r.Run(zooProgram(lists), opt)
			first := story(x)
			outcomes[x.Outcome]++
			for k := range x.Events() {
				ops[x.Events()[k].Op()]++
			}
			opt.Prefix = choices(x)
			if x = r.Run(zooProgram(lists), opt); story(x) != first {
				rt.Fatalf("%v\n%s\nis replayed as\n%s", lists, first, story(x))
			}
		}
	}
	for round := 0; round < 20 && !enough() && !t.Failed(); round++ {
		rapid.Check(t, check)
	}
	if !enough() {
		t.Errorf("too few kinds of executions: %v, %d operations", outcomes, len(ops))
	}
}
