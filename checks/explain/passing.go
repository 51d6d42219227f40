package explain

import (
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// passingRoom is how many events of a passing schedule there is room for; with
// more of them, only those of which the cause speaks are shown.
const passingRoom = 10

// phrase says the conditions in words.
func (c *Cause) phrase(say *phrases) {
	step := func(r Ref) int {
		if at, ok := say.places[r]; ok {
			return at.step
		}
		return -1
	}
	for i := range c.Conditions {
		k := &c.Conditions[i]
		k.Text, k.FirstStep, k.ThenStep = say.constraint(k.Constraint), step(k.First), -1
		if k.Choice == "" {
			k.ThenStep = step(k.Then)
		}
	}
}

// showPassing gives every condition the events of its passing schedule that
// matter: those of which the cause speaks, and what else happens to the objects
// that the table shows.
func (c *Cause) showPassing(l *lab, names *directory, shown []string) {
	spoken := map[Ref]bool{}
	for _, k := range c.Constraints() {
		spoken[k.First], spoken[k.Then] = true, true
	}
	for i := range c.Conditions {
		k := &c.Conditions[i]
		if k.without == nil {
			continue
		}
		x := l.detailed(k.without, nil)
		p := &passage{x: x, words: wordingOf(x), spoken: spoken, shown: shown}
		p.refs, _ = refs(x, names)
		k.Passing = p.stretches(p.steps(true))
		if n := len(p.steps(true)); n > passingRoom || n == 0 {
			k.Passing = p.stretches(p.steps(false))
		}
	}
}

// A passage is a passing execution on its way to text.
type passage struct {
	x      *sim.Execution
	words  *wording
	refs   []Ref
	spoken map[Ref]bool // of which the cause speaks
	shown  []string     // objects
}

// steps are the events that matter, those that only touch a shown object if
// asked for.
func (p *passage) steps(touching bool) []int {
	var out []int
	for i, r := range p.refs {
		if p.spoken[r] || touching && p.touches(i) {
			out = append(out, i)
		}
	}
	return out
}

func (p *passage) touches(step int) bool {
	return slices.ContainsFunc(p.x.Parts(&p.x.Events()[step]), func(part object.Part) bool {
		return part.Mode != object.None && part.Obj >= 0 && slices.Contains(p.shown, p.words.label(part.Obj))
	})
}

func (p *passage) stretches(steps []int) []Stretch {
	out := []Stretch{}
	for _, i := range steps {
		who := p.words.who(p.x.Events()[i].G())
		if len(out) == 0 || out[len(out)-1].Goroutine != who {
			out = append(out, Stretch{Goroutine: who})
		}
		last := &out[len(out)-1]
		text := p.words.event(p.x, i)
		if r := p.refs[i]; p.spoken[r] {
			text = p.words.nth(r, text)
		}
		last.Events = append(last.Events, text)
	}
	return out
}
