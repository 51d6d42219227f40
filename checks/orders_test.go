package checks_test

import (
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/explain"
	"github.com/interleave-go/interleave/sim"
)

// adder increments a counter in two steps.
func adder(counter *sim.AtomicInt[int]) func(*sim.G) {
	return func(g *sim.G) { counter.Store(g, counter.Load(g)+1) }
}

// adders is the program that the edits below start from.
func adders(g *sim.G) {
	counter := sim.AtomicInt[int]{Name: "counter"}
	other := sim.AtomicInt[int]{Name: "other"}
	first := g.Go("first", adder(&counter))
	second := g.Go("second", func(g *sim.G) {
		counter.Store(g, counter.Load(g)+1)
		other.Store(g, 1)
	})
	first.Join(g)
	second.Join(g)
}

// pair runs two bodies as the goroutines of adders.
func pair(first, second func(*sim.G)) func(*sim.G) {
	return func(g *sim.G) {
		a := g.Go("first", first)
		b := g.Go("second", second)
		a.Join(g)
		b.Join(g)
	}
}

// lockers is a deadlock of two mutexes, with the second goroutine to be given.
func lockers(second func(g *sim.G, a, b *sim.Mutex)) func(*sim.G) {
	return func(g *sim.G) {
		a, b := sim.Mutex{Name: "a"}, sim.Mutex{Name: "b"}
		pair(func(g *sim.G) { both(g, &a, &b) }, func(g *sim.G) { second(g, &a, &b) })(g)
	}
}

func both(g *sim.G, first, second *sim.Mutex) {
	first.Lock(g)
	second.Lock(g)
	second.Unlock(g)
	first.Unlock(g)
}

func opposite(g *sim.G, a, b *sim.Mutex) { both(g, b, a) }

// orders explains the first finding of a program and returns its orders.
func orders(t *testing.T, program func(*sim.G), kind checks.Kind) string {
	t.Helper()
	r, err := checks.Explore(program, checks.Options{Strategy: "dfs", Primary: kind})
	if err != nil || len(r.Findings) == 0 {
		t.Fatalf("found %v, error %v", r.Findings, err)
	}
	e, err := checks.Explain(program, r.Findings[0], checks.ExplainOptions{Identity: checks.Identity{Scenario: "edits"}})
	if err != nil {
		t.Fatal(err)
	}
	return e.Orders
}

// An edit is a change to a program, and what a replay of the orders found
// before it is to say.
type edit struct {
	name     string
	program  func(*sim.G)
	there    bool
	diverged int
	renamed  string
	gone     bool // from every schedule
}

func edits() []edit {
	counted := func(body func(g *sim.G, mu *sim.Mutex, c *sim.AtomicInt[int])) func(*sim.G) {
		return func(g *sim.G) {
			mu, c := sim.Mutex{Name: "mu"}, sim.AtomicInt[int]{Name: "counter"}
			do := func(g *sim.G) { body(g, &mu, &c) }
			pair(do, do)(g)
		}
	}
	return []edit{
		{name: "nothing", program: adders, there: true},
		{name: "insert a goroutine", there: true, program: func(g *sim.G) {
			logger := g.Go("logger", func(g *sim.G) { g.Yield() })
			adders(g)
			logger.Join(g)
		}},
		{name: "insert a lock", diverged: 1, gone: true, program: counted(func(g *sim.G, mu *sim.Mutex, c *sim.AtomicInt[int]) {
			mu.Lock(g)
			c.Store(g, c.Load(g)+1)
			mu.Unlock(g)
		})},
		{name: "insert an early return", diverged: 1, gone: true, program: func(g *sim.G) {
			c := sim.AtomicInt[int]{Name: "counter"}
			pair(adder(&c), func(g *sim.G) {
				if c.Load(g) >= 0 {
					return
				}
				c.Store(g, 1)
			})(g)
		}},
		{name: "rename a variable", there: true, renamed: "counter is now total", program: func(g *sim.G) {
			total := sim.AtomicInt[int]{Name: "total"}
			pair(adder(&total), adder(&total))(g)
		}},
		{name: "reorder spawns", there: true, program: func(g *sim.G) {
			c := sim.AtomicInt[int]{Name: "counter"}
			b := g.Go("second", adder(&c))
			a := g.Go("first", adder(&c))
			a.Join(g)
			b.Join(g)
		}},
		{name: "add a note", there: true, program: counted(func(g *sim.G, _ *sim.Mutex, c *sim.AtomicInt[int]) {
			n := c.Load(g)
			g.Note("read %d", n)
			c.Store(g, n+1)
		})},
		{name: "move a statement", there: true, program: func(g *sim.G) {
			c, other := sim.AtomicInt[int]{Name: "counter"}, sim.AtomicInt[int]{Name: "other"}
			pair(adder(&c), func(g *sim.G) {
				other.Store(g, 1)
				c.Store(g, c.Load(g)+1)
			})(g)
		}},
		{name: "fix the bug", diverged: 2, gone: true, program: counted(func(g *sim.G, _ *sim.Mutex, c *sim.AtomicInt[int]) {
			c.Add(g, 1)
		})},
		{name: "split a critical section", there: true, program: counted(func(g *sim.G, mu *sim.Mutex, c *sim.AtomicInt[int]) {
			mu.Lock(g)
			n := c.Load(g)
			mu.Unlock(g)
			mu.Lock(g)
			c.Store(g, n+1)
			mu.Unlock(g)
		})},
		{name: "change a parameter", there: true, program: counted(func(g *sim.G, _ *sim.Mutex, c *sim.AtomicInt[int]) {
			for range 3 {
				c.Store(g, c.Load(g)+1)
			}
		})},
		{name: "rename a goroutine", there: true, program: func(g *sim.G) {
			c := sim.AtomicInt[int]{Name: "counter"}
			a, b := g.Go("one", adder(&c)), g.Go("two", adder(&c))
			a.Join(g)
			b.Join(g)
		}},
	}
}

// After each of these edits a replay of the orders says what is true of the
// edited program, and certifying it says whether the finding is gone.
func TestOrdersSurviveEdits(t *testing.T) {
	t.Parallel()
	token := orders(t, adders, checks.LostUpdate)
	for _, c := range edits() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			judge(t, c, token)
		})
	}
}

// The same for a deadlock: mended in both goroutines or in one way only.
func TestOrdersOfADeadlockSurviveEdits(t *testing.T) {
	t.Parallel()
	token := orders(t, lockers(opposite), checks.Deadlock)
	for _, c := range []edit{
		{name: "nothing", program: lockers(opposite), there: true},
		{name: "one order", program: lockers(both), diverged: 1, gone: true},
		{name: "a gate on one side only", there: true, program: lockers(func(g *sim.G, a, b *sim.Mutex) {
			gate := sim.Mutex{Name: "gate"}
			gate.Lock(g)
			both(g, b, a)
			gate.Unlock(g)
		})},
		{name: "the hazard moves to the second round", diverged: 1, there: false, gone: false,
			program: lockers(func(g *sim.G, a, b *sim.Mutex) {
				both(g, a, b)
				both(g, b, a)
			})},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			judge(t, c, token)
		})
	}
}

func judge(t *testing.T, c edit, token string) {
	t.Helper()
	r, err := checks.ReplayOrders(c.program, token, checks.ExplainOptions{Certify: true})
	if err != nil {
		t.Fatal(err)
	}
	if r.There != c.there || len(r.Diverged) != c.diverged || strings.Join(r.Renamed, "; ") != c.renamed {
		t.Errorf("got there %v, diverged %v, renamed %v, want %v, %d, %q", r.There, r.Diverged, r.Renamed, c.there, c.diverged, c.renamed)
	}
	if r.Certificate.Holds != c.gone || r.Certificate.All != c.gone {
		t.Errorf("got certificate %+v, want it to hold for all schedules: %v", *r.Certificate, c.gone)
	}
	if !r.There {
		return
	}
	found, err := checks.ReplayToken(c.program, r.Token, checks.Options{}, nil)
	if err != nil || len(found) == 0 {
		t.Errorf("the replay's own token shows %v, error %v", found, err)
	}
}

// A token of orders is what it was after being printed and read, whatever the
// names.
func TestOrdersTokenReadsBack(t *testing.T) {
	t.Parallel()
	want := checks.Orders{Identity: checks.Identity{Scenario: "a.b", Variant: "c,d", Parameters: map[string]int{"n": 2}},
		Kind: checks.Deadlock, Objects: []string{"x:y", "", "z,w"}, Constraints: []explain.Constraint{
			{First: explain.Ref{Goroutine: "g:1", Path: "main/1", Op: "lock", Object: "o,o", Kind: "mutex", Ordinal: 1, Occurrence: 2},
				Then: explain.Ref{Path: "main/2", Op: "end", Occurrence: 1}},
			{First: explain.Ref{Path: "main", Op: "choose", Occurrence: 1}, Choice: "2"},
		}, Settings: checks.Settings{Time: sim.LazyTime, StepsMax: 20_000}}
	got, err := checks.ParseOrders(want.String())
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != want.String() || got.Settings != want.Settings || len(got.Constraints) != 2 || got.Constraints[0] != want.Constraints[0] ||
		got.Constraints[1] != want.Constraints[1] || strings.Join(got.Objects, "|") != strings.Join(want.Objects, "|") {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// Whatever the text, reading it as orders gives an error or a token that prints
// itself again.
func FuzzParseOrders(f *testing.F) {
	f.Add("ilc1.a.b.n=1.deadlock.x,y.o:g:p:lock:m:mutex:1:1:g:p:lock:m:mutex:1:1.00000000")
	f.Add("ilc1.......")
	f.Add("il1.a")
	f.Fuzz(func(t *testing.T, text string) {
		o, err := checks.ParseOrders(text)
		if err != nil {
			return
		}
		again, err := checks.ParseOrders(o.String())
		if err != nil || again.String() != o.String() {
			t.Errorf("%q reads as %+v, which prints as %q: %v", text, o, o.String(), err)
		}
	})
}
