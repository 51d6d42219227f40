package checks

import (
	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// playback goes through an execution that has ended event by event, and knows
// in every state who could have gone on. It follows the log alone.
type playback struct {
	x         *sim.Execution
	world     object.World
	next      []int32 // by event: the next one of its goroutine, or -1
	before    []int32 // by event: the one of its goroutine before it, or -1
	first     []int32 // by goroutine: its next event, or -1
	last      []int32 // by goroutine: its last event, or -1
	lastWrite []int32 // by object: the last event that changed it, or -1
	at        int     // events that have taken place
}

func playbackOf(x *sim.Execution) *playback {
	w := *x.World()
	w.Objects, w.Goroutines = fresh(w.Objects), fresh(w.Goroutines)
	p := &playback{x: x, world: w, next: minus(x.Steps()), before: minus(x.Steps()), first: minus(x.Goroutines()),
		last: minus(x.Goroutines()), lastWrite: minus(len(w.Objects))}
	events := x.Events()
	for i := range events {
		g := events[i].G()
		if before := p.last[g]; before >= 0 {
			p.next[before], p.before[i] = int32(i), before
		} else {
			p.first[g] = int32(i)
		}
		p.last[g] = int32(i)
	}
	for g := range p.last {
		p.last[g] = -1
	}
	return p
}

// fresh returns objects in the state in which they were made.
func fresh(objects []object.Object) []object.Object {
	out := make([]object.Object, len(objects))
	for i := range objects {
		out[i] = objects[i]
		out[i].State = make([]int32, objects[i].Kind.StateSize())
	}
	return out
}

func minus(n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = -1
	}
	return out
}

// step lets the next event take place.
func (p *playback) step() {
	e := &p.x.Events()[p.at]
	if e.Fault == object.NoFault {
		for _, part := range p.x.Parts(e) {
			if part.Effect == object.Nothing {
				continue
			}
			object.Apply(p.world.At(part.Obj), part)
			if part.Obj >= 0 {
				p.lastWrite[part.Obj] = int32(p.at)
			}
		}
	}
	g := e.G()
	p.last[g], p.first[g] = int32(p.at), p.next[p.at]
	p.at++
}

// pending is what g is about to do, or nil when it does not exist or has ended.
func (p *playback) pending(g int32) *object.Call {
	if _, born := p.x.Parent(g); !p.x.Spawned(g) || int(born) >= p.at {
		return nil
	}
	if i := p.first[g]; i >= 0 {
		return &p.x.Events()[i].Call
	}
	if c := p.x.Pending(g); p.x.Alive(g) || c.Op == object.Fire {
		return c
	}
	return nil
}

// enabled reports whether g could go on in the present state.
func (p *playback) enabled(g int32) bool {
	c := p.pending(g)
	switch {
	case c == nil || c.Op == object.Start:
		return false
	case c.Op == object.Yield:
		return p.yieldEnabled(g)
	}
	return object.Ready(&p.world, c)
}

// yieldEnabled: something that g read since its last Yield has been written, or
// it has read nothing.
func (p *playback) yieldEnabled(g int32) bool {
	read := false
	for i := p.last[g]; i >= 0 && p.x.Events()[i].Op() != object.Yield; i = p.before[i] {
		for _, part := range p.x.Parts(&p.x.Events()[i]) {
			if part.Mode != object.Read || part.Obj < 0 {
				continue
			}
			read = true
			if p.lastWrite[part.Obj] > i {
				return true
			}
		}
	}
	return !read
}
