package explain

import (
	"math/bits"

	"github.com/interleave-go/interleave/internal/object"
	"github.com/interleave-go/interleave/sim"
)

// A digest identifies what happened, whatever the order of independent events:
// two executions with one digest are in the same state. It is as sure as 128
// bits are.
type digest struct{ a, b uint64 }

func (d digest) mix(v uint64) digest {
	hi, lo := bits.Mul64(d.a^v^0x9e3779b97f4a7c15, 0xd6e8feb86659fd93)
	d.a = hi ^ lo ^ bits.RotateLeft64(d.b, 23)
	hi, lo = bits.Mul64(d.b^bits.RotateLeft64(v, 32)^0xa0761d6478bd642f, 0xe7037ed1a0b428db)
	d.b = hi ^ lo ^ v
	return d
}

func (d digest) with(e digest) digest { return d.mix(e.a).mix(e.b) }

func (d digest) plus(e digest) digest { return digest{d.a + e.a, d.b + e.b} }

// A past summarises the events of an execution so far. Each event's digest is
// made of its goroutine's previous one and of the accesses that it comes after,
// so that it stands for everything that happened before it; their sum does not
// depend on the order in which independent events were logged. No identity of
// an object goes in: which object an event uses is decided by what its goroutine
// did before.
type past struct {
	seen  int
	total digest
	own   []digest // by goroutine: its last event
	at    []access // by location
}

// An access is what is known of a location: everything up to the last group of
// accesses that commute among themselves, and that group.
type access struct {
	base, group digest
	mode        object.Mode
}

func (p *past) reset() {
	p.seen, p.total = 0, digest{}
	clear(p.own)
	clear(p.at)
}

// advance takes in the events that were logged since the last call.
func (p *past) advance(x *sim.Execution) digest {
	for ; p.seen < x.Steps(); p.seen++ {
		p.add(x, &x.Events()[p.seen])
	}
	return p.total
}

func (p *past) add(x *sim.Execution, e *sim.Event) {
	for int(e.G()) >= len(p.own) {
		p.own = append(p.own, digest{})
	}
	d := p.own[e.G()].mix(uint64(e.G())<<32 | uint64(uint32(e.Alt)))
	if e.Quiescent {
		// It could take place only because nothing else could.
		d = d.with(p.total)
	}
	for _, part := range x.Parts(e) {
		if part.Mode == object.None {
			continue
		}
		l := p.location(x, part)
		mode := part.Mode
		if e.Fault != object.NoFault {
			mode = object.Write
		}
		if mode == object.Write || mode != l.mode {
			l.base, l.group, l.mode = l.base.with(l.group).mix(uint64(l.mode)), digest{}, mode
		}
		d = d.with(l.base)
	}
	for _, part := range x.Parts(e) {
		if part.Mode != object.None {
			l := p.location(x, part)
			l.group = l.group.plus(d)
		}
	}
	p.own[e.G()] = d
	p.total = p.total.plus(d)
}

func (p *past) location(x *sim.Execution, part object.Part) *access {
	i := locationOf(x, part)
	for i >= len(p.at) {
		p.at = append(p.at, access{})
	}
	return &p.at[i]
}

func locationOf(x *sim.Execution, part object.Part) int {
	return int(x.World().At(part.Obj).Base + part.Sub)
}
