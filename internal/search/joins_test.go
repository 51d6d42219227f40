package search

import (
	"math/rand/v2"
	"testing"

	"github.com/interleave-go/interleave/sim"
)

// generateJoins generates a program whose goroutines start others, do something
// else, and wait for them and for each other: what comes after a join cannot be
// planned without it.
func generateJoins(r *rand.Rand) generated {
	pool := []string{"fork", "fork", "join", "join", "load", "store", "add", "lock", "unlock", "send", "recv"}
	p := make(generated, 1+r.IntN(2))
	if r.IntN(2) == 0 {
		pool = []string{"joinother", "joinother", "store", "store", "load", "choose", "select", "send"}
		p = make(generated, 3+r.IntN(2))
	}
	for i := range p {
		if len(p) < 3 {
			p[i] = append(p[i], instruction{"fork", r.IntN(2), r.IntN(2)})
		}
		for range 1 + r.IntN(4-len(p)/2) {
			p[i] = append(p[i], instruction{pool[r.IntN(len(pool))], r.IntN(2), r.IntN(2)})
		}
	}
	return p
}

// forked is a goroutine that an instruction started, and what it got.
type forked struct {
	h   *sim.Goroutine
	got int
}

// joins runs an instruction that starts a goroutine or waits for one.
func (m *machine) joins(g *sim.G, i int, in instruction) bool {
	switch in.op {
	case "fork":
		f := new(forked)
		f.h = g.Go("", func(g *sim.G) {
			if in.b == 0 {
				f.got = m.x[in.a].Add(g, 1)
			} else {
				f.got = m.x[in.a].Load(g)
			}
		})
		m.forks[i] = append(m.forks[i], f)
	case "joinother":
		if k := i - 1 - in.b; k >= 0 {
			m.all[k].Join(g)
		}
	case "join":
		if n := len(m.forks[i]); n > 0 {
			f := m.forks[i][n-1]
			m.forks[i] = m.forks[i][:n-1]
			f.h.Join(g)
			m.note(i, f.got)
		}
	default:
		return false
	}
	return true
}

// On them reduced search sees what brute force sees.
func TestRandomProgramsJoins(t *testing.T) {
	compared := 0
	for seed := range asked(9000) {
		seed += *firstProgram
		p := generateJoins(rand.New(rand.NewPCG(seed, 7)))
		if n := interleavings(p); n > tooMany || n > 400 && *somePrograms == 0 {
			continue
		}
		if compared++; !holds(t, seed, p, property{"disagreement", disagreement}) {
			return
		}
	}
	t.Logf("%d programs were compared", compared)
	if compared < 2000 && !testing.Short() && *somePrograms == 0 {
		t.Errorf("%d programs were compared, not 2,000", compared)
	}
}
