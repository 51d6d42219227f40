package checks_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// sleepers is counting with sleeps, whose timers fire in other schedules under
// another policy of time.
func sleepers(g *sim.G) {
	n := sim.AtomicInt[int]{Name: "n"}
	team(g, 2, "adder", func(g *sim.G, _ int) {
		v := n.Load(g)
		g.Sleep(time.Second)
		n.Store(g, v+1)
	})
}

// lateDeadlock comes to rest at step 12,001: beyond the default bound.
func lateDeadlock(g *sim.G) {
	n := sim.AtomicInt[int]{Name: "n"}
	for range 12_000 {
		n.Add(g, 1)
	}
	c := sim.Chan[int]{Name: "c"}
	c.Receive(g)
}

// oddJudge finds fault with every execution that has goroutines.
type oddJudge struct{}

func (oddJudge) Name() string { return "odd" }

func (oddJudge) Judge(x *sim.Execution) []checks.Finding {
	if x.Goroutines() < 3 {
		return nil
	}
	return []checks.Finding{{Kind: "odd", Summary: "there are two goroutines.", Goroutines: []string{}, Objects: []string{"n"}, Steps: []int{0}}}
}

func judges() []checks.Judge { return []checks.Judge{oddJudge{}} }

// The line to paste shows the finding again whatever the options were with
// which it was made: the token says how time moves and where executions are cut,
// and the line says that there are judges of one's own. All other tokens that are
// printed can be replayed in the same way.
func TestLineToPaste(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		program func(*sim.G)
		opt     checks.Options
		token   string // how it begins
		more    string // after the token
		again   []checks.Options
	}{
		{"default", counting(false), checks.Options{}, "il1.TestOf%2Fa+thing...", "", nil},
		{"Time", sleepers, checks.Options{Time: sim.LazyTime}, "il2.TestOf%2Fa+thing...time=lazy.", "", nil},
		{"StepsMax", lateDeadlock, checks.Options{StepsMax: 20_000}, "il2.TestOf%2Fa+thing...steps=20000.", "", nil},
		{"StepsMax, the default", counting(false), checks.Options{StepsMax: 10_000}, "il1.TestOf%2Fa+thing...", "", nil},
		{"Judges", counting(true), checks.Options{Judges: judges()}, "il1.", ", checks.Options{Judges: judges}",
			[]checks.Options{{Judges: judges()}}},
		{"all judges", counting(false), checks.Options{Judges: checks.AllJudges()}, "il1.",
			", checks.Options{Judges: checks.AllJudges()}", []checks.Options{{Judges: checks.AllJudges()}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && c.opt.StepsMax > 10_000 {
				t.Skip("an explanation of 12,000 steps")
			}
			_, text := attempt(t.TempDir(), c.program, c.opt)
			line := regexp.MustCompile(`(?m)^\tchecks\.Replay\(t, program, "(.*)"(.*)\)$`).FindStringSubmatch(text)
			if line == nil || !strings.HasPrefix(line[1], c.token) || line[2] != c.more {
				t.Fatalf("the line to paste is %q in\n%s", line, text)
			}
			fake := &fakeT{}
			if checks.Replay(fake, c.program, line[1], c.again...); !fake.failed {
				t.Errorf("it does not show the finding again:\n%s", fake.text.String())
			}
			for _, other := range regexp.MustCompile(`"(ilc?[12]\.[^"]*)"`).FindAllStringSubmatch(text, -1) {
				fake := &fakeT{}
				checks.Replay(fake, c.program, other[1], c.again...)
				if s := fake.text.String(); strings.Contains(s, "does not apply") || strings.HasPrefix(s, "replay ") {
					t.Errorf("%s\n%s", other[1], s)
				}
			}
		})
	}
}

// Without the judges with which it was made, a token says that nothing is wrong,
// and shows the execution.
func TestReplayThatPasses(t *testing.T) {
	t.Parallel()
	_, text := attempt(t.TempDir(), counting(true), checks.Options{Judges: judges()})
	token := regexp.MustCompile(`il1\.[^"]*`).FindString(text)
	fake := &fakeT{}
	checks.Replay(fake, counting(true), token)
	for _, want := range []string{"nothing wrong in this schedule", "add to n ← 2", "main: spawn adder 1"} {
		if fake.failed || !strings.Contains(fake.text.String(), want) {
			t.Errorf("failed %v, no %q in\n%s", fake.failed, want, fake.text.String())
		}
	}
}

// A finding that no single execution shows, such as a starvation, has a line that
// shows the execution, and says so.
func TestLineOfManyExecutions(t *testing.T) {
	t.Parallel()
	starvation := checks.AllJudges()[7:]
	_, text := attempt(t.TempDir(), compareAndSwap, checks.Options{Judges: starvation, Strategy: "random", ExecutionsMax: 10, StepsMax: 300})
	contains(t, text, "starvation: ", "To see the execution again, in which a replay alone may find nothing:")
}
