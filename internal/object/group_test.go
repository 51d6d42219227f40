package object_test

import (
	"math"

	"github.com/interleave-go/interleave/internal/object"
)

// A group is some objects that are used together, and the calls on them. Each
// of calls is asked for as often as any other.
type group struct {
	name  string
	setup func(k *walk) func(g int32) object.Call
	// rare are pairs of calls that are not pending together but by a misuse.
	rare [][2]object.Op
}

// on makes a random call out of kinds of calls, with an operand below args.
func (k *walk) on(obj int32, args int, ops ...object.Op) func(g int32) object.Call {
	return func(g int32) object.Call {
		return object.Call{Op: ops[k.pick(len(ops))], G: g, Obj: obj, Arg: int32(k.pick(max(args, 1)))}
	}
}

func groups() []group {
	list := []group{
		{name: "goroutine", setup: func(k *walk) func(int32) object.Call {
			return func(g int32) object.Call {
				if k.pick(3) == 0 {
					return object.Call{Op: object.End, G: g, Obj: ^g}
				}
				return object.Call{Op: object.Join, G: g, Obj: int32(^k.pick(walkers))}
			}
		}},
		{name: "cell", setup: func(k *walk) func(int32) object.Call {
			return k.on(k.add(object.Cell, 0, false), 2,
				object.Load, object.Store, object.Modify, object.CompareAndSwap, object.Await)
		}},
		{name: "mutex", setup: func(k *walk) func(int32) object.Call {
			return k.on(k.add(object.Mutex, 0, false), 0, object.Lock, object.TryLock, object.Unlock)
		}},
		{name: "mutexes", setup: func(k *walk) func(int32) object.Call {
			pair := []int32{k.add(object.Mutex, 0, false), k.add(object.Mutex, 0, false)}
			ops := []object.Op{object.Lock, object.Lock, object.TryLock, object.Unlock, object.UnlockBoth}
			return func(g int32) object.Call {
				return object.Call{Op: ops[k.pick(len(ops))], G: g, Obj: pair[k.pick(2)], Arg: pair[k.pick(2)]}
			}
		}},
		{name: "rwmutex", setup: func(k *walk) func(int32) object.Call {
			return k.on(k.add(object.RWMutex, 0, false), 0, object.RLock, object.RLock, object.RUnlock, object.RUnlock,
				object.TryRLock, object.WLock, object.TryWLock, object.WUnlock)
		}, rare: [][2]object.Op{{object.WAnnounce, object.WAnnounce}, {object.WAnnounce, object.WDrained},
			{object.WDrained, object.WDrained}}},
		{name: "cond", setup: condGroup},
		{name: "waitgroup", setup: func(k *walk) func(int32) object.Call {
			wg := k.add(object.WaitGroup, 0, false)
			return func(g int32) object.Call {
				if k.pick(3) == 0 {
					return object.Call{Op: object.Wait, G: g, Obj: wg}
				}
				return object.Call{Op: object.Add, G: g, Obj: wg, Arg: int32(k.pick(5) - 2)}
			}
		}},
		{name: "once", setup: func(k *walk) func(int32) object.Call {
			return k.on(k.add(object.Once, 0, false), 0, object.OnceEnter)
		}, rare: [][2]object.Op{{object.OnceDone, object.OnceDone}}},
		{name: "latch", setup: func(k *walk) func(int32) object.Call {
			latch := k.add(object.Latch, 3, false)
			return func(g int32) object.Call {
				if k.pick(2) == 0 {
					return object.Call{Op: object.CountDown, G: g, Obj: latch, Arg: 1}
				}
				return object.Call{Op: object.LatchWait, G: g, Obj: latch}
			}
		}},
		{name: "barrier", setup: func(k *walk) func(int32) object.Call {
			return k.on(k.add(object.Barrier, 3, false), 0, object.Arrive)
		}},
		{name: "pool", setup: func(k *walk) func(int32) object.Call {
			return k.on(k.add(object.Pool, 0, false), 0, object.PoolGet, object.PoolPut)
		}},
		{name: "history", setup: func(k *walk) func(int32) object.Call {
			return k.on(k.add(object.History, 0, false), 0, object.Invoke, object.Respond)
		}},
		{name: "context", setup: contextGroup},
		{name: "clock", setup: clockGroup},
	}
	for _, fair := range []bool{false, true} {
		list = append(list, group{name: map[bool]string{false: "semaphore", true: "fair"}[fair],
			setup: func(k *walk) func(int32) object.Call { return semaphoreGroup(k, fair) }})
	}
	for name, caps := range map[string][]int32{"rendezvous": {0, 0}, "buffered": {1, 2}, "mixed": {0, 1}} {
		list = append(list, group{name: name, setup: func(k *walk) func(int32) object.Call { return channelGroup(k, caps) }})
	}
	return list
}

func semaphoreGroup(k *walk, fair bool) func(int32) object.Call {
	sem := k.add(object.Semaphore, 3, fair)
	weights := []int32{0, 1, 1, 2, 3, 4, math.MaxInt32}
	ops := []object.Op{object.Acquire, object.Acquire, object.TryAcquire, object.Release, object.Release}
	return func(g int32) object.Call {
		return object.Call{Op: ops[k.pick(len(ops))], G: g, Obj: sem, Arg: weights[k.pick(len(weights))]}
	}
}

func condGroup(k *walk) func(int32) object.Call {
	cond, mutex := k.add(object.Cond, 0, false), k.add(object.Mutex, 0, false)
	ops := []object.Op{object.CondWait, object.CondWait, object.Signal, object.Broadcast, object.Lock, object.Unlock}
	return func(g int32) object.Call {
		c := object.Call{Op: ops[k.pick(len(ops))], G: g, Obj: cond, Arg: mutex}
		switch {
		case c.Op == object.CondWait && k.pick(3) == 0:
			c.Arg = -1
		case c.Op == object.Lock || c.Op == object.Unlock:
			c.Obj = mutex
		}
		return c
	}
}

// channelGroup: two channels of the capacities, 0 being unbuffered.
func channelGroup(k *walk, caps []int32) func(int32) object.Call {
	var chans []int32
	for _, n := range caps {
		kind := object.Chan
		if n == 0 {
			kind = object.Rendezvous
		}
		chans = append(chans, k.add(kind, n, false))
	}
	ops := []object.Op{object.Send, object.Receive, object.Send, object.Receive, object.Select, object.Select,
		object.Select, object.Send, object.Receive, object.Len, object.Len, object.CloseChan}
	return func(g int32) object.Call {
		c := object.Call{Op: ops[k.pick(len(ops))], G: g, Obj: chans[k.pick(2)]}
		if c.Op == object.Select {
			k.selects(&c, append(chans, object.NoObject))
		}
		return c
	}
}

// selects gives a call one to three random cases, perhaps a default.
func (k *walk) selects(c *object.Call, chans []int32) {
	c.Obj, c.Cases, c.CaseCount = object.NoObject, int32(len(k.w.Cases)), int32(1+k.pick(3))
	c.Default = k.pick(4) == 0
	for range c.CaseCount {
		ch := chans[k.pick(len(chans))]
		nothingSent := ch != object.NoObject && k.w.At(ch).CloseOnly()
		k.w.Cases = append(k.w.Cases, object.Case{Obj: ch, Send: k.pick(2) == 0 && !nothingSent})
	}
	k.w.Cases = append(k.w.Cases, object.Case{Obj: object.CasesEnd})
}

// contextGroup: a context, a child with a deadline, and goroutines that look
// at them, wait for them, or cancel them.
func contextGroup(k *walk) func(int32) object.Call {
	clock := k.add(object.Clock, 0, false)
	k.w.Times = []int64{0, 10}
	var ctx, done []int32
	for i := range int32(2) {
		c, d := k.add(object.Context, 0, false), k.add(object.Chan, 0, false)
		ctx, done = append(ctx, c), append(done, d)
		link := object.ContextLink{Context: c, Parent: object.NoObject, Done: d, Timer: object.NoObject}
		if i == 1 {
			link.Parent, link.Timer = ctx[0], k.add(object.Timer, 0, false)
			k.w.Timers = append(k.w.Timers, object.TimerLink{Timer: link.Timer, Wakes: -1, Context: c})
		}
		k.w.Contexts = append(k.w.Contexts, link)
	}
	meet := k.add(object.Rendezvous, 0, false)
	return func(g int32) object.Call {
		c := object.Call{Op: object.CtxRead, G: g, Obj: ctx[k.pick(2)], Aux: clock}
		switch k.pick(6) {
		case 0:
			c.Op = object.Cancel
		case 1:
			c.Op, c.Obj, c.Arg = object.Arm, k.w.Timers[0].Timer, 1
		case 2, 3:
			c.Op, c.Aux = object.Select, 0
			k.selects(&c, append(done, meet))
		case 4:
			c.Op, c.Obj = object.Receive, done[k.pick(2)]
		}
		return c
	}
}

// clockGroup: two timers, one with a channel.
func clockGroup(k *walk) func(int32) object.Call {
	clock, ch := k.add(object.Clock, 0, false), k.add(object.Chan, 1, false)
	k.w.Times = []int64{0, 10, 10, 20, 30}
	for _, limit := range []int32{1 + ch, 0} {
		k.w.Timers = append(k.w.Timers, object.TimerLink{Timer: k.add(object.Timer, limit, false), Wakes: -1, Context: object.NoObject})
	}
	ops := []object.Op{object.Now, object.Arm, object.Arm, object.Disarm, object.Fire, object.Send, object.Receive}
	return func(g int32) object.Call {
		c := object.Call{Op: ops[k.pick(len(ops))], G: g, Aux: clock, Obj: k.w.Timers[k.pick(2)].Timer, Arg: int32(k.pick(5))}
		switch c.Op {
		case object.Now, object.Fire:
			c.Obj = object.NoObject
		case object.Send, object.Receive:
			c.Obj = ch
		}
		return c
	}
}
