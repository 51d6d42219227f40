package checks

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/order"
	"github.com/interleave-go/interleave/sim"
)

// asItStands is the rule of the WaitGroup judge for one interleaving, taken
// literally: an Add that finds the counter at zero, and a Wait that nothing orders
// with it.
type asItStands struct{}

func (asItStands) Name() string { return "waitgroup" }

func (asItStands) Judge(x *sim.Execution) []Finding {
	var h order.Happens
	h.Begin(x)
	type use struct {
		epoch order.Epoch
		add   bool
	}
	counter, uses := int32(0), []use{}
	for step := range x.Events() {
		e := &x.Events()[step]
		h.Step(e, step)
		op := e.Op()
		isAdd := op == object.Add && counter == 0 && e.Call.Arg > 0
		if op == object.Add && e.Fault == object.NoFault {
			counter += e.Call.Arg
		}
		isWait := op == object.Wait || op == object.WaitReturn
		if !isAdd && !isWait {
			continue
		}
		for _, u := range uses {
			if (isAdd && !u.add || op == object.Wait && u.add) && !h.After(e.G(), u.epoch) {
				return []Finding{{Kind: Misuse, Summary: "adds to wg, whose counter is 0"}}
			}
		}
		if isWait { // a return takes the place of its wait
			uses = slices.DeleteFunc(uses, func(u use) bool { return !u.add && u.epoch.G == e.G() })
		}
		uses = append(uses, use{h.Now(e.G()), isAdd})
	}
	return nil
}

// groupProgram is what some goroutines do with a WaitGroup: main before it starts the
// others, and those.
func groupProgram(r *rand.Rand) [][]string {
	ops := []string{"add 1", "add 2", "done", "done", "wait", "done", "add 1", "locked done", "locked add 1", "load", "store"}
	p := make([][]string, 3+r.IntN(2))
	for range r.IntN(4) {
		p[0] = append(p[0], "add 1")
	}
	for i := range p[1:] {
		i++
		for range 1 + r.IntN(4) {
			p[i] = append(p[i], ops[r.IntN(len(ops))])
		}
	}
	return p
}

func groupRun(p [][]string) func(*sim.G) {
	return func(g *sim.G) {
		wg, mu, x := sim.WaitGroup{Name: "wg"}, sim.Mutex{}, sim.AtomicInt[int]{}
		run := func(body []string) func(*sim.G) {
			return func(g *sim.G) {
				for _, op := range body {
					op, locked := strings.CutPrefix(op, "locked ")
					if locked {
						mu.Lock(g)
					}
					switch op {
					case "add 1":
						wg.Add(g, 1)
					case "add 2":
						wg.Add(g, 2)
					case "done":
						wg.Done(g)
					case "wait":
						wg.Wait(g)
					case "load":
						x.Load(g)
					case "store":
						x.Store(g, 1)
					}
					if locked {
						mu.Unlock(g)
					}
				}
			}
		}
		run(p[0])(g)
		for _, body := range p[1:] {
			g.Go("", run(body))
		}
	}
}

// addsFromZero reports whether an exploration finds an Add from zero that nothing
// orders with a Wait. It is ok if the exploration was complete, and the counter
// never went below zero.
func addsFromZero(t *testing.T, p [][]string, strategy string, j Judge, most int) (found, ok bool) {
	t.Helper()
	r, err := Explore(groupRun(p), Options{Strategy: strategy, Judges: []Judge{j, endingJudge{}}, KeepGoing: true, ExecutionsMax: most})
	if err != nil {
		t.Fatal(p, err)
	}
	for _, f := range r.Findings {
		if strings.Contains(f.Summary, "negative") {
			return false, false
		}
		found = found || strings.Contains(f.Summary, "whose counter is 0")
	}
	return found, r.Complete
}

var groupPrograms = flag.Int("groups", 250, "random programs with a WaitGroup")

// The judge says of a trace what it would say of each of its interleavings, and of
// all traces together what the rule says of all interleavings.
func TestAddsFromZeroInAnyOrder(t *testing.T) {
	t.Parallel()
	compared, with := 0, 0
	for seed := uint64(0); compared < *groupPrograms; seed++ {
		p := groupProgram(rand.New(rand.NewPCG(seed, 6)))
		if text := fmt.Sprint(p); !strings.Contains(text, "wait") || !strings.Contains(text, "add") {
			continue
		}
		literal, ok := addsFromZero(t, p, "dfs", asItStands{}, 500)
		if !ok {
			continue
		}
		compared++
		if literal {
			with++
		}
		for _, strategy := range []string{"optimal", "sleep"} {
			if found, _ := addsFromZero(t, p, strategy, &waitGroupJudge{}, 0); found != literal {
				t.Errorf("seed %d: %s finds %v, all interleavings show %v\n%v", seed, strategy, found, literal, p)
			}
		}
	}
	t.Logf("%d programs, %d of them with findings", compared, with)
}

// An Add that finds the counter at zero only in some of the interleavings of a trace
// is found whichever is explored.
func TestAddFromZero(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		p    [][]string
		want bool
	}{
		"counted at once":              {[][]string{{}, {"add 2", "wait"}, {"add 1", "done", "done", "done"}}, true},
		"counted by the one who waits": {[][]string{{}, {"add 2", "wait"}, {"done", "done"}}, false},
	} {
		for _, strategy := range []string{"dfs", "optimal", "source", "sleep"} {
			r, err := Explore(groupRun(c.p), Options{Strategy: strategy, Judges: []Judge{&waitGroupJudge{}}, KeepGoing: true})
			if found := len(r.Findings) > 0; err != nil || found != c.want {
				t.Errorf("%s: %s finds %v, %v; want %v", name, strategy, found, err, c.want)
			}
		}
	}
}
