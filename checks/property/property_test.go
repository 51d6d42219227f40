package property_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/property"
	"github.com/interleave-go/interleave/sim"
)

// transfers moves amounts between two accounts, each in a goroutine of its own;
// what is there in the end must be what was there before.
func transfers(amounts []int, locked bool) func(*sim.G) {
	return func(g *sim.G) {
		mu := sim.Mutex{Name: "mu"}
		from, to := sim.AtomicInt[int]{Name: "from"}, sim.AtomicInt[int]{Name: "to"}
		hs := make([]*sim.Goroutine, len(amounts))
		for i, amount := range amounts {
			hs[i] = g.Go("", func(g *sim.G) {
				if locked {
					mu.Lock(g)
					defer mu.Unlock(g)
				}
				from.Store(g, from.Load(g)-amount)
				to.Store(g, to.Load(g)+amount)
			})
		}
		for _, h := range hs {
			h.Join(g)
		}
		sum := from.Load(g) + to.Load(g)
		g.Assert(sum == 0, "the sum is %d", sum)
	}
}

func drawn(locked bool) func(*rapid.T) func(*sim.G) {
	return func(rt *rapid.T) func(*sim.G) {
		return transfers(rapid.SliceOfN(rapid.IntRange(1, 100), 1, 5).Draw(rt, "amounts"), locked)
	}
}

// A program that is right passes for all inputs and schedules that are drawn.
func TestCheckPasses(t *testing.T) {
	property.Check(t, drawn(true), property.Options{})
}

// adders are n goroutines that increment a counter, each with a load and a
// store.
func adders(rt *rapid.T) func(*sim.G) {
	n := rapid.IntRange(1, 6).Draw(rt, "n")
	return func(g *sim.G) {
		counter := sim.AtomicInt[int]{Name: "counter"}
		hs := make([]*sim.Goroutine, n)
		for i := range hs {
			hs[i] = g.Go("", func(g *sim.G) { counter.Store(g, counter.Load(g)+1) })
		}
		for _, h := range hs {
			h.Join(g)
		}
	}
}

// sleepers increment a counter, with a sleep between load and store.
func sleepers(g *sim.G) {
	counter := sim.AtomicInt[int]{Name: "counter"}
	for range 2 {
		g.Go("", func(g *sim.G) {
			v := counter.Load(g)
			g.Sleep(time.Second)
			counter.Store(g, v+1)
		})
	}
}

// judges find lost updates only.
func judges() []checks.Judge { return checks.Judges()[1:2] }

// TestBroken fails: it is run by the tests below.
func TestBroken(t *testing.T) {
	switch os.Getenv("INTERLEAVE_PROPERTY_BROKEN") {
	case "":
		t.Skip("runs as a part of other tests")
	case "transfers":
		property.Check(t, drawn(false), property.Options{})
	case "adders":
		property.Check(t, adders, property.Options{})
	case "sleepers":
		property.Check(t, func(*rapid.T) func(*sim.G) { return sleepers },
			property.Options{Time: sim.LazyTime, StepsMax: 20_000, Judges: judges})
	}
}

// What fails is shrunk to two amounts of 1 and one preemption, and explained;
// rapid's fail file shows it again, and so does the token.
func TestCheckShrinks(t *testing.T) {
	dir := t.TempDir()
	out := broken(t, dir, "transfers", "-rapid.seed=1")
	for _, want := range []string{"amounts: []int{1, 1}", "Assertion\n", "No schedule with fewer", "What would prevent it"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if n := strings.Count(out, "before its operation"); n != 1 {
		t.Errorf("%d preemptions, not 1:\n%s", n, out)
	}
	token := pasted(t, out, "")
	found, err := checks.ReplayToken(transfers([]int{1, 1}, false), token, checks.Options{}, nil)
	if err != nil || len(found) == 0 {
		t.Errorf("the token %s finds %v: %v", token, found, err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "testdata", "rapid", "TestBroken", "*.fail"))
	if err != nil || len(files) != 1 {
		t.Fatalf("fail files %v: %v", files, err)
	}
	if again := broken(t, dir, "transfers", "-rapid.failfile="+files[0]); !strings.Contains(again, token) {
		t.Errorf("the fail file does not show it again:\n%s", again)
	}
}

// An input that is a number of goroutines is shrunk as well: whatever was drawn
// first, two goroutines and one preemption are left.
func TestCheckShrinksGoroutines(t *testing.T) {
	for seed := range 12 {
		out := broken(t, t.TempDir(), "adders", fmt.Sprintf("-rapid.seed=%d", seed+1))
		want := "preemptions: []property.point{goroutine 1 before its operation 2, to the other goroutine 0}"
		if !strings.Contains(out, "draw n: 2") || !strings.Contains(out, want) {
			t.Errorf("seed %d:\n%s", seed+1, out)
		}
	}
}

// The line to paste says with which options it was found.
func TestCheckOptions(t *testing.T) {
	out := broken(t, t.TempDir(), "sleepers", "-rapid.seed=1")
	token := pasted(t, out, ", checks.Options{Judges: judges}")
	if !strings.HasPrefix(token, "il2.TestBroken...time=lazy,steps=20000.") {
		t.Errorf("the token is %s", token)
	}
	found, err := checks.ReplayToken(sleepers, token, checks.Options{Judges: judges()}, nil)
	if err != nil || len(found) == 0 || found[0].Kind != checks.LostUpdate {
		t.Errorf("the token %s finds %v: %v", token, found, err)
	}
}

// pasted returns the token in the line to paste, after which something else may
// have to be given.
func pasted(t *testing.T, out, more string) string {
	t.Helper()
	m := regexp.MustCompile(`(?s)To run it again:\s*checks\.Replay\(t, program, "(il[^"]*)"([^\n]*)\)\n`).FindStringSubmatch(out)
	if m == nil || m[2] != more {
		t.Fatalf("the line to paste is %q in\n%s", m, out)
	}
	return m[1]
}

// broken runs TestBroken in a process and a directory of its own.
func broken(t *testing.T, dir, which string, args ...string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, append([]string{"-test.run=^TestBroken$"}, args...)...)
	c.Dir = dir
	c.Env = append(os.Environ(), "INTERLEAVE_PROPERTY_BROKEN="+which)
	out, err := c.CombinedOutput()
	if err == nil {
		t.Fatalf("the broken program passes:\n%s", out)
	}
	return string(out)
}
