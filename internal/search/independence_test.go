package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A couple is two kinds of operations, in order.
type couple [2]object.Op

func coupleOf(a, b object.Op) couple { return couple{min(a, b), max(a, b)} }

// witness looks at every state of an execution for steps that are enabled
// together, and remembers those that are called independent.
type witness struct {
	rng         *rand.Rand
	loc         *locator
	prefix      []sim.Choice
	alts        []int32
	parts       []object.Part
	open        []sim.Choice
	acc         [][]access
	dependent   map[couple]int
	independent map[couple]int
	tested      map[couple]int
	claims      []claim
}

// A claim is that two steps commute behind a prefix.
type claim struct {
	prefix []sim.Choice
	a, b   sim.Choice
	ops    couple
}

// testedMax bounds how often the steps of a couple are run in both orders.
const testedMax = 150

// Pick implements sim.Scheduler: it goes on at random.
func (w *witness) Pick(x *sim.Execution) sim.Choice {
	w.look(x)
	for i, a := range w.open {
		for j, b := range w.open[:i] {
			if a.G == b.G {
				continue
			}
			ops := coupleOf(x.Pending(a.G).Op, x.Pending(b.G).Op)
			if dependent(w.acc[i], w.acc[j]) || drains(x, w.acc[i], w.acc[j]) {
				w.dependent[ops]++
				continue
			}
			w.independent[ops]++
			if w.tested[ops] < testedMax {
				w.tested[ops]++
				w.claims = append(w.claims, claim{slices.Clone(w.prefix), a, b, ops})
			}
		}
	}
	c := w.open[w.rng.IntN(len(w.open))]
	w.prefix = append(w.prefix, c)
	return c
}

// look lists what is open, and what each choice accesses.
func (w *witness) look(x *sim.Execution) {
	w.open, w.acc = w.open[:0], w.acc[:0]
	for g := x.NextByPath(-1); g >= 0; g = x.NextByPath(g) {
		w.alts = append(w.alts[:0], 0)
		if x.Pending(g).Op.Chooses() {
			w.alts = x.Alternatives(g, w.alts[:0])
		}
		for _, alt := range w.alts {
			w.parts = x.Preview(g, alt, w.parts[:0])
			w.open = append(w.open, sim.Choice{G: g, Alt: alt})
			w.acc = append(w.acc, w.loc.append(x.World(), w.parts, nil))
		}
	}
}

// drains reports whether two decrements take a counter below zero together.
func drains(x *sim.Execution, a, b []access) bool {
	for _, p := range a {
		for _, q := range b {
			if p.loc == q.loc && p.arg < 0 && q.arg < 0 {
				for i := range x.World().Objects {
					if o := &x.World().Objects[i]; o.Kind == object.WaitGroup && o.State[0]+p.arg+q.arg < 0 {
						return true
					}
				}
			}
		}
	}
	return false
}

// byPath goes on in a fixed order.
type byPath struct{}

// Pick implements sim.Scheduler.
func (byPath) Pick(x *sim.Execution) sim.Choice {
	g := x.NextByPath(-1)
	return sim.Choice{G: g, Alt: x.FirstAlternative(g)}
}

// Steps that are called independent are: in both orders they are possible, and
// whatever comes after them is the same, to the last result. Every two kinds of
// operations that can be pending together are, often.
func TestIndependence(t *testing.T) {
	var all []string
	for _, g := range groups {
		for _, op := range g {
			if !slices.Contains(all, op) {
				all = append(all, op)
			}
		}
	}
	w := &witness{loc: &locator{}, dependent: map[couple]int{}, independent: map[couple]int{}, tested: map[couple]int{}}
	programs := uint64(600_000)
	if testing.Short() {
		programs = 1000
	}
	for seed := range programs {
		w.rng = rand.New(rand.NewPCG(seed, 9))
		p := generate(w.rng)
		if seed%4 != 0 { // every operation beside every other
			k := seed/4*3 + seed%4 - 1
			n := uint64(len(all))
			p = generated{prepared(all[k%n], w.rng), prepared(all[k/n%n], w.rng)}
		}
		if !witnessed(t, w, p) {
			t.Fatalf("seed %d\n%v", seed, p)
		}
	}
	covered(t, w)
}

// prepared is an instruction behind those that it takes to come to it.
func prepared(op string, r *rand.Rand) []instruction {
	a, b := r.IntN(2), r.IntN(2)
	before := map[string][]string{"return": {"call"}, "select": {"send"}, "recv": {"send"}, "await": {"store"},
		"unlock": {"lock"}, "runlock": {"rlock"}, "wunlock": {"wlock"}, "release": {"acquire"}, "frelease": {"facquire"},
		"ctxdone": {"cancel"}}
	var body []instruction
	if r.IntN(4) > 0 {
		for _, o := range before[op] {
			body = append(body, instruction{o, a, b})
		}
	}
	return append(body, instruction{op, a, b})
}

func witnessed(t *testing.T, w *witness, p generated) bool {
	var log []string
	program := p.program(&log)
	r := sim.NewRunner()
	defer r.Close()
	w.prefix, w.claims, *w.loc = w.prefix[:0], w.claims[:0], locator{}
	opt := sim.Options{StepsMax: 60, RunOn: true}
	opt.Scheduler = w
	r.Run(program, opt)
	told := func(c claim, first, second sim.Choice) string {
		opt.Scheduler, opt.Prefix = byPath{}, append(slices.Clone(c.prefix), first, second)
		x := r.Run(program, opt)
		if x.Outcome == sim.Diverged {
			return "not possible: " + x.Divergence
		}
		l := newTrace(&locator{})
		var failures []string
		for _, f := range Failures(x) {
			failures = append(failures, fmt.Sprintf("%s: %s", x.Path(f.G), f.Message))
		}
		slices.Sort(failures)
		return traceOf(l, x) + strings.Join(log, "|") + strings.Join(failures, "|")
	}
	for _, c := range w.claims {
		if ab, ba := told(c, c.a, c.b), told(c, c.b, c.a); ab != ba {
			t.Errorf("%v and %v do not commute after %v: %v, %v\n%s\n%s", c.ops[0], c.ops[1], c.prefix, c.a, c.b, ab, ba)
			return false
		}
	}
	return true
}

// covered asserts that couples of operations occur often. Those that seldom do
// have a second half of a waiting in them, or a Yield, which can take place only
// when something else just has.
func covered(t *testing.T, w *witness) {
	const often = 100
	independent, dependent := 0, 0
	for _, n := range w.independent {
		if n >= often {
			independent++
		}
	}
	for _, n := range w.dependent {
		if n >= often {
			dependent++
		}
	}
	t.Logf("couples seen %d times and more: %d independent of %d, %d dependent of %d", often, independent, len(w.independent),
		dependent, len(w.dependent))
	if !testing.Short() && (independent < 950 || dependent < 75) {
		t.Errorf("only %d couples were independent, and %d dependent, %d times", independent, dependent, often)
	}
}
