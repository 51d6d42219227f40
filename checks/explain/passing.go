package explain

import (
	"slices"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// passingRoom is how many events of a passing schedule there is room for.
const passingRoom = 9

// wayOutRoom is the same of a way out.
const wayOutRoom = 6

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

// A review shows passing executions: the events of which the cause speaks, and,
// if there is room, what else happens to the objects that the table shows, or to
// those but locks.
type review struct {
	lab    *lab
	say    *phrases
	names  *directory
	shown  []string       // objects
	extra  int            // how many of them, the last ones, are shown only where there is room
	spoken map[Ref]string // what the cause speaks of, as it does
}

func (v *review) hear(cause []Constraint) {
	v.spoken = map[Ref]string{}
	for _, k := range cause {
		v.spoken[k.First] = v.say.short(k.First)
		if k.Choice == "" {
			v.spoken[k.Then] = v.say.short(k.Then)
		}
	}
}

func (v *review) passage(choices []sim.Choice, room int) *passage {
	x := v.lab.detailed(choices, nil)
	p := &passage{x: x, words: v.say.words.like(x), spoken: v.spoken}
	p.refs, _ = refs(x, v.names)
	for _, p.shown = range [][]string{v.shown, v.shown[:len(v.shown)-v.extra]} {
		for _, p.others = range []byte{anything, noLocks} {
			if n := len(p.steps()); n > 0 && n <= room {
				return p
			}
		}
	}
	p.others = nothing
	return p
}

// What is shown of a passing schedule besides what the cause speaks of.
const (
	anything = iota // that happens to an object which the table shows
	noLocks         // the same without locks
	nothing
)

// A passage is a passing execution on its way to text.
type passage struct {
	x      *sim.Execution
	words  *wording
	refs   []Ref
	spoken map[Ref]string // of which the cause speaks
	shown  []string       // objects
	others byte
}

// steps are the events that matter.
func (p *passage) steps() []int {
	var out []int
	for i, r := range p.refs {
		if p.spoken[r] != "" || p.others != nothing && p.touches(i) {
			out = append(out, i)
		}
	}
	return out
}

func (p *passage) touches(step int) bool {
	return !arrivedBefore(&p.x.Events()[step]) && slices.ContainsFunc(p.x.Parts(&p.x.Events()[step]), func(part object.Part) bool {
		if part.Mode == object.None || part.Obj < 0 || !slices.Contains(p.shown, p.words.label(part.Obj)) {
			return false
		}
		kind := p.x.World().At(part.Obj).Kind
		return p.others == anything || kind != object.Mutex && kind != object.RWMutex
	})
}

// absent lists the events of a constraint that do not take place.
func (p *passage) absent(c Constraint) []string {
	ends := []Ref{c.First, c.Then}
	if c.Choice != "" {
		ends = ends[:1]
	}
	var out []string
	for _, r := range ends {
		if !slices.Contains(p.refs, r) {
			out = append(out, p.spoken[r]+" does not take place")
		}
	}
	return out
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
		if r := p.refs[i]; p.spoken[r] != "" {
			text = p.words.nth(r, text)
		}
		last.Events = append(last.Events, text)
	}
	return out
}
