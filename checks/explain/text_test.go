package explain_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/explain"
	"github.com/interleave-go/interleave/sim"
)

// first explains a program's first finding.
func first(t *testing.T, program func(*sim.G), opt checks.ExplainOptions) explain.Explanation {
	t.Helper()
	r, err := checks.Explore(program, checks.Options{Strategy: "dfs", ExecutionsMax: 20_000})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) == 0 {
		t.Fatal("nothing is found")
	}
	e, err := checks.Explain(program, r.Findings[0], opt)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func written(t *testing.T, e explain.Explanation, l explain.Layout) string {
	t.Helper()
	var b bytes.Buffer
	if err := e.Write(&b, l); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// advice is what has to be said, or must not be, of each variant whose mend
// depends on what happened rather than on the kind of finding.
func advice() map[string][2]string {
	return map[string][2]string{
		"missed-wakeup/signal":           {"Broadcast changed", "in a loop"},
		"missed-wakeup/no-check":         {"came before the wait", "Broadcast changed:"},
		"pool/signal-shutdown":           {"Broadcast wake", "in a loop"},
		"bounded-buffer/one-cond":        {"a condition variable each", "in a loop"},
		"bounded-buffer/if":              {"`for`, not `if`", "one step"},
		"pool/if-wait":                   {"`for`, not `if`", "one step"},
		"pool/late-take":                 {"load queue", "marked above"},
		"pool/late-submit":               {"learned from load closed", "marked above"},
		"pool/idle-twice":                {"Let the one who wakes change idle", "in a loop"},
		"waitgroup-add/add-inside":       {"Add before the go statement", "marked above"},
		"future/double-run":              {"load state (step 10) and store state", "has to wait for close"},
		"future/callback-before-state":   {"Start callback", "marked above"},
		"double-close/both":              {"sync.Once", ""},
		"double-close/checked":           {"Make select", ""},
		"send-on-closed/receiver-closes": {"only the sender close", ""},
		"lost-signal/try-send":           {"without a default", ""},
		"forgotten-unlock/early-return":  {"Unlock mu on every way out", "same order"},
		"bank-transfer/lock-per-account": {"one step", "marked above"},
		"check-then-act/lock-per-access": {"load connections (step 3) and store connections", "marked above"},
		"philosophers/left-first":        {"same order", ""},
		"future/lost-callback":           {"load state", ""},
		"timeout-leak/unbuffered":        {"room for every value", ""},
		"counter/load-store":             {"load counter (step 2) and store counter", ""},
		"join-before-drain/join-first":   {"receives from queue", "close after"},
		"bank-transfer/lock-per-access":  {"load balance B", ""},
		"future/double-done":             {"sync.Once", "has to wait for close"},
		"missed-wakeup/check-outside":    {"came before the wait", "Broadcast changed:"},
		"lock-upgrade/upgrade":           {"give it back first", ""},
		"early-return/unbuffered":        {"receives from answers", "close after"},
		"two-locks/unjoined":             {"same order", ""},
		"philosophers/trylock-retry":     {"pause of random length", ""},
		"future/result-after-done":       {"store value by canceller", ""},
		"check-then-act/unlocked":        {"one step", "marked above"},
		"read-copy-write/store":          {"load settings (step 2)", ""},
		"counter/plain":                  {"store counter", ""},
		"philosophers/both-down":         {"same order", ""},
		"lock-upgrade/read-twice":        {"give it back first", ""},
		"philosophers/cyclic":            {"same order", ""},
		"bank-transfer/from-then-to":     {"same order", ""},
		"two-locks/opposite":             {"same order", ""},
		"counter/lock-per-access":        {"one step", ""},
	}
}

// checkAdvice compares what would prevent a finding with what has to be said.
func checkAdvice(t *testing.T, e explain.Explanation) {
	t.Helper()
	name := strings.TrimPrefix(t.Name(), "TestCatalogueIsExplained/")
	want, ok := advice()[name]
	text := strings.Join(e.Prevent, " ")
	if !ok || !strings.Contains(text, want[0]) || want[1] != "" && strings.Contains(text, want[1]) {
		t.Errorf("advice on %s: %q; want %q, not %q", name, text, want[0], want[1])
	}
}

// A select says which way it went, an attempt whether it succeeded, and a
// failure has a row with its line.
func TestRowsSayWhatHappened(t *testing.T) {
	t.Parallel()
	e := first(t, func(g *sim.G) {
		c, d := sim.Chan[int]{Name: "c", Cap: 1}, sim.Chan[int]{Name: "d", Cap: 1}
		mu := sim.Mutex{Name: "mu"}
		sim.Select(g, c.OnSend(7), d.OnReceive(nil, nil))
		sim.Select(g, c.OnReceive(nil, nil), d.OnReceive(nil, nil))
		sim.Select(g, d.OnReceive(nil, nil), sim.Default())
		mu.TryLock(g)
		mu.TryLock(g)
		func() {
			defer mu.Unlock(g)
		}()
		g.Assert(false, "this fails")
	}, checks.ExplainOptions{})
	var texts []string
	for _, r := range e.Table.Rows {
		texts = append(texts, r.Text)
	}
	want := []string{"select: send c → 7", "select: receive c → 7", "select (receive d): takes default",
		"try-lock mu → true", "try-lock mu → false", "unlock mu", "fails: this fails"}
	if !slices.Equal(texts, want) {
		t.Errorf("rows %q, want %q", texts, want)
	}
	last := e.Table.Rows[len(e.Table.Rows)-1]
	if !last.Failure || last.Site < 0 || !strings.HasPrefix(e.Table.Sites[last.Site].Text, "g.Assert(") {
		t.Errorf("the failure: %+v in %+v", last, e.Table.Sites)
	}
	if text := written(t, e, explain.Layout{All: true}); !strings.Contains(text, " fail main fails: this fails") ||
		!strings.Contains(text, "}()  // deferred") && !strings.Contains(text, "}  // deferred") {
		t.Error(text)
	}
}

// Goroutines that share a name are told apart in the same way everywhere, and
// each has a column of its own, named by a letter where names do not fit.
func TestGoroutinesAreToldApart(t *testing.T) {
	t.Parallel()
	program := func(n int) func(*sim.G) {
		return func(g *sim.G) {
			x := sim.AtomicInt[int]{Name: "x"}
			ready := sim.WaitGroup{Name: "ready"}
			ready.Add(g, n)
			var hs []*sim.Goroutine
			for range n {
				hs = append(hs, g.Go("worker", func(g *sim.G) {
					v := x.Load(g)
					ready.Done(g)
					ready.Wait(g)
					x.Store(g, v+1)
				}))
			}
			for _, h := range hs {
				h.Join(g)
			}
			g.Assert(x.Load(g) == n, "not all were counted")
		}
	}
	for n, legend := range map[int]string{2: "", 5: "B = worker (main/1), C = worker (main/2),"} {
		e := first(t, program(n), checks.ExplainOptions{Executions: 500})
		text := written(t, e, explain.Layout{All: true})
		for i := range n {
			if name := fmt.Sprintf("worker (main/%d)", i+1); !slices.Contains(e.Table.Columns, name) {
				t.Errorf("columns %q without %q", e.Table.Columns, name)
			}
		}
		if !strings.Contains(text, legend) || strings.Contains(text, "by main/1") {
			t.Error(text)
		}
	}
}

// A schedule that need not be the smallest says so, and which bound was hit.
func TestUnprovedIsSaid(t *testing.T) {
	t.Parallel()
	s := explain.Shrunk{Preemptions: 1, Steps: 9, Proved: true, Executions: 40, Bound: "executions"}
	for _, k := range []struct {
		shrunk explain.Shrunk
		want   string
	}{
		{s, "That none of as few preemptions is shorter is not proved: the search ended after 40 executions."},
		{explain.Shrunk{Steps: 9, Bound: "steps"}, "That none of as few preemptions is shorter is not proved: some executions were cut by the bound on steps."},
		{explain.Shrunk{Steps: 9, StepsProved: true}, "It is the shortest one without a preemption that shows this."},
	} {
		if got := k.shrunk.String(); !strings.HasSuffix(got, k.want) {
			t.Errorf("%q, want %q in the end", got, k.want)
		}
	}
	e := first(t, increments, checks.ExplainOptions{Executions: 3})
	if e.Shrunk.StepsProved || e.Shrunk.Bound != "executions" {
		t.Errorf("%+v in 3 executions", e.Shrunk)
	}
}

// Of a long line of the program that part is shown in which the operation
// stands.
func TestLongLinesShowTheOperation(t *testing.T) {
	t.Parallel()
	e := first(t, func(g *sim.G) {
		x := sim.AtomicInt[int]{Name: "x"}
		store := func(whatIsStored, andWhatIsAdded int) { x.Store(g, whatIsStored+andWhatIsAdded) }
		store(1, 2)
		g.Assert(false, "this fails")
	}, checks.ExplainOptions{})
	if text := written(t, e, explain.Layout{All: true}); !strings.Contains(text, "x.Store(g, ") {
		t.Error(text)
	}
}

// A livelock is shown as what leads to it and one lap, its orders are those of a
// lap, and each has a schedule without it that ends.
func TestLivelockIsALap(t *testing.T) {
	t.Parallel()
	program := func(g *sim.G) {
		a, b := sim.Mutex{Name: "a"}, sim.Mutex{Name: "b"}
		polite := func(own, other *sim.Mutex) func(*sim.G) {
			return func(g *sim.G) {
				for {
					g.Fingerprint(0)
					own.Lock(g)
					if other.TryLock(g) {
						other.Unlock(g)
						own.Unlock(g)
						return
					}
					own.Unlock(g)
				}
			}
		}
		g.Go("left", polite(&a, &b))
		g.Go("right", polite(&b, &a))
	}
	r, err := checks.Explore(program, checks.Options{Seed: 1, ExecutionsMax: 200, StepsMax: 500, KeepGoing: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		if f.Kind != checks.Livelock {
			continue
		}
		e, err := checks.Explain(program, f, checks.ExplainOptions{StepsMax: 500})
		if err != nil {
			t.Fatal(err)
		}
		if e.Table.Lap != 6 || len(e.Table.Rows) > 12 || len(e.Cause.Conditions) == 0 || !e.Cause.Exact || e.Orders != "" {
			t.Errorf("a lap of %d in %d rows, cause %+v, orders %q", e.Table.Lap, len(e.Table.Rows), e.Cause, e.Orders)
		}
		checkClaims(t, e, program)
		return
	}
	t.Fatalf("no livelock, only %v", r.Findings)
}

// To let one event wait for another is advice where no schedule in which it does
// shows the finding, and nowhere else.
func TestTurnedOrdersAreCertified(t *testing.T) {
	t.Parallel()
	program := func(writers int) func(*sim.G) {
		return func(g *sim.G) {
			x := sim.AtomicInt[int]{Name: "x"}
			for i := range writers {
				g.Go(fmt.Sprintf("writer %d", i+1), func(g *sim.G) { x.Store(g, i+1) })
			}
			g.Go("reader", func(g *sim.G) { g.Assert(x.Load(g) == 1, "it is not 1") })
		}
	}
	const waits = "wait until store x by writer 1 has taken place: all schedules in which it does were explored"
	for writers, want := range map[int]bool{1: true, 2: false} {
		e := first(t, program(writers), checks.ExplainOptions{})
		if text := strings.Join(e.Prevent, " "); strings.Contains(text, waits) != want {
			t.Errorf("%d writers: %q, want it to say that the reader waits: %v", writers, text, want)
		}
	}
}

// A schedule that passes makes for a point of no return, also where the search
// for one behind the first steps was over before it came to that.
func TestPointOfNoReturnKnowsWhatPasses(t *testing.T) {
	t.Parallel()
	program := func(g *sim.G) {
		jobs, results := sim.Chan[int]{Name: "jobs"}, sim.Chan[int]{Name: "results"}
		wg := sim.WaitGroup{Name: "wg"}
		for range 2 {
			g.Go("worker", func(g *sim.G) {
				wg.Add(g, 1)
				defer wg.Done(g)
				for j := range jobs.All(g) {
					results.Send(g, j)
				}
			})
		}
		g.Go("closer", func(g *sim.G) { wg.Wait(g); results.Close(g) })
		g.Go("feeder", func(g *sim.G) {
			jobs.Send(g, 1)
			jobs.Send(g, 2)
			jobs.Close(g)
		})
		for range results.All(g) {
		}
	}
	r, err := checks.Explore(program, checks.Options{Strategy: "optimal"})
	if err != nil || len(r.Findings) == 0 {
		t.Fatalf("%v: %v", r.Findings, err)
	}
	e, err := checks.Explain(program, r.Findings[0], checks.ExplainOptions{Executions: 2000})
	if err != nil {
		t.Fatal(err)
	}
	checkClaims(t, e, program)
	if e.Critical.Exact || e.Critical.Token == "" {
		t.Errorf("%+v, want a way out, and not all continuations explored", e.Critical)
	}
}

// Where no schedule is known to pass, an explanation that has not looked at all
// of them does not speak for all.
func TestNoPointOfNoReturnIsKnown(t *testing.T) {
	t.Parallel()
	e := first(t, func(g *sim.G) {
		mu := sim.Mutex{Name: "mu"}
		for range 4 {
			g.Go("worker", func(g *sim.G) { mu.Lock(g); mu.Unlock(g) })
		}
		g.Assert(false, "this fails")
	}, checks.ExplainOptions{Executions: 8})
	if text := written(t, e, explain.Layout{}); e.Critical.Exact || strings.Contains(text, "There is none") ||
		!strings.Contains(text, "None is known: no execution without it was found in 2 executions.") {
		t.Errorf("%+v\n%s", e.Critical, text)
	}
}
