package search

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// An instruction of a generated program: an operation on one of its objects.
type instruction struct {
	op   string
	a, b int
}

// A generated program: the instructions of each goroutine.
type generated [][]instruction

func (p generated) String() string {
	var b strings.Builder
	for i, body := range p {
		fmt.Fprintf(&b, "goroutine %d:", i)
		for _, in := range body {
			fmt.Fprintf(&b, " %s(%d,%d)", in.op, in.a, in.b)
		}
		b.WriteString("\n")
	}
	return b.String()
}

var groups = [][]string{
	{"load", "store", "add", "cas", "await"},
	{"lock", "unlock", "trylock", "unlockboth", "load", "store"},
	{"rlock", "runlock", "wlock", "wunlock", "tryrlock", "trywlock"},
	{"acquire", "release", "tryacquire", "facquire", "frelease"},
	{"send", "recv", "usend", "urecv", "close", "len"},
	{"select", "selectdef", "usend", "urecv", "send", "recv", "selectsend"},
	{"wait", "signal", "broadcast", "load", "store"},
	{"wgadd", "wgdone", "wgwait"},
	{"once", "load", "store", "choose"},
	{"arrive", "countdown", "latchwait", "load", "store"},
	{"sleep", "now", "afterfunc", "load", "store"},
	{"cancel", "ctxerr", "ctxdone", "load", "store"},
	{"spawnjoin", "load", "store", "add"},
	{"yieldload", "store", "load"},
	{"call", "return", "load", "store"},
}

func generate(r *rand.Rand) generated {
	pool := slices.Clone(groups[r.IntN(len(groups))])
	if r.IntN(2) == 0 {
		pool = append(pool, groups[r.IntN(len(groups))]...)
	}
	p := make(generated, 2+r.IntN(2))
	for i := range p {
		for range 1 + r.IntN(4) {
			p[i] = append(p[i], instruction{pool[r.IntN(len(pool))], r.IntN(2), r.IntN(2)})
		}
	}
	return p
}

// machine is the objects of one execution of a generated program.
type machine struct {
	x       [2]sim.AtomicInt[int]
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
	ctx     *sim.Context
	cancel  func(*sim.G)
	seen    []string

	history  sim.History
	open     []int // by goroutine: calls that have not returned
	returned int
}

func (p generated) program(log *[]string) func(*sim.G) {
	return func(g *sim.G) {
		m := &machine{sem: sim.Semaphore{N: 1}, fair: sim.Semaphore{N: 2, Fair: true}, barrier: sim.Barrier{N: 2},
			latch: sim.Latch{N: 2}, seen: make([]string, len(p)+1), open: make([]int, len(p))}
		m.ch[0].Cap, m.ch[1].Cap = 1, 2
		m.cond.L = &m.mu[0]
		for _, body := range p {
			for _, in := range body {
				if strings.HasPrefix(in.op, "ctx") || in.op == "cancel" {
					if m.ctx == nil {
						m.ctx, m.cancel = sim.WithCancel(g, sim.Background())
					}
				}
			}
		}
		m.name(p[0][0].a == 0)
		*log = m.seen
		for i, body := range p {
			g.Go("", func(g *sim.G) {
				defer func() {
					if r := recover(); r != nil {
						if e, ok := r.(*sim.Misuse); ok {
							m.seen[i] += " panic:" + e.Message
							return
						}
						panic(r)
					}
				}()
				for _, in := range body {
					m.run(g, i, in)
				}
			})
		}
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

func (m *machine) run(g *sim.G, i int, in instruction) {
	note := func(v any) { m.seen[i] += fmt.Sprintf(" %v", v) }
	switch in.op {
	case "load":
		note(m.x[in.a].Load(g))
	case "store":
		m.x[in.a].Store(g, 10*i+in.b+1)
	case "add":
		note(m.x[in.a].Add(g, 1))
	case "cas":
		note(m.x[in.a].CompareAndSwap(g, in.b, 7))
	case "await":
		note(sim.Await(g, &m.x[in.a], func(v int) bool { return v != 0 }))
	case "call":
		m.history.Call(g, in.a)
		m.open[i]++
		note(m.returned)
	case "return":
		if m.open[i] > 0 {
			m.history.Return(g, in.b)
			m.open[i]--
			m.returned++
		}
	case "lock":
		m.mu[in.a].Lock(g)
	case "unlock":
		m.mu[in.a].Unlock(g)
	case "unlockboth":
		sim.UnlockBoth(g, &m.mu[in.a], &m.mu[in.b])
	case "trylock":
		note(m.mu[in.a].TryLock(g))
	case "rlock":
		m.rw.RLock(g)
	case "runlock":
		m.rw.RUnlock(g)
	case "wlock":
		m.rw.Lock(g)
	case "wunlock":
		m.rw.Unlock(g)
	case "tryrlock":
		note(m.rw.TryRLock(g))
	case "trywlock":
		note(m.rw.TryLock(g))
	case "acquire":
		m.sem.Acquire(g, 1)
	case "release":
		m.sem.Release(g, 1)
	case "tryacquire":
		note(m.sem.TryAcquire(g, 1))
	case "facquire":
		m.fair.Acquire(g, 1+in.a)
	case "frelease":
		m.fair.Release(g, 1+in.a)
	case "send":
		m.ch[in.a].Send(g, i)
	case "recv":
		note(m.ch[in.a].Receive(g))
	case "usend":
		m.un[in.a].Send(g, i)
	case "urecv":
		note(m.un[in.a].Receive(g))
	case "close":
		if in.b == 0 {
			m.ch[in.a].Close(g)
		} else {
			m.un[in.a].Close(g)
		}
	case "len":
		note(m.ch[in.a].Len(g))
	case "select":
		var v int
		note(sim.Select(g, m.ch[in.a].OnReceive(&v, nil), m.un[in.b].OnReceive(&v, nil)))
		note(v)
	case "selectdef":
		var v int
		note(sim.Select(g, m.ch[in.a].OnReceive(&v, nil), m.un[in.b].OnSend(i), sim.Default()))
		note(v)
	case "selectsend":
		note(sim.Select(g, m.un[0].OnSend(i), m.un[1].OnReceive(nil, nil), m.ch[in.a].OnSend(i)))
	case "wait":
		if in.a+in.b < 2 { // else it is a misuse, but for a lock before
			m.mu[0].Lock(g)
		}
		m.cond.Wait(g)
		note(m.x[in.a].Add(g, 1))
		m.mu[0].Unlock(g)
	case "signal":
		m.cond.Signal(g)
	case "broadcast":
		m.cond.Broadcast(g)
	default:
		m.runMore(g, i, in)
	}
}

func (m *machine) runMore(g *sim.G, i int, in instruction) {
	note := func(v any) { m.seen[i] += fmt.Sprintf(" %v", v) }
	switch in.op {
	case "wgadd":
		m.wg.Add(g, 1+in.a)
	case "wgdone":
		m.wg.Done(g)
	case "wgwait":
		m.wg.Wait(g)
	case "once":
		m.once.Do(g, func() { m.x[in.a].Store(g, i+1); note("did") })
	case "choose":
		note(g.Choose(2))
	case "arrive":
		m.barrier.Wait(g)
	case "countdown":
		m.latch.CountDown(g)
	case "latchwait":
		m.latch.Wait(g)
	case "sleep":
		g.Sleep(1 + 2*3)
	case "now":
		note(g.Now())
	case "afterfunc":
		g.AfterFunc(5, func(g *sim.G) { m.x[in.a].Store(g, 99) })
	case "cancel":
		m.cancel(g)
	case "ctxerr":
		note(m.ctx.Err(g))
	case "ctxdone":
		m.ctx.Done().Receive(g)
	case "spawnjoin":
		h := g.Go("", func(g *sim.G) { m.x[in.a].Add(g, 1) })
		if in.b == 0 {
			h.Join(g)
		}
	case "yieldload":
		for k := 0; m.x[in.a].Load(g) == 0 && k < 3; k++ {
			g.Yield()
		}
	default:
		panic("unknown instruction " + in.op)
	}
}

// observed is what can be seen of all executions that a strategy explores.
type observed struct {
	traces       map[string]int
	logs         map[string]string // an execution of each trace
	observations map[string]bool
	executions   int
	blocked      int
	cut          bool
}

func observe(p generated, s Strategy, limit int) observed {
	var log []string
	o := observed{logs: map[string]string{}, traces: map[string]int{}, observations: map[string]bool{}}
	l := newTrace(&locator{})
	runs := 0
	res, err := Run(p.program(&log), Options{Strategy: s, StepsMax: 300, ExecutionsMax: limit, RunOn: true, Interrupt: func() string {
		if runs++; runs > 50_000 {
			return "runs"
		}
		return ""
	}, Restarted: func() {
		o.traces, o.observations = map[string]int{}, map[string]bool{}
	}}, func(x *sim.Execution) bool {
		tr := traceOf(l, x)
		if o.traces[tr]++; o.traces[tr] == 1 && s == DFS {
			o.logs[tr] = logOf(x)
		}
		if len(x.Failures) == 0 {
			o.observations[strings.Join(log, "|")+x.Outcome.String()] = true
		}
		for _, f := range Failures(x) {
			o.observations[x.Path(f.G)+f.Message] = true
		}
		return true
	})
	if err != nil {
		panic(fmt.Sprintf("%v: %v\n%v", s, err, p))
	}
	o.executions, o.blocked, o.cut = res.Executions, res.Blocked, !res.Complete
	return o
}

// traceOf is the identity of an execution's trace: a hash of every event and its
// vector clock, whatever their order.
func traceOf(t *trace, x *sim.Execution) string {
	t.truncate(0)
	*t.loc = locator{}
	t.follow(x, x.Steps())
	names := make([]uint64, x.Goroutines())
	for g := range names {
		names[g] = hashText(x.Path(int32(g)))
	}
	var sum, sum2 uint64
	for i := range t.events {
		e := &t.events[i]
		h := splitMix(names[e.g], uint64(e.index)<<32|uint64(e.op)<<24|uint64(uint32(altOf(x, e))))
		for g, n := range t.clock(int32(i)) {
			if n > 0 {
				h ^= splitMix(names[g]*3, uint64(n))
			}
		}
		sum += splitMix(h, 0)
		sum2 += splitMix(h, 1)
	}
	return fmt.Sprintf("%x%x %v", sum, sum2, x.Outcome)
}

func hashText(s string) uint64 {
	h := uint64(14695981039346656037)
	for _, b := range []byte(s) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return h
}

// logOf is the events of an execution, a line each.
func logOf(x *sim.Execution) string {
	var b strings.Builder
	for i := range x.Events() {
		e := &x.Events()[i]
		fmt.Fprintf(&b, "%3d %-8s %v %s alt %d", i, x.Path(e.G()), e.Op(), x.ObjectName(e.Call.Obj), e.Alt)
		for _, p := range x.Parts(e) {
			fmt.Fprintf(&b, " %s.%d:%v", x.ObjectName(p.Obj), p.Sub, p.Mode)
		}
		fmt.Fprintf(&b, " %v\n", e.Fault)
	}
	return b.String() + x.Outcome.String()
}

// altOf is an alternative that is the same in every runner.
func altOf(x *sim.Execution, e *traceEvent) int32 {
	if e.op == object.Fire {
		return 0
	}
	return e.alt
}

// onceLost are programs on which a rule of the reduction was missing once.
func onceLost() map[string]generated {
	return map[string]generated{
		"a lock that stays blocked in an execution which was cut": {
			{{"add", 1, 0}},
			{{"store", 0, 0}, {"lock", 0, 0}},
			{{"lock", 0, 0}, {"store", 1, 0}}},
		"a default that depends on a step which another alternative commutes with": {
			{{"urecv", 1, 1}},
			{{"send", 1, 0}, {"recv", 0, 0}, {"send", 0, 1}},
			{{"selectsend", 1, 0}, {"selectdef", 1, 1}}},
		"alternatives beside a sleeper": {
			{{"selectsend", 0, 0}, {"recv", 1, 1}},
			{{"selectdef", 0, 0}, {"select", 0, 0}, {"recv", 0, 0}},
			{{"selectdef", 1, 0}, {"usend", 1, 1}, {"recv", 1, 0}}},
		"a yield that an Add lets go on": {
			{{"wgwait", 0, 0}, {"load", 0, 0}, {"yieldload", 1, 1}},
			{{"wgadd", 1, 1}, {"wgdone", 1, 1}}},
		"a yield that a misuse lets go on": {
			{{"wlock", 1, 1}, {"wlock", 0, 0}, {"rlock", 1, 1}},
			{{"trywlock", 0, 1}, {"load", 1, 0}, {"yieldload", 0, 1}},
			{{"runlock", 1, 0}}},
	}
}

// On them reduced search sees what brute force sees.
func TestProgramsOnceLost(t *testing.T) {
	for name, p := range onceLost() {
		t.Run(name, func(t *testing.T) {
			brute := observe(p, DFS, 10_000)
			for _, s := range []Strategy{Sleep, Source, Optimal} {
				got := observe(p, s, 0)
				if msg := differ(brute, got, s); msg != "" {
					t.Errorf("%s: %s\n%v", s, msg, p)
				}
				if s == Optimal && got.blocked > 0 {
					t.Errorf("%d executions were cut as redundant", got.blocked)
				}
			}
		})
	}
}

// A bound on the wakeup trees, which hands over to source sets in the middle of
// a search, loses no trace.
func TestRandomProgramsTreeMax(t *testing.T) {
	fell := 0
	for seed := range uint64(1000) {
		p := generate(rand.New(rand.NewPCG(seed, 3)))
		if interleavings(p) > tooMany {
			continue
		}
		brute := observe(p, DFS, tooMany)
		if brute.cut {
			continue
		}
		for _, most := range []int{1, 4} {
			l := newTrace(&locator{})
			var log []string
			seen := map[string]bool{}
			r, err := Run(p.program(&log), Options{Strategy: Optimal, StepsMax: 300, TreeMax: most, RunOn: true,
				Restarted: func() { clear(seen) }},
				func(x *sim.Execution) bool { seen[traceOf(l, x)] = true; return true })
			if err != nil {
				t.Fatal(err)
			}
			fell += r.FellBack
			if len(seen) != len(brute.traces) {
				t.Errorf("seed %d, at most %d nodes: %d traces instead of %d\n%v", seed, most, len(seen), len(brute.traces), p)
			}
		}
	}
	if fell < 200 {
		t.Errorf("the bound was hit %d times, not 200", fell)
	}
}

// A budget of preemptions lets through exactly the traces that have an
// interleaving with at most that many, by brute force over all of them.
func TestRandomProgramsBudget(t *testing.T) {
	for seed := range uint64(1000) {
		p := generate(rand.New(rand.NewPCG(seed, 2)))
		least := leastPreemptions(p)
		for k := 0; k < 3 && least != nil; k++ {
			seen := map[string]int{}
			l := newTrace(&locator{})
			var log []string
			_, err := Run(p.program(&log), Options{Strategy: Bounded, StepsMax: 300, RunOn: true,
				Budget: Budget{Cost: Preemptions, Max: k}, Restarted: func() { clear(seen) }},
				func(x *sim.Execution) bool { seen[traceOf(l, x)]++; return true })
			if err != nil {
				t.Fatal(err)
			}
			for tr, n := range least {
				if want := n-1 <= k; want != (seen[tr] == 1) {
					t.Errorf("seed %d: a trace of %d preemptions is seen %d times within %d\n%v", seed, n-1, seen[tr], k, p)
				}
			}
		}
	}
}

// leastPreemptions returns the least preemptions of each trace of a program,
// and one, or nil when it has too many interleavings.
func leastPreemptions(p generated) map[string]int {
	least := map[string]int{}
	if interleavings(p) > tooMany {
		return nil
	}
	l := newTrace(&locator{})
	var log []string
	program := p.program(&log)
	r := sim.NewRunner()
	defer r.Close()
	c := &preemptionCounter{dfs: newDFS(root{})}
	for runs := 0; ; runs++ {
		o, ok := c.dfs.prepare()
		if !ok {
			return least
		}
		if runs == tooMany {
			return nil
		}
		c.prefix, c.last, c.n = len(o.Prefix), -1, 0
		x := r.Run(program, sim.Options{Scheduler: c, StepsMax: 300, RunOn: true})
		if tr := traceOf(l, x); least[tr] == 0 || c.n < least[tr]-1 {
			least[tr] = c.n + 1
		}
	}
}

// A preemptionCounter counts the preemptions of a depth-first search's
// executions.
type preemptionCounter struct {
	dfs    *dfs
	prefix int
	last   int32
	n      int
}

// Pick implements sim.Scheduler.
func (c *preemptionCounter) Pick(x *sim.Execution) sim.Choice {
	var next sim.Choice
	if step := x.Steps(); step < c.prefix {
		next = c.dfs.prefix[step]
	} else {
		next = c.dfs.Pick(x)
	}
	if x.Pending(next.G).Op == object.Fire {
		return next
	}
	if c.last >= 0 && next.G != c.last && x.Enabled().Has(c.last) && x.Pending(c.last).Op != object.Yield {
		c.n++
	}
	c.last = next.G
	return next
}

// Optimal, source and sleep sets see the same traces and the same observations
// as brute force, and optimal sees no trace twice and cuts no execution.
func TestRandomPrograms(t *testing.T) {
	programs := asked(40_000) // some are too large for brute force
	var ran atomic.Int64
	var all sync.WaitGroup
	workers := uint64(runtime.GOMAXPROCS(0))
	for w := range workers {
		all.Go(func() {
			for seed := w; seed < programs && !t.Failed(); seed += workers {
				if compare(t, *firstProgram+seed) {
					ran.Add(1)
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d programs were compared", ran.Load())
	if ran.Load() < 20_000 && !testing.Short() && *somePrograms == 0 && !t.Failed() {
		t.Errorf("%d programs were compared, not 20,000", ran.Load())
	}
}

// compare reports whether a program is small enough to be compared.
func compare(t *testing.T, seed uint64) bool {
	p := generate(rand.New(rand.NewPCG(seed, 1)))
	if interleavings(p) > tooMany {
		return false
	}
	strategies := []Strategy{Sleep, Source, Optimal}
	small, message := disagreement(p, strategies)
	if message != "" {
		p = shrink(p, func(p generated) bool {
			_, message := disagreement(p, strategies)
			return message != ""
		})
		_, message = disagreement(p, strategies)
		t.Errorf("seed %d: %s\n%s", seed, message, goTest(p))
	}
	return small
}

// disagreement says how strategies and brute force differ over a program, if they
// do. It reports false for a program too large for brute force.
func disagreement(p generated, strategies []Strategy) (bool, string) {
	brute := observe(p, DFS, tooMany)
	if brute.cut {
		return false, ""
	}
	for _, s := range strategies {
		got := observe(p, s, 0)
		if s == Optimal && got.blocked > 0 {
			return true, fmt.Sprintf("%d executions of %d were cut as redundant", got.blocked, got.executions)
		}
		if message := differ(brute, got, s); message != "" {
			return true, fmt.Sprintf("%s: %s", s, message)
		}
	}
	return true, ""
}

// tooMany interleavings make a program too large for brute force.
const tooMany = 1500

// interleavings estimates how many a program has, after Knuth: the mean, over a
// few random walks, of the product of the choices that each had.
func interleavings(p generated) float64 {
	const walks = 6
	var log []string
	program := p.program(&log)
	r := sim.NewRunner()
	defer r.Close()
	sum := 0.0
	w := &countingWalk{randomWalk: newRandomWalk(1, root{})}
	for range walks {
		w.product = 1
		opt, _ := w.prepare()
		opt.Scheduler, opt.StepsMax, opt.RunOn = w, 300, true
		r.Run(program, opt)
		sum += w.product
	}
	return sum / walks
}

// A countingWalk multiplies the numbers of choices that a random walk has.
type countingWalk struct {
	*randomWalk
	product float64
}

// Pick implements sim.Scheduler.
func (w *countingWalk) Pick(x *sim.Execution) sim.Choice {
	n := 0
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		if n++; x.Pending(g).Op.Chooses() {
			n += len(x.Alternatives(g, nil)) - 1
		}
	}
	w.product *= float64(n)
	return w.randomWalk.Pick(x)
}

func differ(brute, got observed, s Strategy) string {
	for tr := range brute.traces {
		if got.traces[tr] == 0 {
			return fmt.Sprintf("a trace is lost of %d (%d seen):\n%s", len(brute.traces), len(got.traces), brute.logs[tr])
		}
	}
	for tr, n := range got.traces {
		if brute.traces[tr] == 0 {
			return "a trace that brute force does not have:\n" + tr
		}
		if n > 1 && s == Optimal {
			return fmt.Sprintf("a trace is seen %d times:\n%s", n, tr)
		}
	}
	if got.cut {
		return "the search does not end"
	}
	if len(got.observations) != len(brute.observations) {
		return fmt.Sprintf("%d observations instead of %d", len(got.observations), len(brute.observations))
	}
	return ""
}
