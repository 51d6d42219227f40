package sim_test

import (
	"errors"
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// Group is errgroup.Group: the first error counts and cancels, the limit holds.
func TestGroup(t *testing.T) {
	bad := errors.New("bad")
	check(t, map[string]behaviour{
		"first error": {func(g *sim.G, l *log) {
			var e sim.Group
			e.Go(g, "", func(*sim.G) error { return nil })
			e.Go(g, "", func(*sim.G) error { return bad })
			l.add("%v", e.Wait(g))
		}, []string{"bad"}},
		"cancels": {func(g *sim.G, l *log) {
			e, ctx := sim.WithContext(g, sim.Background())
			e.Go(g, "", func(*sim.G) error { return bad })
			ctx.Done().Receive(g)
			l.add("%v %v", ctx.Err(g), ctx.Cause(g))
		}, []string{"context canceled bad"}},
		"limit": {func(g *sim.G, l *log) {
			var e sim.Group
			e.SetLimit(1)
			var busy sim.Chan[int]
			e.Go(g, "", func(g *sim.G) error { busy.Receive(g); return nil })
			l.add("%v", e.TryGo(g, "", func(*sim.G) error { return bad }))
			busy.Send(g, 1)
			l.add("%v", e.Wait(g))
		}, []string{"false <nil>"}},
		"negative limit": {func(g *sim.G, l *log) {
			var e sim.Group
			e.SetLimit(-1)
			e.Go(g, "", func(*sim.G) error { return bad })
			l.add("%v", e.Wait(g))
		}, []string{"bad"}},
		"no room": {func(g *sim.G, l *log) {
			var e sim.Group
			e.SetLimit(0)
			l.add("%v", e.TryGo(g, "", func(*sim.G) error { return nil }))
			e.Go(g, "", func(*sim.G) error { return nil })
		}, []string{"false deadlocked"}},
	})
}

// Flight is singleflight.Group: one call serves all who come meanwhile, and
// they share its panic or its Goexit.
func TestFlight(t *testing.T) {
	double := func(call func(g *sim.G, l *log) (int, error)) func(*sim.G, *log) {
		return func(g *sim.G, l *log) {
			var f sim.Flight[string, int]
			do := func(g *sim.G) {
				defer recovered(l)
				v, err, shared := f.Do(g, "k", func(g *sim.G) (int, error) { return call(g, l) })
				l.add("%d %v %v", v, err, shared)
			}
			g.Go("", do)
			do(g)
		}
	}
	check(t, map[string]behaviour{
		"shares": {double(func(_ *sim.G, l *log) (int, error) { l.add("run"); return 7, nil }),
			[]string{"run 7 <nil> true 7 <nil> true", "run 7 <nil> false run 7 <nil> false"}},
		"shares a panic": {double(func(_ *sim.G, l *log) (int, error) { l.add("run"); panic("bad") }),
			[]string{"run (bad) (bad)", "run (bad) run (bad)"}},
	})
}

// A Pool may or may not return what was put; a SyncMap is atomic call by call.
func TestPoolAndSyncMap(t *testing.T) {
	check(t, map[string]behaviour{
		"pool": {func(g *sim.G, l *log) {
			p := sim.Pool[int]{New: func() int { return -1 }}
			l.add("%d", p.Get(g))
			p.Put(g, 1)
			p.Put(g, 2)
			l.add("%d", p.Get(g))
		}, []string{"-1 2", "-1 -1"}},
		"pool without New": {func(g *sim.G, l *log) {
			var p sim.Pool[int]
			l.add("%d", p.Get(g))
		}, []string{"0"}},
		"one stores": {func(g *sim.G, l *log) {
			var m sim.SyncMap[string, int]
			store := func(v int) func(*sim.G) {
				return func(g *sim.G) {
					got, loaded := m.LoadOrStore(g, "k", v)
					l.add("%d:%v", got, loaded)
				}
			}
			g.Go("", store(2))
			store(1)(g)
		}, []string{"1:false 1:true", "2:false 2:true"}},
		"map calls": {func(g *sim.G, l *log) {
			var m sim.SyncMap[string, int]
			m.Store(g, "a", 1)
			_, swapped := m.Swap(g, "a", 2)
			l.add("%v %v", swapped, m.CompareAndSwap(g, "a", 1, 3))
			l.add("%v %v", m.CompareAndDelete(g, "a", 1), m.CompareAndDelete(g, "a", 2))
			_, ok := m.LoadAndDelete(g, "a")
			l.add("%v", ok)
			m.Store(g, "b", 1)
			m.Clear(g)
			_, ok = m.Load(g, "b")
			l.add("%v", ok)
		}, []string{"true false false true false false"}},
		"range sees what stays": {func(g *sim.G, l *log) {
			var m sim.SyncMap[string, int]
			m.Store(g, "a", 1)
			m.Store(g, "b", 2)
			g.Go("", func(g *sim.G) { m.Delete(g, "a"); m.Store(g, "a", 3) })
			sawB := false
			m.Range(g, func(k string, _ int) bool { sawB = sawB || k == "b"; return true })
			l.add("%v", sawB)
		}, []string{"true"}},
	})
}
