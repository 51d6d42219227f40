package explain

import (
	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// A moment is where an execution decides: by whom ran last and how much that
// goroutine has done, so that a change elsewhere leaves it as it was.
type moment struct {
	running int32
	done    int
	again   int // decisions at this place before: the clock took a turn
}

// A point is a decision other than the default, which is to keep running, and
// otherwise to take the first goroutine by path and the first way open to it.
type point struct {
	at   moment
	take sim.Choice
}

// player runs the default but for its points; choices, when set, are followed
// instead, and the points that they amount to are noted.
type player struct {
	points  []point
	choices []sim.Choice

	now         move
	done        []int
	again       int
	noted       []point
	preemptions int
	switches    int
}

// Pick implements sim.Scheduler.
func (p *player) Pick(x *sim.Execution) sim.Choice {
	if x.Steps() == 0 {
		p.now, p.again, p.preemptions, p.switches = move{running: -1}, 0, 0, 0
		clear(p.done)
	}
	c := p.usual(x)
	at := p.moment()
	if p.choices != nil {
		if x.Steps() >= len(p.choices) {
			return sim.Stop
		}
		if took := p.choices[x.Steps()]; took != c {
			c = took
			p.noted = append(p.noted, point{at, c})
		}
	} else {
		c = p.deviate(x, at, c)
	}
	p.take(x, c)
	return c
}

// usual is the default.
func (p *player) usual(x *sim.Execution) sim.Choice {
	g := p.now.running
	if g < 0 || !x.Enabled().Has(g) {
		g = x.NextByPath(-1)
	}
	return sim.Choice{G: g, Alt: x.FirstAlternative(g)}
}

func (p *player) moment() moment {
	m := moment{running: p.now.running, again: p.again}
	if m.running >= 0 {
		m.done = p.done[m.running]
	}
	return m
}

// deviate returns what the points say about this moment, if it can be done.
func (p *player) deviate(x *sim.Execution, at moment, usual sim.Choice) sim.Choice {
	for _, k := range p.points {
		if k.at != at || !x.Enabled().Has(k.take.G) {
			continue
		}
		for _, c := range choicesOf(x, k.take.G, nil) {
			if c == k.take {
				return c
			}
		}
	}
	return usual
}

func (p *player) take(x *sim.Execution, c sim.Choice) {
	before := p.now.running
	p.now = nextMove(x, move{running: before}, c.G)
	p.preemptions += p.now.used
	if before >= 0 && before != p.now.running {
		p.switches++
	}
	if p.now.running != c.G {
		p.again++ // the clock
		return
	}
	p.again = 0
	for int(c.G) >= len(p.done) {
		p.done = append(p.done, 0)
	}
	p.done[c.G]++
}

// A size is what makes one failing schedule smaller than another.
type size struct{ preemptions, steps, switches int }

func (s size) less(t size) bool {
	if s.preemptions != t.preemptions {
		return s.preemptions < t.preemptions
	}
	if s.steps != t.steps {
		return s.steps < t.steps
	}
	return s.switches < t.switches
}

// measure returns the size of a schedule and its points.
func (l *lab) measure(choices []sim.Choice) (size, []point) {
	p := &player{choices: choices}
	l.run(p, nil)
	return size{p.preemptions, len(choices), p.switches}, p.noted
}

// short ends an execution after so many steps.
type short struct {
	*player
	most int
}

// Pick implements sim.Scheduler.
func (s *short) Pick(x *sim.Execution) sim.Choice {
	if x.Steps() > s.most {
		return sim.Stop
	}
	return s.player.Pick(x)
}

// play runs points for at most so many steps; it returns the schedule if that
// shows the finding.
func (l *lab) play(points []point, most int, b *budget) ([]sim.Choice, size, bool) {
	p := &player{points: points}
	x := l.run(&short{p, most}, nil)
	b.take(x)
	if _, ok := l.look(x); !ok {
		return nil, size{}, false
	}
	return search.Choices(x), size{p.preemptions, x.Steps(), p.switches}, true
}
