//go:build mutate

package search

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// Each rule of the reduction, broken on purpose, is caught by the random
// programs: what reduced search sees is not what brute force sees.
func TestMutantRules(t *testing.T) {
	for _, rule := range []string{"R1", "R2", "R3", "R4", "R5", "R6", "sleep", "drain", "open"} {
		t.Run(rule, func(t *testing.T) {
			mutant = rule
			defer func() { mutant = "" }()
			caught(t)
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
				if why := brokenWhenDivided(t, p); why != "" {
					t.Logf("by program %d: %s", seed, why)
					return
				}
			}
			t.Error("nothing shows it")
		})
	}
}

func brokenWhenDivided(t *testing.T, p generated) (why string) {
	defer func() {
		if r := recover(); r != nil {
			why = "the search fails"
		}
	}()
	brute := observe(p, DFS, tooMany)
	if brute.cut {
		return ""
	}
	for _, every := range []int{1, 2, 4, 16} {
		got, _ := divided(t, p, brute.drains, Options{Strategy: Optimal, StepsMax: 300, SplitEvery: every, Workers: 1, RunOn: true})
		if differ(brute, observed{traces: got.traces, observations: brute.observations}, Optimal) != "" {
			return "traces differ"
		}
	}
	return ""
}

// So is each operation whose writes are taken for reads, if it writes anything.
func TestMutantOperations(t *testing.T) {
	writing := writers()
	for op := object.End; op <= object.UnlockBoth; op++ {
		t.Run(fmt.Sprintf("%d %v", op, op), func(t *testing.T) {
			if why := unseen[op]; why != "" {
				t.Skip(why)
			}
			if !writing[op] {
				t.Skip("writes nothing")
			}
			object.Mutant = op
			defer func() { object.Mutant = object.Start }()
			caught(t)
		})
	}
}

// unseen are the operations whose order no result of the programs shows.
var unseen = map[object.Op]string{
	object.RGranted: "what follows it in the same goroutine reads the same location",
	object.WDrained: "what follows it in the same goroutine writes the same location",
	object.Arm:      "timers fire by their deadlines, in whatever order they were armed",
	object.Invoke:   "only a judge sees the order of calls and returns: package checks/linear tests it",
	object.Respond:  "only a judge sees the order of calls and returns: package checks/linear tests it",
	object.Wait:     "the count-down that lets it go on reads the same location",
}

// writers are the operations that write something in the programs.
func writers() map[object.Op]bool {
	found := map[object.Op]bool{}
	r := sim.NewRunner()
	defer r.Close()
	for seed := range uint64(6000) {
		p := generate(rand.New(rand.NewPCG(seed, 1)))
		var log []string
		w := newRandomWalk(seed, root{})
		opt, _ := w.prepare()
		opt.StepsMax, opt.RunOn, opt.Time = 300, true, p.time()
		x := r.Run(p.program(&log), opt)
		for i := range x.Events() {
			e := &x.Events()[i]
			for _, part := range x.Parts(e) {
				found[e.Op()] = found[e.Op()] || part.Mode > object.Read
			}
		}
		r.Forget()
	}
	return found
}

// caught fails when no program shows that something is broken.
func caught(t *testing.T) {
	t.Helper()
	programs := onceLost()
	programs["waiters who are woken together"] = generated{{{"wait", 0, 0}}, {{"wait", 0, 0}}, {{"broadcast", 0, 0}}}
	for name, p := range programs {
		if why := broken(p); why != "" {
			t.Logf("by %s: %s", name, why)
			return
		}
	}
	for _, seed := range seeds() {
		p := generate(rand.New(rand.NewPCG(seed, 1)))
		if interleavings(p) > tooMany {
			continue
		}
		if why := broken(p); why != "" {
			t.Logf("by program %d: %s", seed, why)
			return
		}
	}
	t.Error("nothing shows it")
}

// seeds are those of the programs to try, first those that few others could
// stand for.
func seeds() []uint64 {
	s := []uint64{7_353, 15_003, 17_680}
	for seed := range uint64(10_000) {
		s = append(s, seed)
	}
	return s
}

func broken(p generated) (why string) {
	defer func() {
		if r := recover(); r != nil {
			why = "the search fails"
		}
	}()
	brute := observe(p, DFS, 25_000)
	if brute.cut {
		return ""
	}
	got := observe(p, Optimal, 0)
	for o := range brute.observations {
		if !got.observations[o] {
			return "an observation is lost"
		}
	}
	if differ(brute, got, Optimal) != "" {
		return "traces differ"
	}
	if got.blocked > 0 {
		return "an execution is redundant"
	}
	return ""
}
