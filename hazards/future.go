package hazards

import (
	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// future is how package kernels completes and cancels a future, step by step.
func future() Scenario {
	return Scenario{
		Name:    "future",
		Summary: "a worker runs a task, while its future is cancelled, waited for and given a callback",
		Lesson: "Whether a future has started, is cancelled or done is one state, and every change of it is one step under one " +
			"lock: a look at the state that is acted on later is out of date. The result is written before anybody can be told " +
			"that it is there, and a callback is either found by the one who completes, or finds the future complete.",
		Parameters: []Parameter{{Name: "n", Summary: "callbacks", Default: 1, Min: 1, Max: 4}},
		Variants: []Variant{
			{Name: "double-run", Summary: "the worker looks whether it may start, and starts later",
				Expect: []checks.Kind{checks.Misuse, checks.DataRace, checks.Assertion}, Program: promising(futureKind{startLate: true})},
			{Name: "double-done", Summary: "completing does not look whether the future is cancelled",
				Expect: []checks.Kind{checks.Misuse, checks.DataRace}, Program: promising(futureKind{doneTwice: true})},
			{Name: "callback-before-state", Summary: "callbacks are handed over before the future is done",
				Expect: []checks.Kind{checks.Assertion, checks.Deadlock}, Program: promising(futureKind{callEarly: true})},
			{Name: "lost-callback", Summary: "a callback is added after a look at the state that is out of date",
				Expect: []checks.Kind{checks.Deadlock}, Program: promising(futureKind{addLate: true})},
			{Name: "result-after-done", Summary: "the future is done before its result is written",
				Expect: []checks.Kind{checks.DataRace, checks.Assertion}, Program: promising(futureKind{writeLate: true})},
			{Name: "kernels", Summary: "as package kernels does it", Program: promising(futureKind{})},
		},
	}
}

// A futureKind says what is wrong with a future.
type futureKind struct {
	startLate bool // looking and starting are two steps
	doneTwice bool // the state does not keep anybody from completing
	callEarly bool // callbacks are handed over first
	addLate   bool // looking and adding a callback are two steps
	writeLate bool // completed is closed first
}

// The states of a modelFuture.
const (
	futurePending = iota
	futureRunning
	futureDone
	futureCancelled
)

// answer is what the task gives.
const answer = 42

// A modelFuture has the fields of kernels.Future that matter.
type modelFuture struct {
	kind      futureKind
	mu        sim.Mutex
	state     sim.Var[int]
	callbacks sim.Var[int] // how many wait
	completed sim.Chan[int]
	value     sim.Var[int]

	ran    sim.AtomicInt[int]
	called sim.WaitGroup
}

func promising(kind futureKind) func(Params) func(*sim.G) {
	return func(p Params) func(*sim.G) {
		return func(g *sim.G) {
			f := &modelFuture{kind: kind, mu: sim.Mutex{Name: "mu"}, state: sim.Var[int]{Name: "state"},
				callbacks: sim.Var[int]{Name: "callbacks"}, completed: sim.Chan[int]{Name: "completed"},
				value: sim.Var[int]{Name: "value"}, ran: sim.AtomicInt[int]{Name: "ran"}, called: sim.WaitGroup{Name: "called"}}
			won := sim.Var[bool]{Name: "won"}
			worker := g.Go("worker", f.run)
			canceller := g.Go("canceller", func(g *sim.G) { won.Store(g, f.cancel(g)) })
			f.called.Add(g, p["n"])
			for range p["n"] {
				f.onDone(g)
			}
			value := f.result(g)
			worker.Join(g)
			canceller.Join(g)
			f.called.Wait(g)
			f.judge(g, value, won.Load(g))
		}
	}
}

// judge says what has to hold in the end.
func (f *modelFuture) judge(g *sim.G, value int, won bool) {
	ran := f.ran.Load(g)
	if won {
		g.Assert(ran == 0, "cancelled before it started, and run all the same")
		return
	}
	g.Assert(ran == 1, "the task ran %d times", ran)
	g.Assert(value == answer, "the result is %d, not %d", value, answer)
}

// run is what a worker does with the future.
func (f *modelFuture) run(g *sim.G) {
	if !f.start(g) {
		return
	}
	f.ran.Add(g, 1)
	f.complete(g, futureRunning, futureDone, answer)
}

// start claims the task; false when it is not to be run.
func (f *modelFuture) start(g *sim.G) bool {
	f.mu.Lock(g)
	defer f.mu.Unlock(g)
	if f.state.Load(g) != futurePending {
		return false
	}
	if f.kind.startLate {
		f.mu.Unlock(g)
		f.mu.Lock(g)
	}
	f.state.Store(g, futureRunning)
	return true
}

// complete moves the future to its last state, if it is in the state "from".
func (f *modelFuture) complete(g *sim.G, from, to, value int) bool {
	if f.kind.callEarly {
		f.handOver(g)
	}
	f.mu.Lock(g)
	defer f.mu.Unlock(g)
	if f.state.Load(g) != from && !f.kind.doneTwice {
		return false
	}
	if f.kind.writeLate {
		defer f.value.Store(g, value)
	} else {
		f.value.Store(g, value)
	}
	f.state.Store(g, to)
	f.completed.Close(g)
	if !f.kind.callEarly {
		f.dispatch(g)
	}
	return true
}

// handOver dispatches the callbacks with a lock of its own.
func (f *modelFuture) handOver(g *sim.G) {
	f.mu.Lock(g)
	defer f.mu.Unlock(g)
	f.dispatch(g)
}

// dispatch hands over the callbacks that wait. The caller holds the lock.
func (f *modelFuture) dispatch(g *sim.G) {
	for range f.callbacks.Load(g) {
		g.Go("callback", f.callback)
	}
	f.callbacks.Store(g, 0)
}

// callback wants to see the future done.
func (f *modelFuture) callback(g *sim.G) {
	f.mu.Lock(g)
	defer f.mu.Unlock(g)
	state := f.state.Load(g)
	g.Assert(state == futureDone || state == futureCancelled, "called back before it is done")
	f.called.Done(g)
}

// cancel keeps the task from starting and reports whether it did.
func (f *modelFuture) cancel(g *sim.G) bool {
	return f.complete(g, futurePending, futureCancelled, 0)
}

// onDone adds a callback.
func (f *modelFuture) onDone(g *sim.G) {
	f.mu.Lock(g)
	defer f.mu.Unlock(g)
	state := f.state.Load(g)
	if f.kind.addLate {
		f.mu.Unlock(g)
		f.mu.Lock(g)
	}
	if state == futureDone || state == futureCancelled {
		g.Go("callback", f.callback)
		return
	}
	f.callbacks.Store(g, f.callbacks.Load(g)+1)
}

// result waits for the result.
func (f *modelFuture) result(g *sim.G) int {
	f.completed.Receive(g)
	return f.value.Load(g)
}
