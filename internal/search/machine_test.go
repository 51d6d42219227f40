package search

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/interleave-go/interleave/sim"
)

// machine is the objects of one execution of a generated program.
type machine struct {
	x       [2]sim.AtomicInt[int]
	plain   [2]sim.Var[int]
	table   sim.SyncMap[int, int]
	pool    sim.Pool[int]
	mu      [2]sim.Mutex
	rw      sim.RWMutex
	sem     sim.Semaphore
	fair    sim.Semaphore
	ch      [2]sim.Chan[int]
	un      [2]sim.Chan[int]
	cond    sim.Cond
	wg      sim.WaitGroup
	once    sim.Once
	barrier sim.Barrier
	latch   sim.Latch

	timers      [2]*sim.Timer
	ctx         *sim.Context
	cancel      func(*sim.G)
	child       *sim.Context // below ctx
	cancelChild func(*sim.G)

	all      []*sim.Goroutine
	forks    [][]*forked // by goroutine: those that it has not waited for
	history  sim.History
	open     []int // by goroutine: calls that have not returned
	returned int
	seen     []string
}

func (p generated) program(log *[]string) func(*sim.G) {
	return func(g *sim.G) {
		m := &machine{sem: sim.Semaphore{N: 1}, fair: sim.Semaphore{N: 2, Fair: true}, barrier: sim.Barrier{N: 2},
			latch: sim.Latch{N: 2}, seen: make([]string, len(p)+1), open: make([]int, len(p)), forks: make([][]*forked, len(p))}
		m.ch[0].Cap, m.ch[1].Cap = 1, 2
		m.cond.L = &m.mu[0]
		m.prepare(g, p)
		m.name(p[0][0].a == 0)
		*log = m.seen
		for i, body := range p {
			m.all = append(m.all, g.Go("", func(g *sim.G) {
				defer m.recovered(i)
				for _, in := range body {
					m.run(g, i, in)
				}
			}))
		}
	}
}

// prepare makes what has to be there before it is used.
func (m *machine) prepare(g *sim.G, p generated) {
	if p.uses("cancel", "ctxerr", "ctxdone", "timeout", "child", "ctxafter", "childerr", "childdone", "childcancel", "childtimeout") {
		m.ctx, m.cancel = sim.WithCancel(g, sim.Background())
	}
	switch {
	case p.uses("childtimeout"):
		m.child, m.cancelChild = sim.WithTimeout(g, m.ctx, 5)
	case p.uses("childerr", "childdone", "childcancel"):
		m.child, m.cancelChild = sim.WithCancel(g, m.ctx)
	}
	for i := range m.timers {
		if slices.ContainsFunc(slices.Concat(p...), func(in instruction) bool {
			return in.a == i && strings.HasPrefix(in.op, "timer")
		}) {
			m.timers[i] = g.NewTimer(4 * time.Duration(1+i))
		}
	}
}

// recovered notes a misuse from which the program recovers.
func (m *machine) recovered(i int) {
	if r := recover(); r != nil {
		e, ok := r.(*sim.Misuse)
		if !ok {
			panic(r)
		}
		m.seen[i] += " panic:" + e.Message
	}
}

// name names every object that a message can mention. Where all have one name,
// they are known by who touches them.
func (m *machine) name(apart bool) {
	named := func(kind string, i int) string {
		if !apart {
			return "object"
		}
		return fmt.Sprint(kind, i)
	}
	for i := range 2 {
		m.mu[i].Name, m.ch[i].Name, m.un[i].Name = named("mu", i), named("ch", i), named("un", i)
	}
	m.rw.Name, m.sem.Name, m.fair.Name, m.cond.Name = named("rw", 0), named("sem", 0), named("fair", 0), named("cond", 0)
	m.wg.Name, m.once.Name, m.barrier.Name, m.latch.Name = named("wg", 0), named("once", 0), named("barrier", 0), named("latch", 0)
}

// note adds to what goroutine i has seen.
func (m *machine) note(i int, v ...any) { m.seen[i] += " " + strings.Trim(fmt.Sprint(v...), "[]") }

// run runs an instruction of goroutine i.
func (m *machine) run(g *sim.G, i int, in instruction) {
	switch {
	case in.op == "lazy":
	case m.memory(g, i, in), m.locks(g, i, in), m.channels(g, i, in), m.waiting(g, i, in), m.clocks(g, i, in),
		m.contexts(g, i, in), m.joins(g, i, in):
	default:
		panic("unknown instruction " + in.op)
	}
}

// memory runs the instructions on variables. It reports whether it knows the
// instruction, as the following ones do.
func (m *machine) memory(g *sim.G, i int, in instruction) bool {
	switch in.op {
	case "load":
		m.note(i, m.x[in.a].Load(g))
	case "store":
		m.x[in.a].Store(g, 10*i+in.b+1)
	case "add":
		m.note(i, m.x[in.a].Add(g, 1))
	case "swap":
		m.note(i, m.x[in.a].Swap(g, i+5))
	case "cas":
		m.note(i, m.x[in.a].CompareAndSwap(g, in.b, 7))
	case "await":
		m.note(i, sim.Await(g, &m.x[in.a], func(v int) bool { return v != 0 }))
	case "loadplain":
		m.note(i, m.x[in.a].LoadPlain(g))
	case "storeplain":
		m.x[in.a].StorePlain(g, 10*i+in.b+1)
	case "read":
		m.note(i, m.plain[in.a].Load(g))
	case "write":
		m.plain[in.a].Store(g, i+1)
	case "mapload":
		v, ok := m.table.Load(g, in.a)
		m.note(i, v, ok)
	case "maploadorstore":
		v, ok := m.table.LoadOrStore(g, in.a, i+1)
		m.note(i, v, ok)
	case "mapdelete":
		v, ok := m.table.LoadAndDelete(g, in.a)
		m.note(i, v, ok)
	case "get":
		m.note(i, m.pool.Get(g))
	case "put":
		m.pool.Put(g, i+1)
	case "choose":
		m.note(i, g.Choose(2))
	case "yieldload":
		for k := 0; m.x[in.a].Load(g) == 0 && k < 3; k++ {
			g.Yield()
		}
	default:
		return false
	}
	return true
}

func (m *machine) locks(g *sim.G, i int, in instruction) bool {
	switch in.op {
	case "lock":
		m.mu[in.a].Lock(g)
	case "unlock":
		m.mu[in.a].Unlock(g)
	case "unlockboth":
		sim.UnlockBoth(g, &m.mu[in.a], &m.mu[in.b])
	case "trylock":
		m.note(i, m.mu[in.a].TryLock(g))
	case "rlock":
		m.rw.RLock(g)
	case "runlock":
		m.rw.RUnlock(g)
	case "wlock":
		m.rw.Lock(g)
	case "wunlock":
		m.rw.Unlock(g)
	case "tryrlock":
		m.note(i, m.rw.TryRLock(g))
	case "trywlock":
		m.note(i, m.rw.TryLock(g))
	case "acquire":
		m.sem.Acquire(g, 1)
	case "release":
		m.sem.Release(g, 1)
	case "tryacquire":
		m.note(i, m.sem.TryAcquire(g, 1))
	case "facquire":
		m.fair.Acquire(g, 1+in.a)
	case "frelease":
		m.fair.Release(g, 1+in.a)
	default:
		return false
	}
	return true
}

func (m *machine) channels(g *sim.G, i int, in instruction) bool {
	var v int
	var none *sim.Chan[int]
	switch in.op {
	case "send":
		m.ch[in.a].Send(g, i)
	case "recv":
		v, ok := m.ch[in.a].ReceiveOK(g)
		m.note(i, v, ok)
	case "usend":
		m.un[in.a].Send(g, i)
	case "urecv":
		v, ok := m.un[in.a].ReceiveOK(g)
		m.note(i, v, ok)
	case "close":
		[]*sim.Chan[int]{&m.ch[in.a], &m.un[in.a]}[in.b].Close(g)
	case "len":
		m.note(i, m.ch[in.a].Len(g))
	case "select":
		m.note(i, sim.Select(g, m.ch[in.a].OnReceive(&v, nil), m.un[in.b].OnReceive(&v, nil)), v)
	case "selectdef":
		m.note(i, sim.Select(g, m.ch[in.a].OnReceive(&v, nil), m.un[in.b].OnSend(i), sim.Default()), v)
	case "selectsend":
		m.note(i, sim.Select(g, m.un[0].OnSend(i), m.un[1].OnReceive(nil, nil), m.ch[in.a].OnSend(i)))
	case "selectone":
		m.note(i, sim.Select(g, m.un[in.a].OnReceive(&v, nil)), v)
	case "selectboth":
		m.note(i, sim.Select(g, m.un[in.a].OnSend(i), m.un[in.a].OnReceive(&v, nil)), v)
	case "selecttwice": // one channel, in two cases or three
		c := [2]*sim.Chan[int]{&m.ch[in.b], &m.un[in.b]}[in.a]
		m.note(i, sim.Select(g, c.OnReceive(&v, nil), c.OnReceive(&v, nil)), v)
	case "selectsendtwice":
		c := [2]*sim.Chan[int]{&m.ch[in.b], &m.un[in.b]}[in.a]
		m.note(i, sim.Select(g, c.OnSend(i), c.OnReceive(&v, nil), c.OnSend(i+5)), v)
	case "nilselect":
		m.note(i, sim.Select(g, none.OnReceive(nil, nil), m.un[in.b].OnReceive(nil, nil)))
	case "nilrecv":
		if in.a+in.b == 2 {
			none.Receive(g)
		}
	default:
		return false
	}
	return true
}

func (m *machine) waiting(g *sim.G, i int, in instruction) bool {
	switch in.op {
	case "wait":
		if in.a+in.b < 2 { // else it is a misuse, but for a lock before
			m.mu[0].Lock(g)
		}
		m.cond.Wait(g)
		m.note(i, m.x[in.a].Add(g, 1))
		m.mu[0].Unlock(g)
	case "signal":
		m.cond.Signal(g)
	case "broadcast":
		m.cond.Broadcast(g)
	case "wgadd":
		m.wg.Add(g, 1+in.a+2*in.b)
	case "wgdone":
		m.wg.Done(g)
	case "wgwait":
		m.wg.Wait(g)
	case "once":
		m.once.Do(g, func() { m.x[in.a].Store(g, i+1); m.note(i, "did") })
	case "arrive":
		m.barrier.Wait(g)
	case "countdown":
		m.latch.CountDown(g)
	case "latchwait":
		m.latch.Wait(g)
	case "spawnjoin":
		h := g.Go("", func(g *sim.G) { m.x[in.a].Add(g, 1) })
		if in.b == 0 {
			h.Join(g)
		}
	case "call":
		m.history.Call(g, in.a)
		m.open[i]++
		m.note(i, m.returned)
	case "return":
		if m.open[i] > 0 {
			m.history.Return(g, in.b)
			m.open[i]--
			m.returned++
		}
	default:
		return false
	}
	return true
}

// span is a duration, one of four.
func span(in instruction) time.Duration { return time.Duration(2 + 3*in.a + 2*in.b) }

func (m *machine) clocks(g *sim.G, i int, in instruction) bool {
	switch in.op {
	case "sleep":
		g.Sleep(span(in))
	case "now":
		m.note(i, g.Now())
	case "afterfunc":
		g.AfterFunc(span(in), func(g *sim.G) { m.x[in.a].Store(g, 99) })
	case "afterstop":
		m.note(i, g.AfterFunc(span(in), func(g *sim.G) { m.x[in.a].Store(g, 99) }).Stop(g))
	case "after":
		m.note(i, g.After(span(in)).Receive(g))
	case "tick":
		t := g.NewTicker(span(in))
		m.note(i, t.C.Receive(g))
		if in.b == 1 {
			t.Reset(g, 3)
			m.note(i, t.C.Receive(g))
		}
		t.Stop(g)
	case "timerstop":
		m.note(i, m.timers[in.a].Stop(g))
	case "timerreset":
		m.note(i, m.timers[in.a].Reset(g, 3+5*time.Duration(in.b)))
	case "timerrecv":
		m.note(i, m.timers[in.a].C.Receive(g))
	case "timerselect":
		m.note(i, sim.Select(g, m.timers[in.a].C.OnReceive(nil, nil), m.un[in.b].OnReceive(nil, nil)))
	case "timerpoll":
		m.note(i, sim.Select(g, m.timers[in.a].C.OnReceive(nil, nil), m.un[in.b].OnReceive(nil, nil), sim.Default()))
	default:
		return false
	}
	return true
}

func (m *machine) contexts(g *sim.G, i int, in instruction) bool {
	switch in.op {
	case "cancel":
		m.cancel(g)
	case "ctxerr":
		m.note(i, m.ctx.Err(g))
	case "ctxdone":
		m.ctx.Done().Receive(g)
	case "ctxafter":
		stop := m.ctx.AfterFunc(g, func(g *sim.G) { m.x[in.a].Store(g, 98) })
		if in.b == 1 {
			m.note(i, stop(g))
		}
	case "child":
		c, cancel := sim.WithCancel(g, m.ctx)
		m.note(i, c.Err(g))
		if in.a == 0 {
			cancel(g)
		}
		m.note(i, c.Err(g))
	case "timeout":
		c, cancel := sim.WithTimeout(g, m.ctx, span(in))
		if in.b == 0 {
			m.note(i, sim.Select(g, c.Done().OnReceive(nil, nil), m.ctx.Done().OnReceive(nil, nil)))
		}
		m.note(i, c.Err(g))
		cancel(g)
	case "childerr", "childtimeout":
		m.note(i, m.child.Err(g))
	case "childdone":
		m.child.Done().Receive(g)
		m.note(i, m.child.Err(g))
	case "childcancel":
		m.cancelChild(g)
	default:
		return false
	}
	return true
}
