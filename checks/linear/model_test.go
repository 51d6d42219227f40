package linear_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/linear"
	"github.com/interleave-go/interleave/sim"
)

// steps runs operations one after the other in a model, and says what comes out
// of each, and in which state it ends.
func steps[S, I, O any](m linear.Model[S, I, O], ops ...I) string {
	var state S
	if m.Init != nil {
		state = m.Init()
	}
	var out []string
	for _, in := range ops {
		o := m.Step(state, in)
		if len(o) != 1 {
			out = append(out, fmt.Sprintf("%v has %d outcomes", in, len(o)))
			continue
		}
		state = o[0].State
		out = append(out, m.Describe(in, o[0].Output))
	}
	return strings.Join(out, ", ")
}

// One operation after the other, every model does what its object does.
func TestModels(t *testing.T) {
	t.Parallel()
	do := func(verb linear.Verb, values ...int) op {
		o := op{Do: verb}
		if len(values) > 0 {
			o.Value = values[len(values)-1]
		}
		if len(values) > 1 {
			o.Old = values[0]
		}
		return o
	}
	for name, c := range map[string]struct{ got, want string }{
		"counter": {steps(linear.Counter(), do(linear.Increment), do(linear.Add, 2), do(linear.Value)),
			"increment(), add(2) = 3, value() = 3"},
		"register": {steps(linear.Register[int](), do(linear.Read), do(linear.Write, 1), do(linear.Swap, 2),
			do(linear.CompareAndSwap, 1, 3), do(linear.CompareAndSwap, 2, 3), do(linear.Read)),
			"read() = 0, write(1), swap(2) = 1, cas(1, 3) = false, cas(2, 3) = true, read() = 3"},
		"stack": {steps(linear.Stack[int](), do(linear.Push, 1), do(linear.Push, 2), do(linear.Pop), do(linear.Pop), do(linear.Pop)),
			"push(1), push(2), pop() = 2, pop() = 1, pop() = nothing"},
		"queue": {steps(linear.Queue[int](0), do(linear.Enqueue, 1), do(linear.Offer, 2), do(linear.Dequeue), do(linear.Take),
			do(linear.Dequeue), do(linear.Take)),
			"enqueue(1), offer(2) = true, dequeue() = 1, take() = 2, dequeue() = nothing, take() has 0 outcomes"},
		"bounded queue": {steps(linear.Queue[int](1), do(linear.Enqueue, 1), do(linear.Offer, 2), do(linear.Enqueue, 3), do(linear.Take)),
			"enqueue(1), offer(2) = false, enqueue(3) has 0 outcomes, take() = 1"},
		"set": {steps(linear.Set[int](), do(linear.Insert, 1), do(linear.Insert, 1), do(linear.Contains, 1), do(linear.Remove, 1),
			do(linear.Remove, 1), do(linear.Contains, 1)),
			"insert(1) = true, insert(1) = false, contains(1) = true, remove(1) = true, remove(1) = false, contains(1) = false"},
		"map": {steps(linear.Map[int, int](), mapOp{linear.Get, 1, 0}, mapOp{linear.GetOrPut, 1, 7}, mapOp{linear.GetOrPut, 1, 8},
			mapOp{linear.Put, 1, 9}, mapOp{linear.Get, 1, 0}, mapOp{linear.Delete, 1, 0}, mapOp{linear.Get, 1, 0}),
			"get(1) = nothing, getOrPut(1, 7) = 7, new, getOrPut(1, 8) = 7, there before, put(1, 9), get(1) = 9, delete(1), get(1) = nothing"},
		"mutex": {steps(linear.Mutex(), do(linear.Unlock), do(linear.Lock), do(linear.Lock), do(linear.TryLock), do(linear.Unlock), do(linear.TryLock)),
			"unlock() has 0 outcomes, lock(), lock() has 0 outcomes, tryLock() = false, unlock(), tryLock() = true"},
		"semaphore": {steps(linear.Semaphore(2), do(linear.Acquire, 1), do(linear.TryAcquire, 2), do(linear.Acquire, 2), do(linear.TryAcquire, 1),
			do(linear.Release, 2), do(linear.Release, 1)),
			"acquire(1), tryAcquire(2) = false, acquire(2) has 0 outcomes, tryAcquire(1) = true, release(2), release(1) has 0 outcomes"},
	} {
		if c.got != c.want {
			t.Errorf("%s:\n%s, want\n%s", name, c.got, c.want)
		}
	}
}

// channel is a queue that is a buffered channel.
func channel(room int) func(*sim.G) linear.Object[op, result] {
	return func(*sim.G) linear.Object[op, result] {
		c := &sim.Chan[int]{Name: "c", Cap: room}
		return func(g *sim.G, o op) result {
			var v int
			switch o.Do {
			case linear.Enqueue:
				c.Send(g, o.Value)
				return result{}
			case linear.Offer:
				return result{OK: sim.Select(g, c.OnSend(o.Value), sim.Default()) == 0}
			case linear.Take:
				return result{Value: c.Receive(g), OK: true}
			}
			return result{OK: sim.Select(g, c.OnReceive(&v, nil), sim.Default()) == 0, Value: v}
		}
	}
}

// semaphore is one of sim's.
func semaphore(*sim.G) linear.Object[op, result] {
	s := &sim.Semaphore{Name: "s", N: 2}
	return func(g *sim.G, o op) result {
		switch o.Do {
		case linear.Acquire:
			s.Acquire(g, o.Value)
		case linear.Release:
			s.Release(g, o.Value)
		case linear.TryAcquire:
			return result{OK: s.TryAcquire(g, o.Value)}
		}
		return result{}
	}
}

// atomically is a register and counter of one atomic variable; in steps, it
// reads and writes where it should do both at once.
func atomically(inSteps bool) func(*sim.G) linear.Object[op, result] {
	return func(*sim.G) linear.Object[op, result] {
		var v integer
		return func(g *sim.G, o op) result {
			switch o.Do {
			case linear.Increment, linear.Add:
				by := max(o.Value, 1)
				if inSteps {
					by += v.Load(g)
					v.Store(g, by)
				} else {
					by = v.Add(g, by)
				}
				if o.Do == linear.Increment {
					return result{}
				}
				return result{Value: by}
			case linear.Write:
				v.Store(g, o.Value)
				return result{}
			case linear.Swap:
				return result{Value: v.Swap(g, o.Value)}
			case linear.CompareAndSwap:
				if !inSteps {
					return result{OK: v.CompareAndSwap(g, o.Old, o.Value)}
				}
				if v.Load(g) != o.Old {
					return result{}
				}
				v.Store(g, o.Value)
				return result{OK: true}
			}
			return result{Value: v.Load(g)}
		}
	}
}

// small bounds programs so that all of each is explored.
func small() linear.CheckOptions {
	return linear.CheckOptions{PlansMax: 30, GoroutinesMax: 2, OperationsMax: 2, AroundMax: 1, Judges: onlyModel}
}

// The objects of package sim are what the models say, operations that wait
// included; those that do in two steps what should be one are not.
func TestModelsOfObjects(t *testing.T) {
	t.Parallel()
	waiting := linear.Queue[int](1)
	waiting.Draw = append(blocking().Draw, func(*rand.Rand) op { return op{Do: linear.Dequeue} },
		func(*rand.Rand) op { return op{Do: linear.Offer, Value: 4} })
	weighted := linear.Semaphore(2)
	for _, do := range []linear.Verb{linear.Acquire, linear.TryAcquire} {
		weighted.Draw = append(weighted.Draw, func(r *rand.Rand) op { return op{Do: do, Value: 1 + r.IntN(2)} })
	}
	for name, c := range map[string]struct {
		check func() (linear.Trial[op], error)
		fails bool
	}{
		"channel":   {func() (linear.Trial[op], error) { return linear.Check(waiting, channel(1), small()) }, false},
		"semaphore": {func() (linear.Trial[op], error) { return linear.Check(weighted, semaphore, small()) }, false},
		"counter":   {func() (linear.Trial[op], error) { return linear.Check(linear.Counter(), atomically(false), small()) }, false},
		"register": {func() (linear.Trial[op], error) {
			return linear.Check(linear.Register[int](), atomically(false), small())
		}, false},
		"counter in steps": {func() (linear.Trial[op], error) {
			return linear.Check(linear.Counter(), atomically(true), linear.CheckOptions{Judges: onlyModel})
		}, true},
		"register in steps": {func() (linear.Trial[op], error) {
			return linear.Check(linear.Register[int](), atomically(true), linear.CheckOptions{Judges: onlyModel})
		}, true},
		"a smaller channel": {func() (linear.Trial[op], error) {
			return linear.Check(linear.Queue[int](2), channel(1), linear.CheckOptions{Judges: onlyModel})
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			trial, err := c.check()
			if err != nil || trial.Failed != c.fails || c.fails && trial.Finding.Kind != checks.Linearizability || trial.Undecided > 0 {
				t.Errorf("%+v, %v", trial, err)
			}
			if !c.fails && (trial.Plans < 10 || trial.Complete < trial.Plans) {
				t.Errorf("%d of %d plans were explored", trial.Complete, trial.Plans)
			}
		})
	}
}
