package sim_test

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/sim"
)

var errBad = errors.New("bad")

// However a goroutine ends, the execution says so and leaves nothing behind.
func TestEndings(t *testing.T) {
	check(t, map[string]behaviour{
		"main ends first": {func(g *sim.G, l *log) {
			g.Go("", func(g *sim.G) { g.Yield(); l.add("late") })
		}, []string{"late"}},
		"goexit": {func(g *sim.G, l *log) {
			h := g.Go("", func(g *sim.G) {
				defer l.add("deferred")
				runtime.Goexit()
			})
			h.Join(g)
		}, []string{"deferred"}},
		"goexit of main": {func(g *sim.G, l *log) {
			g.Go("", func(g *sim.G) { g.Yield(); l.add("late") })
			runtime.Goexit()
		}, []string{"late"}},
		"goexit in a deferred call": {func(g *sim.G, l *log) {
			defer func() {
				defer func() { g.Yield(); l.add("end") }()
				runtime.Goexit()
			}()
			panic("dropped")
		}, []string{"end"}},
		"panic": {func(g *sim.G, l *log) {
			g.Go("", func(*sim.G) { panic(errBad) })
		}, []string{"panicked: bad"}},
		"panic in a deferred call": {func(g *sim.G, l *log) {
			defer func() { panic("second") }()
			panic("first")
		}, []string{"panicked: second"}},
		"panic after goexit": {func(g *sim.G, l *log) {
			defer func() { panic("late") }()
			runtime.Goexit()
		}, []string{"panicked: late"}},
		"panic while unwinding": {func(g *sim.G, l *log) {
			var mu sim.Mutex
			mu.Lock(g)
			defer func() { panic("unheard") }()
			mu.Lock(g)
		}, []string{"deadlocked"}},
		"goexit while unwinding": {func(g *sim.G, l *log) {
			var mu sim.Mutex
			mu.Lock(g)
			defer runtime.Goexit()
			mu.Lock(g)
		}, []string{"deadlocked"}},
		"operations while unwinding": {func(g *sim.G, l *log) {
			var mu sim.Mutex
			mu.Lock(g)
			defer mu.Unlock(g)
			defer func() { recover(); g.Go("", func(*sim.G) { l.add("never") }) }()
			mu.Lock(g)
		}, []string{"deadlocked"}},
		"for ever recovering": {func(g *sim.G, l *log) {
			var mu sim.Mutex
			mu.Lock(g)
			for {
				func() {
					defer func() { recover() }()
					mu.Lock(g)
				}()
			}
		}, []string{"deadlocked"}},
		"leak": {func(g *sim.G, l *log) {
			g.Go("", func(g *sim.G) { new(sim.Chan[int]).Receive(g) })
		}, []string{"leaked"}},
	})
}

// Misplaced handles and objects are misuses, not crashes.
func TestMisplaced(t *testing.T) {
	t.Parallel()
	var mu sim.Mutex
	var old *sim.Goroutine
	r := sim.NewRunner()
	defer r.Close()
	tests := []struct {
		name, want string
		program    func(*sim.G)
	}{
		{"the parent's handle", "the handle of main is used inside child", func(g *sim.G) {
			g.Go("child", func(*sim.G) { g.Yield() })
		}},
		{"the handle of an ended goroutine", "the handle of main/1 is used inside main", func(g *sim.G) {
			var child *sim.G
			g.Go("", func(g *sim.G) { child = g }).Join(g)
			child.Yield()
		}},
		{"first use", "", func(g *sim.G) {
			mu.Lock(g)
			old = g.Go("", func(*sim.G) {})
		}},
		{"an object of an earlier execution", "a mutex outlives its execution: it was used in an earlier one",
			func(g *sim.G) { mu.Lock(g) }},
		{"a goroutine of an earlier execution", "the handle of a goroutine of another execution is joined",
			func(g *sim.G) { old.Join(g) }},
		{"a copy", "m is a copy of an object that was used before", func(g *sim.G) {
			a := [2]sim.Mutex{{Name: "m"}}
			a[0].Lock(g)
			a[1] = a[0]
			a[1].Lock(g)
		}},
		{"the zero handle", "sim: the zero G is not a goroutine: use the handle that the body is given",
			func(*sim.G) { new(sim.Mutex).Lock(new(sim.G)) }},
	}
	for _, tc := range tests {
		x := r.Run(tc.program, sim.Options{})
		if x.Failure.Message != tc.want {
			t.Errorf("%s: %v: %q, want %q", tc.name, x.Outcome, x.Failure.Message, tc.want)
		}
	}
}

// Bounds are outcomes of their own, and one that is just enough is not hit.
func TestBounds(t *testing.T) {
	t.Parallel()
	program := func(g *sim.G) {
		for range 3 {
			g.Go("", func(*sim.G) {})
		}
	}
	for _, tc := range []struct {
		opt  sim.Options
		want sim.Outcome
	}{
		{sim.Options{}, sim.Finished},
		{sim.Options{StepsMax: 7}, sim.Finished},
		{sim.Options{StepsMax: 6}, sim.OverSteps},
		{sim.Options{GoroutinesMax: 4}, sim.Finished},
		{sim.Options{GoroutinesMax: 3}, sim.TooMany},
	} {
		if x := run(t, tc.opt, program); x.Outcome != tc.want {
			t.Errorf("%+v: %v after %d steps, want %v", tc.opt, x.Outcome, x.Steps(), tc.want)
		}
	}
}

// Two mutexes that two goroutines touch first, in either order, keep their
// identities: the IDs are the same in every execution.
func TestIdentities(t *testing.T) {
	t.Parallel()
	ids := map[string]map[int32]bool{}
	merged := 0
	explore(t, sim.Options{}, func(g *sim.G) {
		a, b := sim.Mutex{Name: "a"}, sim.Mutex{Name: "b"}
		g.Go("", func(g *sim.G) { a.Lock(g); b.Lock(g) })
		g.Go("", func(g *sim.G) { b.Lock(g); a.Lock(g) })
	}, func(x *sim.Execution) {
		if x.Merged {
			merged++
			clear(ids) // what was concluded before does not hold
		}
		for i := range x.World().Objects {
			name := x.ObjectName(int32(i))
			if ids[name] == nil {
				ids[name] = map[int32]bool{}
			}
			ids[name][x.World().Objects[i].ID] = true
		}
	})
	if len(ids) != 2 || len(ids["a"]) != 1 || len(ids["b"]) != 1 {
		t.Errorf("IDs by name: %v, want one each", ids)
	}
	for id := range ids["a"] {
		if ids["b"][id] {
			t.Errorf("both mutexes have ID %d", id)
		}
	}
	if merged > 2 {
		t.Errorf("%d mergers of two names each, want at most 2", merged)
	}
}

// A replay of another program names the step, and where it left.
func TestDivergence(t *testing.T) {
	t.Parallel()
	lock := func(g *sim.G) {
		var mu sim.Mutex
		mu.Lock(g)
		mu.Lock(g)
	}
	for _, tc := range []struct {
		prefix []sim.Choice
		want   string
	}{
		{[]sim.Choice{{G: 0}, {G: 0}}, "step 1: main cannot lock"},
		{[]sim.Choice{{G: 7}}, "step 0: goroutine 7 does not exist"},
		{[]sim.Choice{{G: -5}}, "step 0: goroutine -5 does not exist"},
		{[]sim.Choice{{G: 0, Alt: 3}}, "step 0: main cannot lock (alternative 3)"},
	} {
		x := run(t, sim.Options{Prefix: tc.prefix}, lock)
		if x.Outcome != sim.Diverged || !strings.HasPrefix(x.Divergence, tc.want) {
			t.Errorf("%v: %v: %s, want %s", tc.prefix, x.Outcome, x.Divergence, tc.want)
		}
	}
}

// A scheduler that picks what is not open is a bug of ours: Run panics, though
// the program recovers from everything.
func TestWrongPick(t *testing.T) {
	t.Parallel()
	for _, wrong := range []sim.Choice{{G: 1}, {G: 9}, {G: 0, Alt: 5}} {
		func() {
			defer func() {
				if r := recover(); r == nil {
					t.Errorf("%+v: no panic", wrong)
				}
			}()
			run(t, sim.Options{Scheduler: always{wrong}}, func(g *sim.G) {
				defer func() { recover() }()
				g.Choose(2)
			})
		}()
	}
}

type always struct{ choice sim.Choice }

// Pick implements sim.Scheduler.
func (a always) Pick(*sim.Execution) sim.Choice { return a.choice }

// Panics before the first operation, while goroutines are made known, and
// misuses there, end the execution like any others.
func TestEndingsBeforeTheFirstOperation(t *testing.T) {
	check(t, map[string]behaviour{
		"panic":       {func(g *sim.G, _ *log) { g.Go("", func(*sim.G) { panic("early") }); g.Yield() }, []string{"panicked: early"}},
		"main panics": {func(*sim.G, *log) { panic("early") }, []string{"panicked: early"}},
		"goexit":      {func(g *sim.G, _ *log) { g.Go("", func(*sim.G) { runtime.Goexit() }); g.Yield() }, []string{""}},
		"misuse": {func(g *sim.G, _ *log) { g.Go("", func(*sim.G) { g.Yield() }); g.Yield() },
			[]string{"misused: the handle of main is used inside main/1"}},
		"many": {func(g *sim.G, l *log) {
			for range 3 {
				g.AfterFunc(0, func(*sim.G) { l.add("f") })
			}
			g.Sleep(1)
		}, []string{"f f f"}},
	})
}
