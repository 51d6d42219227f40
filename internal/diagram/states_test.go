package diagram_test

import (
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/internal/diagram"
	"github.com/interleave-go/interleave/sim"
)

// opposite locks two mutexes in opposite order.
func opposite(g *sim.G) {
	a, b := sim.Mutex{Name: "A"}, sim.Mutex{Name: "B"}
	other := g.Go("other", func(g *sim.G) {
		b.Lock(g)
		a.Lock(g)
		a.Unlock(g)
		b.Unlock(g)
	})
	a.Lock(g)
	b.Lock(g)
	b.Unlock(g)
	a.Unlock(g)
	other.Join(g)
}

// Twenty drawings of a state graph are the same text; its deadlock is a red
// square, and a graph that was cut says so.
func TestStates(t *testing.T) {
	first := ""
	for range 20 {
		g, err := checks.States(opposite, checks.Options{}, 1000)
		if err != nil {
			t.Fatal(err)
		}
		text := diagram.States(g)
		if first == "" {
			first = text
		}
		if text != first {
			t.Fatalf("another drawing:\n%s\nnot\n%s", text, first)
		}
	}
	if strings.Count(first, `shape="box"`) != 1 || !strings.Contains(first, "1 deadlocked") {
		t.Errorf("no deadlock, or several, in\n%s", first)
	}
	g, err := checks.States(opposite, checks.Options{}, 5)
	if err != nil || g.Complete || !strings.Contains(diagram.States(g), "NOT COMPLETE") {
		t.Errorf("complete %v, %v", g.Complete, err)
	}
}
