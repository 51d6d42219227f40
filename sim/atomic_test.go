package sim_test

import (
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// Every atomic operation is one step; a compare-and-swap has one winner.
func TestAtomics(t *testing.T) {
	check(t, map[string]behaviour{
		"arithmetic": {func(g *sim.G, l *log) {
			var a sim.AtomicInt[int8]
			l.add("%d %d %d %d", a.Add(g, 127), a.Add(g, 1), a.Or(g, 3), a.And(g, 2))
			l.add("%d %d", a.Swap(g, 5), a.Load(g))
		}, []string{"127 -128 -128 -125 2 5"}},
		"adds are not lost": {func(g *sim.G, l *log) {
			var a sim.AtomicInt[int]
			h := g.Go("", func(g *sim.G) { a.Add(g, 1) })
			a.Add(g, 1)
			h.Join(g)
			l.add("%d", a.Load(g))
		}, []string{"2"}},
		"stores are": {func(g *sim.G, l *log) {
			var a sim.AtomicInt[int]
			h := g.Go("", func(g *sim.G) { a.Store(g, a.Load(g)+1) })
			a.Store(g, a.Load(g)+1)
			h.Join(g)
			l.add("%d", a.Load(g))
		}, []string{"1", "2"}},
		"one winner": {func(g *sim.G, l *log) {
			var a sim.Atomic[*int]
			try := func(g *sim.G) { l.add("%v", a.CompareAndSwap(g, nil, new(int))) }
			g.Go("", try)
			try(g)
		}, []string{"true false"}},
		"await": {func(g *sim.G, l *log) {
			var a sim.AtomicInt[int]
			g.Go("", func(g *sim.G) { a.Store(g, 1); a.Store(g, 2); a.Store(g, 3) })
			l.add("%d", sim.Await(g, &a, func(v int) bool { return v >= 2 }))
		}, []string{"2", "3"}},
		"await for ever": {func(g *sim.G, l *log) {
			var a sim.Atomic[bool]
			g.Go("", func(g *sim.G) { a.Store(g, true); a.Store(g, false) })
			sim.Await(g, &a, func(v bool) bool { return v })
		}, []string{"", "deadlocked"}},
	})
}

// Value keeps one type, known when the store takes place.
func TestValue(t *testing.T) {
	const inconsistent = "(sync/atomic: store of inconsistently typed value into Value)"
	check(t, map[string]behaviour{
		"zero":      {func(g *sim.G, l *log) { var v sim.Value; l.add("%v", v.Load(g)) }, []string{"<nil>"}},
		"store nil": {func(g *sim.G, l *log) { var v sim.Value; v.Store(g, nil) }, []string{"panicked: sync/atomic: store of nil value into Value"}},
		"two first stores": {func(g *sim.G, l *log) {
			var v sim.Value
			store := func(x any) func(*sim.G) {
				return func(g *sim.G) {
					defer recovered(l)
					v.Store(g, x)
					l.add("%v", x)
				}
			}
			h := g.Go("", store("s"))
			store(1)(g)
			h.Join(g)
			l.add("%v", v.Load(g))
		}, []string{"1 " + inconsistent + " 1", "s " + inconsistent + " s"}},
		"compare and swap": {func(g *sim.G, l *log) {
			var v sim.Value
			l.add("%v %v", v.CompareAndSwap(g, 1, 2), v.CompareAndSwap(g, nil, 1))
			l.add("%v %v %v", v.CompareAndSwap(g, 1, 2), v.Swap(g, 3), v.Load(g))
			defer recovered(l)
			v.CompareAndSwap(g, nil, "s")
		}, []string{"false true true 2 3 (sync/atomic: compare and swap of inconsistently typed value into Value)"}},
	})
}

// Plain memory is a scheduling point at every access.
func TestPlainMemory(t *testing.T) {
	check(t, map[string]behaviour{
		"var": {func(g *sim.G, l *log) {
			var v sim.Var[int]
			h := g.Go("", func(g *sim.G) { v.Store(g, v.Load(g)+1) })
			v.Store(g, v.Load(g)+1)
			h.Join(g)
			l.add("%d", v.Load(g))
		}, []string{"1", "2"}},
		"map": {func(g *sim.G, l *log) {
			var m sim.Map[string, int]
			m.Store(g, "a", 1)
			g.Go("", func(g *sim.G) { m.Delete(g, "a") })
			_, ok := m.Load(g, "a")
			l.add("%v %d", ok, m.Len(g))
		}, []string{"true 1", "true 0", "false 0"}},
	})
}

// An invariant holds after every write of what it reads, and may do nothing
// else.
func TestInvariant(t *testing.T) {
	const refused = `misused: invariant "i" uses b, which it does not list, or does more than read`
	check(t, map[string]behaviour{
		"violated between": {func(g *sim.G, l *log) {
			a, b := sim.Var[int]{}, sim.AtomicInt[int]{}
			g.Invariant("equal", func(g *sim.G) bool { return a.Load(g) <= b.Load(g) }, &a, &b)
			g.Go("", func(g *sim.G) { a.Store(g, 1) })
			b.Store(g, 1)
		}, []string{"", `failed: invariant "equal" does not hold`}},
		"of a map": {func(g *sim.G, l *log) {
			var m sim.Map[int, int]
			var s sim.SyncMap[int, int]
			g.Invariant("small", func(g *sim.G) bool {
				_, in := s.Load(g, 2)
				return m.Len(g) < 2 && !in
			}, &m, &s)
			m.Store(g, 1, 1)
			if g.Choose(2) == 0 {
				s.Store(g, 2, 2)
			}
			m.Store(g, 2, 2)
		}, []string{`failed: invariant "small" does not hold`}},
		"of a value": {func(g *sim.G, l *log) {
			var v sim.Value
			g.Invariant("nil", func(g *sim.G) bool { return v.Load(g) == nil }, &v)
			v.Store(g, 1)
		}, []string{`failed: invariant "nil" does not hold`}},
		"reads another": {func(g *sim.G, l *log) {
			a, b := sim.Var[int]{}, sim.Var[int]{Name: "b"}
			b.Store(g, 1)
			g.Invariant("i", func(g *sim.G) bool { return b.Load(g) == 1 }, &a)
		}, []string{refused}},
		"reads one that nobody has touched": {func(g *sim.G, l *log) {
			a, b := sim.Var[int]{}, sim.Var[int]{}
			g.Invariant("i", func(g *sim.G) bool { return b.Load(g) == 0 }, &a)
		}, []string{`misused: invariant "i" uses something, which it does not list, or does more than read`}},
		"writes": {func(g *sim.G, l *log) {
			var a sim.Var[int]
			g.Invariant("i", func(g *sim.G) bool { a.Store(g, 1); return true }, &a)
		}, []string{`misused: invariant "i" uses something, which it does not list, or does more than read`}},
		"uses the handle outside": {func(outer *sim.G, l *log) {
			var a sim.Var[int]
			outer.Invariant("i", func(*sim.G) bool { return a.Load(outer) == 0 }, &a)
		}, []string{"misused: the handle of main is used inside invariant i"}},
		"panics": {func(g *sim.G, l *log) {
			var a sim.Var[int]
			func() {
				defer recovered(l)
				g.Invariant("i", func(*sim.G) bool { panic("bad") }, &a)
			}()
			l.add("%d", a.Load(g))
		}, []string{"(bad) 0"}},
	})
}

// Choices are explored, assertions end, and a Yield in a loop waits for a
// change of what was read.
func TestProgramSteps(t *testing.T) {
	check(t, map[string]behaviour{
		"choose": {func(g *sim.G, l *log) { l.add("%d", g.Choose(3)) }, []string{"0", "1", "2"}},
		"choose from nothing": {func(g *sim.G, l *log) { g.Choose(0) },
			[]string{"misused: Choose(0): nothing to choose from"}},
		"assert": {func(g *sim.G, l *log) { g.Assert(true, "no"); g.Assert(false, "no %d", 1) },
			[]string{"failed: no 1"}},
		"yield until a change": {func(g *sim.G, l *log) {
			var a sim.Atomic[bool]
			g.Go("", func(g *sim.G) { a.Store(g, true) })
			loops := 0
			for !a.Load(g) {
				loops++
				g.Yield()
			}
			g.Assert(loops < 2, "%d loops", loops)
		}, []string{""}},
		"yield for ever": {func(g *sim.G, l *log) {
			var a sim.Atomic[bool]
			for !a.Load(g) {
				g.Yield()
			}
		}, []string{"deadlocked"}},
		"yield without a read": {func(g *sim.G, l *log) { g.Yield(); g.Yield(); l.add("end") }, []string{"end"}},
	})
}

// Notes and labels are kept with the step that follows them, with details only.
func TestNotes(t *testing.T) {
	program := func(g *sim.G) {
		g.Label("prepare")
		g.Yield()
		g.Note("value %d", 7)
	}
	if x := run(t, sim.Options{}, program); len(x.Notes()) != 0 {
		t.Errorf("notes without details: %v", x.Notes())
	}
	got := run(t, sim.Options{Details: true}, program).Notes()
	want := []sim.Note{{Step: 0, Text: "prepare", Label: true}, {Step: 1, Text: "value 7"}}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("notes %v, want %v", got, want)
	}
}
