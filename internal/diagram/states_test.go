package diagram_test

import (
	"fmt"
	"regexp"
	"strconv"
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

// A state says what it is: a small graph at each state, if it has few objects,
// and every graph in a state's tooltip.
func TestStatesSayWhatTheyAre(t *testing.T) {
	g, err := checks.States(opposite, checks.Options{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	text := diagram.States(g)
	for _, want := range []string{`label="0\nA: free\nB: free"`,
		`tooltip="depth 2, deadlocked\nA: locked\nB: locked\nmain: lock A; next: lock B\nother: lock B; next: lock A"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
	svg := render(t, text)
	if !strings.Contains(svg, "next: lock A") {
		t.Errorf("no tooltip in\n%s", svg)
	}
}

func render(t *testing.T, text string) string {
	t.Helper()
	var m diagram.SVGMaker
	svg, err := m.SVG(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(svg)
}

// States of one depth stand side by side, and those of the next one below.
func TestStatesRanks(t *testing.T) {
	for name, program := range map[string]func(*sim.G){"two locks": opposite, "ring": ring(3)} {
		g, err := checks.States(program, checks.Options{}, 1000)
		if err != nil || !g.Complete {
			t.Fatal(g.Complete, err)
		}
		height := map[int]float64{} // by depth
		svg := render(t, diagram.States(g))
		node := regexp.MustCompile(`(?s)<g id="node\d+" class="node">\s*<title>n(\d+)</title>.*?</g>`)
		text := regexp.MustCompile(`<text [^>]*y="([-0-9.]+)"`)
		seen := 0
		for i, m := range node.FindAllStringSubmatch(svg, -1) {
			ys := text.FindAllStringSubmatch(m[0], -1)
			first, _ := strconv.ParseFloat(ys[0][1], 64)
			last, _ := strconv.ParseFloat(ys[len(ys)-1][1], 64)
			number := regexp.MustCompile(`>(\d+)</text>`).FindStringSubmatch(m[0])
			n, err := strconv.Atoi(number[1])
			if err != nil {
				t.Fatal(i, err)
			}
			seen++
			depth, y := g.Nodes[n].Depth, (first+last)/2
			if h, ok := height[depth]; ok && fmt.Sprintf("%.1f", h) != fmt.Sprintf("%.1f", y) {
				t.Errorf("%s: state %d of depth %d is at %v, another one at %v", name, n, depth, y, h)
			}
			height[depth] = y
		}
		for depth := 1; depth < len(height); depth++ {
			if height[depth] <= height[depth-1] {
				t.Errorf("%s: depth %d is at %v, the one before at %v", name, depth, height[depth], height[depth-1])
			}
		}
		if seen != len(g.Nodes) {
			t.Errorf("%s: %d states drawn, want %d", name, seen, len(g.Nodes))
		}
	}
}

// ring is philosophers who go on for ever and remember nothing, so that steps
// lead back.
func ring(n int) func(*sim.G) {
	return func(g *sim.G) {
		forks := make([]sim.Mutex, n)
		for i := range n {
			g.Go("", func(g *sim.G) {
				for {
					g.Fingerprint(0)
					forks[i].Lock(g)
					forks[(i+1)%n].Lock(g)
					sim.UnlockBoth(g, &forks[i], &forks[(i+1)%n])
				}
			})
		}
	}
}
