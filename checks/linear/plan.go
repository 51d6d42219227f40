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

	units units // of a plan that was drawn
}

// units are the lengths of the operations that belong together, in order; nil
// where each stands for itself.
type units struct {
	before, after []int
	goroutines    [][]int
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

// draws are what a plan is made up of: the operations of everybody, those that
// an owner has beside them, and those of everybody that belong together.
type draws[I any] struct {
	all, owner []func(*rand.Rand) I
	together   []func(*rand.Rand) []I
}

// A run is what one goroutine does in a plan: operations, and the lengths of
// those that belong together.
type run[I any] struct {
	ops   []I
	units []int
}

// some draws n operations or a few more, of the owner or of somebody else.
func (d draws[I]) some(r *rand.Rand, n int, owner bool) run[I] {
	single := d.all
	if owner {
		single = slices.Concat(d.all, d.owner)
	}
	var out run[I]
	for len(out.ops) < n && len(single)+len(d.together) > 0 {
		var ops []I
		if i := r.IntN(len(single) + len(d.together)); i < len(single) {
			ops = []I{single[i](r)}
		} else {
			ops = d.together[i-len(single)](r)
		}
		if len(ops) == 0 {
			panic("linear: a func of Model.DrawTogether has drawn nothing")
		}
		out.ops, out.units = append(out.ops, ops...), append(out.units, len(ops))
	}
	return out
}

// plan makes up a plan. Goroutines are alike but for an owner, so their order
// makes no difference, and plans that differ in nothing else come out the same.
func (d draws[I]) plan(r *rand.Rand, s size) Plan[I] {
	before := d.some(r, r.IntN(s.around+1), true)
	var runs []run[I]
	for i := range 2 + r.IntN(s.goroutines-1) {
		runs = append(runs, d.some(r, 1+r.IntN(s.each), i == 0))
	}
	after := d.some(r, r.IntN(s.around+1), true)
	alike := runs
	if len(d.owner) > 0 {
		alike = alike[1:]
	}
	slices.SortStableFunc(alike, func(a, b run[I]) int { return strings.Compare(fmt.Sprint(a.ops), fmt.Sprint(b.ops)) })
	p := Plan[I]{Before: before.ops, After: after.ops, units: units{before: before.units, after: after.units}}
	for _, g := range runs {
		p.Goroutines, p.units.goroutines = append(p.Goroutines, g.ops), append(p.units.goroutines, g.units)
	}
	return p
}

// smaller are the plans with one operation less, or with all that belong together
// left out.
func (p Plan[I]) smaller() []Plan[I] {
	var out []Plan[I]
	for _, less := range (run[I]{p.After, p.units.after}).smaller() {
		q := p
		q.After, q.units.after = less.ops, less.units
		out = append(out, q)
	}
	for k, ops := range p.Goroutines {
		mine := run[I]{ops: ops}
		if p.units.goroutines != nil {
			mine.units = p.units.goroutines[k]
		}
		for _, less := range mine.smaller() {
			out = append(out, p.instead(k, less))
		}
	}
	for _, less := range (run[I]{p.Before, p.units.before}).smaller() {
		q := p
		q.Before, q.units.before = less.ops, less.units
		out = append(out, q)
	}
	return out
}

// instead is the plan in which the k-th goroutine does less, or is left out when
// that is nothing.
func (p Plan[I]) instead(k int, less run[I]) Plan[I] {
	q := p
	q.Goroutines = slices.Clone(p.Goroutines)
	if p.units.goroutines != nil {
		q.units.goroutines = slices.Clone(p.units.goroutines)
		q.units.goroutines[k] = less.units
	}
	if q.Goroutines[k] = less.ops; len(less.ops) > 0 {
		return q
	}
	q.Goroutines = cut(q.Goroutines, k)
	if q.units.goroutines != nil {
		q.units.goroutines = cut(q.units.goroutines, k)
	}
	return q
}

// smaller leaves out the operations that belong together, or the last of them:
// what comes before it makes sense without it, but not the other way round.
func (r run[I]) smaller() []run[I] {
	if r.units == nil {
		r.units = slices.Repeat([]int{1}, len(r.ops))
	}
	var out []run[I]
	at := 0
	for i, n := range r.units {
		out = append(out, run[I]{slices.Delete(slices.Clone(r.ops), at, at+n), cut(r.units, i)})
		if at += n; n > 1 {
			shorter := slices.Clone(r.units)
			shorter[i]--
			out = append(out, run[I]{cut(r.ops, at-1), shorter})
		}
	}
	return out
}

// cut is list without its item i, in memory of its own.
func cut[T any](list []T, i int) []T { return slices.Delete(slices.Clone(list), i, i+1) }
