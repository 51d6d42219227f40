package explain_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/explain"
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// A small is a random program: goroutines that do a few things to two variables
// and two mutexes, or to a channel, a condition and a variable.
type small struct {
	bodies   [][]step
	want     int // main asserts in the end that x is not this
	capacity int // of the channel
}

type step struct {
	op string
	on int
}

func randomProgram(seed uint64) small {
	rng := rand.New(rand.NewPCG(seed, 1))
	var p small
	for range 2 + rng.IntN(5)/4 {
		var body []step
		held := []int{}
		if rng.IntN(3) == 0 {
			first := rng.IntN(2)
			held = []int{1 - first, first}
			body = []step{{"lock", first}, {"inc", rng.IntN(2)}, {"lock", 1 - first}}
		}
		for range 1 + rng.IntN(3) {
			switch rng.IntN(5) {
			case 0:
				body = append(body, step{"load", rng.IntN(2)})
			case 1:
				body = append(body, step{"store", rng.IntN(2)})
			case 2:
				body = append(body, step{"inc", rng.IntN(2)})
			case 3:
				if m := rng.IntN(2); !slices.Contains(held, m) {
					held = append(held, m)
					body = append(body, step{"lock", m})
				}
			case 4:
				if len(held) > 0 {
					body = append(body, step{"unlock", held[0]})
					held = held[1:]
				}
			}
		}
		for _, m := range held {
			body = append(body, step{"unlock", m})
		}
		p.bodies = append(p.bodies, body)
	}
	p.want = 1 + rng.IntN(3)
	return p
}

// randomTalk is a random program that communicates.
func randomTalk(seed uint64) small {
	rng := rand.New(rand.NewPCG(seed, 2))
	p := small{want: 1 + rng.IntN(3), capacity: rng.IntN(2)}
	ops := []string{"send", "receive", "try-send", "try-receive", "either", "inc", "wait", "signal", "broadcast", "close"}
	for range 2 + rng.IntN(5)/4 {
		var body []step
		for range 1 + rng.IntN(2) {
			body = append(body, step{op: ops[rng.IntN(len(ops))]})
		}
		p.bodies = append(p.bodies, body)
	}
	return p
}

// talk does one step of a program that communicates.
func talk(g *sim.G, op string, c, d *sim.Chan[int], changed *sim.Cond) {
	switch op {
	case "send":
		c.Send(g, 1)
	case "receive":
		c.Receive(g)
	case "try-send":
		sim.Select(g, c.OnSend(1), sim.Default())
	case "try-receive":
		sim.Select(g, c.OnReceive(nil, nil), sim.Default())
	case "either":
		sim.Select(g, c.OnReceive(nil, nil), d.OnReceive(nil, nil))
	case "wait":
		changed.L.Lock(g)
		changed.Wait(g)
		changed.L.Unlock(g)
	case "signal":
		changed.Signal(g)
	case "broadcast":
		changed.Broadcast(g)
	case "close":
		d.Close(g)
	}
}

func (p small) run(g *sim.G) {
	c, d := sim.Chan[int]{Name: "c", Cap: p.capacity}, sim.Chan[int]{Name: "d"}
	x := [2]sim.AtomicInt[int]{{Name: "x"}, {Name: "y"}}
	m := [2]sim.Mutex{{Name: "m"}, {Name: "n"}}
	changed := sim.Cond{Name: "changed", L: &m[0]}
	var hs []*sim.Goroutine
	for i, body := range p.bodies {
		hs = append(hs, g.Go(fmt.Sprintf("g%d", i+1), func(g *sim.G) {
			got := 0
			for _, s := range body {
				switch s.op {
				case "load":
					got = x[s.on].Load(g)
				case "store":
					x[s.on].Store(g, got+i+1)
				case "inc":
					x[s.on].Store(g, x[s.on].Load(g)+1)
				case "lock":
					m[s.on].Lock(g)
				case "unlock":
					m[s.on].Unlock(g)
				default:
					talk(g, s.op, &c, &d, &changed)
				}
			}
		}))
	}
	for _, h := range hs {
		h.Join(g)
	}
	g.Assert(x[0].Load(g) != p.want, "x is %d", p.want)
}

// A seen is one schedule of a program, as brute force sees it.
type seen struct {
	fails       bool
	preemptions int
	steps       int
	path        []sim.Choice
	events      []string
	ways        []string // of the events, where there can be several
}

// tooMany interleavings of one program are not looked at.
const tooMany = 2_000

// everything runs every interleaving of a program.
func everything(t *testing.T, program func(*sim.G), like checks.Finding) []seen {
	t.Helper()
	var all []seen
	judges := checks.Judges()
	_, err := search.Run(program, search.Options{Strategy: search.DFS}, func(x *sim.Execution) bool {
		s := seen{steps: x.Steps(), path: search.Choices(x), events: named(x), ways: ways(x)}
		for _, j := range judges {
			for _, f := range j.Judge(x) {
				s.fails = s.fails || f.Kind == like.Kind && sameSet(f.Objects, like.Objects)
			}
		}
		all = append(all, s)
		return len(all) < tooMany
	})
	if err != nil {
		t.Fatal(err)
	}
	r := sim.NewRunner()
	defer r.Close()
	for i := range all {
		c := &counting{path: all[i].path}
		r.Run(program, sim.Options{Scheduler: c})
		all[i].preemptions = c.preemptions
	}
	return all
}

func sameSet(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}

// counting follows a path and counts the switches away from a goroutine that
// could go on.
type counting struct {
	path        []sim.Choice
	preemptions int
}

func (c *counting) Pick(x *sim.Execution) sim.Choice {
	if x.Steps() >= len(c.path) {
		return sim.Stop
	}
	next := c.path[x.Steps()]
	if r := x.Running(); r >= 0 && r != next.G && x.Enabled().Has(r) {
		c.preemptions++
	}
	return next
}

// named lists the events as goroutine, operation, object and occurrence.
func named(x *sim.Execution) []string {
	times := map[string]int{}
	var out []string
	for i := range x.Events() {
		e := &x.Events()[i]
		obj := ""
		if e.Call.Obj != object.NoObject && e.Op() != object.End {
			obj = x.ObjectName(e.Call.Obj)
		}
		s := fmt.Sprintf("%s/%v/%s", x.GoroutineName(e.G()), e.Op(), obj)
		times[s]++
		out = append(out, fmt.Sprintf("%s/%d", s, times[s]))
	}
	return out
}

// ways lists which way the events went.
func ways(x *sim.Execution) []string {
	out := make([]string, x.Steps())
	for i := range x.Events() {
		switch e := &x.Events()[i]; {
		case e.Op() == object.Signal && e.Alt >= 0:
			out[i] = x.GoroutineName(e.Alt)
		case e.Op().Chooses():
			out[i] = fmt.Sprint(e.Alt)
		}
	}
	return out
}

func keyOf(r explain.Ref) string {
	return fmt.Sprintf("%s/%s/%s/%d", r.Goroutine, r.Op, r.Object, r.Occurrence)
}

// keeps reports whether a schedule keeps a constraint.
func (s seen) keeps(c explain.Constraint) bool {
	a, b := slices.Index(s.events, keyOf(c.First)), slices.Index(s.events, keyOf(c.Then))
	if c.Choice != "" {
		return a < 0 || s.ways[a] == c.Choice
	}
	return b < 0 || a >= 0 && a < b
}

func (s seen) keepsAll(cs []explain.Constraint) bool {
	return !slices.ContainsFunc(cs, func(c explain.Constraint) bool { return !s.keeps(c) })
}

// What an explanation calls proved, exact or necessary is so, by brute force
// over every interleaving of random programs.
func TestWhatIsProvedIsTrue(t *testing.T) {
	t.Parallel()
	for _, k := range []struct {
		name  string
		make  func(uint64) small
		seeds uint64
		least map[checks.Kind]int
		loose int // how many may have a cause that need not be the smallest
	}{
		{"shared", randomProgram, 400, map[checks.Kind]int{checks.Deadlock: 10, checks.LostUpdate: 10, checks.Assertion: 10}, 0},
		{"talk", randomTalk, 200, map[checks.Kind]int{checks.Deadlock: 10, checks.Misuse: 3, checks.Assertion: 5}, 3},
	} {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			c := tally{kinds: map[checks.Kind]int{}}
			for seed := range k.seeds {
				c.explainByForce(t, seed, k.make(seed))
			}
			for kind, least := range k.least {
				if c.kinds[kind] < least || c.loose > k.loose {
					t.Errorf("too few programs were explained: %+v", c)
				}
			}
		})
	}
}

// A tally counts what was explained, and the causes that need not be the
// smallest.
type tally struct {
	kinds map[checks.Kind]int
	loose int
}

// explainByForce compares the explanation of a program's first finding with all
// of its interleavings.
func (c *tally) explainByForce(t *testing.T, seed uint64, p small) {
	t.Helper()
	r, err := checks.Explore(p.run, checks.Options{Seed: seed, ExecutionsMax: 300})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) == 0 {
		return
	}
	f := r.Findings[0]
	e, err := checks.Explain(p.run, f, checks.ExplainOptions{})
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	all := everything(t, p.run, f)
	if len(all) >= tooMany {
		return
	}
	c.kinds[f.Kind]++
	if !e.Cause.Fewest {
		c.loose++
	}
	if bad := compare(t, e, all); bad != "" {
		t.Errorf("seed %d, %v, want %d: %s", seed, p.bodies, p.want, bad)
	}
}

// compare returns what is wrong with an explanation.
func compare(t *testing.T, e explain.Explanation, all []seen) string {
	t.Helper()
	least, steps := 1<<30, 1<<30
	for _, s := range all {
		if s.fails && (s.preemptions < least || s.preemptions == least && s.steps < steps) {
			least, steps = s.preemptions, s.steps
		}
	}
	switch {
	case !e.Shrunk.Proved || !e.Shrunk.StepsProved || e.Shrunk.Preemptions != least || e.Shrunk.Steps != steps:
		return fmt.Sprintf("%+v, want %d preemptions and %d steps", e.Shrunk, least, steps)
	case e.Cause.Inexpressible || !e.Cause.Exact:
		return fmt.Sprintf("cause %+v, want an exact one", e.Cause)
	}
	cs := e.Cause.Constraints()
	for _, s := range all {
		if s.keepsAll(cs) && !s.fails {
			return fmt.Sprintf("%v is not sufficient: %s", cs, strings.Join(s.events, " "))
		}
	}
	for i := range cs {
		others := slices.Delete(slices.Clone(cs), i, i+1)
		if !slices.ContainsFunc(all, func(s seen) bool { return s.keepsAll(others) && !s.fails }) {
			return fmt.Sprintf("%v is not necessary in %v", cs[i], cs)
		}
	}
	if bad := compareFewest(e, all); bad != "" {
		return bad
	}
	return compareCritical(e, all)
}

// compareFewest looks for one constraint that is enough where two are said to
// be needed.
func compareFewest(e explain.Explanation, all []seen) string {
	if len(e.Cause.Conditions) != 2 || !e.Cause.Fewest {
		return ""
	}
	var events []string
	for _, s := range all {
		for _, name := range s.events {
			if !slices.Contains(events, name) {
				events = append(events, name)
			}
		}
	}
	for _, a := range events {
		for _, b := range events {
			pa, pb := strings.Split(a, "/"), strings.Split(b, "/")
			if pa[0] == pb[0] || pa[2] != pb[2] || pa[2] == "" {
				continue
			}
			fails, passes := 0, 0
			for _, s := range all {
				i, j := slices.Index(s.events, a), slices.Index(s.events, b)
				if j >= 0 && (i < 0 || j < i) || i < 0 {
					continue
				}
				if s.fails {
					fails++
				} else {
					passes++
				}
			}
			if fails > 0 && passes == 0 {
				return fmt.Sprintf("%s before %s alone is enough, not only %v", a, b, e.Cause.Constraints())
			}
		}
	}
	return ""
}

// compareCritical finds the critical step among all schedules with the same
// beginning. Goroutines have the same numbers here, as main spawns all of them.
func compareCritical(e explain.Explanation, all []seen) string {
	var events []string
	for _, r := range e.Table.Rows {
		if r.Step >= 0 {
			events = append(events, e.Table.Columns[r.Column])
		}
	}
	passes := func(prefix int) bool {
		return slices.ContainsFunc(all, func(s seen) bool { return !s.fails && begins(s, events[:prefix]) })
	}
	want := -1
	for n := 0; n < len(events) && passes(n); n++ {
		want = n
	}
	if !e.Critical.Exact || e.Critical.Step != want {
		return fmt.Sprintf("critical step %+v, want %d", e.Critical, want)
	}
	return ""
}

func begins(s seen, who []string) bool {
	for i, g := range who {
		if i >= len(s.events) || !strings.HasPrefix(s.events[i], g+"/") {
			return false
		}
	}
	return true
}
