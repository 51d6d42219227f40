//go:build mutate

package search

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// Each rule of the reduction, broken on purpose, is caught by the random
// programs: what reduced search sees is not what brute force sees.
func TestMutantRules(t *testing.T) {
	for _, rule := range []string{"R1", "R2", "R3", "R4", "R5", "R6", "R7", "sleep", "drain", "open", "calm", "arrival", "held", "prolong"} {
		t.Run(rule, func(t *testing.T) {
			if mutant = rule; rule == "R7" {
				object.Mutant = object.End // is no write any more
			}
			defer func() { mutant, object.Mutant = "", object.Start }()
			caught(t, seeds())
		})
	}
}

// So is a sequence without the joins that it needs.
func TestMutantJoins(t *testing.T) {
	mutant = "joins"
	defer func() { mutant = "" }()
	failed := 0
	for seed := range uint64(6000) {
		p := generateJoins(rand.New(rand.NewPCG(seed, 7)))
		if interleavings(p) > tooMany {
			continue
		}
		why, fails := broken(p)
		if why != "" {
			t.Logf("by program %d: %s", seed, why)
			return
		}
		if fails {
			failed++
		}
	}
	if failed == 0 {
		t.Error("nothing shows it")
	}
}

// So is each way in which operations on one object commute, or do not, that is
// more than a read or a write of one location.
func TestMutantCommutations(t *testing.T) {
	for _, name := range []string{"slots", "numbers", "returns", "closes", "park", "announce", "others"} {
		t.Run(name, func(t *testing.T) {
			object.Broken = name
			defer func() { object.Broken = "" }()
			caught(t, seeds())
		})
	}
}

// So is each rule of dividing a search by orders, but for what separable refuses:
// no program is known that needs it.
func TestMutantOrders(t *testing.T) {
	for _, rule := range []string{"kept back", "elsewhere", "spare"} {
		t.Run(rule, func(t *testing.T) {
			mutant = rule
			defer func() { mutant = "" }()
			for seed := range uint64(4000) {
				p := generate(rand.New(rand.NewPCG(seed, 2)))
				if interleavings(p) > tooMany {
					continue
				}
				if why := brokenWhenDivided(p); why != "" {
					t.Logf("by program %d: %s", seed, why)
					return
				}
			}
			t.Error("nothing shows it")
		})
	}
}

func brokenWhenDivided(p generated) (why string) {
	defer func() {
		if r := recover(); r != nil {
			why = "" // any bug might make it fail
		}
	}()
	brute := observe(p, DFS, tooMany)
	if brute.cut {
		return ""
	}
	for _, every := range []int{1, 2, 4, 16} {
		got, _, err := divided(p, brute.uses, Options{Strategy: Optimal, StepsMax: 300, SplitEvery: every, Workers: 1, RunOn: true})
		if err != nil {
			return "" // any bug might make it fail
		}
		if differ(brute, observed{traces: got.traces, observations: brute.observations}, Optimal) != "" {
			return "traces differ"
		}
	}
	return ""
}

// So is each operation whose writes are taken for reads, if it writes anything.
func TestMutantOperations(t *testing.T) {
	mutants(t, func(m object.Mode) bool { return m > object.Read }, unseen, &object.Mutant)
}

// So is each operation whose reads are left out, if it reads anything.
func TestMutantReads(t *testing.T) {
	mutants(t, func(m object.Mode) bool { return m == object.Read }, unread, &object.MutantReads)
}

// mutants breaks each operation that has such an access, but for those of which it
// is said why nothing shows it.
func mutants(t *testing.T, mode func(object.Mode) bool, why map[object.Op]string, broken *object.Op) {
	seeds := accessing(mode)
	for op := object.End; op <= object.UnlockBoth; op++ {
		t.Run(fmt.Sprintf("%d %v", op, op), func(t *testing.T) {
			switch {
			case why[op] != "":
				t.Skip(why[op])
			case len(seeds[op]) == 0:
				t.Skip("has no such access")
			}
			*broken = op
			defer func() { *broken = object.Start }()
			caught(t, seeds[op])
		})
	}
}

// unseen are the operations whose writes no result of the programs shows.
var unseen = map[object.Op]string{
	object.RGranted: "what follows it in the same goroutine reads the same location",
	object.WDrained: "what follows it in the same goroutine writes the same location",
	object.Wait:     "the count-down that lets it go on reads the same location",
	object.PoolGet:  "a get may always miss: both ways are explored as its alternatives",
	object.Invoke:   "only a judge sees the order of calls and returns: package checks/linear tests it",
	object.Respond:  "only a judge sees the order of calls and returns: package checks/linear tests it",
}

// unread are those whose reads none shows.
var unread = map[object.Op]string{
	object.Yield:   "package sim adds what it reads, which is not broken here",
	object.Granted: "the request of the same goroutine before it writes the same location",
}

// accessing are programs, by seed, in which an operation makes such an access.
func accessing(mode func(object.Mode) bool) map[object.Op][]uint64 {
	const most = 400 // of one operation
	found := map[object.Op][]uint64{}
	r := sim.NewRunner()
	defer r.Close()
	for seed := range uint64(10_000) {
		p := generate(rand.New(rand.NewPCG(seed, 1)))
		var log []string
		w := newRandomWalk(seed, root{})
		opt, _ := w.prepare()
		opt.StepsMax, opt.RunOn, opt.Time = 300, true, p.time()
		x := r.Run(p.program(&log), opt)
		for i := range x.Events() {
			e := &x.Events()[i]
			for _, part := range x.Parts(e) {
				if s := found[e.Op()]; mode(part.Mode) && len(s) < most && !slices.Contains(s, seed) {
					found[e.Op()] = append(s, seed)
				}
			}
		}
		r.Forget()
	}
	return found
}

// caught fails when no program shows that something is broken. That a search fails
// will do, since none does with all rules in force: it has planned what is not
// possible where it is planned.
func caught(t *testing.T, seeds []uint64) {
	t.Helper()
	switch failed := tryAll(t, seeds); {
	case failed == 0:
		t.Error("nothing shows it")
	case failed > 0:
		t.Logf("%d searches fail", failed)
	}
}

// tryAll returns -1 when a program shows that something is broken, else how many
// searches failed.
func tryAll(t *testing.T, seeds []uint64) (failed int) {
	t.Helper()
	shows := func(name string, p generated) bool {
		why, fails := broken(p)
		if fails {
			failed++
			return false
		}
		if why != "" {
			t.Logf("by %s: %s", name, why)
		}
		return why != ""
	}
	programs := onceLost()
	programs["waiters who are woken together"] = generated{{{"wait", 0, 0}}, {{"wait", 0, 0}}, {{"broadcast", 0, 0}}}
	programs["timers that are set again"] = generated{
		{{"lazy", 0, 0}, {"timerrecv", 0, 0}, {"timerreset", 1, 0}, {"store", 0, 1}, {"timerrecv", 1, 0}},
		{{"timerreset", 1, 1}, {"timerstop", 1, 1}, {"timerreset", 1, 0}, {"after", 0, 0}},
		{{"load", 0, 1}, {"load", 1, 0}, {"timerstop", 1, 1}, {"loadplain", 0, 0}}}
	for _, name := range slices.Sorted(maps.Keys(programs)) {
		if shows(name, programs[name]) {
			return -1
		}
	}
	for _, seed := range seeds {
		p := generate(rand.New(rand.NewPCG(seed, 1)))
		if interleavings(p) <= tooMany && shows(fmt.Sprintf("program %d", seed), p) {
			return -1
		}
	}
	return failed
}

// seeds are those of the programs to try, first those that few others could
// stand for.
func seeds() []uint64 {
	var s []uint64
	for seed := range uint64(10_000) {
		s = append(s, seed)
	}
	return s
}

// broken says what is wrong with what a search sees of a program. A search that
// fails, which any bug might make it do, is told apart.
func broken(p generated) (why string, fails bool) {
	defer func() {
		if r := recover(); r != nil {
			why, fails = "", true
		}
	}()
	brute := observe(p, DFS, 25_000)
	if brute.cut {
		return "", false
	}
	got := observe(p, Optimal, 0)
	for o := range brute.observations {
		if !got.observations[o] {
			return "an observation is lost", false
		}
	}
	if differ(brute, got, Optimal) != "" {
		return "traces differ", false
	}
	if got.redundant() != "" {
		return "an execution is redundant", false
	}
	return "", false
}
