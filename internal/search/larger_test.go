package search

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// Sleep and source sets and Optimal explore the same traces of a program whose
// selects meet each other over two channels without a buffer: Optimal had planned
// alternatives that could not come.
func TestSelectsThatMeet(t *testing.T) {
	program := func(g *sim.G) {
		a, b := sim.Chan[int]{Name: "a"}, sim.Chan[int]{Name: "b"}
		c, d := sim.Chan[int]{Name: "c", Cap: 1}, sim.Chan[int]{Name: "d", Cap: 2}
		g.Go("A", func(g *sim.G) { sim.Select(g, a.OnSend(0), b.OnReceive(nil, nil), c.OnSend(0)) })
		g.Go("B", func(g *sim.G) { sim.Select(g, d.OnReceive(nil, nil), b.OnReceive(nil, nil)) })
		g.Go("C", func(g *sim.G) {
			sim.Select(g, a.OnSend(2), b.OnReceive(nil, nil), d.OnSend(2))
			b.Send(g, 2)
		})
	}
	for _, s := range []Strategy{Sleep, Source, Optimal} {
		seen := map[string]bool{}
		res, err := Run(program, Options{Strategy: s, RunOn: true}, func(x *sim.Execution) bool {
			seen[traceOf(newTrace(&locator{}), x)] = true
			return true
		})
		if err != nil || len(seen) != 15 || !res.Complete || s == Optimal && (res.Executions != 15 || res.Blocked > 0) {
			t.Errorf("%s: %d traces, %+v, %v; want 15", s, len(seen), res, err)
		}
	}
}

// Bounds on the estimated interleavings of programs that are too large for brute
// force and small enough for source sets.
const (
	largerFrom = tooMany
	largerTo   = 60_000
)

// Programs of this size of which Optimal, or source sets, once lost a trace that sleep
// sets see.
func TestLargerOnceLost(t *testing.T) {
	for name, p := range map[string]generated{
		"an alternative beside a sleeper that takes another one's place": {
			{{"timerstop", 1, 0}, {"timerselect", 0, 1}},
			{{"after", 0, 1}, {"timerstop", 1, 1}}},
		"a poll between two timers": {
			{{"timerpoll", 0, 1}, {"timerstop", 0, 0}, {"timerpoll", 0, 1}},
			{{"after", 1, 1}, {"timerpoll", 1, 0}, {"close", 1, 1}, {"close", 0, 1}}},
		"a select that sleeps while another one waits for its channel": {
			{{"select", 1, 0}},
			{{"send", 0, 0}, {"select", 0, 1}},
			{{"selectdef", 1, 1}, {"selectsend", 0, 0}, {"urecv", 0, 1}}},
		"a firing for a select that waits elsewhere as well": {
			{{"selectsend", 0, 1}, {"urecv", 0, 1}, {"close", 1, 0}},
			{{"timerstop", 0, 1}, {"timerselect", 1, 0}}},
		"a timer that is stopped while another one of the same moment sleeps": {
			{{"after", 0, 1}},
			{{"timerpoll", 0, 0}, {"timerstop", 0, 0}}},
		"an alternative that is taken while another one sleeps": {
			{{"send", 1, 0}},
			{{"send", 1, 0}, {"close", 1, 1}, {"select", 1, 1}},
			{{"len", 1, 0}}},
		"a timer that fires while another one sleeps": {
			{{"timerreset", 0, 1}, {"timerselect", 1, 1}},
			{{"timerpoll", 0, 1}}},
		"a firing of which later steps decide": {
			{{"after", 0, 1}, {"close", 1, 0}},
			{{"timerpoll", 1, 1}, {"timerstop", 1, 0}}},
	} {
		t.Run(name, func(t *testing.T) {
			if message := unlikeSleep(p); message != "" {
				t.Error(message)
			}
		})
	}
}

// Where brute force is out of reach, Optimal and source sets see what sleep sets see,
// and no execution of Optimal is cut as redundant.
func TestLargerPrograms(t *testing.T) {
	t.Parallel()
	compared := 0
	for seed := range asked(7000) {
		seed += *firstProgram
		p := generate(rand.New(rand.NewPCG(seed, 1)))
		if size := interleavings(p); size <= largerFrom || size > largerTo {
			continue
		}
		compared++
		if message := unlikeSleep(p); message != "" {
			t.Errorf("seed %d: %s\n%v", seed, message, p)
		}
	}
	t.Logf("%d programs were compared", compared)
	if compared < 1000 && !testing.Short() && *somePrograms == 0 {
		t.Errorf("%d programs were compared, not 1,000", compared)
	}
}

// unlikeSleep says how what Optimal or source sets see of a program differs from what
// sleep sets see, which look at nothing but single steps.
func unlikeSleep(p generated) (why string) {
	defer func() {
		if r := recover(); r != nil {
			why = fmt.Sprint(r)
		}
	}()
	sleep := observe(p, Sleep, 0)
	if sleep.cut {
		return ""
	}
	for _, s := range []Strategy{Optimal, Source} {
		got := observe(p, s, 0)
		if got.uses != sleep.uses {
			return fmt.Sprintf("of WaitGroups %s learns %v, sleep sets learn %v", s, got.uses, sleep.uses)
		}
		if message := differ(sleep, got, s); message != "" {
			return fmt.Sprintf("%s: %s", s, message)
		}
		if message := got.redundant(); s == Optimal && message != "" {
			return message
		}
	}
	return ""
}
