package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
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
	accesses    map[object.Op]map[locus]uint8 // a bit for each mode

	everywhere bool   // all claims are tested, in every state once
	trace      *trace // of the present execution
	states     map[mark]bool
	walk       *dfs // over every interleaving; nil for one at random

	programs []generated                 // that run at once, with objects of their own
	held     couple                      // steps that wait for as long as others can go on
	showing  map[object.Op][][]generated // programs in which an operation was open
	coupling map[couple][][]generated    // and those in which two were dependent
}

func newWitness() *witness {
	return &witness{loc: &locator{}, accesses: map[object.Op]map[locus]uint8{}, dependent: map[couple]int{}, independent: map[couple]int{}, tested: map[couple]int{},
		showing: map[object.Op][][]generated{}, coupling: map[couple][][]generated{}}
}

// A claim is that two steps commute behind a prefix.
type claim struct {
	prefix []sim.Choice
	a, b   sim.Choice
	ops    couple
}

// testedMax bounds how often the steps of a couple are run in both orders.
const testedMax = 150

// Pick implements sim.Scheduler: it goes on at random, or by brute force.
func (w *witness) Pick(x *sim.Execution) sim.Choice {
	if !w.everywhere {
		w.claim(x)
		return w.next(x)
	}
	if w.prefix = Choices(x); w.isNew(x) {
		w.claim(x)
	}
	return w.walk.Pick(x)
}

// isNew reports whether no execution came to the present state by the same trace.
func (w *witness) isNew(x *sim.Execution) bool {
	w.trace.truncate(0)
	w.trace.follow(x, x.Steps())
	var sum mark
	for i := range int32(x.Steps()) {
		h := w.trace.sumOf(i)
		sum[0] += splitMix(h, 0)
		sum[1] += splitMix(h, 1)
	}
	known := w.states[sum]
	w.states[sum] = true
	return !known
}

// claim notes which of the steps that can be taken now are called independent.
func (w *witness) claim(x *sim.Execution) {
	w.look(x)
	for i, a := range w.open {
		keep(w.showing, x.Pending(a.G).Op, w.programs)
		for j, b := range w.open[:i] {
			if a.G == b.G {
				continue
			}
			ops := coupleOf(x.Pending(a.G).Op, x.Pending(b.G).Op)
			if dependent(w.acc[i], w.acc[j]) || drains(x, w.acc[i], w.acc[j]) {
				w.dependent[ops]++
				keep(w.coupling, ops, w.programs)
				continue
			}
			w.independent[ops]++
			if w.everywhere || w.tested[ops] < testedMax {
				w.tested[ops]++
				w.claims = append(w.claims, claim{slices.Clone(w.prefix), a, b, ops})
			}
		}
	}
}

// next is a step at random.
func (w *witness) next(x *sim.Execution) sim.Choice {
	c := w.open[w.rng.IntN(len(w.open))]
	for range 4 {
		if op := x.Pending(c.G).Op; op != w.held[0] && op != w.held[1] {
			break
		}
		c = w.open[w.rng.IntN(len(w.open))]
	}
	w.prefix = append(w.prefix, c)
	return c
}

// keep adds a program to those under a key, of which there are a few.
func keep[K comparable](m map[K][][]generated, key K, p []generated) {
	if of := m[key]; len(of) < 20 && (len(of) == 0 || &of[len(of)-1][0][0] != &p[0][0]) {
		m[key] = append(of, p)
	}
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
			w.note(x, x.Pending(g).Op)
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
// operations are seen so, often, and dependent if they can be.
func TestIndependence(t *testing.T) {
	t.Parallel()
	var all []string
	for _, g := range groups {
		for _, op := range g {
			if !slices.Contains(all, op) {
				all = append(all, op)
			}
		}
	}
	w := newWitness()
	for seed := range asked(50_000) {
		seed += *firstProgram
		w.rng = rand.New(rand.NewPCG(seed, 9))
		p := generate(w.rng)
		if seed%4 != 0 { // every operation beside every other
			k := seed/4*3 + seed%4 - 1
			n := uint64(len(all))
			p = generated{prepared(all[k%n], w.rng), prepared(all[k/n%n], w.rng)}
		}
		if !witnessed(t, w, p) {
			holds(t, seed, p, property{"independentSteps", independentSteps})
			t.Fatalf("seed %d\n%v", seed, p)
		}
	}
	if !testing.Short() && *somePrograms == 0 {
		covered(t, w)
	}
}

// prepared is an instruction behind those that it takes to come to it.
func prepared(op string, r *rand.Rand) []instruction {
	a, b := r.IntN(2), r.IntN(2)
	before := map[string][]string{"return": {"call"}, "select": {"send"}, "recv": {"send"}, "await": {"store"},
		"timerrecv": {"timerreset"}, "get": {"put"}, "childdone": {"childcancel"},
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

// In every state that brute force reaches in small programs, each pair of steps
// that are called independent is.
func TestIndependenceEverywhere(t *testing.T) {
	t.Parallel()
	ran := 0
	for seed := range asked(4000) {
		seed += *firstProgram
		p := generate(rand.New(rand.NewPCG(seed, 6)))
		if interleavings(p) > 150 {
			continue
		}
		ran++
		if !holds(t, seed, p, property{"independentSteps", independentSteps}) {
			return
		}
	}
	t.Logf("%d programs", ran)
}

// independentSteps says which steps of a program that are called independent are
// not, in any state.
func independentSteps(p generated) string {
	w := newWitness()
	w.everywhere, w.trace, w.states, w.walk = true, newTrace(w.loc), map[mark]bool{}, newDFS(root{})
	r := sim.NewRunner()
	defer r.Close()
	for runs := 0; runs < 4*tooMany; runs++ {
		opt, ok := w.walk.prepare()
		if !ok {
			return ""
		}
		opt.Scheduler = w
		if message := w.witness(r, opt, p); message != "" {
			return message
		}
	}
	return ""
}

func witnessed(t *testing.T, w *witness, programs ...generated) bool {
	r := sim.NewRunner()
	defer r.Close()
	w.prefix, *w.loc = w.prefix[:0], locator{}
	message := w.witness(r, sim.Options{Scheduler: w}, programs...)
	if message != "" {
		t.Error(message)
	}
	return message == ""
}

// witness runs programs at once, and what it claims of them in both orders.
func (w *witness) witness(r *sim.Runner, opt sim.Options, programs ...generated) string {
	logs := make([][]string, len(programs))
	program := func(g *sim.G) {
		for i, p := range programs {
			p.program(&logs[i])(g)
		}
	}
	w.programs, w.claims = programs, w.claims[:0]
	opt.StepsMax, opt.RunOn, opt.Time = 60, true, programs[0].time()
	r.Run(program, opt)
	told := func(c claim, first, second sim.Choice) string {
		opt.Scheduler, opt.Prefix = byPath{}, append(slices.Clone(c.prefix), first, second)
		x := r.Run(program, opt)
		if x.Outcome == sim.Diverged {
			return "not possible: " + x.Divergence
		}
		if x.Outcome == sim.OverSteps {
			return "" // they are cut at different states
		}
		var all []string
		for _, log := range logs {
			all = append(all, log...)
		}
		return traceOf(newTrace(&locator{}), x) + "\n" + observation(x, all)
	}
	for _, c := range w.claims {
		if ab, ba := told(c, c.a, c.b), told(c, c.b, c.a); ab != ba {
			return fmt.Sprintf("%v and %v do not commute after %v: %v, %v\n%s\n%s", c.ops[0], c.ops[1], c.prefix, c.a, c.b, ab, ba)
		}
	}
	return ""
}
