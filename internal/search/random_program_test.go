package search

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// onceLost are programs on which a rule of the reduction was missing once.
func onceLost() map[string]generated {
	return map[string]generated{
		"a select that sends to a channel or receives from it": {
			{{"send", 1, 0}, {"send", 1, 0}},
			{{"selectsendtwice", 0, 1}}},
		"a planned alternative that others wait behind": {
			{{"selectsend", 0, 0}, {"selectboth", 1, 0}, {"close", 0, 0}},
			{{"close", 1, 1}, {"selectsend", 0, 0}}},
		"a select that is woken behind a sequence that was only thought of": {
			{{"selectdef", 1, 0}, {"send", 0, 0}},
			{{"select", 0, 1}},
			{{"close", 0, 1}, {"send", 1, 0}, {"selectdef", 1, 1}}},
		"a lock that stays blocked in an execution which was cut": {
			{{"add", 1, 0}},
			{{"store", 0, 0}, {"lock", 0, 0}},
			{{"lock", 0, 0}, {"store", 1, 0}}},
		"a default that depends on a step which another alternative commutes with": {
			{{"urecv", 1, 1}},
			{{"send", 1, 0}, {"recv", 0, 0}, {"send", 0, 1}},
			{{"selectsend", 1, 0}, {"selectdef", 1, 1}}},
		"alternatives beside a sleeper": {
			{{"selectsend", 0, 0}, {"recv", 1, 1}},
			{{"selectdef", 0, 0}, {"select", 0, 0}, {"recv", 0, 0}},
			{{"selectdef", 1, 0}, {"usend", 1, 1}, {"recv", 1, 0}}},
		"a yield that an Add lets go on": {
			{{"wgwait", 0, 0}, {"load", 0, 0}, {"yieldload", 1, 1}},
			{{"wgadd", 1, 1}, {"wgdone", 1, 1}}},
		"a yield that a misuse lets go on": {
			{{"wlock", 1, 1}, {"wlock", 0, 0}, {"rlock", 1, 1}},
			{{"trywlock", 0, 1}, {"load", 1, 0}, {"yieldload", 0, 1}},
			{{"runlock", 1, 0}}},
		"a deadline that a cancelling takes away": {
			{{"timeout", 0, 1}}},
		"a deadline between two looks at a context": {
			{{"childtimeout", 0, 0}},
			{{"childtimeout", 0, 0}}},
		"a timer's value between two polls": {
			{{"timerpoll", 0, 0}},
			{{"timerpoll", 0, 0}}},
		"timers that are stopped, the later one first": {
			{{"timerstop", 1, 0}, {"timerstop", 0, 0}}},
		"a timer that goes off in place of another one": {
			{{"timerstop", 0, 0}},
			{{"after", 0, 1}, {"timerselect", 0, 1}}},
		"a redundant reversal that later steps make another one of": {
			{{"timerselect", 0, 0}, {"usend", 1, 0}},
			{{"selectsend", 0, 0}}},
		"a timer that goes off in place of another one, which is stopped later": {
			{{"after", 0, 0}},
			{{"timerstop", 0, 0}}},
		"a timer that is due when another one is stopped": {
			{{"lazy", 0, 0}, {"after", 0, 1}, {"timerpoll", 1, 0}, {"timerstop", 0, 0}},
			{{"timerselect", 0, 0}}},
		"a timer that goes off after a poll that comes late": {
			{{"timerstop", 1, 0}, {"after", 0, 0}},
			{{"timerpoll", 1, 0}}},
		"alternatives behind another step of the goroutine": {
			{{"load", 0, 0}, {"timerpoll", 1, 0}},
			{{"timerstop", 1, 0}}},
		"an Add that keeps a Wait from its end, if it is in time": {
			{{"wgadd", 0, 0}, {"wgdone", 0, 0}},
			{{"wgwait", 0, 0}},
			{{"wgadd", 0, 0}}},
		"decrements below zero": {
			{{"wgadd", 0, 0}, {"wgdone", 0, 0}},
			{{"wgdone", 0, 0}},
			{{"wgdone", 0, 0}}},
		"a yield after a write of its own": {
			{{"wgadd", 0, 1}, {"wgdone", 0, 0}},
			{{"wgwait", 0, 0}, {"wgdone", 0, 0}, {"yieldload", 0, 0}}},
		"timers of one moment": {
			{{"lazy", 0, 0}, {"timerreset", 1, 0}},
			{{"timerreset", 0, 0}}},
		"a select whose channel has another index": {
			{{"runlock", 0, 0}},
			{{"selectone", 0, 0}},
			{{"tryrlock", 0, 0}}},
		"a join that comes first, of one who chooses last": {
			{{"store", 0, 0}},
			{{"choose", 0, 0}},
			{{"joinother", 0, 0}, {"store", 0, 0}}},
		"a join that comes first, beside one that does not": {
			{{"store", 0, 0}},
			{{"store", 1, 0}},
			{{"unlock", 0, 0}, {"joinother", 0, 0}, {"store", 0, 0}},
			{{"joinother", 0, 1}, {"store", 0, 0}}},
		"a join that comes first, beside one behind a send": {
			{{"store", 0, 0}},
			{{"store", 1, 0}},
			{{"send", 1, 0}, {"joinother", 0, 0}, {"store", 0, 0}},
			{{"joinother", 0, 1}, {"store", 0, 0}}},
		"a select of which one channel is nil": {
			{{"runlock", 0, 0}},
			{{"nilselect", 0, 0}},
			{{"tryrlock", 0, 0}, {"runlock", 0, 0}}},
		"a yield behind a Wait, for which it does not matter when that began": {
			{{"wgwait", 0, 0}, {"yieldload", 0, 0}},
			{{"wgdone", 0, 0}}},
	}
}

// On them reduced search sees what brute force sees.
func TestProgramsOnceLost(t *testing.T) {
	for name, p := range onceLost() {
		t.Run(name, func(t *testing.T) {
			brute := observe(p, DFS, 10_000)
			for _, s := range []Strategy{Sleep, Source, Optimal} {
				got := observe(p, s, 0)
				if msg := differ(brute, got, s); msg != "" {
					t.Errorf("%s: %s\n%v", s, msg, p)
				}
				if msg := got.redundant(); s == Optimal && msg != "" {
					t.Error(msg)
				}
			}
		})
	}
}

// A timer that is set earlier goes off earlier, which what is planned behind its
// setting has to take into account. The program is too large for brute force.
func TestTimerSetEarlier(t *testing.T) {
	p := generated{
		{{"afterfunc", 0, 1}, {"load", 0, 0}},
		{{"afterfunc", 0, 0}},
		{{"store", 0, 0}}}
	sleep := observe(p, Sleep, 0)
	for _, s := range []Strategy{Source, Optimal} {
		if message := differ(sleep, observe(p, s, 0), s); message != "" {
			t.Errorf("%s: %s", s, message)
		}
	}
}

// What an alternative of a select accesses is found out before another one is
// planned. The program is too large for brute force.
func TestAlternativesOfOneSelect(t *testing.T) {
	p := generated{
		{{"usend", 1, 0}},
		{{"usend", 0, 1}, {"selectsend", 0, 1}},
		{{"selectsend", 1, 0}, {"select", 1, 1}},
		{{"urecv", 0, 0}}}
	sleep := observe(p, Sleep, 0)
	for _, s := range []Strategy{Source, Optimal} {
		if message := differ(sleep, observe(p, s, 0), s); message != "" {
			t.Errorf("%s: %s", s, message)
		}
	}
}

// A bound on the wakeup trees, which hands over to source sets in the middle of
// a search, loses no trace.
func TestRandomProgramsTreeMax(t *testing.T) {
	fell := 0
	for seed := range asked(1100) {
		seed += *firstProgram
		p := generate(rand.New(rand.NewPCG(seed, 3)))
		if interleavings(p) > tooMany {
			continue
		}
		if !holds(t, seed, p, property{"lostByTreeMax", lostByTreeMax}) {
			return
		}
		fell += fallen(p)
	}
	if fell < 200 && !testing.Short() && *somePrograms == 0 {
		t.Errorf("the bound was hit %d times, not 200", fell)
	}
}

// lostByTreeMax says how a bound on the wakeup trees loses traces, if it does.
func lostByTreeMax(p generated) string {
	brute := observe(p, DFS, tooMany)
	if brute.cut {
		return ""
	}
	for _, most := range []int{1, 4} {
		seen, _, err := withTreeMax(p, brute.uses, most)
		if err != nil {
			return err.Error()
		}
		if len(seen) != len(brute.traces) {
			return fmt.Sprintf("at most %d nodes: %d traces instead of %d", most, len(seen), len(brute.traces))
		}
	}
	return ""
}

// fallen is how often a bound on the wakeup trees is hit.
func fallen(p generated) int {
	_, r, _ := withTreeMax(p, groupUse{}, 1)
	return r.FellBack
}

func withTreeMax(p generated, uses groupUse, most int) (map[string]bool, Result, error) {
	l := newTrace(&locator{uses: uses})
	var log []string
	seen := map[string]bool{}
	r, err := Run(p.program(&log), Options{Strategy: Optimal, StepsMax: 300, TreeMax: most, RunOn: true, Time: p.time(),
		Restarted: func() { clear(seen) }},
		func(x *sim.Execution) bool { seen[traceOf(l, x)] = true; return true })
	return seen, r, err
}

// Optimal, source and sleep sets see the same traces and the same observations
// as brute force, and optimal sees no trace twice and cuts no execution.
func TestRandomPrograms(t *testing.T) {
	programs := asked(48_000) // many are too large for brute force
	var ran atomic.Int64
	var all sync.WaitGroup
	workers := uint64(runtime.GOMAXPROCS(0))
	for w := range workers {
		all.Go(func() {
			for seed := w; seed < programs && !t.Failed(); seed += workers {
				if compare(t, *firstProgram+seed) {
					ran.Add(1)
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d programs were compared", ran.Load())
	if ran.Load() < 20_000 && !testing.Short() && *somePrograms == 0 && !t.Failed() {
		t.Errorf("%d programs were compared, not 20,000", ran.Load())
	}
}

// compare reports whether a program is small enough to be compared.
func compare(t *testing.T, seed uint64) (small bool) {
	p := generate(rand.New(rand.NewPCG(seed, 1)))
	if n := interleavings(p); n > tooMany || n > 400 && *somePrograms == 0 {
		return false // CI compares many small ones
	}
	small = true
	holds(t, seed, p, property{"disagreement", func(p generated) string {
		brute := observe(p, DFS, tooMany)
		small = !brute.cut
		return disagreementWith(brute, p)
	}})
	return small
}

// disagreement says how strategies and brute force differ over a program, if they
// do and it is small enough for brute force.
func disagreement(p generated) string { return disagreementWith(observe(p, DFS, tooMany), p) }

func disagreementWith(brute observed, p generated) string {
	if brute.cut {
		return ""
	}
	for _, s := range []Strategy{Sleep, Source, Optimal} {
		got := observe(p, s, 0)
		if message := got.redundant(); s == Optimal && message != "" {
			return message
		}
		if message := differ(brute, got, s); message != "" {
			return fmt.Sprintf("%s: %s", s, message)
		}
	}
	return ""
}

// tooMany interleavings make a program too large for brute force.
const tooMany = 1500

// interleavings estimates how many a program has, after Knuth: the mean, over a
// few random walks, of the product of the choices that each had.
func interleavings(p generated) float64 {
	const walks = 6
	var log []string
	program := p.program(&log)
	r := sim.NewRunner()
	defer r.Close()
	sum := 0.0
	w := &countingWalk{randomWalk: newRandomWalk(1, root{})}
	for range walks {
		w.product = 1
		opt, _ := w.prepare()
		opt.Scheduler, opt.StepsMax, opt.RunOn, opt.Time = w, 300, true, p.time()
		r.Run(program, opt)
		sum += w.product
	}
	return sum / walks
}

// A countingWalk multiplies the numbers of choices that a random walk has.
type countingWalk struct {
	*randomWalk
	product float64
}

// Pick implements sim.Scheduler.
func (w *countingWalk) Pick(x *sim.Execution) sim.Choice {
	n := 0
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		if n++; x.Pending(g).Op.Chooses() {
			n += len(x.Alternatives(g, nil)) - 1
		}
	}
	w.product *= float64(n)
	return w.randomWalk.Pick(x)
}

func differ(brute, got observed, s Strategy) string {
	for tr := range brute.traces {
		if got.traces[tr] == 0 {
			return fmt.Sprintf("a trace is lost of %d (%d seen):\n%s", len(brute.traces), len(got.traces), brute.logs[tr])
		}
	}
	for tr, n := range got.traces {
		if brute.traces[tr] == 0 {
			return "a trace that brute force does not have:\n" + tr
		}
		if n > 1 && s == Optimal {
			return fmt.Sprintf("a trace is seen %d times:\n%s", n, tr)
		}
	}
	if got.cut {
		return "the search does not end"
	}
	for o := range brute.observations {
		if !got.observations[o] {
			return "an observation is lost:\n" + o
		}
	}
	for o := range got.observations {
		if !brute.observations[o] {
			return "an observation that brute force does not make:\n" + o
		}
	}
	return ""
}
