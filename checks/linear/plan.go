package linear

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/interleave-go/interleave/sim"
)

// A Plan is what is asked of an object in a program that Check makes up: Before
// by main, then each of Goroutines by a goroutine of its own, at the same time,
// then After by main.
type Plan[I any] struct {
	Before     []I
	Goroutines [][]I
	After      []I
}

// String is the plan, a line for each goroutine.
func (p Plan[I]) String() string {
	var b strings.Builder
	line := func(who string, ops []I) {
		if len(ops) == 0 {
			return
		}
		var texts []string
		for _, in := range ops {
			texts = append(texts, fmt.Sprint(in))
		}
		fmt.Fprintf(&b, "%-7s %s\n", who+":", strings.Join(texts, ", "))
	}
	line("before", p.Before)
	for i, ops := range p.Goroutines {
		line(goroutineName(i), ops)
	}
	line("after", p.After)
	return b.String()
}

// Operations is how many operations the plan has.
func (p Plan[I]) Operations() int {
	n := len(p.Before) + len(p.After)
	for _, ops := range p.Goroutines {
		n += len(ops)
	}
	return n
}

// goroutineName is A, B, C, and so on.
func goroutineName(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return fmt.Sprintf("G%d", i+1)
}

// An Object does what in asks for, in goroutine g, and returns what comes out.
type Object[I, O any] func(g *sim.G, in I) O

// Program is a plan as a program, with a new object in every execution: object
// makes it, in main, and the name is that of its sim.History. Before and After
// are done by main, the others by goroutines A, B, C.
func Program[I, O any](p Plan[I], name string, object func(*sim.G) Object[I, O]) func(*sim.G) {
	return func(g *sim.G) {
		h := sim.History{Name: name}
		do := object(g)
		run := func(g *sim.G, ops []I) {
			for _, in := range ops {
				sim.Record(g, &h, in, func() O { return do(g, in) })
			}
		}
		run(g, p.Before)
		started := make([]*sim.Goroutine, len(p.Goroutines))
		for i, ops := range p.Goroutines {
			started[i] = g.Go(goroutineName(i), func(g *sim.G) { run(g, ops) })
		}
		for _, s := range started {
			s.Join(g)
		}
		run(g, p.After)
	}
}

// A size bounds a plan.
type size struct{ goroutines, each, around int }

// draw makes up a plan. Goroutines are alike, so their order makes no
// difference, and plans that differ in nothing else come out the same.
func draw[I any](r *rand.Rand, s size, ops []func(*rand.Rand) I) Plan[I] {
	some := func(n int) []I {
		var out []I
		for range n {
			out = append(out, ops[r.IntN(len(ops))](r))
		}
		return out
	}
	p := Plan[I]{Before: some(r.IntN(s.around + 1))}
	for range 2 + r.IntN(s.goroutines-1) {
		p.Goroutines = append(p.Goroutines, some(1+r.IntN(s.each)))
	}
	p.After = some(r.IntN(s.around + 1))
	slices.SortStableFunc(p.Goroutines, func(a, b []I) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return p
}

// smaller are the plans with one operation less.
func (p Plan[I]) smaller() []Plan[I] {
	var out []Plan[I]
	for i := range p.After {
		q := p
		q.After = cut(p.After, i)
		out = append(out, q)
	}
	for k, ops := range p.Goroutines {
		for i := range ops {
			q := p
			q.Goroutines = slices.Clone(p.Goroutines)
			q.Goroutines[k] = cut(ops, i)
			q.Goroutines = slices.DeleteFunc(q.Goroutines, func(ops []I) bool { return len(ops) == 0 })
			out = append(out, q)
		}
	}
	for i := range p.Before {
		q := p
		q.Before = cut(p.Before, i)
		out = append(out, q)
	}
	return out
}

// cut is list without its item i, in memory of its own.
func cut[T any](list []T, i int) []T { return slices.Delete(slices.Clone(list), i, i+1) }
