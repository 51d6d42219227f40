package hazards

import (
	"fmt"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// pool is how package kernels hands out work and shuts down, step by step.
func pool() Scenario {
	return Scenario{
		Name:    "pool",
		Summary: "workers take jobs from a queue, while the pool is closed and one more job comes in",
		Lesson: "A pool is a queue, a lock and a condition variable, and all of its mistakes are small. Close has to wake every " +
			"worker, not one. A worker that was woken has to look again. Whether the pool is closed and the push into its queue " +
			"are one step, or a job is accepted that nobody will run. And a worker that was woken but does not run yet is spoken for.",
		Parameters: []Parameter{
			{Name: "n", Summary: "jobs before the pool is closed", Default: 2, Min: 1, Max: 16},
			{Name: "size", Summary: "workers, started when there is work for them", Default: 2, Min: 1, Max: 8},
		},
		Variants: []Variant{
			{Name: "signal-shutdown", Summary: "Close wakes one worker only", Expect: []checks.Kind{checks.Deadlock},
				Program: pooling(poolKind{signalClose: true})},
			{Name: "if-wait", Summary: "a worker that was woken takes a job without another look",
				Expect: []checks.Kind{checks.Panic}, Program: pooling(poolKind{lookOnce: true})},
			{Name: "late-take", Summary: "a worker looks at the first job, and takes it out of the queue later",
				Expect: []checks.Kind{checks.Assertion}, Program: pooling(poolKind{takeLate: true})},
			{Name: "late-submit", Summary: "Submit looks whether the pool is closed, then locks it anew to push",
				Expect: []checks.Kind{checks.Assertion}, Program: pooling(poolKind{pushLate: true})},
			{Name: "idle-twice", Summary: "Submit counts on a worker that an earlier Submit has woken",
				Expect: []checks.Kind{checks.Deadlock}, Program: pooling(poolKind{idleTwice: true, needy: true})},
			{Name: "kernels", Summary: "as package kernels does it", Program: pooling(poolKind{needy: true})},
		},
	}
}

// A poolKind says what is wrong with a pool.
type poolKind struct {
	signalClose bool // Close signals, and does not broadcast
	lookOnce    bool // a wait is not repeated
	takeLate    bool // looking and taking are two steps
	pushLate    bool // looking whether it is closed and pushing are two steps
	idleTwice   bool // a woken worker counts as idle, however many jobs wait for it
	needy       bool // job 0 waits for job 1, where there are two workers
}

// A modelPool has the fields of kernels.Pool that matter for handing out work.
type modelPool struct {
	kind    poolKind
	workers int
	mu      sim.Mutex
	wake    *sim.Cond // a job has come, or the pool is closed
	alone   *sim.Cond // no worker is left
	queue   sim.Var[[]int]
	closed  sim.Var[bool]
	idle    sim.Var[int]
	started sim.Var[int]
	live    sim.Var[int]

	ran    []sim.AtomicInt[int] // by job
	needed sim.Chan[int]        // closed by job 1
}

func pooling(kind poolKind) func(Params) func(*sim.G) {
	return func(params Params) func(*sim.G) {
		return func(g *sim.G) {
			jobs := params["n"]
			p := newModelPool(kind, params["size"], jobs+1)
			for job := range p.ran {
				p.ran[job].Store(g, 0)
			}
			accepted := sim.Var[bool]{Name: "accepted"}
			late := g.Go("submitter", func(g *sim.G) { accepted.Store(g, p.submit(g, jobs)) })
			for job := range jobs {
				g.Assert(p.submit(g, job), "job %d was refused", job)
			}
			p.close(g)
			late.Join(g)
			if accepted.Load(g) {
				jobs++
			}
			for job := range jobs {
				n := p.ran[job].Load(g)
				g.Assert(n == 1, "the pool is closed, and job %d ran %d times", job, n)
			}
		}
	}
}

func newModelPool(kind poolKind, workers, jobs int) *modelPool {
	p := &modelPool{kind: kind, workers: workers, mu: sim.Mutex{Name: "mu"}, queue: sim.Var[[]int]{Name: "queue"},
		closed: sim.Var[bool]{Name: "closed"}, idle: sim.Var[int]{Name: "idle"}, started: sim.Var[int]{Name: "started"},
		live: sim.Var[int]{Name: "live"}, ran: make([]sim.AtomicInt[int], jobs), needed: sim.Chan[int]{Name: "job 1 done"}}
	for job := range p.ran {
		p.ran[job].Name = fmt.Sprintf("runs of job %d", job)
	}
	p.wake = &sim.Cond{Name: "wake", L: &p.mu}
	p.alone = &sim.Cond{Name: "alone", L: &p.mu}
	return p
}

// submit reports whether the job was accepted.
func (p *modelPool) submit(g *sim.G, job int) bool {
	p.mu.Lock(g)
	defer p.mu.Unlock(g)
	if p.closed.Load(g) {
		return false
	}
	if p.kind.pushLate {
		p.mu.Unlock(g)
		p.mu.Lock(g)
	}
	queue := append(p.queue.Load(g), job)
	p.queue.Store(g, queue)
	needed := len(queue)
	if p.kind.idleTwice {
		needed = 1
	}
	started := p.started.Load(g)
	if p.idle.Load(g) >= needed || started == p.workers {
		p.wake.Signal(g)
		return true
	}
	p.started.Store(g, started+1)
	p.live.Store(g, p.live.Load(g)+1)
	g.Go("worker", p.work)
	return true
}

// work is the life of a worker.
func (p *modelPool) work(g *sim.G) {
	for job, ok := p.next(g); ok; job, ok = p.next(g) {
		p.run(g, job)
	}
	p.mu.Lock(g)
	defer p.mu.Unlock(g)
	live := p.live.Load(g) - 1
	p.live.Store(g, live)
	if live == 0 {
		p.alone.Broadcast(g)
	}
}

// run does a job.
func (p *modelPool) run(g *sim.G, job int) {
	if p.kind.needy && p.workers > 1 && len(p.ran) > 2 {
		switch job {
		case 0:
			p.needed.Receive(g)
		case 1:
			p.needed.Close(g)
		}
	}
	p.ran[job].Add(g, 1)
}

// next waits for a job; false means that the pool is closed and none is left.
func (p *modelPool) next(g *sim.G) (job int, ok bool) {
	p.mu.Lock(g)
	defer p.mu.Unlock(g)
	queue := p.queue.Load(g)
	for len(queue) == 0 {
		if p.closed.Load(g) {
			return 0, false
		}
		p.idle.Store(g, p.idle.Load(g)+1)
		p.wake.Wait(g)
		p.idle.Store(g, p.idle.Load(g)-1)
		queue = p.queue.Load(g)
		if p.kind.lookOnce {
			break
		}
	}
	job = queue[0]
	if p.kind.takeLate {
		p.mu.Unlock(g)
		p.mu.Lock(g)
		queue = p.queue.Load(g)
	}
	p.queue.Store(g, queue[min(1, len(queue)):])
	return job, true
}

// close takes no more jobs, and waits until those accepted are done.
func (p *modelPool) close(g *sim.G) {
	p.mu.Lock(g)
	defer p.mu.Unlock(g)
	p.closed.Store(g, true)
	if p.kind.signalClose {
		p.wake.Signal(g)
	} else {
		p.wake.Broadcast(g)
	}
	for p.live.Load(g) > 0 {
		p.alone.Wait(g)
	}
}
