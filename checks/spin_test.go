package checks_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// spinning waits for a flag in one of three ways.
func spinning(wait func(g *sim.G, flag *sim.Atomic[bool])) func(*sim.G) {
	return func(g *sim.G) {
		flag := sim.Atomic[bool]{Name: "flag"}
		waiter := g.Go("waiter", func(g *sim.G) { wait(g, &flag) })
		flag.Store(g, true)
		waiter.Join(g)
	}
}

// A loop that nobody declared is told with its line, and the report is not
// complete; it is never taken for anything else behind the user's back.
func TestSpin(t *testing.T) {
	program := spinning(func(g *sim.G, flag *sim.Atomic[bool]) {
		for !flag.Load(g) {
		}
	})
	r, err := checks.Explore(program, checks.Options{Strategy: "optimal", StepsMax: 1000})
	if err != nil {
		t.Fatal(err)
	}
	if r.Complete || r.Bound != "spin" || len(r.Spins) != 1 || len(r.Findings) != 0 {
		t.Fatalf("complete %v, bound %q, spins %v, findings %v", r.Complete, r.Bound, r.Spins, r.Findings)
	}
	s := r.Spins[0]
	if s.Goroutine != "waiter" || strings.Join(s.Objects, " ") != "flag" || !strings.HasPrefix(s.Site, "spin_test.go:") {
		t.Errorf("%+v", s)
	}
	if text := s.String(); !strings.Contains(text, "sim.Await") || !strings.Contains(text, "Yield") {
		t.Errorf("no mend in %q", text)
	}
}

// Of a loop around a TryLock, sim.Await is no mend.
func TestSpinTryLock(t *testing.T) {
	r, err := checks.Explore(func(g *sim.G) {
		mu := sim.Mutex{Name: "mu"}
		mu.Lock(g)
		g.Go("waiter", func(g *sim.G) {
			for !mu.TryLock(g) {
			}
		})
		mu.Unlock(g)
	}, checks.Options{Strategy: "optimal", StepsMax: 1000})
	if err != nil || len(r.Spins) != 1 {
		t.Fatal(r.Spins, err)
	}
	if s := r.Spins[0].String(); !strings.Contains(s, "tries to take mu again and again; take it without trying") || strings.Contains(s, "Await") {
		t.Error(s)
	}
}

// Its twins, which say that they wait, are explored completely.
func TestSpinDeclared(t *testing.T) {
	for name, wait := range map[string]func(*sim.G, *sim.Atomic[bool]){
		"await": func(g *sim.G, flag *sim.Atomic[bool]) { sim.Await(g, flag, func(set bool) bool { return set }) },
		"yield": func(g *sim.G, flag *sim.Atomic[bool]) {
			for !flag.Load(g) {
				g.Yield()
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := checks.Explore(spinning(wait), checks.Options{Strategy: "optimal", StepsMax: 1000})
			if err != nil {
				t.Fatal(err)
			}
			if !r.Complete || len(r.Spins) != 0 || len(r.Findings) != 0 {
				t.Errorf("complete %v, bound %q, spins %v, findings %v", r.Complete, r.Bound, r.Spins, r.Findings)
			}
		})
	}
}

// locked are two goroutines that take a lock made of a number, each in a loop.
func locked(take func(g *sim.G, l *sim.AtomicInt[int])) func(*sim.G) {
	return func(g *sim.G) {
		l := sim.AtomicInt[int]{Name: "lock"}
		for range 2 {
			g.Go("taker", func(g *sim.G) {
				take(g, &l)
				l.Store(g, 0)
			})
		}
	}
}

// A loop that writes as it waits is told as well, with the line that looks, the
// objects, and a mend that works for it.
func TestSpinWrites(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		program func(*sim.G)
		objects string
		mend    string
	}{
		"swap": {locked(func(g *sim.G, l *sim.AtomicInt[int]) {
			for l.Swap(g, 1) != 0 { // looks
			}
		}), "lock", "read in the loop and call Yield"},
		"swap, with Yield, which does not help": {locked(func(g *sim.G, l *sim.AtomicInt[int]) {
			for l.Swap(g, 1) != 0 { // looks
				g.Yield()
			}
		}), "lock", "read in the loop and call Yield"},
		"add and take back": {locked(func(g *sim.G, l *sim.AtomicInt[int]) {
			for l.Add(g, 1) != 1 { // looks
				l.Add(g, -1) // looks
			}
		}), "lock", "read in the loop and call Yield"},
		"under a mutex": {spinning(func(g *sim.G, flag *sim.Atomic[bool]) {
			m := sim.Mutex{Name: "m"}
			for set := false; !set; {
				m.Lock(g)
				set = flag.Load(g) // looks
				m.Unlock(g)
			}
		}), "flag m", "or call Yield in the loop"},
		"try-lock": {func(g *sim.G) {
			a, b := sim.Mutex{Name: "a"}, sim.Mutex{Name: "b"}
			other := g.Go("other", func(g *sim.G) {
				for {
					a.Lock(g)
					if b.TryLock(g) { // looks
						return
					}
					a.Unlock(g)
				}
			})
			b.Lock(g)
			g.Go("last", func(g *sim.G) { b.Unlock(g) })
			other.Join(g)
		}, "a b", "or call Yield in the loop"},
		"select": {func(g *sim.G) {
			one, two := sim.NewChan[int](0), sim.NewChan[int](1)
			one.Name, two.Name = "one", "two"
			g.Go("other", func(g *sim.G) { two.Send(g, 1) })
			for {
				if sim.Select(g, one.OnReceive(nil, nil), two.OnReceive(nil, nil), sim.Default()) != sim.DefaultCase { // looks
					return
				}
			}
		}, "one two", "or call Yield in the loop"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := checks.Explore(c.program, checks.Options{Strategy: "optimal", StepsMax: 1000})
			if err != nil {
				t.Fatal(err)
			}
			if r.Complete || r.Bound != "spin" || len(r.Spins) != 1 || len(r.Findings) != 0 {
				t.Fatalf("complete %v, bound %q, spins %v, findings %v", r.Complete, r.Bound, r.Spins, r.Findings)
			}
			s := r.Spins[0]
			if got := strings.Join(s.Objects, " "); got != c.objects || !strings.Contains(s.String(), c.mend) {
				t.Errorf("%+v: %s", s, s)
			}
			if line := lineOf(t, s.Site); !strings.Contains(line, "// looks") {
				t.Errorf("%s is %q", s.Site, line)
			}
		})
	}
}

// lineOf is a line of this file.
func lineOf(t *testing.T, site string) string {
	t.Helper()
	file, number, _ := strings.Cut(site, ":")
	text, err := os.ReadFile(file)
	n, _ := strconv.Atoi(number)
	lines := strings.Split(string(text), "\n")
	if err != nil || n < 1 || n > len(lines) {
		t.Fatal(site, err)
	}
	return lines[n-1]
}

// Their twins: what ends, what looks at nothing, and what gets on is no spin,
// however often it repeats itself.
func TestNoSpin(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]func(g *sim.G, m *sim.Mutex, x *sim.AtomicInt[int]){
		"locks":  func(g *sim.G, m *sim.Mutex, _ *sim.AtomicInt[int]) { m.Lock(g); m.Unlock(g) },
		"counts": func(g *sim.G, _ *sim.Mutex, x *sim.AtomicInt[int]) { x.Add(g, 1) },
		"stores": func(g *sim.G, _ *sim.Mutex, x *sim.AtomicInt[int]) { x.Store(g, 1) },
		"gets on": func(g *sim.G, m *sim.Mutex, x *sim.AtomicInt[int]) {
			m.Lock(g)
			x.Store(g, x.Load(g)+1)
			m.Unlock(g)
		},
	} {
		t.Run(name, func(t *testing.T) {
			program := func(g *sim.G) {
				m, x := sim.Mutex{Name: "m"}, sim.AtomicInt[int]{Name: "x"}
				for {
					body(g, &m, &x)
				}
			}
			r, err := checks.Explore(program, checks.Options{Strategy: "optimal", StepsMax: 1000})
			if err != nil {
				t.Fatal(err)
			}
			if r.Complete || r.Bound != "steps" || len(r.Spins) != 0 {
				t.Errorf("complete %v, bound %q, spins %v", r.Complete, r.Bound, r.Spins)
			}
		})
	}
}
