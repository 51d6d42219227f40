package property_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

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

// TestBroken fails: it is run by TestCheckShrinks.
func TestBroken(t *testing.T) {
	if os.Getenv("INTERLEAVE_PROPERTY_BROKEN") == "" {
		t.Skip("runs as a part of TestCheckShrinks")
	}
	property.Check(t, drawn(false), property.Options{})
}

// What fails is shrunk to two amounts of 1 and one preemption; rapid's fail file
// shows it again, and so does the token.
func TestCheckShrinks(t *testing.T) {
	dir := t.TempDir()
	out := broken(t, dir)
	if !strings.Contains(out, "amounts: []int{1, 1}") {
		t.Errorf("the input is not small:\n%s", out)
	}
	if n := strings.Count(out, "at step"); n != 1 {
		t.Errorf("%d preemptions, not 1:\n%s", n, out)
	}
	token := regexp.MustCompile(`il1\.[^"]*`).FindString(out)
	found, err := checks.ReplayToken(transfers([]int{1, 1}, false), token, checks.Options{}, nil)
	if err != nil || len(found) == 0 {
		t.Errorf("the token %s finds %v: %v", token, found, err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "testdata", "rapid", "TestBroken", "*.fail"))
	if err != nil || len(files) != 1 {
		t.Fatalf("fail files %v: %v", files, err)
	}
	if again := broken(t, dir, "-rapid.failfile="+files[0]); !strings.Contains(again, token) {
		t.Errorf("the fail file does not show it again:\n%s", again)
	}
}

// broken runs TestBroken in a process and a directory of its own.
func broken(t *testing.T, dir string, args ...string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, append([]string{"-test.run=^TestBroken$", "-rapid.seed=1"}, args...)...)
	c.Dir = dir
	c.Env = append(os.Environ(), "INTERLEAVE_PROPERTY_BROKEN=1")
	out, err := c.CombinedOutput()
	if err == nil {
		t.Fatalf("the broken program passes:\n%s", out)
	}
	return string(out)
}
