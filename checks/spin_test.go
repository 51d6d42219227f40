package checks_test

import (
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
