package search

import (
	"fmt"
	"testing"

	happens "github.com/interleave-go/interleave/internal/order"
	"github.com/interleave-go/interleave/sim"
)

// sharing has n goroutines perform so many events together: most on plain memory
// of their own, every eighth on an atomic that all share.
func sharing(n, events int) func(*sim.G) {
	each := max(1, events/n)
	return func(g *sim.G) {
		var all sim.AtomicInt[int]
		own := make([]sim.Var[int], n)
		for i := range n {
			g.Go("", func(g *sim.G) {
				for k := range each {
					if k%8 == 0 {
						all.Add(g, 1)
					} else {
						own[i].Store(g, k)
					}
				}
			})
		}
	}
}

// What an event costs, against the length of an execution and the number of
// goroutines: to take place (step), to be put into the order of its trace (trace),
// to be judged for data races by vector clocks (clocks); and what the reversal of
// a race costs for each event behind it (race), where the races are so few that
// one execution of the search can be afforded.
func BenchmarkEvents(b *testing.B) {
	for _, n := range []int{2, 8, 64, 1000} {
		for _, events := range []int{10, 100, 1000, 10_000} {
			if events < n {
				continue
			}
			program := sharing(n, events)
			opt := sim.Options{StepsMax: 100_000, GoroutinesMax: 2000}
			r := sim.NewRunner()
			steps := float64(r.Run(program, opt).Steps())
			name := fmt.Sprintf("goroutines=%d/events=%d/", n, events)
			perEvent := func(b *testing.B) {
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/steps, "ns/event")
			}
			b.Run(name+"step", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					r.Run(program, opt)
				}
				perEvent(b)
			})
			b.Run(name+"trace", func(b *testing.B) {
				x := r.Run(program, opt)
				t := newTrace(&locator{})
				t.bound = true
				for b.Loop() {
					t.truncate(0)
					t.follow(x, x.Steps())
				}
				perEvent(b)
			})
			b.Run(name+"clocks", func(b *testing.B) {
				x := r.Run(program, opt)
				var races happens.Races
				for b.Loop() {
					races.In(x)
				}
				perEvent(b)
			})
			if events <= 1000 {
				b.Run(name+"race", func(b *testing.B) { benchmarkReversal(b, program) })
			}
			r.Close()
		}
	}
}

// benchmarkReversal looks for the races of one execution, and plans them.
func benchmarkReversal(b *testing.B, program func(*sim.G)) {
	opt := Options{Strategy: Optimal, ExecutionsMax: 1}
	work := 0 // events behind the first steps of races
	length := 0
	opt.Decided = func(d Decision) {
		if d.Kind == Race {
			work -= d.Step
			length++
		}
	}
	r, err := Run(program, opt, func(x *sim.Execution) bool { return true })
	if err != nil {
		b.Fatal(err)
	}
	work += length * r.DepthMax
	runner := sim.NewRunner()
	defer runner.Close()
	for b.Loop() {
		b.StopTimer()
		d := newDPOR(modeOptimal, SlotRelation, root{})
		o, _ := d.prepare()
		x := runner.Run(program, o)
		b.StartTimer()
		if err := d.learn(x); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(max(work, 1)), "ns/(race·event)")
	b.ReportMetric(float64(length), "races")
}

// Long executions with many goroutines are explored as short ones are.
func TestLongExecutions(t *testing.T) {
	r, err := Run(sharing(1000, 10_000), Options{Strategy: Optimal, ExecutionsMax: 3, StepsMax: 20_000},
		func(x *sim.Execution) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	if r.Executions != 3 || r.Bound != "executions" || r.DepthMax != 10_000+1000*2+1 {
		t.Errorf("%+v", r)
	}
}
