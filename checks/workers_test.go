package checks_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/sim"
)

// forks are philosophers who take the left fork first; the forks have no names.
func forks(n int) func(*sim.G) {
	return func(g *sim.G) {
		f := make([]sim.Mutex, n)
		for i := range n {
			g.Go("", func(g *sim.G) {
				f[i].Lock(g)
				f[(i+1)%n].Lock(g)
				f[(i+1)%n].Unlock(g)
				f[i].Unlock(g)
			})
		}
	}
}

// counters load and store without a lock, and main asserts the sum.
func counters(n int) func(*sim.G) {
	return func(g *sim.G) {
		var x sim.AtomicInt[int]
		var all sim.WaitGroup
		for range n {
			all.Add(g, 1)
			g.Go("", func(g *sim.G) {
				x.Store(g, x.Load(g)+1)
				all.Done(g)
			})
		}
		all.Wait(g)
		g.Assert(x.Load(g) == n, "%d", x.Load(g))
	}
}

// missed is a wake-up that can be missed.
func missed(g *sim.G) {
	var mu sim.Mutex
	cond := sim.Cond{L: &mu}
	for range 2 {
		g.Go("", func(g *sim.G) {
			mu.Lock(g)
			cond.Wait(g)
			mu.Unlock(g)
		})
	}
	for range 2 {
		g.Go("", func(g *sim.G) { cond.Signal(g) })
	}
}

// The whole report, with counts, findings, summaries and tokens, is the same for
// 1, 2, 3 and 8 workers, whatever ends the exploration.
func TestWorkers(t *testing.T) {
	t.Parallel()
	programs := map[string]func(*sim.G){"forks": forks(4), "counters": counters(3), "missed": missed, "locked": lockedForks(4)}
	for name, program := range programs {
		for _, strategy := range checks.Strategies() {
			for _, o := range []checks.Options{{}, {KeepGoing: true}, {KeepGoing: true, ExecutionsMax: 37}, {KeepGoing: true, StepsMax: 14}} {
				o.Strategy, o.SplitEvery = strategy, 8
				if o.ExecutionsMax == 0 {
					o.ExecutionsMax = 600
				}
				t.Run(fmt.Sprintf("%s/%s/%v/%d/%d", name, strategy, o.KeepGoing, o.ExecutionsMax, o.StepsMax), func(t *testing.T) {
					sameForAll(t, program, o)
				})
			}
		}
	}
}

func lockedForks(n int) func(*sim.G) {
	return func(g *sim.G) {
		f := make([]sim.Mutex, n)
		for i := range n {
			g.Go("", func(g *sim.G) {
				a, b := min(i, (i+1)%n), max(i, (i+1)%n)
				f[a].Lock(g)
				f[b].Lock(g)
				f[b].Unlock(g)
				f[a].Unlock(g)
			})
		}
	}
}

func sameForAll(t *testing.T, program func(*sim.G), o checks.Options) {
	t.Helper()
	var want string
	for _, workers := range []int{1, 2, 3, 8} {
		o.Workers = workers
		r, err := checks.Explore(program, o)
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.MarshalIndent(r, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if want == "" {
			want = string(data)
		} else if got := string(data); got != want {
			t.Fatalf("%d workers report\n%s\n1 reports\n%s", workers, got, want)
		}
	}
}

// Findings survive a checkpoint: an exploration that is interrupted and resumed
// reports what one does that nobody disturbs.
func TestResumeReport(t *testing.T) {
	t.Parallel()
	o := checks.Options{Strategy: "optimal", KeepGoing: true, SplitEvery: 8, Workers: 2}
	want, err := checks.Explore(forks(4), o)
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; ; n += 3 {
		left := make(chan bool, n)
		for range n {
			left <- true
		}
		o.Interrupt = func() string {
			select {
			case <-left:
				return ""
			default:
				return "enough"
			}
		}
		o.Checkpoint.Save = func(data []byte) error { o.Resume = data; return nil }
		got, err := checks.Explore(forks(4), o)
		if err != nil {
			t.Fatal(err)
		}
		if got.Bound != "" {
			continue
		}
		a, b := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want)
		if a != b {
			t.Errorf("resumed:\n%s\nundisturbed:\n%s", a, b)
		}
		return
	}
}
