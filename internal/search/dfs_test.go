package search

import (
	"testing"

	"github.com/interleave-go/interleave/sim"
)

func count(program func(*sim.G)) (n int, outcomes map[sim.Outcome]int) {
	r := sim.NewRunner()
	defer r.Close()
	d := &dfs{}
	outcomes = map[sim.Outcome]int{}
	for {
		x := r.Run(program, sim.Options{Scheduler: d, Prefix: d.prefix})
		n++
		outcomes[x.Outcome]++
		if x.Outcome == sim.Diverged {
			panic(x.Divergence)
		}
		if !d.next() {
			return
		}
	}
}

func counter(n int) func(*sim.G) {
	return func(g *sim.G) {
		var c sim.AtomicInt[int]
		hs := make([]*sim.Goroutine, n)
		for i := range n {
			hs[i] = g.Go("", func(g *sim.G) { c.Store(g, c.Load(g)+1) })
		}
		for _, h := range hs {
			h.Join(g)
		}
	}
}

func phil(n int) func(*sim.G) {
	return func(g *sim.G) {
		forks := make([]sim.Mutex, n)
		hs := make([]*sim.Goroutine, n)
		for i := range n {
			hs[i] = g.Go("", func(g *sim.G) {
				forks[i].Lock(g)
				forks[(i+1)%n].Lock(g)
				forks[i].Unlock(g)
				forks[(i+1)%n].Unlock(g)
			})
		}
		for _, h := range hs {
			h.Join(g)
		}
	}
}

func TestCounts(t *testing.T) {
	for n, want := range map[int]int{2: 69, 3: 25424} {
		got, o := count(counter(n))
		if got != want {
			t.Errorf("counter %d: %d want %d %v", n, got, want, o)
		}
	}
	for n, want := range map[int]int{2: 121, 3: 553460} {
		got, o := count(phil(n))
		if got != want {
			t.Errorf("phil %d: %d want %d %v", n, got, want, o)
		}
	}
}

func BenchmarkDFS(b *testing.B) {
	r := sim.NewRunner()
	defer r.Close()
	d := &dfs{}
	n := 0
	steps := 0
	p := counter(3)
	b.ReportAllocs()
	for b.Loop() {
		x := r.Run(p, sim.Options{Scheduler: d, Prefix: d.prefix})
		n++
		steps += x.Steps()
		if !d.next() {
			*d = dfs{}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/step")
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "exec/s")
}
