package checks_test

import (
	"os"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// increments is the program of docs/testing.md.
func increments(g *sim.G) {
	counter := sim.AtomicInt[int]{Name: "counter"}
	add := func(g *sim.G) { counter.Add(g, 1) }
	a, b := g.Go("A", add), g.Go("B", add)
	a.Join(g)
	b.Join(g)
	total := counter.Load(g)
	g.Assert(total == 2, "the total is %d", total)
}

// A test of all interleavings of a program.
func TestIncrements(t *testing.T) {
	checks.Test(t, increments, checks.Options{})
}

// brokenIncrements has a load and a store in place of an addition.
func brokenIncrements(g *sim.G) {
	counter := sim.AtomicInt[int]{Name: "counter"}
	add := func(g *sim.G) { counter.Store(g, counter.Load(g)+1) }
	a, b := g.Go("A", add), g.Go("B", add)
	a.Join(g)
	b.Join(g)
	total := counter.Load(g)
	g.Assert(total == 2, "the total is %d", total)
}

// namedT is a fakeT with the name of another test.
type namedT struct {
	fakeT
	name string
}

func (n *namedT) Name() string { return n.name }

// The Go code of docs/testing.md is that of the test above, and the output that
// it shows is what the broken program gives.
func TestTestingPage(t *testing.T) {
	page, err := os.ReadFile("../docs/testing.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("example_test_test.go")
	if err != nil {
		t.Fatal(err)
	}
	property, err := os.ReadFile("property/property_test.go")
	if err != nil {
		t.Fatal(err)
	}
	examples, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	shown := false
	for i, block := range strings.Split(string(page), "```") {
		text, isGo := strings.CutPrefix(block, "go\n")
		if i%2 == 0 || !isGo {
			continue
		}
		shown = true
		if !strings.Contains(string(source)+string(property)+string(examples), text) {
			t.Errorf("not in a test:\n%s", text)
		}
	}
	if !shown {
		t.Error("no Go code found")
	}
	fake := &namedT{name: "TestIncrements"}
	checks.Test(fake, brokenIncrements, checks.Options{Tokens: t.TempDir()})
	output, _, _ := strings.Cut(fake.text.String(), "\nthe finding is kept in ")
	if !strings.Contains(string(page), "```text\n"+strings.TrimSpace(output)+"\n```") {
		t.Errorf("the page does not show\n%s", output)
	}
}
