package checks_test

import (
	"regexp"
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
// before it is to print, with a certificate.
type edit struct {
	name    string
	program func(*sim.G)
	want    string
	budget  int // executions; 0 means the default
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
		{name: "nothing", want: `
The finding is still there: first reads counter = 0 at step 2; second writes 1 at step 4; first, which has not seen that, overwrites it with 1 at step 7: the update of second is lost.
2 of 2 orders could be kept.

So there is nothing to certify.
`, program: adders},
		{name: "insert a goroutine", want: `
The finding is still there: first reads counter = 0 at step 3; second writes 1 at step 5; first, which has not seen that, overwrites it with 1 at step 10: the update of second is lost.
2 of 2 orders could be kept.

So there is nothing to certify.
`, program: func(g *sim.G) {
			logger := g.Go("logger", func(g *sim.G) { g.Yield() })
			adders(g)
			logger.Join(g)
		}},
		{name: "insert a lock", want: `
The finding is gone from every schedule that keeps those of its orders that can be kept.
1 of 2 orders could be kept.
  - load counter by second comes before store counter by first: second cannot get there, given up at step 4

Certified: no schedule at all shows it (50 executions, all that there are).
`, program: counted(func(g *sim.G, mu *sim.Mutex, c *sim.AtomicInt[int]) {
			mu.Lock(g)
			c.Store(g, c.Load(g)+1)
			mu.Unlock(g)
		})},
		{name: "insert an early return", want: `
The finding is gone from every schedule that keeps those of its orders that can be kept.
1 of 2 orders could be kept.
  - load counter by first comes before store counter by second: there is no store counter by second

Certified: no schedule at all shows it (35 executions, all that there are).
`, program: func(g *sim.G) {
			c := sim.AtomicInt[int]{Name: "counter"}
			pair(adder(&c), func(g *sim.G) {
				if c.Load(g) >= 0 {
					return
				}
				c.Store(g, 1)
			})(g)
		}},
		{name: "rename a variable", want: `
The finding is still there: first reads total = 0 at step 2; second writes 1 at step 4; first, which has not seen that, overwrites it with 1 at step 6: the update of second is lost.
2 of 2 orders could be kept.
  - counter is now total

So there is nothing to certify.
`, program: func(g *sim.G) {
			total := sim.AtomicInt[int]{Name: "total"}
			pair(adder(&total), adder(&total))(g)
		}},
		{name: "reorder spawns", want: `
The finding is still there: second reads counter = 0 at step 2; first writes 1 at step 4; second, which has not seen that, overwrites it with 1 at step 7: the update of first is lost.
2 of 2 orders could be kept.

So there is nothing to certify.
`, program: func(g *sim.G) {
			c := sim.AtomicInt[int]{Name: "counter"}
			b := g.Go("second", adder(&c))
			a := g.Go("first", adder(&c))
			a.Join(g)
			b.Join(g)
		}},
		{name: "add a note", want: `
The finding is still there: first reads counter = 0 at step 2; second writes 1 at step 4; first, which has not seen that, overwrites it with 1 at step 6: the update of second is lost.
2 of 2 orders could be kept.

So there is nothing to certify.
`, program: counted(func(g *sim.G, _ *sim.Mutex, c *sim.AtomicInt[int]) {
			n := c.Load(g)
			g.Note("read %d", n)
			c.Store(g, n+1)
		})},
		{name: "move a statement", want: `
The finding is still there: first reads counter = 0 at step 2; second writes 1 at step 5; first, which has not seen that, overwrites it with 1 at step 7: the update of second is lost.
2 of 2 orders could be kept.

So there is nothing to certify.
`, program: func(g *sim.G) {
			c, other := sim.AtomicInt[int]{Name: "counter"}, sim.AtomicInt[int]{Name: "other"}
			pair(adder(&c), func(g *sim.G) {
				other.Store(g, 1)
				c.Store(g, c.Load(g)+1)
			})(g)
		}},
		{name: "fix the bug", want: `
The finding is gone from every schedule.
0 of 2 orders could be kept.
  - load counter by first comes before store counter by second: there is no load counter by first
  - load counter by second comes before store counter by first: there is no load counter by second

Certified: no schedule at all shows it (33 executions, all that there are).
`, program: counted(func(g *sim.G, _ *sim.Mutex, c *sim.AtomicInt[int]) {
			c.Add(g, 1)
		})},
		{name: "split a critical section", want: `
The finding is still there: first reads counter = 0 at step 3; second writes 1 at step 9; first, which has not seen that, overwrites it with 1 at step 13: the update of second is lost.
2 of 2 orders could be kept.

So there is nothing to certify.
`, program: counted(func(g *sim.G, mu *sim.Mutex, c *sim.AtomicInt[int]) {
			mu.Lock(g)
			n := c.Load(g)
			mu.Unlock(g)
			mu.Lock(g)
			c.Store(g, n+1)
			mu.Unlock(g)
		})},
		{name: "change a parameter", want: `
The finding is still there: first reads counter = 0 at step 2; second writes 3 at step 8; first, which has not seen that, overwrites it with 1 at step 10: the update of second is lost.
2 of 2 orders could be kept.

So there is nothing to certify.
`, program: counted(func(g *sim.G, _ *sim.Mutex, c *sim.AtomicInt[int]) {
			for range 3 {
				c.Store(g, c.Load(g)+1)
			}
		})},
		{name: "fix it among more goroutines than can be certified", want: `
The finding is gone from the 201 executions that were tried.
0 of 2 orders could be kept.
  - load counter by first comes before store counter by second: there is no load counter by first
  - load counter by second comes before store counter by first: there is no load counter by second

Not certified: it was not seen in 332 executions, the nearest to these orders first, but there are more.
`, budget: 200, program: func(g *sim.G) {
			c, busy := sim.AtomicInt[int]{Name: "counter"}, sim.AtomicInt[int]{Name: "busy"}
			for range 4 {
				g.Go("", func(g *sim.G) { busy.Add(g, 1); busy.Add(g, 1) })
			}
			add := func(g *sim.G) { c.Add(g, 1) }
			pair(add, add)(g)
		}},
		{name: "rename a goroutine", want: `
The finding is still there: one reads counter = 0 at step 2; two writes 1 at step 4; one, which has not seen that, overwrites it with 1 at step 6: the update of two is lost.
2 of 2 orders could be kept.

So there is nothing to certify.
`, program: func(g *sim.G) {
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
		{name: "nothing", want: `
The finding is still there: first holds a and waits for b, held by second; second holds b and waits for a, held by first: a cycle that nobody can leave.
2 of 2 orders could be kept.

So there is nothing to certify.
`, program: lockers(opposite)},
		{name: "one order", want: `
The finding is gone from every schedule that keeps those of its orders that can be kept.
1 of 2 orders could be kept.
  - lock b by second comes before lock b by first: second cannot get there, given up at step 3

Certified: no schedule at all shows it (48 executions, all that there are).
`, program: lockers(both)},
		{name: "a gate on one side only", want: `
The finding is still there: first holds a and waits for b, held by second; second holds b and waits for a, held by first: a cycle that nobody can leave.
2 of 2 orders could be kept.

So there is nothing to certify.
`, program: lockers(func(g *sim.G, a, b *sim.Mutex) {
			gate := sim.Mutex{Name: "gate"}
			gate.Lock(g)
			both(g, b, a)
			gate.Unlock(g)
		})},
		{name: "the hazard moves to the second round", want: `
The finding is gone from every schedule that keeps those of its orders that can be kept.
1 of 2 orders could be kept.
  - lock b by second comes before lock b by first: second cannot get there, given up at step 3

Not mended: in another order it still happens: first holds a and waits for b, held by second; second holds b and waits for a, held by first: a cycle that nobody can leave.
`,
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

// judge follows the orders in an edited program; what is printed, without its
// tokens, must be what the edit says.
func judge(t *testing.T, c edit, token string) {
	t.Helper()
	opt := checks.ExplainOptions{Certify: true, Executions: c.budget}
	r, err := checks.ReplayOrders(c.program, token, opt)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := r.Write(&b, explain.Layout{Width: 200, Replay: "replay"}); err != nil {
		t.Fatal(err)
	}
	got := regexp.MustCompile(`(?m)^Replay th.*\n  replay il1\..*\n`).ReplaceAllString(b.String(), "")
	if want := strings.TrimPrefix(c.want, "\n"); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	shows := map[string]bool{r.Token: r.There}
	if r.Certificate.Token != "" {
		shows[r.Certificate.Token] = true
	}
	for token, want := range shows {
		found, err := checks.ReplayToken(c.program, token, checks.Options{}, nil)
		if err != nil || len(found) > 0 != want {
			t.Errorf("the token %s shows %v, error %v", token, found, err)
		}
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
