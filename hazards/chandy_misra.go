package hazards

import (
	"fmt"

	"github.com/interleave-go/interleave/sim"
)

// chandyMisra is the dinner of Chandy and Misra, "The drinking philosophers
// problem", TOPLAS 1984. Between two neighbours there is one fork and one token
// that stands for the right to ask for it. A fork is dirty once it was used; a
// dirty fork is cleaned and given away when it is asked for, a clean one is
// kept until after the meal. At first all forks are dirty and lie with the
// neighbour of the lower number, so "who has to give way to whom" has no cycle,
// and no meal ever makes one.
func chandyMisra(p Params) func(*sim.G) {
	return func(g *sim.G) {
		n := p["n"]
		inboxes := make([]sim.Chan[message], n)
		uses := make([]sim.Var[int], n)
		for i := range n {
			inboxes[i] = sim.Chan[message]{Name: fmt.Sprintf("inbox %d", i+1), Cap: inboxCap}
			uses[i].Name = fmt.Sprintf("fork %d", i+1)
		}
		team(g, n, "philosopher", func(g *sim.G, i int) {
			d := newDiner(i, inboxes)
			for range p["rounds"] {
				d.getHungry(g)
				for _, s := range d.sides {
					uses[s.fork].Store(g, uses[s.fork].Load(g)+1)
				}
				d.answerLate(g)
			}
			d.leave(g)
		})
		for i := range uses {
			got := uses[i].Load(g)
			g.Assert(got == 2*p["rounds"], "fork %d was used %d times", i+1, got)
		}
	}
}

// inboxCap is enough for sends never to block: each of two neighbours can have
// one fork and one token under way.
const inboxCap = 4

// A message about a fork: the fork itself, clean, or the token that asks for it.
type message struct {
	fork  int
	token bool
}

// A diner is a philosopher who talks to two neighbours.
type diner struct {
	inbox *sim.Chan[message]
	sides [2]side
}

// A side is what a diner knows of one fork and the neighbour who shares it.
type side struct {
	fork      int
	neighbour *sim.Chan[message]
	has       bool // the fork is here
	dirty     bool
	token     bool // the right to ask is here: with the fork, it was asked for
}

// newDiner seats philosopher i between forks i and i+1; fork i lies between
// philosophers i-1 and i.
func newDiner(i int, inboxes []sim.Chan[message]) *diner {
	n := len(inboxes)
	d := &diner{inbox: &inboxes[i]}
	for k, other := range []int{(i + n - 1) % n, (i + 1) % n} {
		first := i < other
		d.sides[k] = side{fork: (i + k) % n, neighbour: &inboxes[other], has: first, dirty: first, token: !first}
	}
	return d
}

// getHungry asks for what is missing and returns when both forks are here.
func (d *diner) getHungry(g *sim.G) {
	for {
		d.ask(g)
		if d.sides[0].has && d.sides[1].has {
			break
		}
		d.hear(d.inbox.Receive(g))
		d.giveDirty(g)
	}
	d.sides[0].dirty, d.sides[1].dirty = true, true
}

func (d *diner) ask(g *sim.G) {
	for k := range d.sides {
		if s := &d.sides[k]; !s.has && s.token {
			s.token = false
			s.neighbour.Send(g, message{fork: s.fork, token: true})
		}
	}
}

func (d *diner) hear(m message) {
	for k := range d.sides {
		s := &d.sides[k]
		switch {
		case s.fork != m.fork:
		case m.token:
			s.token = true
		default:
			s.has, s.dirty = true, false
		}
	}
}

// giveDirty gives away the dirty forks that were asked for.
func (d *diner) giveDirty(g *sim.G) {
	for k := range d.sides {
		if s := &d.sides[k]; s.has && s.token && s.dirty {
			s.give(g)
		}
	}
}

// answerLate gives away, after a meal, what was asked for before it.
func (d *diner) answerLate(g *sim.G) { d.giveDirty(g) }

// leave gives every fork to the neighbour for good, asked for or not.
func (d *diner) leave(g *sim.G) {
	for k := range d.sides {
		if s := &d.sides[k]; s.has {
			s.give(g)
		}
	}
}

func (s *side) give(g *sim.G) {
	s.has = false
	s.neighbour.Send(g, message{fork: s.fork})
}
