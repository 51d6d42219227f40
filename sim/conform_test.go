package sim_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/interleave-go/interleave/sim"
)

// A twin performs one operation on Go's own object and on ours, and returns
// what each said.
type twin func(g *sim.G, pick func(n int) int) (name string, real, ours func() any)

// Random calls that do not block give the same results, panics included, as
// Go's own types do.
func TestConformsToGo(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func() twin{
		"chan": chanTwin, "mutex": mutexTwin, "syncmap": mapTwin, "atomic": atomicTwin, "value": valueTwin,
	} {
		t.Run(name, func(t *testing.T) {
			r := sim.NewRunner()
			defer r.Close()
			rapid.Check(t, func(rt *rapid.T) {
				numbers := rapid.Uint32()
				pick := func(n int) int { return int(numbers.Draw(rt, "pick") % uint32(n)) }
				var difference string
				x := r.Run(func(g *sim.G) {
					step, said := make(), ""
					for range 40 {
						name, real, ours := step(g, pick)
						want, got := result(real), result(ours)
						if said += fmt.Sprintf("%s = %s\n", name, want); got != want {
							difference = fmt.Sprintf("%sours: %s", said, got)
							return
						}
					}
				}, sim.Options{})
				if difference != "" || x.Outcome != sim.Finished {
					rt.Fatalf("%v %s: after\n%s", x.Outcome, x.Failure.Message, difference)
				}
			})
		})
	}
}

// result calls f and describes what it returned, or that it panicked.
func result(f func() any) (s string) {
	defer func() {
		if r := recover(); r != nil {
			s = "panic"
		}
	}()
	return fmt.Sprint(f())
}

func chanTwin() twin {
	var real chan int
	var ours *sim.Chan[int]
	n := 0
	return func(g *sim.G, pick func(int) int) (string, func() any, func() any) {
		if n++; n == 1 {
			if size := pick(4); size < 3 {
				real, ours = make(chan int, size), sim.NewChan[int](size)
			}
		}
		switch pick(6) {
		case 0, 1:
			return fmt.Sprint("send ", n), func() any {
				select {
				case real <- n:
					return true
				default:
					return false
				}
			}, func() any { return sim.Select(g, ours.OnSend(n), sim.Default()) == 0 }
		case 2, 3:
			return "receive", func() any {
					select {
					case v, ok := <-real:
						return []any{0, v, ok}
					default:
						return []any{-1, 0, false}
					}
				}, func() any {
					var v int
					var ok bool
					i := sim.Select(g, ours.OnReceive(&v, &ok), sim.Default())
					return []any{i, v, ok}
				}
		case 4:
			return "len", func() any { return len(real) }, func() any { return ours.Len(g) }
		}
		if pick(4) > 0 {
			return "nothing", func() any { return 0 }, func() any { return 0 }
		}
		return "close", func() any { close(real); return 0 }, func() any { ours.Close(g); return 0 }
	}
}

func mutexTwin() twin {
	var real sync.RWMutex
	var ours sim.RWMutex
	readers, writer := 0, false
	return func(g *sim.G, pick func(int) int) (string, func() any, func() any) {
		switch op := pick(4); {
		case op == 0:
			return "try lock", func() any {
				ok := real.TryLock()
				writer = writer || ok
				return ok
			}, func() any { return ours.TryLock(g) }
		case op == 1 && writer:
			writer = false
			return "unlock", func() any { real.Unlock(); return 0 }, func() any { ours.Unlock(g); return 0 }
		case op == 2 && readers > 0:
			readers--
			return "read unlock", func() any { real.RUnlock(); return 0 }, func() any { ours.RUnlock(g); return 0 }
		}
		return "try read lock", func() any {
			ok := real.TryRLock()
			if ok {
				readers++
			}
			return ok
		}, func() any { return ours.TryRLock(g) }
	}
}

func mapTwin() twin {
	var real sync.Map
	var ours sim.SyncMap[int, int]
	return func(g *sim.G, pick func(int) int) (string, func() any, func() any) {
		k, v, w := pick(3), pick(3), pick(3)
		zero := func(x any, ok bool) any {
			if x == nil {
				x = 0
			}
			return fmt.Sprint(x, ok)
		}
		switch pick(8) {
		case 0:
			return "load", func() any { return zero(real.Load(k)) }, func() any { x, ok := ours.Load(g, k); return zero(x, ok) }
		case 1:
			return "store", func() any { real.Store(k, v); return 0 }, func() any { ours.Store(g, k, v); return 0 }
		case 2:
			return "swap", func() any { return zero(real.Swap(k, v)) }, func() any { x, ok := ours.Swap(g, k, v); return zero(x, ok) }
		case 3:
			return "load or store", func() any { return zero(real.LoadOrStore(k, v)) }, func() any { x, ok := ours.LoadOrStore(g, k, v); return zero(x, ok) }
		case 4:
			return "load and delete", func() any { return zero(real.LoadAndDelete(k)) }, func() any { x, ok := ours.LoadAndDelete(g, k); return zero(x, ok) }
		case 5:
			return "cas", func() any { return real.CompareAndSwap(k, v, w) }, func() any { return ours.CompareAndSwap(g, k, v, w) }
		case 6:
			return "cad", func() any { return real.CompareAndDelete(k, v) }, func() any { return ours.CompareAndDelete(g, k, v) }
		}
		return "range", func() any {
				m := map[int]int{}
				real.Range(func(k, v any) bool { m[k.(int)] = v.(int); return true })
				return m
			}, func() any {
				m := map[int]int{}
				ours.Range(g, func(k, v int) bool { m[k] = v; return true })
				return m
			}
	}
}

func atomicTwin() twin {
	var real atomic.Int32
	var ours sim.AtomicInt[int32]
	return func(g *sim.G, pick func(int) int) (string, func() any, func() any) {
		v, w := int32(pick(5)-2), int32(pick(5)-2)
		switch pick(6) {
		case 0:
			return "load", func() any { return real.Load() }, func() any { return ours.Load(g) }
		case 1:
			return "add", func() any { return real.Add(v) }, func() any { return ours.Add(g, v) }
		case 2:
			return "and", func() any { return real.And(v) }, func() any { return ours.And(g, v) }
		case 3:
			return "or", func() any { return real.Or(v) }, func() any { return ours.Or(g, v) }
		case 4:
			return "swap", func() any { return real.Swap(v) }, func() any { return ours.Swap(g, v) }
		}
		return "cas", func() any { return real.CompareAndSwap(v, w) }, func() any { return ours.CompareAndSwap(g, v, w) }
	}
}

func valueTwin() twin {
	var real atomic.Value
	var ours sim.Value
	values := []any{nil, 1, 2, "s", "t", []int{}}
	return func(g *sim.G, pick func(int) int) (string, func() any, func() any) {
		v, w := values[pick(len(values))], values[pick(len(values))]
		switch pick(4) {
		case 0:
			return "load", func() any { return real.Load() }, func() any { return ours.Load(g) }
		case 1:
			return fmt.Sprint("store ", v), func() any { real.Store(v); return 0 }, func() any { ours.Store(g, v); return 0 }
		case 2:
			return fmt.Sprint("swap ", v), func() any { return real.Swap(v) }, func() any { return ours.Swap(g, v) }
		}
		return fmt.Sprint("cas ", v, w), func() any { return real.CompareAndSwap(v, w) }, func() any { return ours.CompareAndSwap(g, v, w) }
	}
}
