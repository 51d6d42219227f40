package explain_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/explain"
	"github.com/interleave-go/interleave/sim"
)

// A said is a program, and what the explanation of its first finding has to say
// and must not say, on a page so wide that no line is broken.
type said struct {
	name    string
	program func(*sim.G)
	says    []string
	not     []string
}

func saidOfChannels() []said {
	const blocks = "a nil channel blocks for ever"
	return []said{
		{"send on a nil channel", func(g *sim.G) {
			var c *sim.Chan[int]
			c.Send(g, 1)
		}, []string{"main waits to send on nil channel: " + blocks, "0   send nil channel", "Make the channel with NewChan before main uses it"},
			[]string{"receive", "somebody"}},
		{"receive from a nil channel", func(g *sim.G) {
			var c *sim.Chan[int]
			c.Receive(g)
		}, []string{"main waits to receive from nil channel: " + blocks, "0   receive nil channel", "do not use it while it is nil"},
			[]string{"somebody"}},
	}
}

func saidOfNames() []said {
	return []said{
		{"goroutines of one name", func(g *sim.G) {
			jobs := sim.Chan[int]{Name: "jobs"}
			for range 2 {
				g.Go("worker", func(g *sim.G) { jobs.Receive(g) })
			}
			sim.Select(g)
		}, []string{"worker (main/1) waits to receive from jobs", "worker (main/2) waits to receive from jobs"}, []string{"worker waits"}},
		{"objects without a name", func(g *sim.G) {
			var mus [2]sim.Mutex
			for i := range 2 {
				g.Go("", func(g *sim.G) {
					mus[i].Lock(g)
					mus[1-i].Lock(g)
					mus[1-i].Unlock(g)
					mus[i].Unlock(g)
				})
			}
		}, []string{"Partial deadlock: mutex 1, mutex 2", "main/1 holds mutex 1 and waits for mutex 2"}, []string{"mutex#"}},
		{"the only object without a name", func(g *sim.G) {
			var mu sim.Mutex
			mu.Lock(g)
			mu.Lock(g)
		}, []string{"Deadlock: the mutex", "main holds the mutex and waits for the mutex"}, []string{"mutex#", "mutex 1"}},
		{"where a goroutine was started", func(g *sim.G) {
			c := sim.Chan[int]{Name: "c"}
			g.Go("worker", func(g *sim.G) { c.Send(g, 1) })
		}, []string{"worker, started at said_test.go:"}, []string{"(started at"}},
	}
}

// What happened is said in the words of the program, and the advice fits it.
func TestWhatIsSaid(t *testing.T) {
	t.Parallel()
	for _, s := range slices.Concat(saidOfChannels(), saidOfNames()) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			text := written(t, first(t, s.program, checks.ExplainOptions{}), explain.Layout{Width: 1000})
			for _, want := range s.says {
				if !strings.Contains(text, want) {
					t.Errorf("%q is not said:\n%s", want, text)
				}
			}
			for _, not := range s.not {
				if strings.Contains(text, not) {
					t.Errorf("%q is said:\n%s", not, text)
				}
			}
		})
	}
}

// A schedule that passes is shown with its steps, however many they are: they are
// all that there is to see.
func TestPassingScheduleIsShown(t *testing.T) {
	t.Parallel()
	program := func(g *sim.G) {
		counter := sim.AtomicInt[int]{Name: "counter"}
		add := func(g *sim.G) {
			for range 4 {
				counter.Store(g, counter.Load(g)+1)
			}
		}
		a, b := g.Go("A", add), g.Go("B", add)
		a.Join(g)
		b.Join(g)
		g.Assert(counter.Load(g) != 2, "lost")
	}
	e := first(t, program, checks.ExplainOptions{Executions: 200})
	table, err := checks.Show(program, e.Cause.Conditions[0].Token, checks.ExplainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := table.Write(&b, explain.Layout{}); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), " counter "); n < 17 {
		t.Errorf("%d of 17 steps with counter are shown:\n%s", n, b.String())
	}
}
